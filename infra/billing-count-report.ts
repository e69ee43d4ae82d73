import { ArnFormat, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Registry } from '../lambdas/registry.ts';
import { Alarms } from './alarms.ts';
import { reportBucket } from './bucket.ts';
import type { Bundle } from './bundle.ts';
import { type Cadence, readTimeZone } from './cadence.ts';
import { dashboard } from './dashboard.ts';
import { figuresOf } from './figures.ts';
import { OneFunction } from './function.ts';
import { type PlannedFunction, pipelineFunctions, upkeepFunctions } from './functions.ts';
import type { Estate } from './permissions.ts';
import { Pipeline, standardName } from './pipeline.ts';
import { schedule } from './schedule.ts';

/** Settings of an installation of the billing count report. Only the registry and the bundles are required. */
export type BillingCountReportProperties = {
  /** What can be collected from and delivered to: `await loadRegistry()`. */
  registry: Registry;
  /** What each function runs, by its name without prefix: `await bundleFunctions(registry)`. */
  bundles: ReadonlyMap<string, Bundle>;
  /**
   * Begins the names of everything here; the secrets are named `<prefix>/<integration>`. Two installations in one
   * account and region need two. Default: billing-count-report.
   */
  prefix?: string | undefined;
  /**
   * When the report is made: `readCadence('monthly', '06:30')`. Default: only a person or another workflow starts it.
   */
  cadence?: Cadence;
  /** IANA time zone of the schedule, and of the report's days and months unless report.json names one. Default: UTC. */
  timeZone?: string;
  /** How many days the files of a run are kept. Default: 400, so that last year's report can be compared with. */
  runsKeptDays?: number;
  /** Address that gets alarms; AWS asks it to confirm first. Default: nobody gets them. */
  alarmEmail?: string | undefined;
  /** What can send the report's mail: the services that `delivery.email` in report.json names. Default: only SES. */
  mailVia?: Estate['mailVia'];
  /**
   * Address, or domain, verified in SES, that reports are sent from; the same as `delivery.email.from` in report.json.
   * Without it SES cannot be used.
   */
  sender?: string | undefined;
  /** SES configuration set that the report's mails name. */
  configurationSet?: string | undefined;
};

/** Two names of 40 characters would not fit into the 64 characters of a function's name. */
const PREFIX = /^[a-z][a-z0-9-]{0,29}$/u;

/** Monday at noon, when somebody is there to fix what it finds. */
const KEEP_ALIVE = 'cron(0 12 ? * MON *)';
const MEASURE_AGE = 'rate(6 hours)';

/**
 * Everything that the report needs in an account: two state machines from one definition, a Lambda for each step and
 * each integration with its own role, the bucket, the schedules, alarms and a dashboard. Secrets are not created here;
 * they are found by their names. Errors: `ConfigurationError` for a time zone that does not exist, `RangeError` for the
 * prefix.
 */
export class BillingCountReport extends Construct {
  /** Configuration below `config/`, the files of runs below `runs/`. */
  readonly bucket: Bucket;
  /** For the schedule and the console: the execution's name is the run's id. */
  readonly standard: IStateMachine;
  /** For workflows that wait: StartSyncExecution. */
  readonly express: IStateMachine;
  /** Gets the alarms. */
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, properties: BillingCountReportProperties) {
    super(scope, id);
    const { registry, bundles, cadence, prefix = 'billing-count-report', runsKeptDays = 400 } = properties;
    if (!PREFIX.test(prefix)) {
      throw new RangeError(`prefix: expected at most 30 of a-z, 0-9 and "-", a letter first; found ${prefix}`);
    }
    const timeZone = readTimeZone(properties.timeZone ?? 'UTC');
    const stack = Stack.of(this);
    const bucket = reportBucket(this, Duration.days(runsKeptDays));
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const stateMachineArn = stack.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: standardName(prefix),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const estate: Estate = {
      bucket,
      deadLetters,
      stateMachineArn,
      secretPrefix: `${prefix}/`,
      mailVia: properties.mailVia ?? ['ses'],
      ...(properties.sender === undefined ? {} : { sender: properties.sender }),
      ...(properties.configurationSet === undefined ? {} : { configurationSet: properties.configurationSet }),
    };

    const ofPipeline = pipelineFunctions(registry);
    // Without a schedule, nothing can be overdue.
    const ofUpkeep = upkeepFunctions(registry).filter(({ name }) => name !== 'report-age' || cadence !== undefined);
    const environment = {
      REPORT_BUCKET: bucket.bucketName,
      SECRET_PREFIX: estate.secretPrefix,
      DEPLOYMENT: prefix,
      TIME_ZONE: timeZone,
    };
    const make = (planned: PlannedFunction, more: Record<string, string> = {}) =>
      new OneFunction(this, {
        planned,
        bundle: bundleOf(bundles, planned.name),
        functionName: `${prefix}-${planned.name}`,
        environment: { ...environment, ...more },
        estate,
      }).function;

    const { standard, express } = new Pipeline(this, { prefix, functions: ofPipeline.map((planned) => make(planned)) });
    const upkeep = new Map(
      ofUpkeep.map((planned) => [planned.name, make(planned, { STATE_MACHINE_ARN: stateMachineArn })]),
    );
    const target = (name: string) => {
      const made = upkeep.get(name);
      if (made === undefined) throw new Error(`there is no function ${name}`);
      return made;
    };

    if (cadence !== undefined) {
      schedule(this, 'ReportSchedule', {
        name: `${prefix}-report`,
        description: 'Makes and delivers the billing count report',
        expression: cadence.expression,
        timeZone,
        target: target('start-run'),
        input: { purpose: 'report' },
        deadLetters,
      });
      schedule(this, 'ReportAgeSchedule', {
        name: `${prefix}-report-age`,
        description: 'Measures how long ago a report last succeeded',
        expression: MEASURE_AGE,
        timeZone,
        target: target('report-age'),
        input: {},
        deadLetters,
      });
    }
    schedule(this, 'KeepAliveSchedule', {
      name: `${prefix}-keep-alive`,
      description: 'Uses the credentials that lapse without use, and checks when others expire',
      expression: KEEP_ALIVE,
      timeZone,
      target: target('start-run'),
      input: { purpose: 'keep-alive' },
      deadLetters,
    });

    const figures = figuresOf(prefix);
    const alarms = new Alarms(this, {
      prefix,
      standard,
      express,
      deadLetters,
      figures,
      ...(cadence === undefined ? {} : { longestGapHours: cadence.longestGapHours }),
      ...(properties.alarmEmail === undefined ? {} : { email: properties.alarmEmail }),
    });
    dashboard(this, {
      name: prefix,
      alarms: alarms.all,
      standard,
      figures,
      integrations: registry.collectors.map(({ id: integration }) => integration),
    });

    this.bucket = bucket;
    this.standard = standard;
    this.express = express;
    this.topic = alarms.topic;
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description }).overrideLogicalId(name);
    output('ReportBucket', bucket.bucketName, 'Configuration and the files of runs');
    output('StandardStateMachine', standard.stateMachineArn, 'Start a run here');
    output('ExpressStateMachine', express.stateMachineArn, 'Call this one and wait');
    output('SecretPrefix', estate.secretPrefix, 'Prefix of the names of the secrets');
  }
}

function bundleOf(bundles: ReadonlyMap<string, Bundle>, name: string): Bundle {
  const bundle = bundles.get(name);
  if (bundle === undefined) throw new Error(`${name} was not bundled`);
  return bundle;
}
