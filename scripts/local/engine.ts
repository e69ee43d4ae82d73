import { ExecutionError, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod/mini';
import { lambdaError } from '../../lambdas/platform/lambda-error.ts';
import { HEADROOM_MILLISECONDS, type Invocation, type Platform, type Step } from '../../lambdas/platform/platform.ts';
import { isRecord } from '../../lambdas/report/record.ts';

/** The most bytes of JSON that Step Functions passes into or out of a state. */
export const STATE_LIMIT_BYTES = 262_144;

type Run = ReturnType<StateMachine['run']>;
type Json = Parameters<StateMachine['run']>[0];

/** What happens in the state machine, state by state; `index` is the iteration of a Map. */
export type EngineEvent = Run['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

/** How an execution ended, as DescribeExecution reports it. */
export type Execution =
  | { status: 'succeeded'; output: unknown }
  | { status: 'failed'; error: string; cause: string; failedIn: readonly string[] };

export type ExecutionOrder = {
  definition: StateMachineDefinition;
  /** By function name, without prefix. */
  steps: ReadonlyMap<string, Step>;
  platform: Platform;
  /** The execution's name. */
  name: string;
  input: Json;
  onEvent?: (event: EngineEvent) => void;
  /** With `immediate`, Wait states and retry intervals take no time. */
  pace?: 'real' | 'immediate';
};

/** What a Task state passes to the Lambda integration. */
const Invoke = z.strictObject({ FunctionName: z.string(), Payload: z.unknown() });

/** A failed task as Step Functions sees it; the engine matches Retry and Catch by `name` and asks the two flags. */
class TaskFault extends Error {
  override readonly name: string;
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, terminal = false) {
    super(cause);
    this.name = name;
    this.isRetryable = !terminal;
    this.isCatchable = !terminal;
  }
}

/**
 * Runs the definition on this machine with the code that the Lambdas run: JSON in, JSON out, errors in Lambda's shape,
 * the size limit of Step Functions enforced. Never rejects because of a failed run; that is in the answer.
 */
export async function execute(order: ExecutionOrder): Promise<Execution> {
  const { definition, name } = order;
  const tasks = statesOf(definition);
  const run = machineOf(definition).run(order.input, {
    context: { Execution: { Id: `local:${name}`, Name: name } },
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        tasks.flatMap(({ state, title }) => (state.Type === 'Task' ? [[title, invoker(order, state)] as const] : [])),
      ),
      ...(order.pace === 'immediate' ? immediate(tasks) : {}),
    },
  });

  const failedIn: string[] = [];
  let oversized: string | undefined;
  const watching = (async () => {
    for await (const event of run.eventLogs) {
      if (event.type === 'StateFailed') failedIn.push(event.state.name);
      if (event.type === 'StateExited' && oversized === undefined && exceedsLimit(JSON.stringify(event.state.output))) {
        oversized = event.state.name;
        run.abort();
      }
      order.onEvent?.(event);
    }
  })();

  try {
    const output = await run.result;
    await watching;
    if (oversized === undefined) return { status: 'succeeded', output };
  } catch (error) {
    await watching;
    if (oversized === undefined) return { status: 'failed', ...faultOf(error), failedIn };
  }
  return { status: 'failed', ...limitFault(`the output of ${oversized}`), failedIn };
}

/** Without the library's validation: it takes longer than a run, and a test validates our definition the same way. */
const machineOf = (definition: StateMachineDefinition): StateMachine =>
  new StateMachine(definition, { validationOptions: { noValidate: true } });

type TaskState = Extract<StateMachineDefinition['States'][string], { Type: 'Task' }>;

type NamedState = { title: string; state: StateMachineDefinition['States'][string] };

/** Every state, including those inside a Map. */
function statesOf(machine: Pick<StateMachineDefinition, 'States'>): NamedState[] {
  return Object.entries(machine.States).flatMap(([title, state]) => [
    { title, state },
    ...(state.Type === 'Map' && state.ItemProcessor !== undefined ? statesOf(state.ItemProcessor) : []),
  ]);
}

function immediate(states: readonly NamedState[]) {
  const zeroFor = (wanted: (state: NamedState['state']) => boolean) =>
    Object.fromEntries(states.filter(({ state }) => wanted(state)).map(({ title }) => [title, 0] as const));
  return {
    waitTimeOverrides: zeroFor((state) => state.Type === 'Wait'),
    retryIntervalOverrides: zeroFor((state) => 'Retry' in state),
  };
}

/** The Lambda service from the view of one Task state. */
function invoker({ steps, platform }: ExecutionOrder, { TimeoutSeconds: timeoutSeconds, ResultSelector }: TaskState) {
  if (timeoutSeconds === undefined)
    throw new Error('a Task state without TimeoutSeconds cannot tell its step when to stop');
  const selected = selectedMembers(ResultSelector);
  return async (input: Json): Promise<Json> => {
    const { FunctionName, Payload } = z.parse(Invoke, input);
    const step = steps.get(FunctionName);
    if (step === undefined) {
      throw new TaskFault('Lambda.ResourceNotFoundException', `Function not found: ${FunctionName}`);
    }
    const payload = JSON.stringify(Payload);
    refuseOversized(payload, `what goes to ${FunctionName}`);
    const invocation: Invocation = { deadline: platform.clock.now() + timeoutSeconds * 1000 - HEADROOM_MILLISECONDS };
    const answer = await answerOf(step, JSON.parse(payload), platform, invocation);
    refuseOversized(answer, `the answer of ${FunctionName}`);
    const parsed: Json = JSON.parse(answer);
    refuseMissing(selected, parsed, FunctionName);
    return { StatusCode: 200, Payload: parsed };
  };
}

/** Runs the step; errors become those that Lambda would report. */
async function answerOf(step: Step, input: unknown, platform: Platform, invocation: Invocation): Promise<string> {
  try {
    const answer = await step(input, platform, invocation);
    return answer === undefined ? 'null' : JSON.stringify(answer);
  } catch (error) {
    const { name, message } = lambdaError(error);
    throw new TaskFault(name, JSON.stringify({ errorType: name, errorMessage: message }));
  }
}

/** The fields of the answer that a ResultSelector reads. */
const selectedMembers = (selector: unknown): string[] =>
  Object.values(isRecord(selector) ? selector : {}).flatMap((path) => {
    const member = typeof path === 'string' ? /^\$\.Payload\.(\w+)$/u.exec(path)?.[1] : undefined;
    return member === undefined ? [] : [member];
  });

/** The library ignores a missing field; Step Functions ends the execution without any Retry or Catch. */
function refuseMissing(members: readonly string[], answer: unknown, functionName: string): void {
  const missing = members.filter((member) => !isRecord(answer) || !Object.hasOwn(answer, member));
  if (missing.length === 0) return;
  const cause = `the definition reads ${missing.join(', ')}, which the answer of ${functionName} does not have`;
  throw new TaskFault('States.Runtime', cause, true);
}

/** No Retry or Catch matches `States.DataLimitExceeded`, as on AWS. */
function refuseOversized(json: string, what: string): void {
  if (!exceedsLimit(json)) return;
  const { error, cause } = limitFault(what);
  throw new TaskFault(error, cause, true);
}

const exceedsLimit = (json: string): boolean => Buffer.byteLength(json) > STATE_LIMIT_BYTES;

const limitFault = (what: string) => ({
  error: 'States.DataLimitExceeded',
  cause: `${what} is larger than ${STATE_LIMIT_BYTES} bytes, the most that passes between two states`,
});

function faultOf(error: unknown): { error: string; cause: string } {
  const inner = error instanceof ExecutionError ? error.cause : error;
  return inner instanceof Error
    ? { error: inner.name, cause: inner.message }
    : { error: 'States.Runtime', cause: String(inner) };
}
