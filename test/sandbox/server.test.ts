import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningSandbox, startSandbox } from './server.ts';
import type { SandboxRequest, SandboxResponse, Server } from './vendor.ts';

const server = (host: string, handle: (request: SandboxRequest) => SandboxResponse): Server => ({
  id: host.split('.')[0] ?? host,
  answers: (asked) => asked === host,
  handle,
});

const echo = server('echo.example', ({ method, host, path, query, headers, body }) => ({
  status: 201,
  body: { method, host, path, query: [...query], type: headers['content-type'], body: Buffer.from(body).toString() },
}));
const answers: Record<string, SandboxResponse> = {
  '/long': { status: 200, body: 'x'.repeat(5_000) },
  '/bytes': { status: 200, headers: { 'Content-Type': 'text/csv' }, body: new Uint8Array([1, 2, 255]) },
  '/empty': { status: 204 },
  '/reset': { status: 200, fault: 'reset' },
  '/half': { status: 200, body: 'half of this is lost', fault: 'reset-in-body' },
  '/silence': { status: 200, fault: 'silence' },
};
const odd = server('odd.example', ({ path }) => {
  const answer = answers[path];
  if (answer === undefined) throw new Error('no such answer');
  return answer;
});

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox([echo, odd]);
});
afterAll(() => sandbox.stop());

type Sent = { method?: string; host: string; path: string; headers?: Record<string, string>; body?: string };

function send({ method = 'GET', host, path, headers = {}, body }: Sent) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const { hostname, port } = sandbox.url;
      const sent = request({ hostname, port, method, path, headers: { host, ...headers }, agent: false }, (answer) => {
        const chunks: Uint8Array[] = [];
        answer.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

test('it listens on the loopback address alone', () => {
  expect(sandbox.url.hostname).toBe('127.0.0.1');
});

test('the Host header decides who answers; method, path, query, body and headers arrive unchanged', async () => {
  const answer = await send({
    method: 'POST',
    host: 'Echo.Example:443',
    path: '/a%20b//c?$top=5&x=%2B+y',
    headers: { 'content-type': 'text/x' },
    body: 'märz',
  });
  expect(answer.status).toBe(201);
  expect(answer.headers['content-type']).toBe('application/json');
  expect(JSON.parse(answer.body.toString())).toEqual({
    method: 'POST',
    host: 'echo.example',
    path: '/a%20b//c',
    query: [
      ['$top', '5'],
      ['x', '+ y'],
    ],
    type: 'text/x',
    body: 'märz',
  });
});

test('an unknown host is refused, with the list of known ones', async () => {
  const { status, body } = await send({ host: 'api.nobody.example', path: '/' });
  expect(status).toBe(421);
  expect(body.toString()).toContain('no server for host "api.nobody.example"');
  expect(body.toString()).toContain('echo, odd');
});

test('long answers are compressed only for those who accept it', async () => {
  const plain = await send({ host: 'odd.example', path: '/long' });
  expect(plain.headers['content-encoding']).toBeUndefined();
  const packed = await send({ host: 'odd.example', path: '/long', headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.body)).toEqual(plain.body);
});

test('bytes and empty answers go out as they are', async () => {
  const bytes = await send({ host: 'odd.example', path: '/bytes' });
  expect([...bytes.body]).toEqual([1, 2, 255]);
  expect(bytes.headers['content-type']).toBe('text/csv');
  expect((await send({ host: 'odd.example', path: '/empty' })).status).toBe(204);
});

test('a fault of the server itself is a 500 that names it', async () => {
  const { status, body } = await send({ host: 'odd.example', path: '/nowhere' });
  expect(status).toBe(500);
  expect(body.toString()).toContain("the sandbox's own odd server failed");
});

test('faults misbehave on the socket', async () => {
  await expect(send({ host: 'odd.example', path: '/reset' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(send({ host: 'odd.example', path: '/half' })).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('silence lasts until the sandbox stops', async () => {
  const silent = await startSandbox([odd]);
  const { hostname, port } = silent.url;
  const unanswered = new Promise<string>((resolve) => {
    const sent = request({ hostname, port, path: '/silence', headers: { host: 'odd.example' }, agent: false }, () =>
      resolve('answered'),
    );
    sent.on('error', () => resolve('cut off'));
    sent.end();
    sent.on('finish', () => setTimeout(() => silent.stop(), 50));
  });
  expect(await unanswered).toBe('cut off');
});
