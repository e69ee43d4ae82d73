import { ArnFormat, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Registry } from '../lambdas/registry.ts';
import { ReportError } from '../lambdas/report/errors.ts';
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
import { addSchedules } from './schedules.ts';

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

/**
 * Everything that the report needs in an account: two state machines from one definition, a Lambda for each step and
 * each integration with its own role, the bucket, the schedules, alarms and a dashboard. Secrets are not created here;
 * they are found by their names. Errors: `ConfigurationError` for a time zone that does not exist, or for the prefix.
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
    const { registry, cadence, runsKeptDays = 400 } = properties;
    const prefix = checkedPrefix(properties.prefix ?? 'billing-count-report');
    const timeZone = readTimeZone(properties.timeZone ?? 'UTC');
    this.bucket = reportBucket(this, Duration.days(runsKeptDays));
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const estate = estateOf(this, { prefix, bucket: this.bucket, deadLetters }, properties);

    const make = functionMaker(this, estate, { prefix, timeZone, bundles: properties.bundles });
    const functions = pipelineFunctions(registry).map((planned) => make(planned));
    const { standard, express } = new Pipeline(this, { prefix, functions });
    this.standard = standard;
    this.express = express;
    // Without a schedule, nothing can be overdue.
    const ofUpkeep = upkeepFunctions(registry).filter(({ name }) => name !== 'report-age' || cadence !== undefined);
    const upkeep = new Map(
      ofUpkeep.map((planned) => [planned.name, make(planned, { STATE_MACHINE_ARN: estate.stateMachineArn })]),
    );
    addSchedules(this, { prefix, timeZone, cadence, upkeep, deadLetters });

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
    this.topic = alarms.topic;
    dashboard(this, {
      name: prefix,
      alarms: alarms.all,
      standard,
      figures,
      integrations: registry.collectors.map(({ id: integration }) => integration),
    });
    this.#addOutputs(estate.secretPrefix);
  }

  #addOutputs(secretPrefix: string): void {
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description }).overrideLogicalId(name);
    output('ReportBucket', this.bucket.bucketName, 'Configuration and the files of runs');
    output('StandardStateMachine', this.standard.stateMachineArn, 'Start a run here');
    output('ExpressStateMachine', this.express.stateMachineArn, 'Call this one and wait');
    output('SecretPrefix', secretPrefix, 'Prefix of the names of the secrets');
  }
}

function checkedPrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw new ReportError(
    'ConfigurationError',
    `prefix: expected at most 30 of a-z, 0-9 and "-", a letter first; found ${JSON.stringify(prefix)}`,
  );
}

/** What the roles of the functions refer to. The state machine is named before it exists: its functions start it. */
function estateOf(
  scope: Construct,
  { prefix, bucket, deadLetters }: { prefix: string; bucket: Bucket; deadLetters: Queue },
  { mailVia = ['ses'], sender, configurationSet }: BillingCountReportProperties,
): Estate {
  return {
    bucket,
    deadLetters,
    stateMachineArn: Stack.of(scope).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: standardName(prefix),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
    secretPrefix: `${prefix}/`,
    mailVia,
    ...(sender === undefined ? {} : { sender }),
    ...(configurationSet === undefined ? {} : { configurationSet }),
  };
}

/** Makes the functions of one installation; `more`: what one of them needs in its environment besides. */
function functionMaker(
  scope: Construct,
  estate: Estate,
  { prefix, timeZone, bundles }: { prefix: string; timeZone: string; bundles: ReadonlyMap<string, Bundle> },
): (planned: PlannedFunction, more?: Record<string, string>) => IFunction {
  const environment = {
    REPORT_BUCKET: estate.bucket.bucketName,
    SECRET_PREFIX: estate.secretPrefix,
    DEPLOYMENT: prefix,
    TIME_ZONE: timeZone,
  };
  return (planned, more = {}) =>
    new OneFunction(scope, {
      planned,
      bundle: bundleOf(bundles, planned.name),
      functionName: `${prefix}-${planned.name}`,
      environment: { ...environment, ...more },
      estate,
    }).function;
}

function bundleOf(bundles: ReadonlyMap<string, Bundle>, name: string): Bundle {
  const bundle = bundles.get(name);
  if (bundle === undefined) throw new Error(`${name} was not bundled`);
  return bundle;
}
