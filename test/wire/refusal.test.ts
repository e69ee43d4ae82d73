import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { AnswerTooLarge } from '../../lambdas/wire/answer-too-large.ts';
import { clientCredentials, headers, signed, token } from '../../lambdas/wire/auth.ts';
import { PrivateAddress } from '../../lambdas/wire/private-network.ts';
import { pathIsWrong, RefusedAnswer } from '../../lambdas/wire/refused-answer.ts';
import type { ApiDeclaration } from '../../lambdas/wire/request.ts';
import type { WireRequest, WireResponse } from '../../lambdas/wire/transport.ts';
import { requestPath, type Scripted, session, wire } from './wire.ts';

const messageOf = async (answer: Scripted, declaration: Partial<ApiDeclaration> = {}): Promise<string> => {
  const error: unknown = await requestPath(wire(answer), declaration)
    .send('GET', '/x')
    .catch((thrown: unknown) => thrown);
  return error instanceof Error ? error.message : '';
};

describe('an answer that is final', () => {
  it('says who refused what, and what to do', async () => {
    expect(await messageOf({ status: 401, text: 'expired' })).toBe(
      'Vendor GET /v1/x: the credentials were refused (HTTP 401): expired; renew or replace them',
    );
    expect(await messageOf({ status: 401, text: '' }, { renewal: 'ask the vendor for new ones' })).toBe(
      'Vendor GET /v1/x: the credentials were refused (HTTP 401); ask the vendor for new ones',
    );
    expect(await messageOf({ status: 403, text: 'scope' })).toBe(
      'Vendor GET /v1/x: these credentials are not allowed to read this (HTTP 403): scope',
    );
    expect(await messageOf({ status: 404, text: '' })).toBe('Vendor GET /v1/x: unexpected answer HTTP 404');
  });

  it('is quoted on one line, in 200 characters at most, and not at all if it is a page', async () => {
    const quoted = async (text: string) => (await messageOf({ status: 404, text })).split('HTTP 404')[1];
    expect(await quoted('  no\r\n\t such   thing ')).toBe(': no such thing');
    expect(await quoted('x'.repeat(500))).toBe(`: ${'x'.repeat(200)}`);
    expect(await quoted(' \n ')).toBe('');
    expect(await quoted('<html>404</html>')).not.toContain('html');
    expect(await quoted('limit < 5 <')).toBe(': limit < 5 <');
  });

  it('is known by its status to whoever has another way', async () => {
    const error: unknown = await requestPath(wire({ status: 404 }))
      .send('GET', '/x')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedAnswer);
    expect(error).toMatchObject({ status: 404, wide: false });
  });

  it('may be an answer to this call', async () => {
    const path = requestPath(wire({ status: 404, text: 'none' }));
    expect((await path.send('GET', '/x', { accept: [404] })).status).toBe(404);
    await expect(path.send('GET', '/x', { accept: [409] })).rejects.toBeInstanceOf(RefusedAnswer);
    const saying = (words: string) => ({ acceptWhere: ({ body }: WireResponse) => String(body) === words });
    expect((await path.send('GET', '/x', saying('none'))).status).toBe(404);
    await expect(path.send('GET', '/x', saying('some'))).rejects.toBeInstanceOf(RefusedAnswer);
  });
});

describe('a path that is a matter of configuration', () => {
  it('is the configuration’s fault if it is not found; the first error stays its cause', () => {
    const notFound = new RefusedAnswer('VendorContractError', 'Vendor GET /x: answered HTTP 404', 404);
    const error = pathIsWrong(notFound, 'paths.list');
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('if this path is wrong, set paths.list in the configuration'),
      cause: notFound,
    });
  });

  it('is not at fault for any other error', () => {
    for (const other of [new RefusedAnswer('VendorContractError', 'x', 410), new Error('x'), undefined]) {
      expect(pathIsWrong(other, 'paths.list')).toBe(other);
    }
  });
});

describe('a vendor that cannot be reached', () => {
  it('is unavailable after five attempts, and the error says why', async () => {
    expect(await messageOf({ status: 503 })).toBe('Vendor GET /v1/x: HTTP 503 (5 attempts)');
    expect(await messageOf({ fault: 'ECONNRESET' })).toBe('Vendor GET /v1/x: no answer (ECONNRESET) (5 attempts)');
    expect(await messageOf('silence', { timeoutSeconds: 7 })).toBe(
      'Vendor GET /v1/x: no complete answer within 7 s (5 attempts)',
    );
    const classify: ApiDeclaration['classify'] = () => ({ verdict: 'unavailable', reason: 'closed for tonight' });
    expect(await messageOf({ json: {} }, { classify })).toBe('Vendor GET /v1/x: closed for tonight (5 attempts)');
  });

  it('is limited after eight attempts', async () => {
    const w = wire({ status: 429 });
    const error = requestPath(w).send('GET', '/x');
    await expect(error).rejects.toThrow('Vendor GET /v1/x: still limited after 8 attempts');
    expect(w.sent).toHaveLength(8);
  });

  it('is waited for longer and longer, but never longer than 30 seconds at once if it says nothing', async () => {
    const w = wire({ status: 429 });
    const life = session(w, 10_000);
    await expect(requestPath(w, {}, life).send('GET', '/x')).rejects.toThrow('still limited');
    expect(life.clock.elapsed()).toBe((1 + 2 + 4 + 8 + 16 + 30 + 30) * 1000);
  });

  it('is waited for at least as long as its declaration says after a 429, and no shorter', async () => {
    const w = wire({ status: 429 }, { json: {} });
    const life = session(w);
    await requestPath(w, { limitedSeconds: 20 }, life).send('GET', '/x');
    expect(life.clock.elapsed()).toBe(20_000);
  });

  it('is waited for in words that name it', async () => {
    const messageOf = async (...script: Scripted[]) => {
      const w = wire(...script, { json: {} });
      const reasons: string[] = [];
      await requestPath(
        w,
        { limit: { concurrency: 1 } },
        { ...session(w), onWait: (_, why) => reasons.push(why) },
      ).send('GET', '/x');
      return reasons;
    };
    expect(await messageOf({ status: 429, headers: { 'retry-after': '5' } })).toEqual(['Vendor limits the rate']);
    expect(await messageOf({ status: 503, headers: { 'retry-after': '5' } })).toEqual(['Vendor: HTTP 503']);
  });

  it('says in a pause what it pauses for', async () => {
    const w = wire({ json: {} });
    await expect(requestPath(w, {}, session(w, 0)).send('GET', '/x')).rejects.toMatchObject({
      reason: 'this invocation has no time left',
    });
    const limit = { concurrency: 1, requests: 1, perSeconds: 60 };
    const path = requestPath(w, { limit }, session(w, 30));
    await path.send('GET', '/x');
    await expect(path.send('GET', '/x')).rejects.toMatchObject({
      reason: 'Vendor: staying within its rate limit',
      waitSeconds: 60,
    });
    expect(w.sent).toHaveLength(1);
  });

  const failing = (error: unknown) => {
    const sent: WireRequest[] = [];
    const transport = (request: WireRequest) => {
      sent.push(request);
      return Promise.reject(error);
    };
    return { sent, transport };
  };

  it('by our own limit is not asked again: the answer is too large', async () => {
    const w = failing(new AnswerTooLarge(64 * 1024 * 1024));
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({
      name: 'VendorContractError',
      message: 'Vendor GET /v1/x: the answer is larger than 64 MiB',
    });
    expect(w.sent).toHaveLength(1);
  });

  it('in a private network is not asked again: the configuration has to say that it is meant', async () => {
    const w = failing(new PrivateAddress('rmm.example'));
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({
      name: 'ConfigurationError',
      wide: true,
      message: expect.stringMatching(
        /^Vendor GET \/v1\/x: rmm\.example leads to a private address; .*allowPrivateNetwork/u,
      ),
    });
    expect(w.sent).toHaveLength(1);
  });

  it('by a fault without a code is told by its words', async () => {
    for (const fault of [new Error('terminated'), 'terminated']) {
      await expect(requestPath(failing(fault)).send('GET', '/x')).rejects.toThrow(
        'no answer (terminated) (5 attempts)',
      );
    }
  });

  it('keeps the last fault as the error’s cause', async () => {
    await expect(requestPath(wire({ status: 503 })).send('GET', '/x')).rejects.toMatchObject({ cause: 'HTTP 503' });
  });

  it('by a fault with a code is told by the code', async () => {
    const fault = Object.assign(new Error('getaddrinfo failed'), { code: 'ENOTFOUND' });
    await expect(requestPath(failing(fault)).send('GET', '/x')).rejects.toThrow('no answer (ENOTFOUND) (5 attempts)');
  });

  it('in time is told to stop: a request whose patience is over is aborted', async () => {
    const signals: AbortSignal[] = [];
    const transport = (_: WireRequest, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    };
    await expect(requestPath({ sent: [], transport }).send('GET', '/x')).rejects.toThrow('within 60 s');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true, true]);
  });

  it('in the little time that is left is waited for no longer than that', async () => {
    const w = wire('silence');
    const life = session(w, 9);
    await expect(requestPath(w, {}, life).send('GET', '/x')).rejects.toMatchObject({ reason: expect.any(String) });
    expect(life.clock.elapsed()).toBeLessThanOrEqual(9_000);
  });
});

describe('an answer in time', () => {
  it('leaves no timer behind that would keep the process, and nothing under way', async () => {
    let timers = 0;
    const signals: AbortSignal[] = [];
    const w = wire({ json: {} });
    const { clock, ...life } = session(w);
    const timer: typeof clock.timer = (milliseconds, act) => {
      timers += 1;
      const stop = clock.timer(milliseconds, act);
      return () => {
        timers -= 1;
        stop();
      };
    };
    const transport: typeof w.transport = (request, signal) => {
      signals.push(signal);
      return w.transport(request, signal);
    };
    await requestPath(w, {}, { ...life, clock: { ...clock, timer }, transport }).send('GET', '/x');
    expect(timers).toBe(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('what goes over the wire', () => {
  const sentBy = async (method: 'GET' | 'POST', call: object, declaration: Partial<ApiDeclaration> = {}) => {
    const w = wire({ json: {} });
    await requestPath(w, declaration).send(method, '/x', call);
    const [request] = w.sent;
    if (request === undefined) throw new Error('nothing was sent');
    return request;
  };

  it('has no body and no kind of one if nothing is sent', async () => {
    const request = await sentBy('GET', {});
    expect(request).not.toHaveProperty('body');
    expect(request).not.toHaveProperty('publicOnly');
    expect(Object.keys(request.headers)).toEqual(['accept', 'user-agent']);
  });

  it('has its body as JSON, as a form, or as bytes that bring their own kind along', async () => {
    const json = await sentBy('POST', { json: { a: 1 } });
    expect([json.body, json.headers['content-type']]).toEqual(['{"a":1}', 'application/json']);
    const form = await sentBy('POST', { form: { a: '1 &' } });
    expect([form.body, form.headers['content-type']]).toEqual(['a=1+%26', 'application/x-www-form-urlencoded']);
    const bytes = await sentBy('POST', { bytes: new Uint8Array([1]), headers: { 'content-type': 'image/png' } });
    expect([bytes.body, bytes.headers['content-type']]).toEqual([new Uint8Array([1]), 'image/png']);
  });

  it('is signed with its body, an empty one where there is none', async () => {
    const auth = signed(({ body }) => ({ signature: `over ${JSON.stringify(body)}` }));
    expect((await sentBy('POST', { form: { a: '1' } }, { auth })).headers.signature).toBe('over "a=1"');
    expect((await sentBy('GET', {}, { auth })).headers.signature).toBe('over ""');
  });

  it('is marked if its answer may be packed', async () => {
    expect((await sentBy('GET', { mayPack: true })).mayPack).toBe(true);
    expect(await sentBy('GET', {})).not.toHaveProperty('mayPack');
  });

  it('is marked if a person wrote the host', async () => {
    expect((await sentBy('GET', {}, { publicOnly: true })).publicOnly).toBe(true);
    expect(await sentBy('GET', {}, { publicOnly: false })).not.toHaveProperty('publicOnly');
  });

  it('has the headers of the declaration, then those of the call, then the credentials', async () => {
    const request = await sentBy(
      'GET',
      { headers: { a: 'call', b: 'call' } },
      { headers: { a: 'all', c: 'all' }, auth: headers({ b: 'key' }) },
    );
    expect(request.headers).toMatchObject({ accept: 'application/json', a: 'call', b: 'key', c: 'all' });
  });

  it.each([
    ['https://api.vendor.example/v1', '/x', 'https://api.vendor.example/v1/x'],
    ['https://api.vendor.example/v1/', 'x', 'https://api.vendor.example/v1/x'],
    ['https://api.vendor.example', 'a//b', 'https://api.vendor.example/a//b'],
    [
      'https://api.vendor.example/v1',
      '/redirect/https://evil.example',
      'https://api.vendor.example/v1/redirect/https://evil.example',
    ],
    ['https://api.vendor.example/v1', 'https://api.vendor.example/next?c=2', 'https://api.vendor.example/next?c=2'],
  ])('goes below the base %s with %s to %s', async (base, path, address) => {
    const w = wire({ json: {} });
    await requestPath(w, { base }).send('GET', path);
    expect(w.sent[0]?.url.href).toBe(address);
  });

  it('is read in the character set of the answer, that of a token too', async () => {
    const latin = (json: string) => ({
      status: 200,
      headers: { 'content-type': 'application/json; charset=latin1' },
      body: Buffer.from(json, 'latin1'),
    });
    const answers = [latin('{"access_token":"té-token-0123456789","expires_in":60}'), latin('{"name":"Café"}')];
    const transport = async () => answers.shift() ?? latin('{}');
    const path = requestPath({ sent: [], transport }, { auth: clientCredentials({ url: '/token', fields: {} }) });
    expect(await path.json('GET', '/x', { schema: z.object({ name: z.string() }) })).toEqual({ name: 'Café' });
  });

  it('stays inside one limit, whatever the credentials', async () => {
    const w = wire({ json: {} });
    const life = session(w);
    const path = requestPath(w, { limit: { concurrency: 1, requests: 1, perSeconds: 10 } }, life);
    await path.send('GET', '/x');
    await path.with({ auth: token(async () => ({ value: 'v', seconds: 60 })) }).send('GET', '/y');
    expect(life.clock.elapsed()).toBe(10_000);
  });
});
