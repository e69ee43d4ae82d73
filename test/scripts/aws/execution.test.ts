import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it, vi } from 'vitest';
import { follow, runSync, start } from '../../../scripts/aws/execution.ts';
import { type IntegrationProgress, RunProgress } from '../../../scripts/local/progress.ts';

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:billing-count-report';
const EXECUTION = 'arn:aws:states:eu-central-1:111122223333:execution:billing-count-report:r1';

/** A real client (paginators ask for one) whose answers come from here. */
function clientWith(answer: (command: unknown) => unknown): SFNClient {
  const client = new SFNClient({ region: 'eu-central-1' });
  vi.spyOn(client, 'send').mockImplementation(async (command: unknown) => answer(command));
  return client;
}

const named = (name: string) => Object.assign(new Error(name), { name });

describe('starting a run', () => {
  it('is refused for a name in use, even while that run is at work', async () => {
    const client = clientWith((command) => {
      if (command instanceof DescribeExecutionCommand) return { status: 'RUNNING' };
      throw new Error('a run was started');
    });
    await expect(start(client, MACHINE, 'r1', {})).rejects.toThrow('--run-id: r1 is in use (running)');
  });

  it('is refused when somebody else was quicker', async () => {
    const client = clientWith((command) => {
      throw named(command instanceof StartExecutionCommand ? 'ExecutionAlreadyExists' : 'ExecutionDoesNotExist');
    });
    await expect(start(client, MACHINE, 'r1', {})).rejects.toThrow('--run-id: r1 is in use');
  });

  it('asks for the execution of that name and returns its address', async () => {
    const client = clientWith((command) => {
      if (command instanceof StartExecutionCommand) return { executionArn: EXECUTION };
      expect(command).toMatchObject({ input: { executionArn: EXECUTION } });
      throw named('ExecutionDoesNotExist');
    });
    expect(await start(client, MACHINE, 'r1', {})).toBe(EXECUTION);
  });
});

const entered = (id: number, name: string, input: object): HistoryEvent => ({
  id,
  type: 'TaskStateEntered',
  timestamp: new Date(0),
  stateEnteredEventDetails: { name, input: JSON.stringify(input) },
});

const integration = { id: 'duo' };
const HISTORY: HistoryEvent[] = [
  entered(1, 'CollectCounts', { plan: { integrations: [{ id: 'duo', installed: true }] } }),
  entered(2, 'GetCounts', { run: {}, integration }),
  entered(3, 'Collected', { run: {}, integration, counts: { status: 'collected', customers: 28 } }),
  entered(4, 'CreatePsaTicket', {}),
  {
    id: 5,
    type: 'TaskFailed',
    timestamp: new Date(0),
    taskFailedEventDetails: { resource: 'r', resourceType: 'lambda' },
  },
  entered(6, 'BuildAutomationLog', {}),
  {
    id: 7,
    type: 'TaskStateExited',
    timestamp: new Date(0),
    stateExitedEventDetails: { name: 'BuildAutomationLog', output: '{"success":false}' },
  },
];

describe('following a run', () => {
  it('shows each integration as a local run does, and keeps the result of a run that failed', async () => {
    const client = clientWith((command) =>
      command instanceof GetExecutionHistoryCommand
        ? { events: HISTORY }
        : { status: 'FAILED', error: 'DeliveryError', cause: 'the board is gone' },
    );
    const progress = new RunProgress(new Map([['duo', 'Duo']]), () => 0);
    const seen: IntegrationProgress[] = [];
    const ended = await follow(client, EXECUTION, (event) => {
      const changed = progress.entered(event);
      if (changed !== undefined) seen.push(changed);
    });
    expect(seen.map(({ status }) => status)).toEqual(['collecting', 'collected']);
    expect(progress.integrations).toMatchObject([{ name: 'Duo', customers: 28 }]);
    expect(ended).toEqual({
      execution: {
        status: 'failed',
        error: 'DeliveryError',
        cause: 'the board is gone',
        failedIn: ['CreatePsaTicket'],
      },
      result: { success: false },
    });
  });

  it('distinguishes a run that was stopped from one that failed', async () => {
    const client = clientWith((command) =>
      command instanceof GetExecutionHistoryCommand ? { events: [] } : { status: 'ABORTED' },
    );
    const { execution } = await follow(client, EXECUTION, () => undefined);
    expect(execution).toMatchObject({ status: 'failed', error: 'States.ABORTED' });
  });

  it('that timed out shows what to do: Step Functions gives neither error nor cause', async () => {
    const client = clientWith((command) =>
      command instanceof GetExecutionHistoryCommand ? { events: [] } : { status: 'TIMED_OUT' },
    );
    const { execution } = await follow(client, EXECUTION, () => undefined);
    expect(execution).toMatchObject({ error: 'States.Timeout', cause: expect.stringContaining('--repeat') });
  });

  it('looks again for a run that is not visible at once', async () => {
    vi.useFakeTimers();
    let looks = 0;
    const client = clientWith((command) => {
      if (command instanceof GetExecutionHistoryCommand) return { events: [] };
      looks += 1;
      if (looks < 3) throw named('ExecutionDoesNotExist');
      return { status: 'SUCCEEDED', output: '{}' };
    });
    const followed = follow(client, EXECUTION, () => undefined);
    await vi.runAllTimersAsync();
    expect(await followed).toMatchObject({ execution: { status: 'succeeded' } });
    vi.useRealTimers();
  });
});

describe('a synchronous run', () => {
  const sync = (answer: object) =>
    runSync(
      clientWith((command) => (command instanceof StartSyncExecutionCommand ? answer : undefined)),
      MACHINE,
      'r1',
      {},
      'start it without --sync',
    );

  it('gives its output', async () => {
    expect(await sync({ status: 'SUCCEEDED', output: '{"success":true}' })).toEqual({
      execution: { status: 'succeeded', output: { success: true } },
      result: { success: true },
    });
  });

  it('has failed although it was answered', async () => {
    expect(await sync({ status: 'FAILED', error: 'DeliveryError', cause: 'c' })).toMatchObject({
      execution: { status: 'failed', error: 'DeliveryError', cause: 'c' },
    });
  });

  it('that took too long shows what to do', async () => {
    const { execution } = await sync({ status: 'TIMED_OUT' });
    expect(execution).toMatchObject({
      error: 'States.Timeout',
      cause: 'it did not finish within 5 minutes; start it without --sync',
    });
  });
});
