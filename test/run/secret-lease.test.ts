import { describe, expect, test } from 'vitest';
import ion from '../../lambdas/collectors/td-synnex-streamone-ion.ts';
import type { SecretLock } from '../../lambdas/counting/run-context.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { secretLock } from '../../lambdas/run/secret-lease.ts';
import { openSession } from '../../lambdas/run/session.ts';
import getCounts from '../../lambdas/steps/get-counts.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { inProcess } from '../sandbox/transport.ts';
import makeIon from '../sandbox/vendor-apis/td-synnex-streamone-ion.ts';
import { type MemoryPlatform, memoryPlatform } from '../steps/memory.ts';
import { acme, RUN } from '../steps/stage.ts';

const LIFETIME = 880_000;
const no = () => Promise.reject(new Error('no wire in this test'));

describe('the lock on a credential', () => {
  async function scene() {
    const platform = memoryPlatform(no);
    await platform.secrets.write('acme', { apiKey: 'one' });
    const lock = (owner: string, lifetime = LIFETIME) =>
      secretLock(platform, acme(), owner, openSession(platform, { deadline: platform.clock.now() + lifetime }, 'acme'));
    const locks = () => [...platform.kept.keys()].filter((key) => key.startsWith('locks/'));
    return { platform, lock, locks };
  }

  test('has one holder at a time, and the next one sees its result', async () => {
    const { platform, lock, locks } = await scene();
    const held: string[] = [];
    const work = async (owner: string) => {
      const { secret, release } = await lock(owner)('one');
      held.push(`${owner} ${JSON.stringify(secret)}`);
      expect(locks()).toHaveLength(1);
      await platform.clock.sleep(20_000);
      await platform.secrets.write('acme', { apiKey: `by ${owner}` });
      held.push(`${owner} done`);
      await release('replaced');
    };
    await Promise.all([work('a'), work('b')]);
    expect(held).toEqual(['a {"apiKey":"one"}', 'a done', 'b {"apiKey":"by a"}', 'b done']);
    expect(locks()).toEqual([]);
  });

  test('of several credentials is several locks, and no key reveals a credential', async () => {
    const { lock, locks } = await scene();
    await lock('a')('one');
    await lock('b')('two');
    expect(locks()).toHaveLength(2);
    for (const key of locks()) expect(key).toMatch(/^locks\/acme\/[0-9a-f]{32}-1\.json$/u);
  });

  test('of a dead holder goes to exactly one of those who wait, once it has expired, with a remark', async () => {
    const { platform, lock, locks } = await scene();
    await lock('dead')('one');
    const since = new Date(platform.clock.now()).toISOString();
    const winners: [string, SecretLock][] = [];
    const waiting = ['b', 'c', 'd'].map(async (owner) => {
      const taken = await lock(owner, 3 * LIFETIME)('one');
      winners.push([owner, taken]);
      await platform.clock.sleep(60_000);
      await taken.release('unused');
    });
    await platform.clock.sleep(LIFETIME + 50_000);
    expect(winners).toEqual([]);
    await platform.clock.sleep(30_000);
    expect(winners).toHaveLength(1);
    expect(winners[0]?.[1].interrupted).toBe(since);
    await Promise.all(waiting);
    expect(winners).toHaveLength(3);
    // The trace of the dead one stays until the credential is replaced.
    expect(locks()).toHaveLength(1);
    await (await lock('e')('one')).release('replaced');
    expect(locks()).toEqual([]);
  });

  test('whose use has no known end is free at once, with a remark', async () => {
    const { platform, lock } = await scene();
    const since = new Date(platform.clock.now()).toISOString();
    await (await lock('a')('one')).release('unknown');
    const before = platform.clock.elapsed();
    expect((await lock('b')('one')).interrupted).toBe(since);
    expect(platform.clock.elapsed()).toBe(before);
  });

  test('is not taken from its successor by a holder that wakes up late', async () => {
    const { platform, lock, locks } = await scene();
    const late = await lock('late')('one');
    await platform.clock.sleep(LIFETIME + 60_000);
    await lock('b')('one');
    const [first] = locks();
    const before = platform.kept.get(first ?? '');
    for (const how of ['unused', 'unknown'] as const) {
      await late.release(how);
      expect(locks()).toHaveLength(2);
      expect(platform.kept.get(first ?? '')).toBe(before);
    }
    await expect(lock('c', 100_000)('one')).rejects.toMatchObject({
      reason: expect.stringContaining('too little time'),
    });
  });

  test('is not taken with too little time left for the answer, and waiting for it is a pause', async () => {
    const { lock } = await scene();
    await expect(lock('a', 80_000)('one')).rejects.toMatchObject({
      reason: expect.stringContaining('too little time'),
    });
    await lock('b')('one');
    await expect(lock('c', 200_000)('one')).rejects.toMatchObject({ reason: expect.stringMatching(/time/u) });
  });
});

const ID = 'td-synnex-streamone-ion';
const NEVER = new Promise<never>(() => {});

/** StreamOne ION before its collector's step, whose runs share a secret and may die where they are told to. */
async function ionScene() {
  const msp = demoMsp(12);
  const platform: MemoryPlatform = memoryPlatform(no);
  const vendor = makeIon(msp, platform.clock.now);
  const issue = () => platform.secrets.write(ID, { ...vendor.secret });
  await issue();
  const asked: string[] = [];
  const wire = inProcess([vendor], {
    before: ({ path }) => {
      asked.push(path);
      return undefined;
    },
  });
  const exchanges = () => asked.filter((path) => path === '/oauth/token').length;
  const step = getCounts(ion);
  const run = async (runId: string, changes: Partial<Platform> = {}) => {
    const plan = `runs/${runId}/plan/${ID}.json`;
    await platform.objects.write(plan, JSON.stringify({ configuration: {}, mapped: [] }), 'application/json');
    const input = { run: { ...RUN, runId }, integration: { id: ID, reads: 'counts', installed: true, plan } };
    const on = { ...platform, transport: wire, ...changes };
    return step(input, on, { deadline: platform.clock.now() + LIFETIME });
  };
  const secret = () => platform.secrets.read(ID);
  return { platform, vendor, wire, run, secret, issue, exchanges };
}

describe('runs of StreamOne ION', () => {
  test('at once exchange the refresh token once, and both collect', async () => {
    const { run, exchanges, secret, vendor, platform } = await ionScene();
    const answers = await Promise.all([run('r1'), run('r2'), run('r3')]);
    expect(answers.map((answer) => Object(answer).status)).toEqual(['collected', 'collected', 'collected']);
    expect(exchanges()).toBe(1);
    expect(await secret()).toMatchObject({ accountId: '10123', refreshToken: vendor.secret.refreshToken });
    expect([...platform.kept.keys()].filter((key) => key.startsWith('locks/'))).toEqual([]);
  });

  test('one after the other use the same access token until it expires, then the new refresh token', async () => {
    const { run, exchanges, platform } = await ionScene();
    await run('r1');
    await platform.clock.sleep(7_000_000);
    await run('r2');
    expect(exchanges()).toBe(1);
    await platform.clock.sleep(300_000);
    await run('r3');
    expect(exchanges()).toBe(2);
  });

  /** Where a run dies: the rest of it never happens. */
  const deaths: Record<
    string,
    { lost: boolean; dies: (scene: Awaited<ReturnType<typeof ionScene>>) => Partial<Platform> }
  > = {
    'with the lock just taken': {
      lost: false,
      dies: ({ platform: { objects } }) => ({
        objects: {
          ...objects,
          createOnce: async (key, body) => {
            const claimed = await objects.createOnce(key, body);
            return key.startsWith('locks/') ? NEVER : claimed;
          },
        },
      }),
    },
    'while it tries the store': {
      lost: false,
      dies: ({ platform: { secrets } }) => ({ secrets: { ...secrets, write: () => NEVER } }),
    },
    'with its request not yet at the vendor': {
      lost: false,
      dies: ({ wire }) => ({
        transport: (request, signal) => (request.url.pathname === '/oauth/token' ? NEVER : wire(request, signal)),
        clock: timeless(),
      }),
    },
    'with the vendor’s answer on its way': {
      lost: true,
      dies: ({ wire }) => ({
        transport: async (request, signal) => {
          const answer = await wire(request, signal);
          return request.url.pathname === '/oauth/token' ? NEVER : answer;
        },
        clock: timeless(),
      }),
    },
    'before the new pair is stored': {
      lost: true,
      dies: ({ platform: { secrets } }) => {
        let writes = 0;
        return {
          secrets: {
            ...secrets,
            write: (integration, secret) => {
              writes += 1;
              return writes === 1 ? secrets.write(integration, secret) : NEVER;
            },
          },
        };
      },
    },
    'when the new pair is stored and the lock not released': {
      lost: false,
      dies: ({ platform: { objects } }) => ({ objects: { ...objects, remove: () => NEVER } }),
    },
    'in its first call with the new token': {
      lost: false,
      dies: ({ wire }) => ({
        transport: (request, signal) => (request.url.pathname === '/oauth/token' ? wire(request, signal) : NEVER),
        clock: timeless(),
      }),
    },
  };

  /** The clock of a process that is dead: nothing that it waits for comes. */
  const timeless = () => ({
    now: () => Date.UTC(2026, 10, 22, 6, 30),
    sleep: () => NEVER,
    timer: () => () => {},
  });

  test.each(Object.entries(deaths))('that die %s', async (_, { lost, dies }) => {
    const scene = await ionScene();
    const { platform, run, issue, exchanges, secret } = scene;
    void run('dead', dies(scene));
    await platform.clock.sleep(1_000);
    await platform.clock.sleep(LIFETIME + 60_000);
    if (lost) {
      const before = exchanges();
      await expect(run('next')).rejects.toMatchObject({
        name: 'VendorAuthError',
        message: expect.stringMatching(
          /that started at 2026-11-22T06:30:00.*Request new credentials in the ION portal/u,
        ),
      });
      // The old token was tried once: the answer may have been lost before the vendor took it.
      expect(exchanges()).toBe(before + 1);
      await issue();
    }
    expect(await run('after')).toMatchObject({ status: 'collected' });
    expect(await secret()).toMatchObject({ refreshToken: scene.vendor.secret.refreshToken });
  });

  test('whose secret cannot be written leave the refresh token untouched', async () => {
    const { run, exchanges, platform } = await ionScene();
    const secrets = { ...platform.secrets, write: () => Promise.reject(new Error('EROFS: read-only file system')) };
    await expect(run('r1', { secrets })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/cannot be stored \(EROFS.*nothing was exchanged/u),
    });
    expect(exchanges()).toBe(0);
    expect(await run('r2')).toMatchObject({ status: 'collected' });
  });

  test('whose store fails after the exchange retry, and report what to do if it keeps failing', async () => {
    const { run, platform } = await ionScene();
    const failing = (failures: number) => {
      let writes = 0;
      return {
        ...platform.secrets,
        write: async (integration: string, secret: Record<string, unknown>) => {
          writes += 1;
          if (writes > 1 && writes <= 1 + failures) throw new Error('throttled');
          await platform.secrets.write(integration, secret);
        },
      };
    };
    expect(await run('r1', { secrets: failing(2) })).toMatchObject({ status: 'collected' });
    await platform.clock.sleep(7_200_000);
    await expect(run('r2', { secrets: failing(99) })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/throttled.*is lost.*Request new credentials/u),
    });
  });

  test('leave the other fields of the secret unchanged', async () => {
    const { run, platform, secret } = await ionScene();
    const before = Object(await secret());
    await run('r1');
    const { accountId, refreshToken, accessToken, accessTokenExpiresAt } = Object(await secret());
    expect(accountId).toBe(before.accountId);
    expect(refreshToken).not.toBe(before.refreshToken);
    expect(typeof accessToken).toBe('string');
    expect(Date.parse(accessTokenExpiresAt)).toBe(platform.clock.now() + 7_200_000);
  });

  test('with the refresh token in report.json report where it belongs, and do not use it', async () => {
    const { run, platform, exchanges, vendor } = await ionScene();
    const { refreshToken, ...others } = vendor.secret;
    await platform.secrets.write(ID, others);
    const objects = {
      ...platform.objects,
      read: async (key: string) =>
        key.includes('/plan/')
          ? Buffer.from(JSON.stringify({ configuration: { refreshToken }, mapped: [] }))
          : platform.objects.read(key),
    };
    await expect(run('r1', { objects })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('keep the refresh token in the secret'),
    });
    expect(exchanges()).toBe(0);
  });
});
