import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ReportError } from '../../lambdas/report/errors.ts';
import {
  type Auth,
  anonymous,
  basic,
  clientCredentials,
  headers,
  refusedCredentials,
  signed,
  type Token,
  token,
} from '../../lambdas/wire/auth.ts';
import { virtualClock } from '../virtual-clock.ts';
import { requestPath, type Scripted, session, wire } from './wire.ts';

const request = { method: 'GET' as const, url: new URL('https://api.vendor.example/v1/x?b=1'), body: '', now: 1000 };
const none = () => {
  throw new Error('no token was to be asked for');
};

describe('credentials that stand', () => {
  it.each<[string, Auth, Record<string, string>]>([
    ['none', anonymous, {}],
    ['HTTP Basic', basic('user', 'pä:ss'), { authorization: 'Basic dXNlcjpww6Q6c3M=' }],
    ['fixed headers', headers({ 'x-api-key': 'k' }), { 'x-api-key': 'k' }],
    [
      'a signature',
      signed(({ method, url, now }) => ({ sig: `${method} ${url.pathname} ${now}` })),
      { sig: 'GET /v1/x 1000' },
    ],
  ])('(%s) are signed without asking anybody, and cannot be renewed', async (_, auth, expected) => {
    await auth.ready(none, 0);
    expect(auth.sign(request)).toEqual(expected);
    expect(auth.renew()).toBe(false);
  });
});

describe('a token', () => {
  /** A token that lives `seconds`, and how often it was fetched. */
  const counted = (seconds: number) => {
    const fetched: number[] = [];
    const auth = token(async (_, now): Promise<Token> => {
      fetched.push(now);
      return { value: `token-${fetched.length}`, seconds };
    });
    return { auth, fetched };
  };

  it('is fetched once and shared by all requests under way', async () => {
    const { auth, fetched } = counted(3600);
    await Promise.all(Array.from({ length: 10 }, () => auth.ready(none, 0)));
    expect(fetched).toHaveLength(1);
    expect(auth.sign(request)).toEqual({ authorization: 'Bearer token-1' });
  });

  it.each([
    [3600, 3479, 1],
    [3600, 3480, 2],
    [100, 49, 1],
    [100, 50, 2],
  ])('of %i seconds is still used after %i seconds: fetched %i times', async (seconds, after, times) => {
    const { auth, fetched } = counted(seconds);
    await auth.ready(none, 0);
    await auth.ready(none, after * 1000);
    expect(fetched).toHaveLength(times);
  });

  it('is fetched again once it was refused', async () => {
    const { auth, fetched } = counted(3600);
    await auth.ready(none, 0);
    expect(auth.renew()).toBe(true);
    await auth.ready(none, 0);
    expect(fetched).toHaveLength(2);
    expect(auth.sign(request)).toEqual({ authorization: 'Bearer token-2' });
  });

  it('that could not be fetched is asked for again, not remembered as a failure', async () => {
    let attempts = 0;
    const auth = token(async () => {
      attempts += 1;
      if (attempts === 1) throw new ReportError('VendorUnavailableError', 'busy');
      return { value: 'late', seconds: 60 };
    });
    await expect(auth.ready(none, 0)).rejects.toMatchObject({ name: 'VendorUnavailableError' });
    await auth.ready(none, 0);
    expect(auth.sign(request)).toEqual({ authorization: 'Bearer late' });
  });

  it('may travel in another header', async () => {
    const auth = token(
      async () => ({ value: 'v', seconds: 60 }),
      (value) => ({ 'x-session': value }),
    );
    await auth.ready(none, 0);
    expect(auth.sign(request)).toEqual({ 'x-session': 'v' });
  });

  it('that was never fetched signs nothing', () => {
    expect(() => counted(60).auth.sign(request)).toThrow('before its token was ready');
  });
});

describe('client credentials', () => {
  const fields = { grant_type: 'client_credentials', client_id: 'id', client_secret: 's&cret value-0123' };
  const good: Scripted = {
    json: { access_token: 'an-access-token-of-some-length', token_type: 'Bearer', expires_in: '300' },
  };

  /** Sends two requests, and says what went over the wire. */
  async function send(options: { as?: 'form' | 'json'; headers?: Record<string, string> }, ...script: Scripted[]) {
    const w = wire(...script);
    const life = session(w, 880, virtualClock());
    const path = requestPath(w, { auth: clientCredentials({ url: '/oauth/token', fields, ...options }) }, life);
    await path.send('GET', '/x');
    await path.send('GET', '/y');
    return { sent: w.sent, life };
  }

  it('go as a form, without any other credentials, and the token is used from then on', async () => {
    const { sent } = await send({}, good, { json: {} });
    expect(sent.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /v1/oauth/token',
      'GET /v1/x',
      'GET /v1/y',
    ]);
    expect(sent[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(sent[0]?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(String(sent[0]?.body)))).toEqual(fields);
    for (const request of sent.slice(1))
      expect(request.headers.authorization).toBe('Bearer an-access-token-of-some-length');
  });

  it('go as JSON if the vendor wants that, with headers of its own', async () => {
    const { sent } = await send({ as: 'json', headers: { 'x-tenant': 't' } }, good, { json: {} });
    expect(sent[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-tenant': 't' });
    expect(JSON.parse(String(sent[0]?.body))).toEqual(fields);
  });

  it('make the token a secret that nobody reads', async () => {
    const { life } = await send({}, good, { json: {} });
    expect(life.redactor.clean('said: an-access-token-of-some-length, Bearer')).toBe('said: [secret], Bearer');
  });

  it.each([400, 401, 403])(
    'that are refused with %i condemn the integration at once, and say what was said',
    async (status) => {
      const refusal = { status, json: { error: 'invalid_client', error_description: 'unknown application' } };
      await expect(send({}, refusal)).rejects.toMatchObject({
        name: 'VendorAuthError',
        wide: true,
        message: `Vendor POST /v1/oauth/token refused the credentials (HTTP ${status}, invalid_client: unknown application)`,
      });
    },
  );

  it.each([500, 503, 429])('that are answered %i are sent again', async (status) => {
    const { sent } = await send({}, { status, text: 'busy' }, good, { json: {} });
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'GET']);
  });

  it.each([{}, { access_token: '' }, { access_token: 7, expires_in: 1 }, { error: 'none' }, null, []])(
    'that bring %j bring no token: that is a contract fault, not a token "undefined"',
    async (answer) => {
      await expect(send({}, { text: JSON.stringify(answer) })).rejects.toMatchObject({ name: 'VendorContractError' });
    },
  );

  it('do not follow the vendor to a host of another', async () => {
    const away = { status: 307, headers: { location: 'https://evil.example/token' }, json: {} };
    await expect(send({}, away)).rejects.toThrow('refused to send credentials');
  });

  it('can be declared with the vendor’s own reading of a refusal, which may leave it to ours', async () => {
    const refused = async (text: string) => {
      const auth = clientCredentials({
        url: '/t',
        fields,
        refusal: (_, word) => (word === 'closed' ? new ReportError('VendorUnavailableError', 'closed') : undefined),
      });
      const error: unknown = await requestPath(wire({ status: 400, text }), { auth })
        .send('GET', '/x')
        .catch((thrown: unknown) => thrown);
      return error;
    };
    expect(await refused('closed')).toMatchObject({ name: 'VendorUnavailableError' });
    expect(await refused('wrong')).toMatchObject({ name: 'VendorAuthError' });
  });

  it('may be refused in the words of the vendor', async () => {
    const w = wire({ status: 400, json: { why: 'closed' } });
    const auth = token(async (exchange) => {
      const refusal = () => new ReportError('VendorUnavailableError', 'closed for tonight');
      await exchange({ url: '/t', form: {}, schema: z.looseObject({}), refusal });
      return { value: 'v', seconds: 60 };
    });
    await expect(requestPath(w, { auth }).send('GET', '/x')).rejects.toThrow('closed for tonight');
  });
});

describe('a body that is good for a moment only', () => {
  it('is made again for every attempt, and replaces another', async () => {
    const w = wire({ status: 503 }, { json: { token: 'v' } }, { json: {} });
    const auth = token(async (exchange) => {
      const fresh = (now: number) => ({ form: { at: String(now) } });
      await exchange({ url: '/t', form: { at: 'never' }, fresh, schema: z.looseObject({}) });
      return { value: 'v', seconds: 60 };
    });
    await requestPath(w, { auth }).send('GET', '/x');
    const [first, second] = w.sent.map(({ body }) => new URLSearchParams(String(body)).get('at'));
    expect(Number(second)).toBeGreaterThan(Number(first));
  });
});

describe('a refusal', () => {
  it.each([
    ['', 'Vendor refused the credentials (HTTP 401)'],
    ['<html>', 'Vendor refused the credentials (HTTP 401)'],
    ['{"error":{"code":7}}', 'Vendor refused the credentials (HTTP 401)'],
    ['{"error":"invalid_grant"}', 'Vendor refused the credentials (HTTP 401, invalid_grant)'],
    ['{"error_description":"expired"}', 'Vendor refused the credentials (HTTP 401, expired)'],
  ])('of %j reads "%s"', (text, message) => {
    expect(refusedCredentials('Vendor', 401, text).message).toBe(message);
  });

  it('is told in 200 characters at most', () => {
    const { message } = refusedCredentials('Vendor', 400, JSON.stringify({ error: 'x'.repeat(900) }));
    expect(message.match(/x+/u)?.[0]).toHaveLength(200);
  });
});
