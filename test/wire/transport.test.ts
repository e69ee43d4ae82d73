import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AnswerTooLarge } from '../../lambdas/wire/answer-too-large.ts';
import { directTransport, send, type Transport } from '../../lambdas/wire/transport.ts';
import { virtualClock } from '../virtual-clock.ts';
import { requestPath, session } from './wire.ts';

const never = new AbortController().signal;

/** Serves on this machine while `use` runs. */
async function serving<T>(answer: RequestListener, use: (url: URL) => Promise<T>): Promise<T> {
  // A busy machine reads slowly: a connection that looks idle from here is not ended.
  const server = createServer({ keepAliveTimeout: 0 }, answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  try {
    return await use(new URL(`http://127.0.0.1:${port}/x?q=1`));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const get = (url: URL) => ({ method: 'GET' as const, url, headers: {} });

describe('the transport', () => {
  it('sends method, address, headers and body as they are', async () => {
    const echo: RequestListener = async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.end(JSON.stringify({ method: request.method, url: request.url, token: request.headers.token, body }));
    };
    const answer = await serving(echo, (url) =>
      directTransport({ method: 'POST', url, headers: { token: 't' }, body: 'ä' }, never),
    );
    expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
      method: 'POST',
      url: '/x?q=1',
      token: 't',
      body: 'ä',
    });
  });

  it('lets a caller that leads elsewhere add headers, which win', async () => {
    const echo: RequestListener = (request, response) => response.end(`${request.headers.a} ${request.headers.b}`);
    const answer = await serving(echo, (url) =>
      send(url, { ...get(url), headers: { a: '1', b: '2' } }, never, { b: '3' }),
    );
    expect(Buffer.from(answer.body).toString()).toBe('1 3');
  });

  it('asks for compressed answers and reads them', async () => {
    const zipped: RequestListener = (request, response) => {
      response.setHeader('content-encoding', request.headers['accept-encoding'] === 'gzip' ? 'gzip' : 'identity');
      response.end(gzipSync('{"rows":[]}'));
    };
    const answer = await serving(zipped, (url) => directTransport(get(url), never));
    expect(Buffer.from(answer.body).toString()).toBe('{"rows":[]}');
  });

  it('reads a compressed refusal too, whose text says what is missing', async () => {
    const zipped: RequestListener = (_, response) =>
      response.writeHead(403, { 'content-encoding': 'gzip' }).end(gzipSync('quota replenished in 00:12:30'));
    const answer = await serving(zipped, (url) => directTransport(get(url), never));
    expect(answer.status).toBe(403);
    expect(Buffer.from(answer.body).toString()).toBe('quota replenished in 00:12:30');
  });

  it('takes the status of a refusal that is called compressed and has no body', async () => {
    const bare =
      (status: number): RequestListener =>
      (_, response) =>
        response.writeHead(status, { 'content-encoding': 'gzip' }).end();
    const read = (status: number) => serving(bare(status), (url) => directTransport(get(url), never));
    for (const status of [400, 401]) expect(await read(status)).toMatchObject({ status, body: Buffer.alloc(0) });
    await expect(read(200)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
  });

  it('does not take half a compressed refusal, nor one that is none, for a whole one', async () => {
    const half = gzipSync(randomBytes(200_000)).subarray(0, 100_000);
    const read = (body: Uint8Array | string) =>
      serving(
        (_, response) => response.writeHead(403, { 'content-encoding': 'gzip' }).end(body),
        (url) => directTransport(get(url), never),
      );
    await expect(read(half)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
    await expect(read('no')).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  it('refuses a small answer that unpacks to more than a Lambda can hold', async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
    const sending: RequestListener = (_, response) => response.setHeader('content-encoding', 'gzip').end(bomb);
    await expect(serving(sending, (url) => directTransport(get(url), never))).rejects.toBeInstanceOf(AnswerTooLarge);
  });

  it('packs a large success where the caller can be given that, and no other answer', async () => {
    const large = randomBytes(9 * 1024 * 1024);
    const read = (status: number, asked: { mayPack?: true }) =>
      serving(
        (_, response) => response.writeHead(status).end(large),
        (url) => directTransport({ ...get(url), ...asked }, never),
      );
    const { body, packed } = await read(200, { mayPack: true });
    expect(body).toHaveLength(0);
    expect(large.equals(inflateRawSync(Buffer.concat(packed ?? [])))).toBe(true);
    for (const [status, asked] of [
      [200, {}],
      [300, { mayPack: true }],
      [403, { mayPack: true }],
    ] as const) {
      const whole = await read(status, asked);
      expect(whole).not.toHaveProperty('packed');
      expect(whole.body).toHaveLength(large.length);
    }
  });

  it('gives header names in lower case, repeated ones joined', async () => {
    const answer = await serving(
      (_, response) => response.setHeader('X-Total', '7').setHeader('Set-Cookie', ['a=1', 'b=2']).end(),
      (url) => directTransport(get(url), never),
    );
    expect(answer.headers).toMatchObject({ 'x-total': '7', 'set-cookie': 'a=1, b=2' });
  });

  it('follows no redirect and takes no status for an error', async () => {
    const answer = await serving(
      (_, response) => response.writeHead(302, { location: 'https://evil.example/' }).end(),
      (url) => directTransport(get(url), never),
    );
    expect(answer).toMatchObject({ status: 302, headers: { location: 'https://evil.example/' } });
  });

  it('puts an answer of many pieces together', async () => {
    const answer = await serving(
      (_, response) => {
        for (let piece = 0; piece < 50; piece += 1) response.write('x'.repeat(10_000));
        response.end('end');
      },
      (url) => directTransport(get(url), never),
    );
    expect(answer.body).toHaveLength(500_003);
    expect(Buffer.from(answer.body).toString().endsWith('xend')).toBe(true);
  });

  it.each([
    ['from its first byte', Buffer.from('[')],
    ['after megabytes that are packed', randomBytes(9 * 1024 * 1024)],
  ])('ends an answer that comes a byte at a time %s, once its time is over', async (_, beginning) => {
    const clock = virtualClock();
    const closed: Promise<unknown>[] = [];
    const written = new EventEmitter();
    const dripping: RequestListener = (_, response) => {
      response.write(beginning, () => written.emit('beginning'));
      const drip = setInterval(() => response.write(' '), 5);
      closed.push(once(response, 'close').then(() => clearInterval(drip)));
    };
    await serving(dripping, async (url) => {
      const transport: Transport = (asked, signal) => {
        void clock.hold(once(written, 'beginning'));
        return send(url, asked, signal, {});
      };
      const wire = { sent: [], transport };
      const path = requestPath(wire, {}, session(wire, 880, clock));
      await expect(path.send('GET', '/x', { mayPack: true })).rejects.toMatchObject({
        name: 'VendorUnavailableError',
        message: 'Vendor GET /v1/x: no complete answer within 60 s (5 attempts)',
      });
      expect(clock.elapsed()).toBe((5 * 60 + 1 + 2 + 4 + 8) * 1000);
      expect(closed).toHaveLength(5);
      await Promise.all(closed);
    });
  });

  it('rejects an answer that breaks off', async () => {
    const broken: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    };
    await expect(serving(broken, (url) => directTransport(get(url), never))).rejects.toThrow();
  });

  it('refuses an answer that no Lambda could hold, and says how much it holds', async () => {
    const MIB = 'x'.repeat(1024 * 1024);
    const answering =
      (mebibytes: number): RequestListener =>
      (_, response) => {
        for (let sent = 0; sent < mebibytes; sent += 1) response.write(MIB);
        response.end();
      };
    const read = (mebibytes: number) => serving(answering(mebibytes), (url) => directTransport(get(url), never));
    expect((await read(64)).body).toHaveLength(64 * 1024 * 1024);
    await expect(read(65)).rejects.toSatisfy(
      (error) => error instanceof AnswerTooLarge && error.message === 'the answer is larger than 64 MiB',
    );
  });

  it('has nothing against a public host if only those are allowed', async () => {
    const url = new URL('https://api.vendor.example/');
    const given = directTransport({ ...get(url), publicOnly: true }, AbortSignal.abort(new Error('given up')));
    await expect(given).rejects.toThrow('given up');
  });

  it('gives up when it is told to', async () => {
    const abort = new AbortController();
    const silent = serving(
      () => abort.abort(new Error('no patience left')),
      (url) => directTransport(get(url), abort.signal),
    );
    await expect(silent).rejects.toThrow('no patience left');
  });
});
