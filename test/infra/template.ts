import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stack, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { loadDefinition } from '../../statemachine/definition.ts';
import { bundles, PIPELINE, stackWith, templateOf } from './synthesized.ts';

const made = stackWith();
const template = templateOf(made);
const lambdas = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
const byName = new Map(lambdas.map((properties) => [String(properties.FunctionName), properties]));

/** Without it a service could be brought to act here for another account. */
const OF_THIS_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

it('refuses a prefix that leaves no room for the names of functions', () => {
  expect(() => stackWith({ prefix: 'the-reports-of-a-very-large-company' })).toThrow(
    'prefix: expected at most 30 of a-z, 0-9 and "-", a letter first; found "the-reports-of-a-very-large-company"',
  );
});

describe('the functions', () => {
  it('are one for each step, collector, source and PSA, and two that look after the runs', () => {
    const names = [...PIPELINE, 'start-run', 'report-age'].map((name) => `billing-count-report-${name}`);
    expect([...byName.keys()].sort()).toEqual(names.sort());
  });

  it('run on Node 24 on arm64, traced, each with its own role and log', () => {
    const roles = new Set<string>();
    for (const properties of lambdas) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      roles.add(JSON.stringify(properties.Role));
    }
    expect(roles.size).toBe(lambdas.length);
    template.resourceCountIs('AWS::Logs::LogGroup', lambdas.length + 2);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('start from their bundles alone, without any other file', () => {
    const files = [...bundles.values()].map(({ directory }) => pathToFileURL(join(directory, 'index.mjs')));
    const program = `for (const bundle of ${JSON.stringify(files)}) {
      const { handler } = await import(bundle);
      if (typeof handler !== 'function') throw new Error('no handler in ' + bundle);
    }`;
    const environment = { REPORT_BUCKET: 'bucket', AWS_REGION: 'eu-central-1', STATE_MACHINE_ARN: 'arn' };
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: environment,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('end ten seconds before their state, whose time includes a cold start', () => {
    expect(byName.get('billing-count-report-collector-duo')?.Timeout).toBe(890);
    expect(byName.get('billing-count-report-check-running-org')?.Timeout).toBe(50);
    expect(byName.get('billing-count-report-psa-halopsa')?.Timeout).toBe(290);
  });

  it('know the bucket and the names of secrets, but no secret', () => {
    expect(byName.get('billing-count-report-collector-duo')?.Environment.Variables).toEqual({
      REPORT_BUCKET: { Ref: expect.stringMatching(/^ReportBucket/u) },
      SECRET_PREFIX: 'billing-count-report/',
      DEPLOYMENT: 'billing-count-report',
      TIME_ZONE: 'Europe/Vienna',
      NODE_OPTIONS: '--max-old-space-size=512',
    });
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  it('are small enough to start quickly', () => {
    for (const [name, { bytes }] of bundles) expect(bytes, name).toBeLessThan(2 * 1024 * 1024);
  });
});

describe('the state machines', () => {
  const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine')).map(
    ({ Properties }) => Properties,
  );

  it('are a Standard and an Express one from the same definition', () => {
    expect(machines.map(({ StateMachineType }) => StateMachineType).sort()).toEqual(['EXPRESS', 'STANDARD']);
    for (const { DefinitionString } of machines) {
      expect(JSON.parse(String(DefinitionString))).toMatchObject({ ...loadDefinition('billing-count-report-') });
    }
  });

  it('end a run after a day with an alarm, where Step Functions would wait for a year', () => {
    const limits = new Map(
      machines.map((machine) => [
        machine.StateMachineType,
        JSON.parse(String(machine.DefinitionString)).TimeoutSeconds,
      ]),
    );
    expect(limits).toEqual(
      new Map([
        ['STANDARD', 86_400],
        ['EXPRESS', undefined],
      ]),
    );
  });

  it('log every event without its data, and are traced', () => {
    for (const machine of machines) {
      expect(machine).toMatchObject({
        LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
        TracingConfiguration: { Enabled: true },
      });
    }
  });
});

describe('the bucket', () => {
  it('is encrypted, private, versioned, and stays when the stack is deleted', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: Match.objectLike({
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        }),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LoggingConfiguration: Match.anyValue(),
      },
    });
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  it('refuses access without TLS', () => {
    const refusal = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refusal)]) },
    });
  });

  it('keeps runs for 400 days and the history of the configuration', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: 'runs/', ExpirationInDays: 400 }),
          Match.objectLike({ Prefix: 'config/', NoncurrentVersionExpiration: { NoncurrentDays: 400 } }),
          // What is deleted in a versioned bucket leaves a marker, and an upload that was given up its parts: by default
          // for ever.
          {
            Id: 'leftovers',
            Status: 'Enabled',
            ExpiredObjectDeleteMarker: true,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ]),
      },
    });
  });
});

describe('the schedules', () => {
  it('make the report at the configured local time, with bounded retries and a dead letter queue', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'billing-count-report-report',
      ScheduleExpression: 'cron(30 6 1 * ? *)',
      ScheduleExpressionTimezone: 'Europe/Vienna',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Input: '{"purpose":"report","scheduledAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 5 },
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
  });

  it('use expiring credentials every week', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'billing-count-report-keep-alive',
      ScheduleExpression: 'cron(0 12 ? * MON *)',
      Target: { Input: '{"purpose":"keep-alive","scheduledAt":"<aws.scheduler.scheduled-time>"}' },
    });
  });

  it('measure the age of the last report', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'billing-count-report-report-age',
      ScheduleExpression: 'rate(6 hours)',
    });
  });

  it('have roles that no other account’s scheduler can use', () => {
    const roles = Object.values(template.findResources('AWS::IAM::Role')).map(({ Properties }) =>
      JSON.stringify(Properties),
    );
    const borrowed = roles.filter((role) => role.includes('scheduler.amazonaws.com'));
    expect(borrowed.length).toBeGreaterThan(0);
    for (const role of borrowed) expect(role).toContain(JSON.stringify(OF_THIS_ACCOUNT));
  });

  it('start nothing hours late: Lambda gives up with them', () => {
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 2);
    template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 3600,
      MaximumRetryAttempts: 2,
    });
  });

  it('lose nothing: what a function could not handle goes to the queue as well', () => {
    for (const name of ['start-run', 'report-age']) {
      expect(byName.get(`billing-count-report-${name}`)?.DeadLetterConfig).toEqual({ TargetArn: expect.anything() });
    }
  });
});

const Alarm = z.object({
  AlarmName: z.string(),
  Threshold: z.number(),
  TreatMissingData: z.string(),
  AlarmActions: z.array(z.unknown()),
  MetricName: z.optional(z.string()),
});

describe('the alarms', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
    z.parse(Alarm, Properties),
  );

  it('exist for everything that needs a person', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName.replace('billing-count-report-', '')).sort()).toEqual([
      'CredentialEnding',
      'DeadLetters',
      'DeliveryFailed',
      'IntegrationFailed',
      'ReportOverdue',
      'RunFailed',
      'RunTimedOut',
      'SyncRunFailed',
      'SyncRunTimedOut',
    ]);
    for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
  });

  it('notice a missing run, and missing measurements', () => {
    expect(alarms.find(({ AlarmName }) => AlarmName.endsWith('ReportOverdue'))).toMatchObject({
      MetricName: 'HoursSinceReport',
      Threshold: 31 * 24 + 12,
      TreatMissingData: 'breaching',
    });
  });

  it('reach the configured address, through a topic that CloudWatch can publish to', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'noc@northwind.example' });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: OF_THIS_ACCOUNT,
          }),
        ]),
      },
    });
  });

  it('come with a dashboard', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('the AwsSolutions rules', () => {
  const ruled = () => {
    const { app } = stackWith();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    return app;
  };

  it('find nothing', () => {
    expect(() => ruled().synth()).not.toThrow();
  });

  it('would fail the synthesis', () => {
    const app = ruled();
    new CfnQueue(new Stack(app, 'Careless'), 'Queue');
    expect(() => app.synth()).toThrow('does not have a DLQ enabled');
  });
});
