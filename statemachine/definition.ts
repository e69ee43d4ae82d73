import { readFileSync } from 'node:fs';
import type { StateMachineDefinition } from 'aws-local-stepfunctions';

const FILE = new URL('billing-count-report.asl.json', import.meta.url);

/**
 * The state machine's definition with its substitutions made, as a deployment makes them. Without a prefix, functions
 * carry their plain names.
 */
export function loadDefinition(functionPrefix = ''): StateMachineDefinition {
  const text = readFileSync(FILE, 'utf8').replaceAll('${FunctionPrefix}', functionPrefix);
  const left = /\$\{[^}]*\}/u.exec(text);
  if (left !== null) throw new Error(`${FILE.pathname}: no value is known for ${left[0]}`);
  return JSON.parse(text);
}
