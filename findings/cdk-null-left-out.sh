#!/usr/bin/env bash
# A workflow counts customer by customer, and before each one sets the variable `count` back to null.
#
# Guess: the CDK writes a null member into the state machine as it stands, like 0 and false.
# In fact: with JSONPath it leaves the member out of Assign, Parameters and ItemSelector; in a list, in Result and with JSONata it stays.
# Amazon States Language keeps a variable that Assign does not name, so a customer without a count takes over the last one's.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . aws-cdk-lib@2.276.0 constructs@10.8.1

cat > machine.mjs <<'JS'
import { App, Stack } from 'aws-cdk-lib';
import { Map, Pass, Result } from 'aws-cdk-lib/aws-stepfunctions';
const stack = new Stack(new App(), 'Counts');
const values = { count: null, ended: false, seats: 0 };
const show = (text, state, member) => console.log(`${text}:`, JSON.stringify(state.toStateJson()[member]));
console.log('aws-cdk-lib 2.276.0');
console.log('given:', JSON.stringify(values));
show('JSONPath, Assign', Pass.jsonPath(stack, 'Assign', { assign: values }), 'Assign');
show('JSONPath, Parameters', Pass.jsonPath(stack, 'Parameters', { parameters: values }), 'Parameters');
const map = Map.jsonPath(stack, 'Map', { itemSelector: values });
map.itemProcessor(new Pass(stack, 'Item'));
show('JSONPath, ItemSelector', map, 'ItemSelector');
show('JSONPath, Parameters with a list', Pass.jsonPath(stack, 'List', { parameters: { counts: [null, 0] } }), 'Parameters');
show('JSONPath, Result', Pass.jsonPath(stack, 'Result', { result: Result.fromObject(values) }), 'Result');
show('JSONata, Assign', Pass.jsonata(stack, 'JSONata', { assign: values }), 'Assign');
JS
cat > expected <<'TXT'
aws-cdk-lib 2.276.0
given: {"count":null,"ended":false,"seats":0}
JSONPath, Assign: {"ended":false,"seats":0}
JSONPath, Parameters: {"ended":false,"seats":0}
JSONPath, ItemSelector: {"ended":false,"seats":0}
JSONPath, Parameters with a list: {"counts":[null,0]}
JSONPath, Result: {"count":null,"ended":false,"seats":0}
JSONata, Assign: {"count":null,"ended":false,"seats":0}
TXT
node machine.mjs | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
