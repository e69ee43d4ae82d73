import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import { nameOf } from '../../lambdas/platform/aws-fault.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import type { Execution } from '../local/engine.ts';
import type { StateEvent } from '../local/progress.ts';

/** How an execution in AWS ended, with its output if it has one. */
export type Ended = { execution: Execution; result: unknown };

const LOOK_AGAIN_MILLISECONDS = 2_000;
/** A new execution may not be visible at once: Step Functions is eventually consistent. */
const LOOKS_FOR_STARTED = 5;

/** Starts an execution; its ARN. Errors: `ConfigurationError` if the name is in use. */
export async function start(client: SFNClient, stateMachineArn: string, name: string, input: object): Promise<string> {
  await refuseUsed(client, executionArn(stateMachineArn, name), name);
  try {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    if (started.executionArn === undefined) throw new Error('Step Functions started an execution without an ARN');
    return started.executionArn;
  } catch (error) {
    if (nameOf(error) !== 'ExecutionAlreadyExists') throw error;
    throw inUse(name);
  }
}

/** …:stateMachine:<machine> has its executions under …:execution:<machine>:<name>. */
const executionArn = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** StartExecution treats a second start of a running execution as the first one, without telling the person. */
async function refuseUsed(client: SFNClient, arn: string, name: string): Promise<void> {
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
    throw inUse(name, status);
  } catch (error) {
    if (nameOf(error) !== 'ExecutionDoesNotExist') throw error;
  }
}

export const inUse = (runId: string, status?: string): ReportError =>
  new ReportError(
    'ConfigurationError',
    `--run-id: ${runId} is in use${status === undefined ? '' : ` (${status.toLowerCase()})`}; choose another, ` +
      'or add --repeat to deliver what that run made, once it has ended',
  );

/** Waits for the end of an execution and reports each state that it enters meanwhile. */
export async function follow(client: SFNClient, arn: string, onState: (event: StateEvent) => void): Promise<Ended> {
  const watcher = new Watcher(client, arn, onState);
  for (;;) {
    const { status, output, error, cause } = await describeStarted(client, arn);
    await watcher.catchUp();
    if (status === 'RUNNING') {
      await lookAgain();
      continue;
    }
    if (status === 'SUCCEEDED') {
      const result: unknown = JSON.parse(output ?? 'null');
      return { execution: { status: 'succeeded', output: result }, result };
    }
    const fault =
      status === 'TIMED_OUT'
        ? { error: 'States.Timeout', cause: 'it ran for a day; add --repeat to continue with what it has' }
        : { error: error ?? `States.${status ?? 'Unknown'}`, cause: cause ?? 'no cause was given' };
    return { execution: { status: 'failed', ...fault, failedIn: watcher.failedIn }, result: watcher.result };
  }
}

async function describeStarted(client: SFNClient, arn: string): Promise<DescribeExecutionCommandOutput> {
  for (let look = 1; ; look += 1) {
    try {
      return await client.send(new DescribeExecutionCommand({ executionArn: arn }));
    } catch (error) {
      if (nameOf(error) !== 'ExecutionDoesNotExist' || look === LOOKS_FOR_STARTED) throw error;
      await lookAgain();
    }
  }
}

const lookAgain = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MILLISECONDS));

/** Longer than an Express execution can last. */
const SYNC_MILLISECONDS = 330_000;

/** A client that waits as long as it takes and never retries: the first answer may just be late. */
export const syncClient = (region: string): SFNClient =>
  new SFNClient({ region, maxAttempts: 1, requestHandler: { requestTimeout: SYNC_MILLISECONDS } });

/** Runs the Express state machine; it answers within 5 minutes or not at all: then `remedy` is what helps. */
export async function runSync(
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  input: object,
  remedy: string,
): Promise<Ended> {
  const { status, output, error, cause } = await client.send(
    new StartSyncExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
  );
  if (status === 'SUCCEEDED') {
    const result: unknown = JSON.parse(output ?? 'null');
    return { execution: { status: 'succeeded', output: result }, result };
  }
  const fault =
    status === 'TIMED_OUT'
      ? { error: 'States.Timeout', cause: `it did not finish within 5 minutes; ${remedy}` }
      : { error: error ?? 'States.Runtime', cause: cause ?? 'no cause was given' };
  return { execution: { status: 'failed', ...fault, failedIn: [] }, result: undefined };
}

/** Reads an execution's history from where it stopped the last time. */
class Watcher {
  readonly #client: SFNClient;
  readonly #arn: string;
  readonly #onState: (event: StateEvent) => void;
  #seen = 0;
  readonly failedIn: string[] = [];
  /** The output of BuildAutomationLog; a failed execution has no output of its own. */
  result: unknown;
  #state = '';

  constructor(client: SFNClient, arn: string, onState: (event: StateEvent) => void) {
    this.#client = client;
    this.#arn = arn;
    this.#onState = onState;
  }

  async catchUp(): Promise<void> {
    const request = { executionArn: this.#arn, includeExecutionData: true, maxResults: 1000 };
    for await (const { events } of paginateGetExecutionHistory({ client: this.#client }, request)) {
      for (const event of events ?? []) this.#take(event);
    }
  }

  #take(event: HistoryEvent): void {
    const { id = 0, stateEnteredEventDetails: entered, stateExitedEventDetails: exited } = event;
    if (id <= this.#seen) return;
    this.#seen = id;
    if (entered?.name !== undefined) {
      this.#state = entered.name;
      const input: unknown = JSON.parse(entered.input ?? 'null');
      const index = isIteration(input) ? 0 : undefined;
      this.#onState({ type: 'StateEntered', index, state: { name: entered.name, input } });
    }
    if (exited?.name === 'BuildAutomationLog') this.result = JSON.parse(exited.output ?? 'null');
    if (event.lambdaFunctionFailedEventDetails !== undefined || event.taskFailedEventDetails !== undefined) {
      this.failedIn.push(this.#state);
    }
  }
}

/** Inside the Map a state's input is about one integration. */
const isIteration = (input: unknown): boolean => typeof input === 'object' && input !== null && 'integration' in input;
