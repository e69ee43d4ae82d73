import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { clientCredentials, headers, signed, token } from '../../lambdas/wire/auth.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { virtualClock } from '../virtual-clock.ts';
import { requestPath, session, wire } from './wire.ts';

const Anything = z.looseObject({});

describe('a request that goes well', () => {
  it('goes below the base, with query, headers and credentials', async () => {
    const w = wire({ json: { ok: true } });
    const path = requestPath(w, { auth: headers({ 'x-api-key': 'k' }), headers: { 'x-version': '2' } });
    await path.json('GET', '/things', { query: { page: 1, none: undefined }, schema: Anything });
    expect(w.sent[0]?.url.href).toBe('https://api.vendor.example/v1/things?page=1');
    expect(w.sent[0]?.headers).toMatchObject({ 'x-api-key': 'k', 'x-version': '2', accept: 'application/json' });
  });
});

describe('a request that is answered badly', () => {
  it.each([500, 502, 503, 504, 408])('is retried after %i', async (status) => {
    const w = wire({ status }, { status }, { json: { ok: true } });
    const life = session(w);
    await requestPath(w, {}, life).json('GET', '/x', { schema: Anything });
    expect([w.sent.length, life.requests]).toEqual([3, 3]);
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_SOCKET'])(
    'is tried again after %s, then unavailable',
    async (fault) => {
      const w = wire({ fault });
      await expect(requestPath(w).json('GET', '/x', { schema: Anything })).rejects.toMatchObject({
        name: 'VendorUnavailableError',
        message: expect.stringContaining(fault),
      });
      expect(w.sent).toHaveLength(5);
    },
  );

  it('does not retry if the certificate is not trusted, and tells what to do', async () => {
    const w = wire({ fault: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({
      name: 'VendorUnavailableError',
      message: expect.stringContaining('certificate'),
    });
    expect(w.sent).toHaveLength(1);
  });

  it('waits as Retry-After says, in seconds', async () => {
    const w = wire({ status: 429, headers: { 'retry-after': '17' } }, { json: {} });
    const life = session(w);
    await requestPath(w, {}, life).send('GET', '/x');
    expect(life.clock.elapsed()).toBe(17_000);
  });

  it('waits as Retry-After says, as a date', async () => {
    const clock = virtualClock(Date.UTC(2026, 10, 22, 6, 30, 0));
    const w = wire({ status: 503, headers: { 'retry-after': 'Sun, 22 Nov 2026 06:30:42 GMT' } }, { json: {} });
    await requestPath(w, {}, session(w, 880, clock)).send('GET', '/x');
    expect(clock.elapsed()).toBe(42_000);
  });

  it.each(['0', 'Sun, 22 Nov 2026 06:29:58 GMT'])('backs off by itself where Retry-After says %s', async (after) => {
    const limited = { status: 429, headers: { 'retry-after': after } };
    const w = wire(limited, limited, limited, { json: {} });
    const life = session(w);
    await requestPath(w, {}, life).send('GET', '/x');
    expect(life.clock.elapsed()).toBe((1 + 2 + 4) * 1000);
  });

  it('backs off with doubling waits if nothing is said', async () => {
    const w = wire({ status: 503 }, { status: 503 }, { status: 503 }, { json: {} });
    const life = session(w);
    await requestPath(w, {}, life).send('GET', '/x');
    expect(life.clock.elapsed()).toBe((1 + 2 + 4) * 1000);
  });

  it('pauses instead of waiting past the end of its lifetime', async () => {
    const w = wire({ status: 429, headers: { 'retry-after': '600' } });
    await expect(requestPath(w, {}, session(w, 100)).send('GET', '/x')).rejects.toMatchObject({ waitSeconds: 600 });
    await expect(requestPath(w, {}, session(w, 100)).send('GET', '/x')).rejects.toBeInstanceOf(Paused);
  });

  it.each([
    ['7200', '7200 seconds'],
    ['86400', '86400 seconds'],
    ['9'.repeat(30), 'more than a day'],
    ['9'.repeat(400), 'more than a day'],
  ])('gives up if it is told to wait %s seconds', async (after, wait) => {
    const w = wire({ status: 429, headers: { 'retry-after': after } });
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({
      name: 'VendorRateLimitError',
      message: `Vendor limits the rate; it asks for ${wait}, longer than a run waits`,
    });
  });

  it('gives up if it is limited for ever', async () => {
    const w = wire({ status: 429 });
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({ name: 'VendorRateLimitError' });
  });

  it('takes silence for a fault after the time-out', async () => {
    const w = wire('silence', { json: {} });
    const life = session(w);
    await requestPath(w, { timeoutSeconds: 30 }, life).send('GET', '/x');
    expect(w.sent).toHaveLength(2);
    expect(life.clock.elapsed()).toBe(31_000);
  });

  it('does not start a request when its time is up', async () => {
    const w = wire({ json: {} });
    await expect(requestPath(w, {}, session(w, 0)).send('GET', '/x')).rejects.toBeInstanceOf(Paused);
    expect(w.sent).toHaveLength(0);
  });

  it.each([400, 404, 405, 410, 422])('takes %i for a disagreement about the API', async (status) => {
    const w = wire({ status, json: { error: 'no such thing' } });
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('no such thing'),
    });
  });

  it('takes 403 for a missing right, at once', async () => {
    const w = wire({ status: 403, json: { message: 'scope' } });
    // Another token would have no other rights.
    const auth = token(async () => ({ value: 'token', seconds: 3600 }));
    await expect(requestPath(w, { auth }).send('GET', '/x')).rejects.toMatchObject({ name: 'VendorAuthError' });
    expect(w.sent).toHaveLength(1);
  });
});

describe('a POST', () => {
  it('that creates is not repeated when it is not known whether it arrived', async () => {
    for (const answer of [{ status: 500 }, { fault: 'ECONNRESET' }] as const) {
      const w = wire(answer);
      await expect(requestPath(w).send('POST', '/tickets', { json: {} })).rejects.toMatchObject({
        name: 'VendorUnavailableError',
        message: expect.stringContaining('it may or may not have taken effect'),
      });
      expect(w.sent).toHaveLength(1);
    }
  });

  it('that creates waits if it was refused for its rate alone', async () => {
    const w = wire({ status: 429, headers: { 'retry-after': '1' } }, { json: {} });
    await requestPath(w).send('POST', '/tickets', { json: {} });
    expect(w.sent).toHaveLength(2);
  });

  it('that reads is repeated like a GET', async () => {
    const w = wire({ status: 500 }, { json: {} });
    await requestPath(w).send('POST', '/search', { json: {}, reads: true });
    expect(w.sent).toHaveLength(2);
  });
});

describe('credentials', () => {
  it('go to no other host, neither by a link nor by a redirect', async () => {
    const w = wire({ status: 302, headers: { location: 'https://evil.example/x' } });
    const path = requestPath(w, { auth: headers({ authorization: 'Bearer secret-token' }) });
    await expect(path.send('GET', 'https://evil.example/x')).rejects.toMatchObject({ name: 'VendorContractError' });
    expect(w.sent).toHaveLength(0);
    await expect(path.send('GET', '/x')).rejects.toMatchObject({ name: 'VendorContractError' });
    expect(w.sent).toHaveLength(1);
  });

  it.each([
    'http://api.vendor.example/x',
    'https://api.vendor.example:8443/x',
    'https://user@api.vendor.example/x',
    'https://api.vendor.example.evil.example/x',
    'https://evil.example/api.vendor.example',
  ])('do not go to %s', async (address) => {
    const w = wire({ json: {} });
    await expect(requestPath(w).send('GET', address)).rejects.toMatchObject({ name: 'VendorContractError' });
    expect(w.sent).toHaveLength(0);
  });

  it('follow a move for good to another host of the vendor, once', async () => {
    const w = wire(
      { status: 308, headers: { location: 'https://eu.vendor.example/v1/x' } },
      { json: {} },
      { json: {} },
    );
    const path = requestPath(w, { hosts: ['*.vendor.example'] });
    await path.send('GET', '/x');
    await path.send('GET', '/y');
    expect(w.sent.map(({ url }) => url.host)).toEqual(['api.vendor.example', 'eu.vendor.example', 'eu.vendor.example']);
  });

  it('are not followed in a circle', async () => {
    const w = wire({ status: 302, headers: { location: 'https://api.vendor.example/v1/x' } });
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({
      message: expect.stringContaining('redirected too many times'),
    });
  });

  it('are fetched once for all requests under way, and again shortly before they end', async () => {
    const w = wire(
      { json: { access_token: 'first-token-0123456789', expires_in: 600 } },
      { json: {} },
      { json: {} },
      { json: { access_token: 'second-token-0123456789', expires_in: 600 } },
      { json: {} },
    );
    const life = session(w, 10_000);
    const path = requestPath(
      w,
      { auth: clientCredentials({ url: '/token', fields: { grant_type: 'client_credentials' } }) },
      life,
    );
    await Promise.all([path.send('GET', '/a'), path.send('GET', '/b')]);
    await life.clock.sleep(481_000);
    await path.send('GET', '/c');
    expect(w.sent.map(({ url, headers: h }) => `${url.pathname} ${h.authorization ?? '-'}`)).toEqual([
      '/v1/token -',
      '/v1/a Bearer first-token-0123456789',
      '/v1/b Bearer first-token-0123456789',
      '/v1/token -',
      '/v1/c Bearer second-token-0123456789',
    ]);
  });

  it('are renewed once after a 401, and then refused', async () => {
    const fetched = { times: 0 };
    const auth = token(async () => {
      fetched.times += 1;
      return { value: `token-${fetched.times}`, seconds: 3600 };
    });
    const w = wire({ status: 401 }, { json: {} }, { status: 401 });
    const path = requestPath(w, { auth });
    await path.send('GET', '/x');
    expect(w.sent[1]?.headers.authorization).toBe('Bearer token-2');
    await expect(path.send('GET', '/x')).rejects.toMatchObject({ name: 'VendorAuthError' });
    expect(w.sent).toHaveLength(4);
  });

  it('that were refused to one request do not take the ground from another that waits for its turn', async () => {
    let fetched = 0;
    const auth = token(async () => {
      fetched += 1;
      return { value: `token-${fetched}`, seconds: 3600 };
    });
    const w = wire({ status: 401 }, { json: {} });
    const path = requestPath(w, { auth, limit: { concurrency: 1 } });
    const answers = await Promise.all(['/a', '/b', '/c'].map((at) => path.send('GET', at)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(fetched).toBe(2);
  });

  it('are signed again for every attempt, with the time of the attempt', async () => {
    const w = wire({ status: 503, headers: { 'retry-after': '90' } }, { json: {} });
    await requestPath(w, { auth: signed(({ now }) => ({ date: String(now) })) }).send('GET', '/x');
    const [first, second] = w.sent.map(({ headers: h }) => Number(h.date));
    expect((second ?? 0) - (first ?? 0)).toBe(90_000);
  });

  it('stay out of messages, in any disguise', async () => {
    const w = wire({
      status: 400,
      text: `you sent p@ssword/1 and ${encodeURIComponent('p@ssword/1')} and ${btoa('p@ssword/1')}`,
    });
    const life = session(w);
    life.redactor.hide({ password: 'p@ssword/1' });
    const error: unknown = await requestPath(w, {}, life)
      .send('GET', '/x')
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('you sent [secret] and [secret] and [secret]');
  });
});
