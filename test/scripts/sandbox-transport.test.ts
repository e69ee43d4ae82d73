import { afterAll, beforeAll, expect, it } from 'vitest';
import { sandboxTransport } from '../../scripts/local/sandbox-transport.ts';
import { type RunningSandbox, startSandbox } from '../sandbox/server.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';

const seen: SandboxRequest[] = [];
let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await startSandbox([
    {
      id: 'acme',
      answers: (host) => host === 'api.acme.example',
      handle: (request) => {
        seen.push(request);
        return { status: 200, body: { ok: true } };
      },
    },
  ]);
});
afterAll(() => sandbox.stop());

const never = new AbortController().signal;

it('changes only the destination: method, path, query, body and headers arrive unchanged, under the vendor’s host', async () => {
  const url = new URL('https://api.acme.example//v2/a%2Fb/c%20d?x=1&x=2&y=%2B');
  const headers = { authorization: 'Basic Zm9v', 'content-type': 'application/json', 'x-own': 'own' };
  const answer = await sandboxTransport(sandbox.url)({ method: 'POST', url, headers, body: '{"a":1}' }, never);
  expect(answer.status).toBe(200);
  const [request] = seen;
  expect(request).toMatchObject({ method: 'POST', host: 'api.acme.example', path: '//v2/a%2Fb/c%20d', headers });
  expect(request?.query.toString()).toBe('x=1&x=2&y=%2B');
  expect(Buffer.from(request?.body ?? []).toString()).toBe('{"a":1}');
});

it('ignores a path in the sandbox address: only its origin counts', async () => {
  const there = sandboxTransport(new URL('/some/where?else', sandbox.url));
  await there({ method: 'GET', url: new URL('https://api.acme.example/v1'), headers: {} }, never);
  expect(seen.at(-1)?.path).toBe('/v1');
});

it('a host without a sandbox server is reported as unknown', async () => {
  const answer = await sandboxTransport(sandbox.url)(
    { method: 'GET', url: new URL('https://api.other.example/'), headers: {} },
    never,
  );
  expect(answer.status).toBe(421);
});
