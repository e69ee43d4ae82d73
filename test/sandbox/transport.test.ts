import { expect, test } from 'vitest';
import { inProcess } from './transport.ts';
import type { SandboxRequest, SandboxResponse, Server } from './vendor.ts';

const never = new AbortController().signal;
const wire = (url: string, headers: Record<string, string> = {}) => ({
  method: 'GET' as const,
  url: new URL(url),
  headers,
});
const serving = (handle: (request: SandboxRequest) => SandboxResponse): Server => ({
  id: 'acme',
  answers: (host) => host === 'api.acme.example',
  handle,
});

test('a request reaches the server of its host, header names in lower case', async () => {
  const send = inProcess([
    serving(({ host, path, query, headers }) => ({
      status: 200,
      body: { host, path, q: query.get('q'), a: headers.accept },
    })),
  ]);
  const answer = await send(wire('https://API.acme.example/x?q=1', { Accept: 'y' }), never);
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
    host: 'api.acme.example',
    path: '/x',
    q: '1',
    a: 'y',
  });
});

test('a host that nobody answers for cannot be found', async () => {
  await expect(inProcess([])(wire('https://api.acme.example/'), never)).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test.each([
  ['refuse', 'ECONNREFUSED'],
  ['reset', 'ECONNRESET'],
  ['reset-in-body', 'UND_ERR_SOCKET'],
] as const)('%s rejects as a socket would (%s)', async (fault, code) => {
  const send = inProcess([serving(() => ({ status: 200, fault }))]);
  await expect(send(wire('https://api.acme.example/'), never)).rejects.toMatchObject({ code });
});

test('silence lasts until the client gives up', async () => {
  const send = inProcess([serving(() => ({ status: 200, fault: 'silence' }))]);
  const abort = new AbortController();
  const answer = send(wire('https://api.acme.example/'), abort.signal);
  abort.abort(new Error('gave up'));
  await expect(answer).rejects.toThrow('gave up');
});

test('a test may answer instead of the server, and sees every answer', async () => {
  const seen: number[] = [];
  const send = inProcess([serving(() => ({ status: 200 }))], {
    before: ({ path }) => (path === '/odd' ? { status: 503 } : undefined),
    after: (_, { status }) => seen.push(status),
  });
  await send(wire('https://api.acme.example/odd'), never);
  await send(wire('https://api.acme.example/even'), never);
  expect(seen).toEqual([503, 200]);
});
