import { describe, expect, test } from 'vitest';
import consolidateStep from '../../lambdas/steps/consolidate.ts';
import createCsv from '../../lambdas/steps/create-csv.ts';
import getCounts from '../../lambdas/steps/get-counts.ts';
import getIntegrationIds from '../../lambdas/steps/get-integration-ids.ts';
import { acme, KNOWN, ORGANIZATIONS_JSON, REPORT_JSON, RUN, type Stage, stage, zenith } from './stage.ts';

const consolidate = consolidateStep(KNOWN);

/** Both vendors collected, nothing consolidated yet. */
async function collected(): Promise<Stage> {
  const scene = await stage();
  scene.configure('report.json', REPORT_JSON);
  scene.configure('organizations.json', ORGANIZATIONS_JSON);
  scene.configure('secrets/acme.json', { apiKey: 'k' });
  scene.configure('secrets/zenith.json', { token: 't' });
  await scene.play(getIntegrationIds(KNOWN), { run: RUN });
  for (const collector of [acme(), zenith()]) {
    const integration = {
      id: collector.id,
      reads: 'counts',
      installed: true,
      plan: `runs/r1/plan/${collector.id}.json`,
    };
    await scene.play(getCounts(collector), { run: RUN, integration });
  }
  return scene;
}

const done = (integration: string) => ({
  integration,
  reads: 'counts',
  status: 'collected',
  key: `runs/r1/collections/${integration}.json`,
});
const failed = (integration: string, error: string, cause: string | object = 'why') => ({
  integration,
  reads: 'counts',
  status: 'failed',
  error,
  cause: typeof cause === 'string' ? cause : JSON.stringify(cause),
});
const play = (scene: Stage, ...collections: object[]) => scene.play(consolidate, { run: RUN, collections });

describe('consolidating', () => {
  test('lines up what was collected and answers with totals', async () => {
    const scene = await collected();
    expect(await play(scene, done('acme'), done('zenith'))).toEqual({
      key: 'runs/r1/report.json',
      companies: 3,
      collected: 2,
      partial: 0,
      failed: 0,
      unmapped: 1,
      error: null,
      cause: null,
    });
    expect(await scene.json('runs/r1/report.json')).toMatchObject({
      runId: 'r1',
      rows: [
        { organization: { name: 'Contoso Ltd' }, cells: { 'Acme Agents': { state: 'counted', value: 5 } } },
        { organization: { name: 'Fabrikam' }, cells: { 'Acme Agents': { state: 'counted', value: 3 } } },
        { organization: { name: 'Northwind MSP' }, cells: { 'Acme Agents': { state: 'unmapped' } } },
      ],
    });
  });

  test.each([
    ['VendorAuthError', { errorType: 'VendorAuthError', errorMessage: 'refused' }, 'VendorAuthError', 'refused'],
    ['VendorAuthError', 'plain', 'VendorAuthError', 'plain'],
    ['States.Timeout', '', 'VendorUnavailableError', 'the collector ran out of time (States.Timeout)'],
    ['Sandbox.Timedout', { errorMessage: '2026 Task timed out' }, 'VendorUnavailableError', 'ran out of time'],
    ['Lambda.Unknown', 'The Lambda timed out', 'VendorUnavailableError', 'ran out of time'],
    ['Lambda.TooManyRequestsException', 'Rate Exceeded.', 'VendorUnavailableError', 'could not be run'],
    ['Runtime.OutOfMemory', 'x', 'VendorUnavailableError', 'could not be run'],
    ['TypeError', { errorMessage: 'x' }, 'VendorContractError', 'unexpected fault (TypeError): x'],
  ])('a collector that ended with %s, %j is failed with %s', async (name, cause, error, sentence) => {
    const scene = await collected();
    expect(await play(scene, failed('acme', name, cause), done('zenith'))).toMatchObject({ collected: 1, failed: 1 });
    expect(await scene.json('runs/r1/report.json')).toMatchObject({
      integrations: [{ integration: 'acme', status: 'failed', error, message: expect.stringContaining(sentence) }, {}],
    });
  });

  test('when all failed alike it says how; when they differ, that it may be tried again', async () => {
    const scene = await collected();
    const refused = failed('acme', 'VendorAuthError', 'bad key');
    expect(await play(scene, refused, failed('zenith', 'VendorAuthError'))).toMatchObject({
      collected: 0,
      failed: 2,
      error: 'VendorAuthError',
      cause: expect.stringMatching(/every installed integration failed.*Acme: VendorAuthError, bad key; Zenith/u),
    });
    expect(await play(scene, refused, failed('zenith', 'VendorContractError'))).toMatchObject({
      error: 'VendorUnavailableError',
    });
    expect(
      await play(scene, refused, { integration: 'zenith', reads: 'counts', status: 'not-installed' }),
    ).toMatchObject({
      error: 'VendorAuthError',
      failed: 1,
    });
  });

  test('a report that holds counts is final; one without is made again', async () => {
    const scene = await collected();
    await play(scene, failed('acme', 'VendorAuthError'), failed('zenith', 'VendorAuthError'));
    expect(await play(scene, done('acme'), failed('zenith', 'VendorAuthError'))).toMatchObject({ collected: 1 });
    const first = await scene.text('runs/r1/report.json');
    scene.configure('organizations.json', { organizations: [] });
    expect(await play(scene, done('acme'), done('zenith'))).toMatchObject({ collected: 1, failed: 1, companies: 3 });
    expect(await play(scene, { integration: 'report', reads: 'counts', status: 'made' })).toMatchObject({
      collected: 1,
      failed: 1,
    });
    expect(await scene.text('runs/r1/report.json')).toBe(first);
  });

  test('the same collections in any order give the same bytes', async () => {
    const [first, second] = [await collected(), await collected()];
    await play(first, done('acme'), done('zenith'));
    await play(second, done('zenith'), done('acme'));
    expect(await second.text('runs/r1/report.json')).toBe(await first.text('runs/r1/report.json'));
  });

  test('a collection or a report that is gone is an error, never a blank', async () => {
    const scene = await collected();
    await scene.platform.objects.remove('runs/r1/collections/acme.json');
    await expect(play(scene, done('acme'), done('zenith'))).rejects.toThrow(/collections\/acme\.json is gone/u);
    await expect(play(scene, { integration: 'report', reads: 'counts', status: 'made' })).rejects.toThrow(
      /report\.json was there/u,
    );
  });

  test('what the Map cannot have said is refused', async () => {
    const scene = await collected();
    await expect(play(scene, { integration: 'acme', reads: 'counts', status: 'fine' })).rejects.toThrow(
      /input of consolidate/u,
    );
  });
});

describe('the files', () => {
  const input = (totals: unknown) => ({ run: RUN, report: totals });

  test('are written both, and again with the same bytes', async () => {
    const scene = await collected();
    const totals = await play(scene, done('acme'), done('zenith'));
    const keys = { csv: 'runs/r1/report.csv', unmapped: 'runs/r1/unmapped.csv' };
    expect(await scene.play(createCsv, input(totals))).toEqual(keys);
    const [csv, unmapped] = [await scene.text(keys.csv), await scene.text(keys.unmapped)];
    expect(csv).toMatch(/^\ufeff"?Company"?,/u);
    expect(unmapped).toContain('Nobody Knows');
    await scene.play(createCsv, input(totals));
    expect([await scene.text(keys.csv), await scene.text(keys.unmapped)]).toEqual([csv, unmapped]);
  });

  test('of nobody unmapped are a header alone', async () => {
    const scene = await collected();
    const totals = await play(scene, failed('acme', 'VendorAuthError'), done('zenith'));
    await scene.play(createCsv, input(totals));
    expect((await scene.text('runs/r1/unmapped.csv')).trim().split('\r\n')).toHaveLength(1);
  });

  test('cannot be made from a report that is gone or of another run', async () => {
    const scene = await collected();
    const totals = await play(scene, done('acme'), done('zenith'));
    await scene.replaceReport({ runId: 'r2' });
    await expect(scene.play(createCsv, input(totals))).rejects.toThrow(/is not the report of run r1/u);
    await scene.platform.objects.remove('runs/r1/report.json');
    await expect(scene.play(createCsv, input(totals))).rejects.toThrow(/is gone/u);
  });
});
