import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod/mini';
import { heapMegabytes } from '../../infra/functions.ts';
import { functionTimeoutOf } from '../../infra/task-timeout.ts';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { HEADROOM_MILLISECONDS, type Step } from '../../lambdas/platform/platform.ts';
import type { StepFunction } from '../../lambdas/steps/index.ts';
import { type Execution, execute } from '../../scripts/local/engine.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { type Order, Outcome } from './messages.ts';

/** The folders of a run, and where its vendors are; without a sandbox every collection has to be there. */
export type Place = { config: string; out: string; sandbox?: string };

/** What all calls of a function took together: one call, unless it paused. */
export type Taken = Omit<Outcome, 'answer' | 'now'> & {
  memoryMegabytes: number;
  /** The largest answer, in bytes of JSON. */
  bytes: number;
  lifetimes: number;
  /** In virtual time, with the waits between two calls. */
  seconds: number;
};

/** Where Node keeps what it made of the modules, so that not every call compiles all of them again. */
const COMPILED = join(tmpdir(), 'node-compile-cache');

/** How Lambda names the end of a process that ran out of memory. */
export const KILLED = 'Runtime.ExitError';

/**
 * Takes a run through the state machine, each call of a step in a process with the memory of its function; one at a
 * time, because the sandbox needs a processor too. Returns how the run ended, and what each function took, in the order
 * in which they were called.
 */
export async function measuredRun(
  functions: readonly StepFunction[],
  place: Place,
  runId: string,
): Promise<{ execution: Execution; taken: ReadonlyMap<string, Taken> }> {
  const taken = new Map<string, Taken>();
  const steps = functions.map((planned) => {
    const inThisProcess = place.sandbox === undefined && planned.name.startsWith('collector-');
    return [planned.name, inThisProcess ? planned.step : inItsProcess(planned, place, taken)] as const;
  });
  const execution = await execute({
    definition: withoutTimeouts(loadDefinition()),
    steps: new Map(steps),
    platform: directoryPlatform(place),
    name: runId,
    input: { runId },
    pace: 'immediate',
  });
  return { execution, taken };
}

/** Each call is limited in virtual time; the engine would count the real time of a busy machine. */
function withoutTimeouts(definition: StateMachineDefinition): StateMachineDefinition {
  const day = 24 * 60 * 60;
  return JSON.parse(
    JSON.stringify(definition, (member, value: unknown) => (member === 'TimeoutSeconds' ? day : value)),
  );
}

function inItsProcess({ name, memoryMegabytes }: StepFunction, place: Place, taken: Map<string, Taken>): Step {
  const milliseconds = functionTimeoutOf(name) * 1000 - HEADROOM_MILLISECONDS;
  let began: number | undefined;
  let next: number | undefined;
  return async (input, { clock }) => {
    const now = next ?? clock.now();
    began ??= now;
    const outcome = await inTurn(() => play({ ...place, name, input, now, milliseconds }, memoryMegabytes));
    const { answer, failure } = outcome;
    next = outcome.now + (answer?.waitSeconds ?? 0) * 1000;
    const call = { ...outcome, memoryMegabytes, bytes: Buffer.byteLength(JSON.stringify(answer ?? null)) };
    taken.set(name, together(taken.get(name), call, (outcome.now - began) / 1000));
    if (failure === undefined) return answer;
    throw Object.assign(new Error(failure.message), { name: failure.name });
  };
}

type Call = Outcome & Pick<Taken, 'memoryMegabytes' | 'bytes'>;

const together = (before: Taken | undefined, { answer, now, ...call }: Call, seconds: number): Taken => ({
  ...call,
  megabytes: Math.max(before?.megabytes ?? 0, call.megabytes),
  processorSeconds: (before?.processorSeconds ?? 0) + call.processorSeconds,
  calls: (before?.calls ?? 0) + call.calls,
  bytes: Math.max(before?.bytes ?? 0, call.bytes),
  lifetimes: (before?.lifetimes ?? 0) + 1,
  seconds,
});

let last: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => {});
  return turn;
}

async function play(order: Order, memoryMegabytes: number): Promise<Outcome> {
  const script = fileURLToPath(new URL('step.ts', import.meta.url));
  const words = [`--max-old-space-size=${heapMegabytes(memoryMegabytes)}`, script];
  const child = spawn(process.execPath, words, { env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } });
  child.stdin.end(JSON.stringify(order));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (stdout !== '') return z.parse(Outcome, JSON.parse(stdout));
  const message = /FATAL ERROR: .*/u.exec(stderr)?.[0] ?? `the process ended without an answer: ${stderr}`;
  const measures = { megabytes: memoryMegabytes, megabytesBefore: 0, processorSeconds: 0, calls: 0 };
  return { failure: { name: KILLED, message }, ...measures, now: order.now };
}
