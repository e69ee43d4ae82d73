import { readdirSync, readFileSync } from 'node:fs';
import languageServices from 'amazon-states-language-service';
import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { Files, ReportTotals, Run } from '../../lambdas/run/input.ts';
import { Reconciled } from '../../lambdas/run/reconciliation-file.ts';
import { stepFunctions } from '../../lambdas/steps/index.ts';
import { loadDefinition } from '../../statemachine/definition.ts';

const definition = loadDefinition('billing-count-report-');

it('is valid for asl-validator, paths and resource names included', () => {
  const { isValid, errorsText } = aslValidator(definition, { checkPaths: true, checkArn: true });
  expect(isValid ? '' : errorsText('\n')).toBe('');
});

it('is valid for the language service of the AWS console', async () => {
  const { getLanguageService, TextDocument } = languageServices;
  const service = getLanguageService({});
  const document = TextDocument.create('file://report.asl', 'asl', 1, JSON.stringify(definition, null, 2));
  const problems = await service.doValidation(document, service.parseJSONDocument(document));
  expect(problems.map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)).toEqual([]);
});

it('gets its function names only from the prefix', () => {
  expect(JSON.stringify(definition)).toContain('billing-count-report-collector-{}');
  expect(JSON.stringify(loadDefinition())).toContain("States.Format('psa-{}', $.run.psa)");
});

/** Every state, those inside a Map included. */
const states = new Map(
  Object.entries(definition.States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.Type === 'Map' ? Object.entries(state.ItemProcessor?.States ?? {}) : []),
  ]),
);
const tasks = [...states].flatMap(([name, state]) => (state.Type === 'Task' ? [{ name, state }] : []));

it('has a function in the table of steps for each Task state, and calls every function', async () => {
  const functions = stepFunctions(await loadRegistry());
  expect(new Set(functions.flatMap(({ states }) => states))).toEqual(new Set(tasks.map(({ name }) => name)));
  for (const { name, states } of functions) {
    for (const title of states) {
      const parameters = JSON.stringify(tasks.find((task) => task.name === title)?.state.Parameters);
      // The one state in which any function is called.
      const stem = title === 'CheckRights' ? '{}' : name.replace(/^(collector|source|psa)-.*/u, '$1-{}');
      expect(parameters, title).toContain(`billing-count-report-${stem}`);
    }
  }
  const files = readdirSync(new URL('../../lambdas/steps/', import.meta.url)).filter(
    (file) => !/^(index|access)/u.test(file),
  );
  expect(new Set(functions.map(({ file }) => file))).toEqual(new Set(files));
});

it('passes on exactly what the later steps read', () => {
  const membersOf = (title: string): string[] =>
    Object.keys(tasks.find(({ name }) => name === title)?.state.ResultSelector ?? {}).map((key) =>
      key.replace(/\.\$$/u, ''),
    );
  expect(membersOf('CheckRunningOrg').sort()).toEqual(Object.keys(Run.shape).sort());
  expect(membersOf('Consolidate').sort()).toEqual(Object.keys(ReportTotals.shape).sort());
  expect(membersOf('Reconcile').sort()).toEqual(Object.keys(Reconciled.shape).sort());
  expect(membersOf('CreateCsv').sort()).toEqual(Object.keys(Files.shape).sort());
});

const READERS = ['GetCounts', 'GetBilledLines'];

it('retries for the same reason in the same way in all states of the same job', () => {
  const ways = new Map<string, Set<string>>();
  for (const { name, state } of tasks) {
    for (const { ErrorEquals, ...way } of state.Retry ?? []) {
      for (const error of ErrorEquals) {
        // A reader waits for a free Lambda for as long as the others may be at work.
        const isReaderWaiting = READERS.includes(name) && error === 'Lambda.TooManyRequestsException';
        const job = isReaderWaiting ? `${error} of a reader` : error;
        ways.set(job, (ways.get(job) ?? new Set()).add(JSON.stringify(way)));
      }
    }
  }
  expect([...ways].filter(([, each]) => each.size > 1).map(([job]) => job)).toEqual([]);
  expect(
    new Set(READERS.map((title) => JSON.stringify(tasks.find(({ name }) => name === title)?.state.Retry))).size,
  ).toBe(1);
  expect(
    tasks.filter(
      ({ state }) => !state.Retry?.some(({ ErrorEquals }) => ErrorEquals.includes('Lambda.ServiceException')),
    ),
  ).toEqual([]);
});

describe('a reader', () => {
  it('finds the purpose of each state in its comment', () => {
    expect([...states].filter(([, { Comment }]) => Comment === undefined).map(([name]) => name)).toEqual([]);
  });

  it('finds each state, and no other, in the diagram of its page', () => {
    const page = readFileSync(new URL('../../statemachine/README.md', import.meta.url), 'utf8');
    const diagram = /```mermaid\n(.*?)```/su.exec(page)?.[1] ?? '';
    const drawn = [...diagram.matchAll(/^ *(\w+|\[\*\]) --> (\w+|\[\*\])/gmu)].flatMap(([, from, to]) => [from, to]);
    expect(new Set(drawn.filter((name) => name !== '[*]'))).toEqual(new Set(states.keys()));
  });
});

it('waits for a free Lambda as long as other collectors can occupy it', () => {
  const state = states.get('GetCounts');
  const retriers = state?.Type === 'Task' ? (state.Retry ?? []) : [];
  const throttled = retriers.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.TooManyRequestsException'));
  const { IntervalSeconds: first = 0, BackoffRate: rate = 1, MaxAttempts: attempts = 0 } = throttled ?? {};
  const longest = throttled?.MaxDelaySeconds ?? 0;
  const waits = Array.from({ length: attempts }, (_, turn) => Math.min(longest, first * rate ** turn));
  // Full jitter waits half of it on average; a collector may be at work for 15 minutes.
  expect(waits.reduce((sum, seconds) => sum + seconds, 0) / 2).toBeGreaterThan(15 * 60);
});
