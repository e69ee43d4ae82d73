import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Cadence } from './cadence.ts';
import { schedule } from './schedule.ts';

/** Monday at noon, when somebody is there to fix what it finds. */
const KEEP_ALIVE = 'cron(0 12 ? * MON *)';
const MEASURE_AGE = 'rate(6 hours)';

export type SchedulesProperties = {
  prefix: string;
  /** IANA name. */
  timeZone: string;
  /** Absent if no report is scheduled. */
  cadence: Cadence | undefined;
  /** The functions outside the state machine, by name. */
  upkeep: ReadonlyMap<string, IFunction>;
  deadLetters: IQueue;
};

/** Credentials are kept alive in any case; reports, and the measure of their age, are scheduled only with a cadence. */
export function addSchedules(scope: Construct, properties: SchedulesProperties): void {
  const { prefix, timeZone, cadence, upkeep, deadLetters } = properties;
  const target = (name: string): IFunction => {
    const made = upkeep.get(name);
    if (made === undefined) throw new Error(`there is no function ${name}`);
    return made;
  };
  if (cadence !== undefined) {
    schedule(scope, 'ReportSchedule', {
      name: `${prefix}-report`,
      description: 'Makes and delivers the billing count report',
      expression: cadence.expression,
      timeZone,
      target: target('start-run'),
      input: { purpose: 'report' },
      deadLetters,
    });
    schedule(scope, 'ReportAgeSchedule', {
      name: `${prefix}-report-age`,
      description: 'Measures how long ago a report last succeeded',
      expression: MEASURE_AGE,
      timeZone,
      target: target('report-age'),
      input: {},
      deadLetters,
    });
  }
  schedule(scope, 'KeepAliveSchedule', {
    name: `${prefix}-keep-alive`,
    description: 'Uses the credentials that lapse without use, and checks when others expire',
    expression: KEEP_ALIVE,
    timeZone,
    target: target('start-run'),
    input: { purpose: 'keep-alive' },
    deadLetters,
  });
}
