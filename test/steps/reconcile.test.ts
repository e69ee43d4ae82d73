import { describe, expect, test } from 'vitest';
import { plainText } from '../../lambdas/report/brief.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { billedEntries } from '../../lambdas/run/billed-entries.ts';
import { readBrief } from '../../lambdas/run/brief.ts';
import { readReconciliation } from '../../lambdas/run/reconciliation-file.ts';
import { headOf } from '../../lambdas/run/report-file.ts';
import { customer, unread } from '../../lambdas/sources/reading/fact.ts';
import reconcileBilling from '../../lambdas/steps/reconcile.ts';
import { agreed, BILLING_JSON, billedStage, billing, desk, playRun, WITH_BILLING } from './billed-run.ts';
import { RUN, type Stage } from './stage.ts';

const rowsOf = async (scene: Stage, runId = 'nov') => (await readReconciliation(scene.platform.objects, runId))?.rows;

const refused = desk(() => {
  throw new ReportError('VendorAuthError', 'Desk refused the key');
});

describe('comparing counts with agreements', () => {
  test('shows per company what is used but not billed', async () => {
    const scene = await billedStage();
    await playRun(scene, { runId: 'nov' });
    expect(await rowsOf(scene)).toEqual([
      expect.objectContaining({ company: 'Contoso Ltd', state: 'under-billed', counted: '5', billed: '4' }),
      expect.objectContaining({ company: 'Fabrikam', state: 'matched', counted: '3', billed: '3' }),
    ]);
    expect(await scene.text('runs/nov/reconciliation.csv')).toContain(
      'Contoso Ltd,Managed agents,under-billed,5,5,4,1',
    );
  });

  test('a billed side that fails leaves every row not compared, with a warning; the report is made', async () => {
    const scene = await billedStage();
    const { report } = await playRun(scene, { runId: 'nov' }, { source: refused });
    expect(report).toMatchObject({ collected: 1, failed: 0, error: null });
    const rows = (await rowsOf(scene)) ?? [];
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({ state: 'not-compared', billed: null, difference: null, moneyDifference: null });
      expect(row.reason).toContain('VendorAuthError');
    }
    const compared = await readReconciliation(scene.platform.objects, 'nov');
    expect(compared === undefined ? [] : billedEntries(compared, RUN.asOf)).toEqual([
      expect.objectContaining({
        status_code: 1001,
        message: expect.stringMatching(/^Desk failed: VendorAuthError: Desk refused the key/u),
      }),
    ]);
    const brief = await readBrief(scene.platform.objects, await headOf(scene.platform.objects, 'nov'));
    expect(plainText(brief)).toContain('- not compared: Desk refuses these credentials');
  });

  test('a billing.json that does not fit what was read leaves every row not compared, and people are told', async () => {
    const scene = await billedStage();
    const [service] = BILLING_JSON.services;
    const services = [
      { ...service, products: [{ id: '88' }] },
      { ...service, id: 'other', products: ['Agent'] },
    ];
    scene.configure('billing.json', { ...BILLING_JSON, services });
    const withIds = desk(async function* () {
      for await (const part of billing()) {
        const isLine = 'fact' in part && part.fact === 'line';
        yield isLine ? { ...part, line: { ...part.line, product: { ...part.line.product, id: '88' } } } : part;
      }
    });
    await playRun(scene, { runId: 'nov' }, { source: withIds });
    const rows = (await rowsOf(scene)) ?? [];
    expect(rows.map(({ state, reason }) => `${state}: ${reason}`)).toEqual(
      Array(4).fill('not-compared: billed side failed (ConfigurationError)'),
    );
    const brief = await readBrief(scene.platform.objects, await headOf(scene.platform.objects, 'nov'));
    expect(plainText(brief)).toContain(
      '- not compared: the settings for Desk are wrong or incomplete: billing.json: services: the product 88 belongs to',
    );
  });

  test('a customer whose agreement cannot be read affects only that company', async () => {
    const scene = await billedStage();
    const partly = desk(async function* () {
      yield customer('1', 'Contoso');
      yield customer('2', 'Fabrikam');
      yield agreed('8', '2', 3);
      yield unread('1', new ReportError('VendorAuthError', 'agreement 310 is refused'));
    });
    await playRun(scene, { runId: 'nov' }, { source: partly });
    expect(await rowsOf(scene)).toEqual([
      expect.objectContaining({ company: 'Contoso Ltd', state: 'not-compared' }),
      expect.objectContaining({ company: 'Fabrikam', state: 'matched' }),
    ]);
  });

  test('once made is final: a repeated run gives the same bytes and calls nobody', async () => {
    const scene = await billedStage();
    await playRun(scene, { runId: 'nov' });
    const first = await scene.text('runs/nov/reconciliation.csv');
    scene.configure('billing.json', { ...BILLING_JSON, period: 'next' });
    await playRun(scene, { runId: 'nov' }, { source: refused });
    expect(await scene.text('runs/nov/reconciliation.csv')).toBe(first);
  });

  test('compares by billing.json as it was when the run began', async () => {
    const scene = await billedStage();
    await playRun(scene, { runId: 'nov' });
    await scene.platform.objects.remove('runs/nov/reconciliation.json');
    scene.configure('billing.json', { ...BILLING_JSON, services: [{ ...BILLING_JSON.services[0], products: ['X'] }] });
    await playRun(scene, { runId: 'nov' });
    expect(await rowsOf(scene)).toContainEqual(expect.objectContaining({ state: 'under-billed', billed: '4' }));
  });

  test('a run that was made without billing.json is not compared when it is repeated with one', async () => {
    const scene = await billedStage(null);
    await playRun(scene, { runId: 'nov' });
    scene.configure('billing.json', BILLING_JSON);
    await playRun(scene, { runId: 'nov' });
    expect(await scene.json('runs/nov/reconciliation.json')).toBeUndefined();
    await playRun(scene, { runId: 'dec' });
    expect(await rowsOf(scene, 'dec')).toHaveLength(2);
  });

  test('without billing.json none of its files is written', async () => {
    const scene = await billedStage(null);
    await playRun(scene, { runId: 'nov' }, { source: refused });
    const { objects } = scene.platform;
    for (const file of ['billing.json', 'billed/desk.json', 'billed-plan/desk.json']) {
      expect(await objects.read(`runs/nov/${file}`), file).toBeUndefined();
    }
    for (const file of ['reconciliation.json', 'reconciliation.csv']) {
      expect(await objects.read(`runs/nov/${file}`), file).toBeUndefined();
    }
    expect(await scene.text('runs/nov/report.html')).not.toContain('Managed agents');
  });

  test('reports which file is gone when what was read is missing', async () => {
    const scene = await billedStage();
    const { report } = await playRun(scene, { runId: 'nov' });
    await scene.platform.objects.remove('runs/nov/reconciliation.json');
    await scene.platform.objects.remove('runs/nov/billed/desk.json');
    const read = { integration: 'desk', reads: 'billed', status: 'collected', key: 'runs/nov/billed/desk.json' };
    const input = { run: { ...RUN, runId: 'nov' }, collections: [read], report };
    await expect(scene.play(reconcileBilling(WITH_BILLING), input)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/billed\/desk\.json is gone .*; run again under another run id/u),
    });
  });
});
