import { inject } from 'vitest';
import type { Platform, Step } from '../../lambdas/platform/platform.ts';
import type { ErrorName } from '../../lambdas/report/errors.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { systemClock } from '../../lambdas/wire/clock.ts';
import { type EngineEvent, type Execution, execute } from '../../scripts/local/engine.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { type Functions, startInterpreter } from '../interpreter/interpreter.ts';
import { expectSameOutcome } from '../interpreter/same-outcome.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by `npm run test:interpreter`. */
    secondInterpreter?: boolean;
  }
}

const second = inject('secondInterpreter') === true ? await startInterpreter() : undefined;

/** A platform that no scripted step may touch. */
const untouched = (name: string) => () => {
  throw new Error(`a scripted step used the platform's ${name}`);
};
const noPlatform: Platform = {
  objects: {
    read: untouched('objects'),
    writtenAt: untouched('objects'),
    write: untouched('objects'),
    createOnce: untouched('objects'),
    remove: untouched('objects'),
    locate: untouched('objects'),
  },
  secrets: { read: untouched('secrets'), write: untouched('secrets') },
  mail: { send: untouched('mail') },
  transport: untouched('transport'),
  connect: untouched('connect'),
  clock: systemClock,
  timeZone: 'UTC',
  random: () => 0.5,
  progress: () => undefined,
};

export type Call = { step: string; input: unknown };
export type ScriptedRun = { execution: Execution; calls: Call[]; entered: string[]; events: EngineEvent[] };

/** What a step does at each of its calls; the last one goes on for ever. */
export type Script = Record<string, readonly ((input: unknown) => unknown)[]>;

export const fails = (name: ErrorName, message: string) => () => {
  throw new ReportError(name, message);
};
export const answers = (value: unknown) => () => value;

/**
 * Runs the real definition with scripted steps: those of `script` over a run in which all goes well. In `npm run
 * test:interpreter` it runs on the second interpreter too, and must come to the same end there.
 */
export async function runScripted(
  script: Script,
  options: {
    mechanism?: string;
    integrations?: readonly { id: string; reads: string; installed: boolean }[];
    input?: Parameters<typeof execute>[0]['input'];
  } = {},
): Promise<ScriptedRun> {
  const {
    mechanism = 'none',
    integrations = [
      { id: 'alpha', reads: 'counts', installed: true },
      { id: 'beta', reads: 'counts', installed: true },
    ],
  } = options;
  const { input = {} } = options;
  const whole: Script = { ...allWell(mechanism, integrations), ...script };
  const run = await onEmbeddedEngine(whole, input);
  if (second !== undefined) {
    const { calls, functions } = actors(whole);
    expectSameOutcome({ ...(await second.run('run-1', input, functions)), calls }, run);
  }
  return run;
}

async function onEmbeddedEngine(script: Script, input: Parameters<typeof execute>[0]['input']): Promise<ScriptedRun> {
  const { calls, functions } = actors(script);
  const events: EngineEvent[] = [];
  const steps = [...functions].map(([name, act]): [string, Step] => [name, async (input) => act(input)]);
  const execution = await execute({
    definition: loadDefinition(),
    steps: new Map(steps),
    platform: noPlatform,
    name: 'run-1',
    input,
    onEvent: (event) => events.push(event),
    pace: 'immediate',
  });
  const entered = events.flatMap((event) => (event.type === 'StateEntered' ? [event.state.name] : []));
  return { execution, calls, entered, events };
}

/** The scripted steps of one run, and the calls that they get. */
function actors(script: Script): { calls: Call[]; functions: Functions } {
  const calls: Call[] = [];
  const functions = Object.entries(script).map(([step, acts]): [string, (input: unknown) => unknown] => [
    step,
    (input) => {
      const turn = calls.filter((call) => call.step === step).length;
      calls.push({ step, input });
      return acts[Math.min(turn, acts.length - 1)]?.(input);
    },
  ]);
  return { calls, functions: new Map(functions) };
}

function allWell(
  mechanism: string,
  integrations: readonly { id: string; reads: string; installed: boolean }[],
): Script {
  const psa = mechanism === 'psa' ? 'desk' : null;
  const readers = integrations.map(({ id, reads }) => {
    const [step, folder] = reads === 'billed' ? [`source-${id}`, 'billed'] : [`collector-${id}`, 'collections'];
    return [
      step,
      [answers({ status: 'collected', key: `runs/run-1/${folder}/${id}.json`, waitSeconds: 0, customers: 3 })],
    ];
  });
  return {
    ...Object.fromEntries(readers),
    'check-running-org': [
      answers({
        runId: 'run-1',
        asOf: '2026-11-22T06:30:00Z',
        mechanism,
        psa,
        only: null,
        since: null,
        timeZone: 'UTC',
        units: 'named',
      }),
    ],
    'get-integration-ids': [
      answers({
        integrations: integrations.map((integration) => ({ ...integration, plan: null })),
        reportMade: false,
        comparesBilling: integrations.some(({ reads }) => reads === 'billed'),
      }),
    ],
    consolidate: [
      answers({
        key: 'runs/run-1/report.json',
        companies: 4,
        collected: 2,
        partial: 0,
        failed: 0,
        unmapped: 0,
        error: null,
        cause: null,
      }),
    ],
    reconcile: [
      answers({
        key: 'runs/run-1/reconciliation.json',
        csv: 'runs/run-1/reconciliation.csv',
        period: '2026-11',
        states: { matched: 4 },
        totals: [],
      }),
    ],
    'find-changes': [
      answers({
        changes: 'runs/run-1/changes.csv',
        terms: 'runs/run-1/terms.csv',
        units: 'runs/run-1/units.csv',
        remarks: [],
      }),
    ],
    'create-csv': [answers({ csv: 'runs/run-1/report.csv', unmapped: 'runs/run-1/unmapped.csv' })],
    'create-workbook': [answers({ workbook: 'runs/run-1/report.xlsx', page: 'runs/run-1/report.html' })],
    'psa-desk': [
      answers({ ticketId: '7', ticketUrl: 'https://desk.example/7', created: true, waitSeconds: 0 }),
      answers({
        mechanism: 'psa',
        status: 'delivered',
        ticketId: '7',
        ticketUrl: 'https://desk.example/7',
        attached: true,
      }),
    ],
    'send-email-with-attachment': [
      answers({
        mechanism: 'email',
        status: 'delivered',
        recipients: ['a@b.example'],
        messageId: 'm1',
        via: 'smtp',
        remark: 'the mail was not sent: no mailbox',
        refusedRecipients: [],
      }),
    ],
    'keep-history': [answers({ kept: true })],
    'build-automation-log': [(input) => resultOf(input)],
  };
}

/** The log step, reduced to what the state machine asks of it: whether the run succeeded, and if not, why. */
function resultOf(input: unknown): unknown {
  const { state } = input as { state: { error?: { Error: string; Cause: string }; delivery?: unknown } };
  return state.error === undefined
    ? { success: true, delivery: state.delivery }
    : { success: false, error: state.error.Error, cause: state.error.Cause };
}
