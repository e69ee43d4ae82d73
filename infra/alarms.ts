import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Figures } from './figures.ts';

export type AlarmProperties = {
  prefix: string;
  /** Gets every alarm once it has confirmed the subscription. */
  email?: string;
  standard: StateMachine;
  express: StateMachine;
  deadLetters: IQueue;
  figures: Figures;
  /** The most hours between two reports; absent if none is scheduled. */
  longestGapHours?: number;
};

/** Time for a run, and for a person to start a missed one again, before its absence is an alarm. */
const GRACE_HOURS = 12;

const QUARTER = Duration.minutes(15);
const DAY = Duration.days(1);
const PER_QUARTER = { period: QUARTER, statistic: 'Sum' };

/** What notifies the engineer: one topic, one mail for each thing that went wrong. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly all: Alarm[] = [];
  readonly #prefix: string;

  constructor(scope: Construct, properties: AlarmProperties) {
    super(scope, 'Alarms');
    const { prefix, email, standard, express, deadLetters, figures, longestGapHours } = properties;
    this.#prefix = prefix;
    this.topic = alarmTopic(this, email);

    this.#alarm('RunFailed', 'A run failed: its execution in Step Functions shows where and why', {
      metric: standard.metricFailed(PER_QUARTER),
    });
    this.#alarm('RunTimedOut', 'A run did not finish in time: its execution in Step Functions shows how far it got', {
      metric: standard.metricTimedOut(PER_QUARTER),
    });
    this.#alarm('SyncRunFailed', "A synchronous run failed: check the caller's response", {
      metric: express.metricFailed(PER_QUARTER),
    });
    this.#alarm(
      'SyncRunTimedOut',
      'A synchronous run did not finish within 5 minutes: start it on the other state machine',
      {
        metric: express.metricTimedOut(PER_QUARTER),
      },
    );
    this.#alarm('IntegrationFailed', 'A vendor could not be read; automation-log.json of the run shows which and why', {
      metric: figures.ofRun('IntegrationsFailed', 'Maximum', QUARTER),
    });
    this.#alarm('DeliveryFailed', 'A report was made but not delivered; repeat the run under its id', {
      metric: figures.ofRun('DeliveriesFailed', 'Maximum', QUARTER),
    });
    this.#alarm('CredentialEnding', 'A credential expires within 30 days; automation-log.json of the run shows which', {
      metric: figures.ofRun('CredentialsEnding', 'Maximum', DAY),
    });
    this.#alarm('DeadLetters', 'A schedule could not start its run; check the queue and start the run by hand', {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: QUARTER, statistic: 'Maximum' }),
    });
    if (longestGapHours === undefined) return;
    this.#alarm(
      'ReportOverdue',
      `No report has succeeded for longer than ${longestGapHours} hours (and ${GRACE_HOURS} of grace)`,
      {
        metric: figures.ofRun('HoursSinceReport', 'Maximum', Duration.hours(6)),
        above: longestGapHours + GRACE_HOURS,
        // Measured four times a day. Missing data is an alarm: if nothing measures, nobody would notice a missing
        // report.
        missing: TreatMissingData.BREACHING,
        periods: 2,
      },
    );
  }

  #alarm(
    id: string,
    description: string,
    { metric, above = 0, missing = TreatMissingData.NOT_BREACHING, periods = 1 }: Trigger,
  ): void {
    const alarm = new Alarm(this, id, {
      alarmName: `${this.#prefix}-${id}`,
      alarmDescription: description,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.all.push(alarm);
  }
}

type Trigger = { metric: IMetric; above?: number; missing?: TreatMissingData; periods?: number };

function alarmTopic(scope: Construct, email: string | undefined): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: 'Billing Count Report', enforceSSL: true });
  // A topic with a policy of its own no longer lets CloudWatch in by default.
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
