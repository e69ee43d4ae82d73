import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export type ScheduleProperties = {
  name: string;
  description: string;
  /** Of EventBridge Scheduler: cron(…). */
  expression: string;
  /** IANA name. */
  timeZone: string;
  target: IFunction;
  /** Passed to the target with the scheduled time. */
  input: Record<string, string>;
  deadLetters: IQueue;
};

const RETRY_ATTEMPTS = 5;

/**
 * By default EventBridge Scheduler tries for a day to hand an event over, and Lambda for six hours to run what it took:
 * the morning's report would come at night.
 */
export const LATEST_START = Duration.hours(1);

/**
 * Calls `target` on schedule with `input` and `scheduledAt`. EventBridge Scheduler can call twice, and then both calls
 * have the same time. It could start an execution itself, but not name it: its time has colons, which a name must not
 * have.
 */
export function schedule(scope: Construct, id: string, properties: ScheduleProperties): Schedule {
  const { name, description, expression, timeZone, target, input, deadLetters } = properties;
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
    inlinePolicies: {
      Access: new PolicyDocument({
        statements: [
          new PolicyStatement({ sid: 'Call', actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
          new PolicyStatement({ sid: 'GiveUp', actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ],
      }),
    },
  });
  return new Schedule(scope, id, {
    scheduleName: name,
    description,
    schedule: ScheduleExpression.expression(expression, TimeZone.of(timeZone)),
    target: new LambdaInvoke(target, {
      role: role.withoutPolicyUpdates(),
      input: ScheduleTargetInput.fromObject({ ...input, scheduledAt: ContextAttribute.scheduledTime }),
      retryAttempts: RETRY_ATTEMPTS,
      maxEventAge: LATEST_START,
      deadLetterQueue: deadLetters,
    }),
  });
}
