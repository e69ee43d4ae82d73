import { describe, expect, test } from 'vitest';
import { ReportError } from '../../lambdas/report/errors.ts';
import { customer } from '../../lambdas/sources/reading/fact.ts';
import getBilledLines from '../../lambdas/steps/get-billed-lines.ts';
import getIntegrationIds from '../../lambdas/steps/get-integration-ids.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { agreed, billedStage, desk, WITH_BILLING } from './billed-run.ts';
import { RUN, type Stage } from './stage.ts';

const INPUT = {
  run: RUN,
  integration: { id: 'desk', reads: 'billed', installed: true, plan: 'runs/r1/billed-plan/desk.json' },
};
const KEY = 'runs/r1/billed/desk.json';

async function planned(): Promise<Stage> {
  const scene = await billedStage();
  await scene.play(getIntegrationIds(WITH_BILLING), { run: RUN });
  return scene;
}

describe('reading what is billed', () => {
  test('writes the lines to the run’s folder; only key and totals travel', async () => {
    const scene = await planned();
    expect(await scene.play(getBilledLines(desk()), INPUT)).toEqual({
      ...{ status: 'collected', key: KEY, waitSeconds: 0, customers: 2 },
    });
    expect(await scene.json(KEY)).toMatchObject({
      ...{ source: 'desk', asOf: RUN.asOf, day: '2026-11-01' },
      lines: [{ id: '7', billedFrom: 'desk' }, { id: '8' }],
    });
  });

  test('is done once per run: a repetition calls nobody', async () => {
    const scene = await planned();
    await scene.play(getBilledLines(desk()), INPUT);
    const untouched = desk(() => {
      throw new Error('the PSA was asked');
    });
    expect(await scene.play(getBilledLines(untouched), INPUT)).toMatchObject({ status: 'collected', customers: 2 });
  });

  test('that takes several lifetimes continues from its checkpoint, and leaves none at the end', async () => {
    const scene = await planned();
    const asked: string[] = [];
    const slow = desk(async function* ({ each }) {
      yield customer('1', 'Contoso');
      yield customer('2', 'Fabrikam');
      yield* each(['1', '2'], { key: String, customers: (id) => [id] }, async function* (id) {
        asked.push(id);
        if (id === '2' && asked.length === 2) throw new Paused(42.4, 'Desk limits the rate');
        yield* [agreed(`line ${id}`, id, 4)].filter((part) => 'fact' in part);
      });
    });
    const step = getBilledLines(slow);
    expect(await scene.play(step, INPUT)).toEqual({
      ...{ status: 'paused', key: 'runs/r1/billed-checkpoints/desk.json', waitSeconds: 43, customers: 1 },
    });
    expect(await scene.json(KEY)).toBeUndefined();
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'collected', waitSeconds: 0 });
    expect(asked).toEqual(['1', '2', '2']);
    expect(await scene.json(KEY)).toMatchObject({ lines: [{ id: 'line 1' }, { id: 'line 2' }] });
    expect(await scene.json('runs/r1/billed-checkpoints/desk.json')).toBeUndefined();
  });

  test('starts again if the key belongs to another account than before the pause', async () => {
    const scene = await planned();
    let quantity = 4;
    const slow = desk(async function* ({ each }) {
      yield* ['1', '2'].map((id) => customer(id, `Customer ${id}`));
      yield* each(['1', '2'], { key: String, customers: (id) => [id] }, async function* (id) {
        if (id === '2' && quantity === 4) throw new Paused(42, 'Desk limits the rate');
        yield* [agreed(`line ${id}`, id, quantity)].filter((part) => 'fact' in part);
      });
    });
    const step = getBilledLines(slow);
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'paused' });
    scene.configure('secrets/desk.json', { key: 'key-of-another-account' });
    quantity = 7;
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'collected' });
    expect(await scene.json(KEY)).toMatchObject({
      lines: [{ quantity: { value: '7' } }, { quantity: { value: '7' } }],
    });
  });

  test('that fails shows no secret', async () => {
    const scene = await planned();
    const talkative = desk(() => {
      throw new ReportError('VendorAuthError', 'the key canary-of-desk was refused');
    });
    await expect(scene.play(getBilledLines(talkative), INPUT)).rejects.toMatchObject({
      name: 'VendorAuthError',
      message: expect.not.stringContaining('canary-of-desk'),
    });
  });

  test('without a plan, or for another PSA, sends nothing', async () => {
    const untouched = desk(() => {
      throw new Error('the PSA was asked');
    });
    const scene = await billedStage();
    await expect(scene.play(getBilledLines(untouched), INPUT)).rejects.toThrow(/billed-plan\/desk\.json is missing/u);
    const other = { ...INPUT, integration: { ...INPUT.integration, id: 'counter' } };
    await expect(scene.play(getBilledLines(untouched), other)).rejects.toThrow('what counter bills');
  });
});
