import { describe, expect, it } from 'vitest';
import { answers, fails, runScripted, type ScriptedRun } from './scripted.ts';

const stepsOf = ({ calls }: ScriptedRun) => calls.map(({ step }) => step);
const inputOf = ({ calls }: ScriptedRun, step: string) => calls.find((call) => call.step === step)?.input;
const times = (run: ScriptedRun, step: string) => stepsOf(run).filter((called) => called === step).length;
const collections = (run: ScriptedRun) => (inputOf(run, 'consolidate') as { collections: unknown }).collections;

describe('a run without errors', () => {
  it('enters its states in the order shown in the console', async () => {
    const { execution, entered } = await runScripted({});
    expect(entered.filter((name) => !/Installed|IsBilledSide|GetCounts|IsComplete|Collected/u.test(name))).toEqual([
      'Begin',
      'IsCheckUp',
      'CheckRunningOrg',
      'GetIntegrationIds',
      'IsReportMade',
      'CollectCounts',
      'Consolidate',
      'IsBillingCompared',
      'FindChanges',
      'CreateCsv',
      'CreateWorkbook',
      'ChooseDeliveryMethod',
      'NoDeliveryMethodSet',
      'KeepHistory',
      'BuildAutomationLog',
      'IsSuccess',
      'End',
    ]);
    expect(execution).toEqual({
      status: 'succeeded',
      output: { success: true, delivery: { mechanism: 'none', status: 'not-delivered' } },
    });
  });

  it('passes input, execution name and start to the first step', async () => {
    const run = await runScripted({}, { input: { organization: 'northwind' } });
    expect(inputOf(run, 'check-running-org')).toEqual({
      input: { organization: 'northwind' },
      execution: { name: 'run-1', startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/u) },
    });
  });

  it('calls the collector of each id, and none for what is not installed', async () => {
    const run = await runScripted(
      {},
      {
        integrations: [
          { id: 'alpha', reads: 'counts', installed: true },
          { id: 'beta', reads: 'counts', installed: false },
        ],
      },
    );
    expect(stepsOf(run)).toContain('collector-alpha');
    expect(stepsOf(run)).not.toContain('collector-beta');
    expect(collections(run)).toEqual([
      { integration: 'alpha', reads: 'counts', status: 'collected', key: 'runs/run-1/collections/alpha.json' },
      { integration: 'beta', reads: 'counts', status: 'not-installed' },
    ]);
  });
});

describe('a check', () => {
  const findings = [{ verdict: 'ok', subject: 'Alpha', sentence: 'credentials accepted' }];
  const check = [
    { function: 'collector-alpha', check: { of: 'counts' } },
    { function: 'psa-desk', check: { of: 'tickets' } },
    { function: 'collector-nobody', check: {} },
  ];

  it('calls each function, makes no report, and answers in the order of the questions', async () => {
    const run = await runScripted(
      {
        'collector-alpha': [answers({ findings, skews: [] })],
        'psa-desk': [fails('ConfigurationError', 'the secret cannot be read')],
      },
      { input: { check } },
    );
    expect(run.calls.map(({ step, input }) => [step, input])).toEqual([
      ['collector-alpha', { check: { of: 'counts' } }],
      ['psa-desk', { check: { of: 'tickets' } }],
    ]);
    expect(run.execution).toEqual({
      status: 'succeeded',
      output: [
        { findings, skews: [] },
        { error: 'ConfigurationError', cause: expect.stringContaining('the secret cannot be read') },
        { error: 'Lambda.ResourceNotFoundException', cause: 'Function not found: collector-nobody' },
      ],
    });
  });
});

describe('each delivery', () => {
  it('psa makes the ticket, then attaches to it', async () => {
    const run = await runScripted({}, { mechanism: 'psa' });
    const [create, upload] = run.calls.filter(({ step }) => step === 'psa-desk').map(({ input }) => input);
    expect(create).toMatchObject({
      task: 'create-ticket',
      report: { companies: 4 },
      files: { csv: 'runs/run-1/report.csv' },
    });
    expect(upload).toMatchObject({ task: 'upload-csv', ticket: { ticketId: '7', created: true } });
    expect(run.execution).toMatchObject({
      output: { delivery: { mechanism: 'psa', status: 'delivered', attached: true } },
    });
  });

  it('psa looks again for a ticket that is not known yet, and attaches to it when it is', async () => {
    const pending = answers({ ticketId: null, ticketUrl: null, created: false, waitSeconds: 60 });
    const ticket = answers({ ticketId: '7', ticketUrl: 'u', created: true, waitSeconds: 0 });
    const attached = answers({ mechanism: 'psa', status: 'delivered', ticketId: '7', ticketUrl: 'u', attached: true });
    const run = await runScripted({ 'psa-desk': [pending, pending, ticket, attached] }, { mechanism: 'psa' });
    expect(run.entered.filter((name) => name === 'WaitForTicket')).toHaveLength(2);
    expect(times(run, 'psa-desk')).toBe(4);
    expect(run.execution).toMatchObject({ status: 'succeeded', output: { delivery: { ticketId: '7' } } });
  });

  it('email sends once', async () => {
    const run = await runScripted({}, { mechanism: 'email' });
    expect(times(run, 'send-email-with-attachment')).toBe(1);
    expect(run.execution).toMatchObject({
      output: { delivery: { mechanism: 'email', messageId: 'm1', via: 'smtp', remark: expect.any(String) } },
    });
  });

  it('return gives the rows to the caller', async () => {
    const { execution } = await runScripted({}, { mechanism: 'return' });
    expect(execution).toMatchObject({ output: { delivery: { mechanism: 'return', status: 'delivered' } } });
  });

  it.each(['psa-desk', 'send-email-with-attachment'])(
    'that fails (%s) ends in failure, after the log',
    async (step) => {
      const run = await runScripted(
        { [step]: [fails('DeliveryError', 'the board is unknown')] },
        { mechanism: step === 'psa-desk' ? 'psa' : 'email' },
      );
      expect(run.execution).toMatchObject({ status: 'failed', error: 'DeliveryError' });
      expect(inputOf(run, 'build-automation-log')).toMatchObject({
        state: { files: { csv: 'runs/run-1/report.csv' } },
      });
    },
  );

  it('that fails at the attachment has its ticket in the log', async () => {
    const run = await runScripted(
      {
        'psa-desk': [
          answers({ ticketId: '7', ticketUrl: 'u', created: true, waitSeconds: 0 }),
          fails('DeliveryError', 'too large'),
        ],
      },
      { mechanism: 'psa' },
    );
    expect(run.execution).toMatchObject({ status: 'failed', error: 'DeliveryError' });
    expect(inputOf(run, 'build-automation-log')).toMatchObject({ state: { ticket: { ticketId: '7' } } });
  });
});

describe('a run that is not allowed, or cannot begin', () => {
  it('for another organization stops before anything is read, and is logged', async () => {
    const run = await runScripted({
      'check-running-org': [fails('NotManagingOrganizationError', 'start it for Northwind')],
    });
    expect(stepsOf(run)).toEqual(['check-running-org', 'build-automation-log']);
    expect(run.execution).toMatchObject({
      status: 'failed',
      error: 'NotManagingOrganizationError',
      cause: expect.stringContaining('start it for Northwind'),
    });
  });

  it('with a bad configuration collects nothing', async () => {
    const run = await runScripted({ 'get-integration-ids': [fails('ConfigurationError', 'organizations.json: …')] });
    expect(stepsOf(run)).toEqual(['check-running-org', 'get-integration-ids', 'build-automation-log']);
    expect(run.execution).toMatchObject({ error: 'ConfigurationError' });
  });
});

describe('collecting', () => {
  it('treats the failure of one vendor as data, and the run goes on', async () => {
    const run = await runScripted({ 'collector-beta': [fails('VendorAuthError', 'the key was refused')] });
    expect(run.execution.status).toBe('succeeded');
    expect(collections(run)).toEqual([
      { integration: 'alpha', reads: 'counts', status: 'collected', key: 'runs/run-1/collections/alpha.json' },
      {
        integration: 'beta',
        reads: 'counts',
        status: 'failed',
        error: 'VendorAuthError',
        cause: JSON.stringify({ errorType: 'VendorAuthError', errorMessage: 'the key was refused' }),
      },
    ]);
  });

  it('delivers nothing and fails with the reason if all vendors fail', async () => {
    const run = await runScripted(
      {
        consolidate: [
          answers({
            key: 'k',
            companies: 4,
            collected: 0,
            partial: 0,
            failed: 2,
            unmapped: 0,
            error: 'VendorAuthError',
            cause: 'every vendor refused',
          }),
        ],
      },
      { mechanism: 'email' },
    );
    expect(stepsOf(run)).not.toContain('send-email-with-attachment');
    expect(run.execution).toMatchObject({ status: 'failed', error: 'VendorAuthError', cause: 'every vendor refused' });
    expect(times(run, 'build-automation-log')).toBe(1);
  });

  it('does not retry refused credentials', async () => {
    const run = await runScripted({ 'collector-alpha': [fails('VendorAuthError', 'no')] });
    expect(times(run, 'collector-alpha')).toBe(1);
  });

  it('tries an unavailable vendor three times in all', async () => {
    const run = await runScripted({ 'collector-alpha': [fails('VendorUnavailableError', 'HTTP 503')] });
    expect(times(run, 'collector-alpha')).toBe(3);
    expect(collections(run)).toContainEqual(
      expect.objectContaining({ integration: 'alpha', error: 'VendorUnavailableError' }),
    );
  });

  it('collects from an unavailable vendor that comes back', async () => {
    const well = answers({ status: 'collected', key: 'k', waitSeconds: 0, customers: 1 });
    const run = await runScripted({ 'collector-alpha': [fails('VendorUnavailableError', 'HTTP 503'), well] });
    expect(collections(run)).toContainEqual({ integration: 'alpha', reads: 'counts', status: 'collected', key: 'k' });
  });

  it('continues a paused collection until it is done', async () => {
    const paused = answers({
      status: 'paused',
      key: 'runs/run-1/checkpoints/alpha.json',
      waitSeconds: 40,
      customers: 9,
    });
    const done = answers({ status: 'partial', key: 'k', waitSeconds: 0, customers: 12 });
    const run = await runScripted({ 'collector-alpha': [paused, paused, done] });
    expect(times(run, 'collector-alpha')).toBe(3);
    expect(run.entered.filter((name) => name === 'WaitForVendor')).toHaveLength(2);
    expect(collections(run)).toContainEqual({ integration: 'alpha', reads: 'counts', status: 'partial', key: 'k' });
  });

  it('is skipped for an existing report, which is then delivered', async () => {
    const made = answers({
      integrations: [{ id: 'alpha', reads: 'counts', installed: true, plan: null }],
      reportMade: true,
      comparesBilling: false,
    });
    const run = await runScripted({ 'get-integration-ids': [made] }, { mechanism: 'email' });
    expect(stepsOf(run)).not.toContain('collector-alpha');
    expect(collections(run)).toEqual([{ integration: 'report', reads: 'counts', status: 'made' }]);
    expect(times(run, 'send-email-with-attachment')).toBe(1);
  });
});

describe('comparing with what is billed', () => {
  const integrations = [
    { id: 'alpha', reads: 'counts', installed: true },
    { id: 'desk', reads: 'billed', installed: true },
  ];
  const billedSide = (run: ScriptedRun) =>
    (inputOf(run, 'reconcile') as { collections: { reads: string }[] }).collections.find(
      ({ reads }) => reads === 'billed',
    );

  it('reads agreements and counts at the same time, and compares once the report is made', async () => {
    const run = await runScripted({}, { integrations });
    expect(stepsOf(run)).toEqual([
      ...['check-running-org', 'get-integration-ids', 'collector-alpha', 'source-desk', 'consolidate', 'reconcile'],
      ...['find-changes', 'create-csv', 'create-workbook', 'keep-history', 'build-automation-log'],
    ]);
    expect(billedSide(run)).toEqual({
      ...{ integration: 'desk', reads: 'billed', status: 'collected', key: 'runs/run-1/billed/desk.json' },
    });
    expect(inputOf(run, 'build-automation-log')).toMatchObject({ state: { reconciliation: { period: '2026-11' } } });
  });

  it('continues from the checkpoint of agreements that take several lifetimes', async () => {
    const paused = answers({ status: 'paused', key: 'c', waitSeconds: 40, customers: 9 });
    const done = answers({ status: 'collected', key: 'k', waitSeconds: 0, customers: 12 });
    const run = await runScripted({ 'source-desk': [paused, done] }, { integrations });
    expect(times(run, 'source-desk')).toBe(2);
    expect(billedSide(run)).toMatchObject({ status: 'collected', key: 'k' });
  });

  it('is still made when the agreements cannot be read: their error is data for it', async () => {
    const run = await runScripted(
      { 'source-desk': [fails('VendorAuthError', 'the key was refused')] },
      { integrations },
    );
    expect(billedSide(run)).toMatchObject({ integration: 'desk', status: 'failed', error: 'VendorAuthError' });
    expect(run.execution.status).toBe('succeeded');
  });

  it.each([
    ['reconcile', 'notReconciled', 'reconciliation'],
    ['find-changes', 'changesFailed', 'changes'],
    ['create-workbook', 'workbookFailed', 'workbook'],
    ['keep-history', 'historyFailed', 'history'],
  ])(
    'never ends the run when %s fails: the report is delivered, and the log has the error',
    async (step, left, made) => {
      const run = await runScripted(
        { [step]: [fails('ConfigurationError', 'no')] },
        { integrations, mechanism: 'email' },
      );
      expect(run.execution).toMatchObject({ status: 'succeeded', output: { delivery: { status: 'delivered' } } });
      expect(times(run, step)).toBe(1);
      expect(inputOf(run, 'build-automation-log')).toMatchObject({
        state: { [left]: { Error: 'ConfigurationError' } },
      });
      expect(inputOf(run, 'build-automation-log')).not.toHaveProperty(['state', made]);
      const others = ['reconcile', 'find-changes', 'create-csv', 'create-workbook', 'keep-history'];
      expect(stepsOf(run)).toEqual(expect.arrayContaining(others));
    },
  );
});

it('a failed delivery makes no history: the next report is compared with one that arrived', async () => {
  const run = await runScripted(
    { 'send-email-with-attachment': [fails('DeliveryError', 'no')] },
    { mechanism: 'email' },
  );
  expect(stepsOf(run)).not.toContain('keep-history');
});

it.each(['check-running-org', 'get-integration-ids', 'consolidate', 'create-csv', 'psa-desk'])(
  'our own fault in %s is logged and named',
  async (step) => {
    const broken = () => {
      throw new TypeError('undefined is not a function');
    };
    const run = await runScripted({ [step]: [broken] }, { mechanism: 'psa' });
    expect(times(run, 'build-automation-log')).toBe(1);
    expect(run.execution).toMatchObject({ status: 'failed', error: 'TypeError' });
  },
);
