import { describe, expect, test } from 'vitest';
import type { Fact } from '../../lambdas/counting/facts.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { accountMark } from '../../lambdas/run/checkpoint-file.ts';
import getCounts from '../../lambdas/steps/get-counts.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { count, customer, note } from '../facts.ts';
import { acme, counting, RUN, type Stage, stage } from './stage.ts';

const INPUT = {
  run: RUN,
  integration: { id: 'acme', reads: 'counts', installed: true, plan: 'runs/r1/plan/acme.json' },
};
const KEY = 'runs/r1/collections/acme.json';

async function planned(secret: object | null = { apiKey: 'canary-key' }): Promise<Stage> {
  const scene = await stage();
  if (secret !== null) scene.configure('secrets/acme.json', secret);
  const plan = { configuration: {}, mapped: ['11'] };
  await scene.platform.objects.write('runs/r1/plan/acme.json', JSON.stringify(plan), 'application/json');
  return scene;
}

describe('a collection', () => {
  test('is written to the run’s folder; only its key and totals travel', async () => {
    const scene = await planned();
    expect(await scene.play(getCounts(acme()), INPUT)).toEqual({
      status: 'collected',
      key: KEY,
      waitSeconds: 0,
      customers: 4,
    });
    expect(await scene.json(KEY)).toMatchObject({ integration: 'acme', asOf: RUN.asOf, status: 'collected' });
  });

  test('that exists already is returned without calling the vendor', async () => {
    const scene = await planned();
    await scene.play(getCounts(acme()), INPUT);
    const untouched = getCounts(
      acme(() => {
        throw new Error('the vendor was asked');
      }),
    );
    expect(await scene.play(untouched, INPUT)).toEqual({ status: 'collected', key: KEY, waitSeconds: 0, customers: 4 });
  });

  test('of the same run, finished elsewhere first, is the one that counts', async () => {
    const scene = await planned();
    const meanwhile = getCounts(
      acme(async function* () {
        await scene.play(getCounts(acme()), INPUT);
        yield customer('11', 'Contoso');
      }),
    );
    expect(await scene.play(meanwhile, INPUT)).toMatchObject({ customers: 4 });
  });

  test('is compared with the last one, and the next one with it', async () => {
    const scene = await planned();
    await scene.play(getCounts(acme()), INPUT);
    expect(await scene.json('history/acme.json')).toEqual({ runId: 'r1', asOf: RUN.asOf, customers: 4, units: 10 });
    await scene.platform.objects.write(
      'runs/r2/plan/acme.json',
      JSON.stringify({ configuration: {}, mapped: ['11'] }),
      'application/json',
    );
    const emptied = getCounts(
      acme(async function* () {
        yield customer('11', 'Contoso');
      }),
    );
    await expect(scene.play(emptied, { ...INPUT, run: { ...RUN, runId: 'r2' } })).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('4 with 10 units'),
    });
    expect(await scene.json('history/acme.json')).toMatchObject({ runId: 'r1' });
  });

  test('with a failed customer is partial, and its reason contains no secret', async () => {
    const scene = await planned();
    const step = getCounts(
      acme(async function* () {
        yield customer('11', 'canary-key Ltd');
        yield customer('12', 'Fabrikam');
        yield note('odd: canary-key', '11');
        const failure = { error: 'VendorContractError' as const, message: 'no rows for canary-key' };
        yield { fact: 'failed', customer: '12', failure };
      }),
    );
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'partial', customers: 2 });
    expect(await scene.json(KEY)).toMatchObject({
      // A name is data: it stays as the vendor gave it.
      customers: [
        { name: 'canary-key Ltd', notes: ['odd: [secret]'] },
        { state: 'failed', reason: 'no rows for [secret]' },
      ],
    });
  });
});

test('a secret in report.json is hidden like one in its own file', async () => {
  const scene = await planned({});
  const plan = { configuration: { apiKey: 'misplaced-key' }, mapped: ['11'] };
  await scene.platform.objects.write('runs/r1/plan/acme.json', JSON.stringify(plan), 'application/json');
  const step = getCounts(
    acme(async function* () {
      yield customer('11', 'Contoso');
      yield note('odd: misplaced-key', '11');
    }),
  );
  await scene.play(step, INPUT);
  expect(await scene.json(KEY)).toMatchObject({ customers: [{ notes: ['odd: [secret]'] }] });
});

describe('a collection that needs several lifetimes', () => {
  test('writes a checkpoint, continues from it, and leaves none when it is complete', async () => {
    const scene = await planned();
    let lifetimes = 0;
    const step = getCounts(
      acme(async function* (api) {
        lifetimes += 1;
        yield customer('11', 'Contoso');
        yield customer('12', 'Fabrikam');
        yield* api.each(['11', '12'], String, async function* (id) {
          if (lifetimes === 1 && id === '12') throw new Paused(42.4, 'Acme limits the rate');
          yield count(id, 'Acme Agents', id === '11' ? 5 : 3);
        });
      }),
    );
    expect(await scene.play(step, INPUT)).toEqual({
      status: 'paused',
      key: 'runs/r1/checkpoints/acme.json',
      waitSeconds: 43,
      customers: 1,
    });
    expect(await scene.json(KEY)).toBeUndefined();
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'collected', waitSeconds: 0 });
    expect(await scene.json(KEY)).toMatchObject({
      customers: [{ counts: { 'Acme Agents': 5 } }, { counts: { 'Acme Agents': 3 } }],
    });
    expect(await scene.json('runs/r1/checkpoints/acme.json')).toBeUndefined();
  });

  test('that pauses without need to wait still waits a second, and one without progress fails', async () => {
    const scene = await planned();
    const step = getCounts(
      // biome-ignore lint/correctness/useYield: it stops before the first fact
      acme(async function* () {
        throw new Paused(0, 'time is up');
      }),
    );
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'paused', waitSeconds: 1 });
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'paused' });
    await expect(scene.play(step, INPUT)).rejects.toMatchObject({ name: 'VendorRateLimitError' });
  });

  test('starts again if the account or its settings were changed meanwhile', async () => {
    const region = async (scene: Stage) => {
      const plan = { configuration: { region: 'us' }, mapped: ['11'] };
      await scene.platform.objects.write('runs/r1/plan/acme.json', JSON.stringify(plan), 'application/json');
    };
    const account = async (scene: Stage) => scene.configure('secrets/acme.json', { apiKey: 'key-of-another-account' });
    for (const change of [region, account]) {
      const scene = await planned();
      let seats = 5;
      const step = getCounts(
        acme(async function* (api) {
          for (const id of ['11', '12']) yield customer(id, `Customer ${id}`);
          yield* api.each(['11', '12'], String, async function* (id) {
            if (seats === 5 && id === '12') throw new Paused(42, 'Acme limits the rate');
            yield count(id, 'Acme Agents', seats);
          });
        }),
      );
      expect(await scene.play(step, INPUT)).toMatchObject({ status: 'paused' });
      await change(scene);
      seats = 7;
      expect(await scene.play(step, INPUT)).toMatchObject({ status: 'collected' });
      expect(await scene.json(KEY)).toMatchObject({
        customers: [{ counts: { 'Acme Agents': 7 } }, { counts: { 'Acme Agents': 7 } }],
      });
    }
  });

  test('is identified by its permanent credentials, not by those that rotate', () => {
    expect(accountMark({ apiKey: 'k', refreshToken: 'a', accessToken: 'b' }, {})).toBe(
      accountMark({ apiKey: 'k', refreshToken: 'c' }, {}),
    );
    expect(accountMark({ apiKey: 'k' }, {})).not.toBe(accountMark({ apiKey: 'l' }, {}));
  });

  test('with an invalid checkpoint reports which file to remove', async () => {
    const scene = await planned();
    await scene.platform.objects.write('runs/r1/checkpoints/acme.json', '{"done":1}', 'application/json');
    await expect(scene.play(getCounts(acme()), INPUT)).rejects.toThrow(/checkpoints\/acme\.json is not a checkpoint/u);
  });
});

describe('credentials', () => {
  // biome-ignore lint/correctness/useYield: it stops before the first fact
  const refusing = async function* (): AsyncGenerator<Fact> {
    throw new ReportError('VendorAuthError', 'Acme refused canary-key', { wide: true });
  };

  test('that are missing: the file and the fields expected are named', async () => {
    const scene = await planned(null);
    await expect(scene.play(getCounts(acme()), INPUT)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/secrets\/acme\.json is missing.*Acme needs in it: apiKey, hint \(optional\)$/u),
    });
  });

  test('with a field too many are refused by name', async () => {
    const scene = await planned({ apiKey: 'canary-key', apikey: 'x' });
    await expect(scene.play(getCounts(acme()), INPUT)).rejects.toThrow(/secrets\/acme\.json: unknown field "apikey"/u);
  });

  test('that were renewed after a refusal are tried once more', async () => {
    const scene = await planned();
    let attempts = 0;
    const step = getCounts(
      acme(async function* () {
        attempts += 1;
        if (attempts === 1) {
          scene.configure('secrets/acme.json', { apiKey: 'renewed-key' });
          yield* refusing();
        }
        yield* counting();
      }),
    );
    expect(await scene.play(step, INPUT)).toMatchObject({ status: 'collected' });
    expect(attempts).toBe(2);
  });

  test('that stay refused are an error at once, without the secret in it', async () => {
    const scene = await planned();
    let attempts = 0;
    const step = getCounts(
      acme(() => {
        attempts += 1;
        return refusing();
      }),
    );
    await expect(scene.play(step, INPUT)).rejects.toMatchObject({
      name: 'VendorAuthError',
      message: 'Acme refused [secret]; the credentials are those of secrets/acme.json',
    });
    expect(attempts).toBe(1);
  });

  test('that rotate are kept, and both old and new are hidden', async () => {
    const scene = await planned();
    const step = getCounts(
      acme(async function* (_, { keepSecret }) {
        await keepSecret({ apiKey: 'rotated-key' });
        yield customer('11', 'Contoso');
        yield note('canary-key became rotated-key');
      }),
    );
    await scene.play(step, INPUT);
    expect(await scene.platform.secrets.read('acme')).toEqual({ apiKey: 'rotated-key' });
    expect(await scene.json(KEY)).toMatchObject({ notes: ['[secret] became [secret]'] });
  });
});

describe('faults of ours', () => {
  test('a programming fault is reported as an error of this integration', async () => {
    const scene = await planned();
    const step = getCounts(
      // biome-ignore lint/correctness/useYield: it stops before the first fact
      acme(async function* () {
        throw new TypeError('x is undefined, canary-key');
      }),
    );
    await expect(scene.play(step, INPUT)).rejects.toMatchObject({
      name: 'VendorContractError',
      message: 'unexpected fault while collecting: TypeError: x is undefined, [secret]',
    });
  });

  test('another integration, a missing plan, a file that is not a collection', async () => {
    const scene = await planned();
    const step = getCounts(acme());
    const foreign = { ...INPUT, integration: { ...INPUT.integration, id: 'zenith' } };
    await expect(scene.play(step, foreign)).rejects.toThrow(/asked to collect for zenith/u);
    await scene.platform.objects.remove('runs/r1/plan/acme.json');
    await expect(scene.play(step, INPUT)).rejects.toThrow(/plan\/acme\.json is missing/u);
    await scene.platform.objects.write(KEY, '{"integration":"acme","status":"collected"}', 'application/json');
    await expect(scene.play(step, INPUT)).rejects.toThrow(/is not a collection of acme/u);
  });

  test('a customer of a kept collection that has no counts has a reason, or the file is no collection', async () => {
    const scene = await planned();
    const step = getCounts(
      acme(async function* () {
        yield customer('11', 'Contoso');
      }),
    );
    await scene.play(step, INPUT);
    const kept = (await scene.json(KEY)) as { customers: object[] };
    const changed = async (state: object) => {
      const customers = kept.customers.map((each) => ({ ...each, ...state }));
      await scene.platform.objects.write(KEY, JSON.stringify({ ...kept, customers }), 'application/json');
      return scene.play(step, INPUT);
    };
    await expect(changed({ state: 'excluded', reason: 'inactive' })).resolves.toBeDefined();
    await expect(changed({ state: 'excluded' })).rejects.toThrow(/is not a collection of acme/u);
    await expect(changed({ state: 'failed', reason: 'no consent' })).rejects.toThrow(/is not a collection of acme/u);
  });
});
