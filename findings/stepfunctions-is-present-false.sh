#!/usr/bin/env bash
# A state machine tests whether a field is absent: `"IsPresent": false`. The Amazon States Language allows true and false for all
# tests whose names begin with Is.
#
# Guess: a local engine supports both, or refuses the one it does not know.
# In fact: aws-local-stepfunctions accepts the definition and never takes the branch: false counts as no test. The run that passes on
# its author's machine takes the other branch in the cloud.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . aws-local-stepfunctions@3.0.0

cat > choice.mjs <<'JS'
import { StateMachine } from 'aws-local-stepfunctions';
const branch = async (test, input) => {
  const machine = new StateMachine({
    StartAt: 'Ask',
    States: {
      Ask: { Type: 'Choice', Choices: [{ Variable: '$.approvedBy', ...test, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: 'yes', End: true },
      No: { Type: 'Pass', Result: 'no', End: true },
    },
  });
  return machine.run(input).result;
};
console.log('aws-local-stepfunctions 3.0.0');
console.log('absent, IsPresent false:', await branch({ IsPresent: false }, {}));
console.log('a word, IsNull false:', await branch({ IsNull: false }, { approvedBy: 'Ada' }));
console.log('a word, IsNumeric false:', await branch({ IsNumeric: false }, { approvedBy: 'Ada' }));
console.log('a word, IsString true:', await branch({ IsString: true }, { approvedBy: 'Ada' }));
JS
cat > expected <<'TXT'
aws-local-stepfunctions 3.0.0
absent, IsPresent false: no
a word, IsNull false: no
a word, IsNumeric false: no
a word, IsString true: yes
TXT
node choice.mjs | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
