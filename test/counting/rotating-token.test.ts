import { describe, expect, it } from 'vitest';
import { type RotatingSecret, rotatingToken } from '../../lambdas/counting/rotating-token.ts';
import type { Exchange } from '../../lambdas/wire/auth.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 30);
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const request = { method: 'GET' as const, url: new URL('https://api.vendor.example/x'), body: '', now: NOW };

type Refusal = { refused: number };
type Script = {
  /** What the secret holds; what is stored replaces it. */
  secret?: Partial<RotatingSecret>;
  /** What another run leaves in the secret while we wait for the lock, turn by turn. */
  meanwhile?: unknown[];
  interrupted?: string;
  /** The answers to the exchange: a body, a refusal, or a fault. */
  answers?: (Record<string, unknown> | Refusal | Error)[];
  /** How the store takes each write; the last one repeats. */
  store?: ('good' | 'bad')[];
};

const isRefusal = (answer: object): answer is Refusal => 'refused' in answer;

/** The vendor, the secret and its lock, and all that was done, in order. */
function scene({ secret: given = {}, meanwhile = [], interrupted, answers = [], store = ['good'] }: Script) {
  const secret: RotatingSecret = { refreshToken: 'refresh-1', ...given };
  const log: string[] = [];
  let writes = 0;
  const auth = rotatingToken({
    vendor: 'Vendor',
    url: '/oauth/token',
    secret: { ...secret },
    remedy: 'Ask for a new one in the portal',
    run: {
      keepSecret: async (members) => {
        const how = store[Math.min(writes, store.length - 1)];
        writes += 1;
        log.push(Object.keys(members).length === 0 ? 'try the store' : `store ${JSON.stringify(members)}`);
        if (how === 'bad') throw new Error('disk full');
        Object.assign(secret, members);
      },
      lockSecret: async (credential) => {
        log.push(`lock ${credential}`);
        const left = meanwhile.shift() ?? { ...secret };
        return { secret: left, interrupted, release: async (how) => void log.push(`release ${how}`) };
      },
    },
  });
  const exchange: Exchange = async ({ url, form, schema, refusal }) => {
    log.push(`POST ${url} ${new URLSearchParams(form)}`);
    const answer = answers.shift() ?? new Error('no more answers');
    if (answer instanceof Error) throw answer;
    if (isRefusal(answer)) throw refusal?.({ status: answer.refused, headers: {}, body: new Uint8Array() }, '');
    return schema.parse(answer);
  };
  const sent = async (now = NOW) => {
    await auth.ready(exchange, now);
    return auth.sign(request).authorization;
  };
  return { auth, log, secret, sent };
}

const pair = { access_token: 'access-2', refresh_token: 'refresh-2', expires_in: 3600 };

const STORED = `store {"refreshToken":"refresh-2","accessToken":"access-2","accessTokenExpiresAt":"${at(3600)}"}`;
const REFRESHED = [
  'lock refresh-1',
  'try the store',
  'POST /oauth/token grant_type=refresh_token&refresh_token=refresh-1',
  STORED,
  'release replaced',
];

describe('a stored access token', () => {
  it('is used while it lasts: nothing is locked, asked or stored', async () => {
    const { sent, log } = scene({ secret: { accessToken: 'access-1', accessTokenExpiresAt: at(121) } });
    expect(await sent()).toBe('Bearer access-1');
    expect(log).toEqual([]);
  });

  it.each<[string, Partial<RotatingSecret>]>([
    ['ends within two minutes', { accessToken: 'access-1', accessTokenExpiresAt: at(120) }],
    ['has ended', { accessToken: 'access-1', accessTokenExpiresAt: at(-1) }],
    ['has no end', { accessToken: 'access-1' }],
    ['has an end that is no date', { accessToken: 'access-1', accessTokenExpiresAt: 'soon' }],
    ['is not there', { accessTokenExpiresAt: at(3600) }],
    ['is null', { accessToken: null, accessTokenExpiresAt: at(3600) }],
  ])('that %s is replaced: lock, try the store, exchange, store, release, in this order', async (_, secret) => {
    const { sent, log } = scene({ secret, answers: [pair] });
    expect(await sent()).toBe('Bearer access-2');
    expect(log).toEqual(REFRESHED);
  });

  it('is not used past two minutes before its end', async () => {
    const { sent, log } = scene({
      secret: { accessToken: 'access-1', accessTokenExpiresAt: at(600) },
      answers: [pair],
    });
    await sent();
    expect(await sent(NOW + 479_000)).toBe('Bearer access-1');
    expect(log).toEqual([]);
    expect(await sent(NOW + 480_000)).toBe('Bearer access-2');
  });

  it('that the vendor refuses is not handed out again', async () => {
    const { auth, sent, log } = scene({
      secret: { accessToken: 'access-1', accessTokenExpiresAt: at(3600) },
      answers: [pair],
    });
    expect(await sent()).toBe('Bearer access-1');
    expect(auth.renew()).toBe(true);
    expect(await sent()).toBe('Bearer access-2');
    expect(log).toEqual(REFRESHED);
  });

  it('that was renewed is kept until two minutes before its end, then renewed with the new refresh token', async () => {
    const third = { access_token: 'access-3', refresh_token: 'refresh-3', expires_in: 3600 };
    const { sent, log } = scene({ answers: [pair, third] });
    await sent();
    expect(await sent(NOW + 3_479_000)).toBe('Bearer access-2');
    expect(await sent(NOW + 3_480_000)).toBe('Bearer access-3');
    expect(log.slice(REFRESHED.length, REFRESHED.length + 3)).toEqual([
      'lock refresh-2',
      'try the store',
      'POST /oauth/token grant_type=refresh_token&refresh_token=refresh-2',
    ]);
  });
});

describe('another run', () => {
  it('that refreshed while we waited leaves its access token: it is used, ours is not exchanged', async () => {
    const left = { refreshToken: 'refresh-2', accessToken: 'access-2', accessTokenExpiresAt: at(3000) };
    const { sent, log } = scene({ meanwhile: [left] });
    expect(await sent()).toBe('Bearer access-2');
    expect(log).toEqual(['lock refresh-1', 'release unused']);
  });

  it('that left an access token beside the same refresh token has its lock given back all the same', async () => {
    const left = { refreshToken: 'refresh-1', accessToken: 'access-2', accessTokenExpiresAt: at(3000) };
    const { sent, log } = scene({ meanwhile: [left] });
    expect(await sent()).toBe('Bearer access-2');
    expect(log).toEqual(['lock refresh-1', 'release unused']);
  });

  it('that refreshed and left no access token leaves its refresh token: that one is locked and exchanged', async () => {
    const left = { refreshToken: 'refresh-9', accessToken: null, accessTokenExpiresAt: null };
    const { sent, log } = scene({ meanwhile: [left, left], answers: [pair] });
    expect(await sent()).toBe('Bearer access-2');
    expect(log).toEqual([
      'lock refresh-1',
      'release unused',
      'lock refresh-9',
      'try the store',
      'POST /oauth/token grant_type=refresh_token&refresh_token=refresh-9',
      STORED,
      'release replaced',
    ]);
  });

  it('that is always quicker is not followed for ever, and no lock is kept', async () => {
    const meanwhile = Array.from({ length: 9 }, (_, index) => ({ refreshToken: `other-${index}` }));
    const { sent, log } = scene({ meanwhile });
    await expect(sent()).rejects.toMatchObject({
      name: 'VendorUnavailableError',
      message: 'Vendor: its refresh token is replaced faster than it can be read',
    });
    expect(log.filter((line) => line.startsWith('lock'))).toHaveLength(5);
    expect(log.filter((line) => line === 'release unused')).toHaveLength(5);
  });

  it.each([{}, { refreshToken: '' }, null])(
    'cannot have left %j: a secret without refresh token condemns the integration',
    async (left) => {
      const { sent, log } = scene({ meanwhile: [left ?? 'nothing'] });
      await expect(sent()).rejects.toMatchObject({
        name: 'ConfigurationError',
        wide: true,
        message: expect.stringContaining('Vendor: keep the refresh token in the secret'),
      });
      expect(log).toEqual(['lock refresh-1', 'release unused']);
    },
  );
});

describe('a refresh token that is refused', () => {
  it('has expired or was used elsewhere: the message explains it and what to do', async () => {
    const { sent, log } = scene({ answers: [{ refused: 400 }] });
    await expect(sent()).rejects.toMatchObject({
      name: 'VendorAuthError',
      wide: true,
      message: expect.stringMatching(/^Vendor refused .*HTTP 400.*it has expired.*Ask for a new one in the portal$/u),
    });
    expect(log.at(-1)).toBe('release unused');
  });

  it('was used up by a run that died, where the lock tells of one', async () => {
    const { sent } = scene({ interrupted: '2026-11-15T06:30:00Z', answers: [{ refused: 401 }] });
    await expect(sent()).rejects.toThrow('a refresh that started at 2026-11-15T06:30:00Z used it up');
  });
});

describe('an exchange whose end is not known', () => {
  it('leaves the trace that the next run needs', async () => {
    const { sent, log } = scene({ answers: [new Error('reset')] });
    await expect(sent()).rejects.toThrow('reset');
    expect(log.at(-1)).toBe('release unknown');
  });
});

describe('a secret that cannot be stored', () => {
  it('is found out before anything is exchanged', async () => {
    const { sent, log } = scene({ store: ['bad'], answers: [pair] });
    await expect(sent()).rejects.toMatchObject({
      name: 'ConfigurationError',
      wide: true,
      message: expect.stringMatching(/disk full.*the stored refresh token is still good/u),
    });
    expect(log).toEqual(['lock refresh-1', 'try the store', 'release unused']);
  });

  it('for a moment is stored at the third attempt', async () => {
    const { sent, log } = scene({ store: ['good', 'bad', 'bad', 'good'], answers: [pair] });
    expect(await sent()).toBe('Bearer access-2');
    expect(log.filter((line) => line === STORED)).toHaveLength(3);
    expect(log.at(-1)).toBe('release replaced');
  });

  it('after the exchange has lost the new token: that is reported, and the trace stays', async () => {
    const { sent, log } = scene({ store: ['good', 'bad'], answers: [pair] });
    await expect(sent()).rejects.toMatchObject({
      name: 'ConfigurationError',
      wide: true,
      message: expect.stringMatching(/disk full.*lost.*Ask for a new one in the portal$/u),
    });
    expect(log.filter((line) => line === STORED)).toHaveLength(3);
    expect(log.at(-1)).toBe('release unknown');
  });
});

describe('an answer to the refresh', () => {
  it.each([undefined, null, '', 7])('with %j as refresh token leaves the old one in force', async (refresh_token) => {
    const { sent, secret } = scene({ answers: [{ ...pair, refresh_token }] });
    expect(await sent()).toBe('Bearer access-2');
    expect(secret).toMatchObject({ refreshToken: 'refresh-1', accessToken: 'access-2' });
  });

  it.each([undefined, null, '', 7])(
    'with %j as access token is a contract fault, but its refresh token is stored first',
    async (access_token) => {
      const { sent, secret, log } = scene({ answers: [{ ...pair, access_token }] });
      await expect(sent()).rejects.toMatchObject({
        name: 'VendorContractError',
        wide: true,
        message: expect.stringMatching(/no access_token \(fields seen: .*refresh_token, expires_in\)/u),
      });
      expect(secret).toEqual({ refreshToken: 'refresh-2', accessToken: null, accessTokenExpiresAt: null });
      expect(log.at(-1)).toBe('release replaced');
    },
  );

  it.each([undefined, 0, -5, 'long'])(
    'with %j seconds to live brings a token for now: it is used for a minute and not stored',
    async (expires_in) => {
      const { sent, secret } = scene({
        answers: [
          { ...pair, expires_in },
          { ...pair, access_token: 'access-3' },
        ],
      });
      expect(await sent()).toBe('Bearer access-2');
      expect(secret).toEqual({ refreshToken: 'refresh-2', accessToken: null, accessTokenExpiresAt: null });
      expect(await sent(NOW + 59_000)).toBe('Bearer access-2');
      expect(await sent(NOW + 60_000)).toBe('Bearer access-3');
    },
  );
});
