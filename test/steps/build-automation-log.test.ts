import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATES } from '../../lambdas/billing/reconciliation.ts';
import buildAutomationLog from '../../lambdas/steps/build-automation-log.ts';
import { type Made, madeReport } from './made-report.ts';
import { REPORT_JSON, START, stage } from './stage.ts';

const EXECUTION = { name: 'exec-1', startedAt: '2026-11-22T06:30:00Z' };
const AT = new Date(START).toISOString();

/** The whole state of a run that went its way, with `end` on top. */
const whole = ({ run, report, files }: Made, end: object = {}) => ({
  input: { runId: run.runId },
  execution: EXECUTION,
  run,
  plan: { integrations: [], reportMade: false },
  collections: [
    { integration: 'zenith', reads: 'counts', status: 'failed', error: 'VendorAuthError', cause: 'bad token' },
  ],
  report,
  files,
  ...end,
});

const build = (made: Pick<Made, 'scene'>, state: unknown) =>
  made.scene.play(buildAutomationLog, { state }) as Promise<Record<string, unknown>>;
const messages = (output: Record<string, unknown>): string => JSON.stringify(output.automationLog);

describe('a run that was delivered', () => {
  test('returns rows, locations, delivery and log, and writes the same to result.json', async () => {
    const made = await madeReport();
    const delivery = { mechanism: 'return', status: 'delivered' };
    const output = await build(made, whole(made, { delivery }));
    const { locate } = made.scene.platform.objects;
    expect(output).toMatchObject({
      success: true,
      data: [
        { Company: 'Contoso Ltd', 'Acme Agents': 5, 'Zenith Seats': null },
        { Company: 'Fabrikam', 'Acme Agents': 3 },
        { Company: 'Northwind MSP', 'Acme Agents': null },
      ],
      report: {
        csv: locate('runs/r1/report.csv'),
        json: locate('runs/r1/report.json'),
        unmapped: locate('runs/r1/unmapped.csv'),
      },
      delivery,
      // A failed vendor is a warning, not the end of the run.
      automationLog: { status_code: 1001, succeeded: true, errors: [] },
    });
    expect(output).not.toHaveProperty('error');
    expect(await made.scene.json('runs/r1/result.json')).toEqual(output);
    expect(await made.scene.json('runs/r1/automation-log.json')).toEqual(output.automationLog);
    expect(output.automationLog).toMatchObject({
      data: { runId: 'r1', companies: 3, collected: 1, failed: 1, unmapped: 1 },
      entries: expect.arrayContaining([
        expect.objectContaining({ task: 'collect acme', status_code: 1000, at: AT }),
        expect.objectContaining({ task: 'collect zenith', status_code: 1001 }),
        expect.objectContaining({ task: 'deliver return', status_code: 1000 }),
      ]),
    });
  });

  test.each([
    ['2026-11', 'compared with the agreements of 2026-11: 2 rows differ, 1 row not compared'],
    ['2026-10', 'compared with the agreements of 2026-10 (counts of 2026-11-22): 2 rows differ, 1 row not compared'],
  ])('that compared with %s shows so, and of which day the counts are if that is over', async (period, message) => {
    const made = await madeReport();
    const states = Object.fromEntries(STATES.map((state) => [state, state === 'over-billed' ? 2 : 0]));
    const reconciliation = {
      key: 'k',
      csv: 'runs/r1/c.csv',
      period,
      states: { ...states, 'not-compared': 1 },
      totals: [],
    };
    const output = await build(made, whole(made, { reconciliation, delivery: { mechanism: 'return' } }));
    expect(messages(output)).toContain(message);
  });

  test('under an id that was used before reports that nothing was collected again', async () => {
    const made = await madeReport();
    const collections = [{ integration: 'report', status: 'made' }];
    const output = await build(
      made,
      whole(made, { collections, delivery: { mechanism: 'return', status: 'delivered' } }),
    );
    expect(messages(output)).toContain(
      'run r1 was made before, as of 2026-11-22T06:30:00Z: nothing was collected again',
    );
  });

  test('with a report that lacks vendors names them, and warns if this run did not ask for that', async () => {
    const made = await madeReport({ only: ['acme'] }, REPORT_JSON);
    const delivery = { mechanism: 'return', status: 'delivered' };
    const codes = async (only: string[] | null) => {
      const output = await build(made, { ...whole(made, { delivery }), run: { ...made.run, only } });
      const log = output.automationLog as { entries: { task: string; status_code: number; message: string }[] };
      return log.entries
        .filter(({ task }) => task === 'not asked')
        .map(({ status_code, message }) => [status_code, message]);
    };
    const message = 'not asked, so their cells are blank: Zenith';
    expect(await codes(['acme'])).toEqual([[1000, message]]);
    expect(await codes(null)).toEqual([[1001, message]]);
    const again = {
      collections: [{ integration: 'report', status: 'made' }],
      run: { ...made.run, only: null },
      delivery,
    };
    expect(messages(await build(made, whole(made, again)))).toContain(
      'run r1 was made before, as of 2026-11-22T06:30:00Z, with --only: nothing was collected again',
    );
  });

  test('to nobody is a success that warns', async () => {
    const made = await madeReport({ mechanism: 'none' });
    const output = await build(made, whole(made, { delivery: { mechanism: 'none', status: 'not-delivered' } }));
    expect(output.success).toBe(true);
    expect(messages(output)).toContain('made but not delivered');
  });

  test('as a ticket that could not take the files warns', async () => {
    const made = await madeReport({ mechanism: 'psa', psa: 'desk' }, undefined);
    const ticket = { ticketId: '48211', ticketUrl: 'https://desk.example/48211', created: true };
    const delivery = { mechanism: 'psa', status: 'delivered', ...ticket, attached: false };
    const output = await build(made, whole(made, { ticket, delivery }));
    expect(output).toMatchObject({ success: true, delivery: { ticketId: '48211', attached: false } });
    expect(messages(output)).toContain('too large to attach');
  });
});

describe('a run that failed', () => {
  const caught = (name: string, message: string) => ({
    Error: name,
    Cause: JSON.stringify({ errorType: name, errorMessage: message }),
  });

  test('in its delivery keeps the report, names the error, and shows a ticket that was made', async () => {
    const made = await madeReport({ mechanism: 'psa', psa: 'desk' });
    const ticket = { ticketId: '48211', ticketUrl: 'https://desk.example/48211', created: true };
    const error = caught('DeliveryError', 'the file was refused');
    expect(await build(made, whole(made, { ticket, error }))).toMatchObject({
      success: false,
      error: 'DeliveryError',
      cause: 'the file was refused',
      data: expect.any(Array),
      delivery: { mechanism: 'psa', status: 'not-delivered', ticketId: '48211' },
      automationLog: {
        status_code: 2000,
        succeeded: false,
        errors: ['DeliveryError: the file was refused'],
        entries: expect.arrayContaining([expect.objectContaining({ task: 'upload csv to ticket', status_code: 2000 })]),
      },
    });
  });

  test('whose mail went another way, or not to everybody, warns of that', async () => {
    const made = await madeReport({ mechanism: 'email' });
    const delivery = { mechanism: 'email', status: 'delivered', messageId: 'm', via: 'smtp', recipients: [] };
    const detour = { remark: 'the mail was not sent: no mailbox', refusedRecipients: ['x@y.example'] };
    expect(await build(made, whole(made, { delivery: { ...delivery, ...detour } }))).toMatchObject({
      success: true,
      automationLog: {
        warnings: expect.arrayContaining([
          'the mail was sent by the fallback, smtp, because the mail was not sent: no mailbox',
          'the mail server refused x@y.example; the other recipients have the report',
        ]),
      },
    });
  });

  test('in its delivery tells that the report is safe and how to deliver it', async () => {
    const made = await madeReport({ mechanism: 'email' });
    const output = await build(made, whole(made, { error: caught('DeliveryError', 'the sender is not verified') }));
    expect(output).toMatchObject({
      success: false,
      report: { csv: expect.any(String) },
      automationLog: {
        warnings: expect.arrayContaining([
          expect.stringMatching(
            /The report is safe.*npm run report -- --run-id r1 --config DIR .*npm run invoke -- --run-id r1 --repeat/u,
          ),
        ]),
      },
    });
    const before = await build(made, { ...whole(made, { error: caught('DeliveryError', 'x') }), files: undefined });
    expect(messages(before)).not.toContain('The report is safe');
  });

  test('because every vendor failed gives that as the reason', async () => {
    const made = await madeReport();
    const report = { ...made.report, collected: 0, failed: 2, error: 'VendorAuthError', cause: 'every one failed' };
    const error = { Error: 'VendorAuthError', Cause: 'every one failed' };
    const output = await build(made, whole(made, { report, error }));
    expect(output).toMatchObject({ success: false, error: 'VendorAuthError', cause: 'every one failed' });
    expect(messages(output)).toContain('"task":"collect counts","status_code":2000');
    expect(messages(output)).not.toContain('The report is safe');
  });

  test.each([
    ['check running organization', {}],
    ['get integration ids', { run: true }],
    ['collect counts', { run: true, plan: {} }],
    ['consolidate', { run: true, plan: {}, collections: [] }],
  ])('at "%s" names that task', async (task, parts) => {
    const made = await madeReport();
    const state = {
      input: {},
      execution: EXECUTION,
      ...parts,
      ...('run' in parts ? { run: made.run } : {}),
      error: { Error: 'States.Timeout', Cause: '' },
    };
    const output = await build(made, state);
    expect(output).toMatchObject({ success: false, error: 'States.Timeout', data: null, report: { csv: null } });
    expect(messages(output)).toContain(`"task":"${task}","status_code":2000`);
  });

  test('at its start writes its log under its id, but not to the folder of another run', async () => {
    const error = caught('NotManagingOrganizationError', 'start it there');
    const made = await madeReport();
    const refused = { input: { runId: 'r1', organization: 'contoso' }, execution: EXECUTION, error };
    expect(await build(made, refused)).toMatchObject({ success: false, error: 'NotManagingOrganizationError' });
    expect(await made.scene.json('runs/r1/result.json')).toMatchObject({ success: false });

    await made.scene.platform.objects.write('runs/r1/run.json', '{"runId":"r1"}', 'application/json');
    await made.scene.platform.objects.write('runs/r1/result.json', '{"success":true}', 'application/json');
    await build(made, refused);
    expect(await made.scene.json('runs/r1/result.json')).toEqual({ success: true });

    const unnamed = await build(made, { input: { runId: '../x' }, execution: EXECUTION, error });
    expect(unnamed).toMatchObject({ success: false });
  });
});

describe('whatever happened', () => {
  test('it answers, with an error if nothing else is known', async () => {
    const scene = await stage();
    for (const state of [null, 7, [], {}, { run: 'x', error: { Error: 1 } }, { error: { Error: 'E', Cause: null } }]) {
      expect(await build({ scene }, state)).toMatchObject({
        success: false,
        error: expect.any(String),
        cause: expect.any(String),
      });
    }
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (state) => {
        expect(await build({ scene }, state)).toHaveProperty('automationLog.succeeded', false);
      }),
      { numRuns: 50 },
    );
  });

  test('the output can travel: rows stay behind, then entries of the log', async () => {
    const made = await madeReport();
    const report = (await made.scene.json('runs/r1/report.json')) as {
      rows: object[];
      integrations: { status: string }[];
    };
    const delivery = { mechanism: 'return', status: 'delivered' };
    const store = (changes: object) => made.scene.replaceReport({ ...report, ...changes });

    await store({ rows: Array.from({ length: 1500 }, () => ({ ...report.rows[0], dataQuality: 'x'.repeat(200) })) });
    const withoutRows = await build(made, whole(made, { delivery }));
    expect(withoutRows).toMatchObject({ success: true, data: null, report: { csv: expect.any(String) } });

    const notes = Array.from({ length: 4000 }, (_, n) => `note ${n} ${'ü'.repeat(500)}`);
    await store({
      integrations: report.integrations.map((integration) =>
        integration.status === 'failed' ? integration : { ...integration, notes },
      ),
    });
    const cut = await build(made, whole(made, { delivery }));
    expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThan(240_001);
    expect(messages(cut)).toContain('the log is too long for the output');
    // The worst entry is among those that travel; the file has them all.
    expect(messages(cut)).toContain('collect zenith');
    expect((await made.scene.json('runs/r1/automation-log.json')) as object).toHaveProperty('entries.length', 4000 + 5);
  });
});
