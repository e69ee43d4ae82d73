import { expect } from 'vitest';
import { isRecord } from '../../lambdas/report/record.ts';
import type { Execution } from '../../scripts/local/engine.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import type { Interpreted } from './interpreter.ts';

type Call = { step: string; input: unknown };

/** What an engine made of a script. */
export type Outcome = {
  execution: Execution | Interpreted['execution'];
  calls: readonly Call[];
  entered: readonly string[];
};

/** States outside of the Map, which are entered one after the other. */
const TOP = new Set(Object.keys(loadDefinition().States));

/**
 * Expects that two engines came to the same end, through the same states, and handed the same to the same functions.
 */
export function expectSameOutcome(second: Outcome, first: Outcome): void {
  expect(comparable(second)).toEqual(comparable(first));
}

/**
 * Iterations of the Map run at once, in whatever order. Engines write the start of an execution in their own way.
 */
function comparable({ execution, calls, entered }: Outcome) {
  const { failedIn: _, ...ended } = { failedIn: [], ...execution };
  return {
    execution: inOneForm(ended),
    entered: entered.filter((name) => TOP.has(name)),
    enteredInMap: entered.filter((name) => !TOP.has(name)).sort(),
    calls: calls.map(({ step, input }) => `${step} ${JSON.stringify(inOneForm(input))}`).sort(),
  };
}

const inOneForm = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, member) => {
    if (key === 'startedAt') return typeof member;
    if (/^cause$/iu.test(key) && typeof member === 'string') return causeInOneForm(member);
    return isRecord(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member;
  });

/**
 * A function's own error is JSON in a text, with or without escapes; one of Lambda's ends with which request it was.
 */
const causeInOneForm = (cause: string): unknown =>
  cause.startsWith('{') ? JSON.parse(cause) : cause.replace(/ \(Service: AWSLambda; .*\)$/u, '');
