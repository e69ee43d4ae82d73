import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type Grant, reachOf } from './reach.ts';
import { EVERY_SETTING, PIPELINE, registry, stackWith, templateOf } from './synthesized.ts';

const template = templateOf(stackWith());
const reach = reachOf(template);

const BUCKET = '<ReportBucket>';
const SECRET = 'arn:<Partition>:secretsmanager:<Region>:<AccountId>:secret:billing-count-report/';

/** Every function writes its own log and its traces; the rest is what tells it from the others. */
const beyondLogs = (owner: string): string[] => {
  const grants = reach.get(owner) ?? [];
  return grants
    .filter(({ action }) => !action.startsWith('logs:') && !action.startsWith('xray:'))
    .map(({ action, resource }) => `${action} ${resource.replace(BUCKET, '')}`)
    .sort();
};

const LIST = 's3:ListBucket ';
const got = (...keys: string[]): string[] => keys.map((key) => `s3:GetObject ${key}`);
const gotOfRun = (...files: string[]): string[] => got(...files.map((file) => `/runs/*/${file}`));
const put = (...files: string[]): string[] => files.map((file) => `s3:PutObject /runs/*/${file}`);

/** The report without its cells, and with them. */
const HEAD = ['report-head.json', 'report.json'];
const WHOLE = ['report-cells.json', ...HEAD];

/** The files of a delivery, and what its text begins with. */
const HANDED_OVER = [
  ...['report.csv', 'report.xlsx', 'unmapped.csv', 'reconciliation.csv'],
  ...['reconciliation.json', 'changes.json', 'terms.json'],
];

describe('what each role has access to', () => {
  it.each([
    [
      'check-running-org',
      ['s3:GetObject /config/report.json', 's3:GetObject /runs/*/run.json', LIST, 's3:PutObject /runs/*/run.json'],
    ],
    [
      'get-integration-ids',
      [
        ...got('/config/*.csv', '/config/billing.json', '/config/organizations.json', '/config/report.json'),
        ...gotOfRun('billing.json', ...HEAD),
        LIST,
        ...put('billed/*.json', 'billed-plan/*.json', 'billing.json', 'delivery-settings.json', 'plan/*.json'),
      ],
    ],
    [
      'consolidate',
      [
        's3:GetObject /config/organizations.json',
        's3:GetObject /config/report.json',
        's3:GetObject /history/*/*.json',
        ...gotOfRun('collections/*.json', ...HEAD),
        LIST,
        ...put('report-cells.json', 'report-head.json', 'report.csv', 'report.json', 'unmapped.csv'),
      ],
    ],
    [
      'reconcile',
      [
        ...got('/config/organizations.json', '/config/report.json'),
        ...gotOfRun('billed/*.json', 'billing.json', 'reconciliation.json', ...WHOLE),
        LIST,
        ...put('reconciliation.csv', 'reconciliation.json'),
      ],
    ],
    [
      'find-changes',
      [
        ...got('/config/organizations.json', '/config/report.json', '/history/*/*.json'),
        ...gotOfRun('billing.json', 'collections/*.json', 'details/*/*.jsonl', 'history/*.json'),
        ...gotOfRun('reconciliation.json', ...WHOLE),
        LIST,
        ...put('changes.csv', 'changes.json', 'history/*.json', 'terms.csv', 'terms.json', 'units.csv'),
      ],
    ],
    [
      'create-workbook',
      [
        ...gotOfRun('changes.json', 'reconciliation.json', ...WHOLE, 'terms.json'),
        LIST,
        ...put('report.html', 'report.xlsx'),
      ],
    ],
    ['keep-history', [...gotOfRun('history/*.json', ...HEAD), LIST, 's3:PutObject /history/*/*.json']],
    [
      'create-csv',
      [
        ...gotOfRun('report-cells.json', 'report-head.json', 'report.csv', 'report.json', 'unmapped.csv'),
        LIST,
        ...put('report.csv', 'unmapped.csv'),
      ],
    ],
    [
      'send-email-with-attachment',
      [
        's3:DeleteObject /runs/*/delivery/email.json',
        's3:GetObject /runs/*/delivery-settings.json',
        's3:GetObject /runs/*/delivery/email.json',
        ...gotOfRun(...HEAD, ...HANDED_OVER),
        LIST,
        's3:PutObject /runs/*/delivery/email.json',
        'ses:SendRawEmail arn:<Partition>:ses:<Region>:<AccountId>:configuration-set/bounces',
        // In SES's sandbox the identity of a recipient is asked for as well; the sender is held by the condition.
        'ses:SendRawEmail arn:<Partition>:ses:<Region>:<AccountId>:identity/*',
      ],
    ],
    [
      'build-automation-log',
      [
        ...gotOfRun('reconciliation.json', ...WHOLE, 'run.json'),
        LIST,
        's3:PutObject /runs/*/automation-log.json',
        's3:PutObject /runs/*/result.json',
      ],
    ],
    [
      'start-run',
      [
        's3:GetObject /config/report.json',
        LIST,
        'sqs:SendMessage <ReportDeadLetters>',
        'states:StartExecution arn:<Partition>:states:<Region>:<AccountId>:stateMachine:billing-count-report',
      ],
    ],
    [
      'report-age',
      [
        'sqs:SendMessage <ReportDeadLetters>',
        'states:DescribeStateMachine arn:<Partition>:states:<Region>:<AccountId>:stateMachine:billing-count-report',
        'states:ListExecutions arn:<Partition>:states:<Region>:<AccountId>:stateMachine:billing-count-report',
      ],
    ],
  ])('%s', (owner, expected) => {
    expect(beyondLogs(owner)).toEqual([...expected].sort());
  });

  it.each(registry.collectors.map(({ id, credentials }) => [id, credentials === 'rotate'] as const))(
    'collector-%s: its own secret (writes it: %s), its own files',
    (id, rotates) => {
      const expected = [
        `s3:GetObject /runs/*/plan/${id}.json`,
        `s3:GetObject /runs/*/checkpoints/${id}.json`,
        `s3:GetObject /runs/*/collections/${id}.json`,
        `s3:PutObject /runs/*/checkpoints/${id}.json`,
        `s3:PutObject /runs/*/collections/${id}.json`,
        `s3:DeleteObject /runs/*/checkpoints/${id}.json`,
        `s3:GetObject /runs/*/details/${id}/*.jsonl`,
        `s3:PutObject /runs/*/details/${id}/*.jsonl`,
        `s3:GetObject /history/${id}.json`,
        `s3:PutObject /history/${id}.json`,
        LIST,
        `secretsmanager:GetSecretValue ${SECRET}${id}-??????`,
        ...(rotates
          ? [
              `secretsmanager:PutSecretValue ${SECRET}${id}-??????`,
              ...['Get', 'Put', 'Delete'].map((act) => `s3:${act}Object /locks/${id}/*.json`),
            ]
          : []),
      ];
      expect(beyondLogs(`collector-${id}`)).toEqual(expected.sort());
    },
  );

  it.each(registry.sources.map(({ id }) => id))('source-%s: its own secret, its own files', (id) => {
    const [checkpoint, billed] = [`billed-checkpoints/${id}.json`, `billed/${id}.json`];
    const expected = [
      ...gotOfRun(`billed-plan/${id}.json`, checkpoint, billed),
      ...put(checkpoint, billed),
      `s3:DeleteObject /runs/*/${checkpoint}`,
      LIST,
      `secretsmanager:GetSecretValue ${SECRET}${id}-??????`,
    ];
    expect(beyondLogs(`source-${id}`)).toEqual(expected.sort());
  });

  it.each(registry.psas.map(({ id }) => id))('psa-%s: its own secret, the report, its markers', (id) => {
    const markers = `delivery/${id}-*.json`;
    const expected = [
      ...gotOfRun(...HEAD, 'delivery-settings.json', markers, ...HANDED_OVER),
      `s3:DeleteObject /runs/*/${markers}`,
      `s3:PutObject /runs/*/${markers}`,
      LIST,
      `secretsmanager:GetSecretValue ${SECRET}${id}-??????`,
    ];
    expect(beyondLogs(`psa-${id}`)).toEqual(expected.sort());
  });

  it('the state machines call the functions of the definition and no other', () => {
    for (const machine of ['Pipeline/StandardRole', 'Pipeline/ExpressRole']) {
      const called = (reach.get(machine) ?? []).filter(({ action }) => action === 'lambda:InvokeFunction');
      expect(called).toHaveLength(PIPELINE.length);
      for (const { resource } of called) expect(resource).toMatch(/^<Report\w+Function>$/u);
    }
  });

  it('a schedule calls its function and queues what it could not deliver', () => {
    for (const [owner, grants] of reach) {
      if (!owner.includes('Schedule')) continue;
      expect(grants.map(({ action }) => action)).toEqual(['lambda:InvokeFunction', 'sqs:SendMessage']);
    }
  });
});

describe('what no role has', () => {
  const all: (Grant & { owner: string })[] = [...reach].flatMap(([owner, grants]) =>
    grants.map((grant) => ({ owner, ...grant })),
  );

  it('all resources, except for actions without resources', () => {
    const wide = all.filter(({ resource }) => resource === '*').map(({ owner, action }) => ({ owner, action }));
    for (const { owner, action } of wide) {
      expect(action, owner).toMatch(
        owner.startsWith('Pipeline/') ? /^(xray:|logs:)/u : /^xray:Put(TraceSegments|TelemetryRecords)$/u,
      );
    }
  });

  it('a wildcard in an action, or a managed policy', () => {
    expect(all.filter(({ action }) => action.includes('*'))).toEqual([]);
    template.resourcePropertiesCountIs('AWS::IAM::Role', { ManagedPolicyArns: Match.anyValue() }, 0);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  it('the secret of more than one integration', () => {
    for (const [owner, grants] of reach) {
      const secrets = new Set(
        grants.filter(({ action }) => action.startsWith('secretsmanager:')).map((grant) => grant.resource),
      );
      expect(secrets.size, owner).toBeLessThanOrEqual(1);
    }
  });

  it('the right to write a secret, unless its collector keeps rotated tokens', () => {
    const writers = all.filter(({ action }) => action === 'secretsmanager:PutSecretValue').map(({ owner }) => owner);
    const rotating = registry.collectors.filter(({ credentials }) => credentials === 'rotate');
    expect(writers.sort()).toEqual(rotating.map(({ id }) => `collector-${id}`).sort());
  });

  it('the right to send mail, except the one that sends it, as the one sender', () => {
    const senders = all.filter(({ action }) => action.startsWith('ses:'));
    expect(new Set(senders.map(({ owner }) => owner))).toEqual(new Set(['send-email-with-attachment']));
    for (const { condition } of senders) {
      expect(condition).toEqual({ StringEquals: { 'ses:FromAddress': EVERY_SETTING.sender } });
    }
  });

  it('the right to send as another domain, if the sender is a domain', () => {
    const ofDomain = reachOf(templateOf(stackWith({ sender: 'northwind.example' })));
    const [grant] = (ofDomain.get('send-email-with-attachment') ?? []).filter(({ action }) =>
      action.startsWith('ses:'),
    );
    expect(grant?.condition).toEqual({ StringLike: { 'ses:FromAddress': '*@northwind.example' } });
  });
});
