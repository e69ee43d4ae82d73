#!/usr/bin/env bash
# A Pass state puts a fixed value into the data: a count that starts at 0, a flag that is false.
#
# Guess: `Result: 0` gives 0, and `ResultPath: "$"`, the default of the language, replaces the whole input.
# In fact: aws-local-stepfunctions treats a result of 0, false or null as missing and passes on the input instead, and adds a field
# named "$" when the default is written out.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . aws-local-stepfunctions@3.0.0

cat > pass.mjs <<'JS'
import { StateMachine } from 'aws-local-stepfunctions';
const pass = async (state) => {
  const machine = new StateMachine({ StartAt: 'Fix', States: { Fix: { Type: 'Pass', ...state, End: true } } });
  return JSON.stringify(await machine.run({ company: 'Contoso' }).result);
};
console.log('aws-local-stepfunctions 3.0.0, input {"company":"Contoso"}');
console.log('Result 7 at $.failed:', await pass({ Result: 7, ResultPath: '$.failed' }));
console.log('Result 0 at $.failed:', await pass({ Result: 0, ResultPath: '$.failed' }));
console.log('Result false:', await pass({ Result: false }));
console.log('Result {"seats":5}:', await pass({ Result: { seats: 5 } }));
console.log('Result {"seats":5} at $:', await pass({ Result: { seats: 5 }, ResultPath: '$' }));
JS
cat > expected <<'TXT'
aws-local-stepfunctions 3.0.0, input {"company":"Contoso"}
Result 7 at $.failed: {"company":"Contoso","failed":7}
Result 0 at $.failed: {"company":"Contoso","failed":{"company":"Contoso"}}
Result false: {"company":"Contoso"}
Result {"seats":5}: {"seats":5}
Result {"seats":5} at $: {"company":"Contoso","$":{"seats":5}}
TXT
node pass.mjs | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
