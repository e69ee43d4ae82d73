import {
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { awsRuns, stateMachineRuns } from '../../lambdas/platform/aws-runs.ts';

const ARN = 'arn:aws:states:eu-central-1:111122223333:stateMachine:billing-count-report';

/** A client that answers by `answer`; the SDK's many overloads of `send` leave no other way to write it. */
const clientWith = (answer: (command: unknown) => unknown) =>
  ({ send: async (command: unknown) => answer(command) }) as unknown as Pick<SFNClient, 'send'>;

describe('the runs of a state machine', () => {
  it('start under their names', async () => {
    const sent: unknown[] = [];
    const runs = stateMachineRuns(
      clientWith((command) => {
        if (command instanceof StartExecutionCommand) sent.push(command.input);
        return {};
      }),
      ARN,
    );
    expect(await runs.start('20261122T063000Z', { deliver: 'none' })).toBe(true);
    expect(sent).toEqual([{ stateMachineArn: ARN, name: '20261122T063000Z', input: '{"deliver":"none"}' }]);
  });

  it('are the same run if their name was used before', async () => {
    const refused = Object.assign(new Error('taken'), { name: 'ExecutionAlreadyExists' });
    const runs = stateMachineRuns(
      clientWith(() => Promise.reject(refused)),
      ARN,
    );
    expect(await runs.start('20261122T063000Z', {})).toBe(false);
  });

  it('do not hide any other refusal', async () => {
    const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const runs = stateMachineRuns(
      clientWith(() => Promise.reject(refused)),
      ARN,
    );
    await expect(runs.start('x', {})).rejects.toBe(refused);
  });

  it('find the newest success that counts, pages further down', async () => {
    const pages = [
      { executions: [{ name: 'keep-alive-1', startDate: new Date(3) }], nextToken: 'more' },
      {
        executions: [
          { name: 'b', startDate: new Date(2) },
          { name: 'a', startDate: new Date(1) },
        ],
      },
    ];
    const runs = stateMachineRuns(
      clientWith((command) => {
        if (!(command instanceof ListExecutionsCommand)) throw new Error('unexpected');
        expect(command.input.statusFilter).toBe('SUCCEEDED');
        return pages[command.input.nextToken === undefined ? 0 : 1];
      }),
      ARN,
    );
    expect(await runs.lastSuccess((name) => !name.startsWith('keep-alive'))).toBe(2);
    expect(await runs.lastSuccess(() => false)).toBeUndefined();
  });

  it('show since when there are any', async () => {
    const runs = stateMachineRuns(
      clientWith((command) => (command instanceof DescribeStateMachineCommand ? { creationDate: new Date(7) } : {})),
      ARN,
    );
    expect(await runs.since()).toBe(7);
  });

  it('need a state machine', () => {
    expect(() => awsRuns({})).toThrow('STATE_MACHINE_ARN');
  });
});
