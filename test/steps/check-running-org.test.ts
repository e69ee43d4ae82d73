import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import checkRunningOrg from '../../lambdas/steps/check-running-org.ts';
import { KNOWN, REPORT_JSON, type Stage, stage } from './stage.ts';

const check = checkRunningOrg(KNOWN);
const execution = { name: 'exec-1', startedAt: '2026-11-22T06:30:00.123Z' };

async function configured(report: object = REPORT_JSON): Promise<Stage> {
  const scene = await stage();
  scene.configure('report.json', report);
  return scene;
}

describe('starting a run', () => {
  test('without input it is named by the execution and delivered as configured', async () => {
    const scene = await configured();
    const run = {
      runId: 'exec-1',
      asOf: '2026-11-22T06:30:00Z',
      mechanism: 'return',
      psa: null,
      only: null,
      since: null,
      timeZone: 'UTC',
      units: 'named',
    };
    expect(await scene.play(check, { input: {}, execution })).toEqual(run);
    expect(await scene.play(check, { input: null, execution })).toEqual(run);
    expect(await scene.play(check, { execution })).toEqual(run);
  });

  test('the input names run, delivery, subset and the run to compare with', async () => {
    const scene = await configured();
    await scene.play(check, { input: { runId: 'oct' }, execution });
    const input = { runId: 'nov', organization: 'northwind-msp', deliver: 'email', only: ['acme'], since: 'oct' };
    expect(await scene.play(check, { input, execution })).toEqual({
      runId: 'nov',
      asOf: '2026-11-22T06:30:00Z',
      mechanism: 'email',
      psa: null,
      only: ['acme'],
      since: 'oct',
      timeZone: 'UTC',
      units: 'named',
    });
  });

  test('days and months are in the zone of report.json, or else of the installation', async () => {
    const scene = await configured({ ...REPORT_JSON, timeZone: 'Australia/Sydney', units: 'off' });
    expect(await scene.play(check, { input: {}, execution })).toMatchObject({
      timeZone: 'Australia/Sydney',
      units: 'off',
    });
    const onAws = await configured();
    onAws.platform.timeZone = 'Europe/Vienna';
    expect(await onAws.play(check, { input: {}, execution })).toMatchObject({ timeZone: 'Europe/Vienna' });
  });

  test('another workflow can link itself as the one that started it', async () => {
    const scene = await configured();
    const input = { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:aws:states:eu-central-1:1:execution:parent:p' };
    expect(await scene.play(check, { input, execution })).toMatchObject({ runId: 'exec-1' });
    await expect(scene.play(check, { input: { organisation: 'x' }, execution })).rejects.toThrow('organisation');
  });

  test('a ticket goes to the PSA that report.json names', async () => {
    const scene = await configured({
      ...REPORT_JSON,
      integrations: { acme: {}, desk: {} },
      delivery: { mechanism: 'psa', psa: { integration: 'desk', ticket: { companyId: 1 } } },
    });
    expect(await scene.play(check, { input: {}, execution })).toMatchObject({ mechanism: 'psa', psa: 'desk' });
  });

  test('a run of another managing organization is not repeated: its report would go to the wrong company', async () => {
    const scene = await configured();
    await scene.play(check, { input: { runId: 'nov' }, execution });
    scene.configure('report.json', { ...REPORT_JSON, managingOrganization: { id: 'other-msp', name: 'Other MSP' } });
    await expect(scene.play(check, { input: { runId: 'nov' }, execution })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/run nov belongs to "northwind-msp" .* not to "other-msp"; use another run id/u),
    });
  });

  test('a run repeated under its id keeps the moment of its first start', async () => {
    const scene = await configured();
    await scene.play(check, { input: { runId: 'nov' }, execution });
    const later = { name: 'exec-2', startedAt: '2026-12-01T00:00:00Z' };
    expect(await scene.play(check, { input: { runId: 'nov' }, execution: later })).toMatchObject({
      runId: 'nov',
      asOf: '2026-11-22T06:30:00Z',
    });
  });

  test('an execution’s name becomes a run id that is safe as a folder', async () => {
    const scene = await configured();
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (name) => {
        const run = await scene.play(check, { input: null, execution: { ...execution, name } });
        expect(run).toMatchObject({ runId: expect.stringMatching(/^[A-Za-z0-9_-]{1,80}$/u) });
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['acme.october', 'acme-october'],
    ['é'.repeat(80), `${'é'.repeat(79)}è`],
    ['x'.repeat(81), 'x'.repeat(80)],
  ])('executions %j and %j are two runs: the second must not deliver the report of the first', async (one, other) => {
    const scene = await configured();
    const ids = [];
    for (const name of [one, other]) {
      ids.push(
        ((await scene.play(check, { input: null, execution: { ...execution, name } })) as { runId: string }).runId,
      );
    }
    expect(new Set(ids).size).toBe(2);
  });
});

describe('refusals', () => {
  test('another organization is refused before anything is written', async () => {
    const scene = await configured();
    await expect(
      scene.play(check, { input: { runId: 'nov', organization: 'contoso' }, execution }),
    ).rejects.toMatchObject({
      name: 'NotManagingOrganizationError',
      message: expect.stringContaining('Northwind MSP (northwind-msp)'),
    });
    expect(await scene.json('runs/nov/run.json')).toBeUndefined();
  });

  test('a run to compare with that is not there, or is another organization’s, is refused before anything is written', async () => {
    const scene = await configured();
    const compared = () => scene.play(check, { input: { runId: 'nov', since: 'oct' }, execution });
    await expect(compared()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^since: there is no run oct; expected it at .*oct\/run\.json$/u),
    });
    await scene.play(check, { input: { runId: 'oct' }, execution });
    scene.configure('report.json', { ...REPORT_JSON, managingOrganization: { id: 'other-msp', name: 'Other MSP' } });
    await expect(compared()).rejects.toThrow(
      /^since: run oct belongs to "northwind-msp" .*, not to "other-msp"; name/u,
    );
    expect(await scene.json('runs/nov/run.json')).toBeUndefined();
  });

  test('without report.json the message tells where it is expected', async () => {
    const scene = await stage();
    await expect(scene.play(check, { input: {}, execution })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/report\.json is missing; expected it at .*config\/report\.json/u),
    });
  });

  test.each([
    [{ runid: 'x' }, /unknown field "runid"/u],
    [{ runId: '../x' }, /run id "\.\.\/x"/u],
    [{ runId: '' }, /run id ""/u],
    [{ only: 'acme' }, /input\.only: expected array/u],
    [{ deliver: 'fax' }, /fax/u],
    [{ since: '../oct' }, /since "\.\.\/oct"/u],
    [{ deliver: 'psa' }, /delivery\.psa/u],
  ])('the input %j is refused', async (input, sentence) => {
    const scene = await configured();
    await expect(scene.play(check, { input, execution })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(sentence),
    });
  });
});
