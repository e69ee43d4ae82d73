import {
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ReportError } from '../report/errors.ts';
import type { Environment } from './aws.ts';
import { nameOf } from './aws-fault.ts';
import type { Runs } from './runs.ts';

/** The Standard state machine of this installation. Errors: `ConfigurationError` without STATE_MACHINE_ARN. */
export function awsRuns(environment: Environment): Runs {
  const arn = environment.STATE_MACHINE_ARN;
  if (arn === undefined || arn === '') {
    throw new ReportError('ConfigurationError', 'the environment variable STATE_MACHINE_ARN names no state machine');
  }
  return stateMachineRuns(new SFNClient({ maxAttempts: 5 }), arn);
}

/** Runs of one Standard state machine. Step Functions remembers an execution's name for 90 days after it ended. */
export function stateMachineRuns(client: Pick<SFNClient, 'send'>, stateMachineArn: string): Runs {
  return {
    async start(name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
        return true;
      } catch (error) {
        if (nameOf(error) === 'ExecutionAlreadyExists') return false;
        throw error;
      }
    },
    async lastSuccess(counts) {
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new ListExecutionsCommand({
            stateMachineArn,
            statusFilter: 'SUCCEEDED',
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        );
        // The newest come first.
        const newest = page.executions?.find(({ name }) => name !== undefined && counts(name));
        if (newest?.startDate !== undefined) return newest.startDate.getTime();
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      return undefined;
    },
    async since() {
      const { creationDate } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
      if (creationDate === undefined) throw new Error(`Step Functions does not say when ${stateMachineArn} was made`);
      return creationDate.getTime();
    },
  };
}
