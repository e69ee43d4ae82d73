import { describe, expect, it } from 'vitest';
import { requestPath, type Scripted, wire } from './wire.ts';

const moved = (status: number, location?: string): Scripted => ({
  status,
  ...(location === undefined ? {} : { headers: { location } }),
});
const hostsOf = (w: ReturnType<typeof wire>) => w.sent.map(({ url }) => url.hostname);
const hosts = ['*.vendor.example'];

describe('a redirect', () => {
  it.each([300, 301, 302, 303, 307, 308, 399])('%i is followed, the path being relative or whole', async (status) => {
    const w = wire(moved(status, '/v2/x?y=1'), moved(status, 'https://eu.vendor.example/v3/x'), { json: { ok: 1 } });
    await requestPath(w, { hosts }).send('GET', '/x');
    expect(w.sent.map(({ url }) => url.href)).toEqual([
      'https://api.vendor.example/v1/x',
      'https://api.vendor.example/v2/x?y=1',
      'https://eu.vendor.example/v3/x',
    ]);
  });

  it.each([
    [302, 'api.vendor.example'],
    [307, 'api.vendor.example'],
    [301, 'eu.vendor.example'],
    [308, 'eu.vendor.example'],
  ])('%i: the request after it begins at %s', async (status, host) => {
    const w = wire(moved(status, 'https://eu.vendor.example/v1/x'), { json: {} });
    const path = requestPath(w, { hosts });
    await path.send('GET', '/x');
    await path.send('GET', '/y');
    expect(hostsOf(w)).toEqual(['api.vendor.example', 'eu.vendor.example', host]);
  });

  it('is followed three times, and no fourth time', async () => {
    const on = moved(302, '/v1/x');
    const thrice = wire(on, on, on, { json: {} });
    await requestPath(thrice).send('GET', '/x');
    expect(thrice.sent).toHaveLength(4);
    const four = wire(on, on, on, on, { json: {} });
    await expect(requestPath(four).send('GET', '/x')).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('redirected too many times'),
    });
    expect(four.sent).toHaveLength(4);
  });

  it('for good to a foreign host is refused, and does not lead later requests there', async () => {
    const w = wire(moved(301, 'https://evil.example/'), { json: {} });
    const path = requestPath(w);
    await expect(path.send('GET', '/x')).rejects.toThrow('refused to send credentials to https://evil.example');
    await path.send('GET', '/y');
    expect(hostsOf(w)).toEqual(['api.vendor.example', 'api.vendor.example']);
  });

  it.each([
    ['without an address', moved(302)],
    ['that is no redirect but names an address', moved(400, '/v1/y')],
    ['that is no redirect and below 300', moved(199, '/v1/y')],
  ])('%s is an answer that nobody expects', async (_, answer) => {
    const w = wire(answer, { json: {} });
    await expect(requestPath(w).send('GET', '/x')).rejects.toMatchObject({ name: 'VendorContractError' });
    expect(w.sent).toHaveLength(1);
  });

  it('beside a success is none: what was created has an address', async () => {
    const w = wire(moved(201, '/v1/tickets/7'), { json: {} });
    expect((await requestPath(w).send('GET', '/x')).status).toBe(201);
    expect(w.sent).toHaveLength(1);
  });

  it('of a request that creates is not followed: it would create twice, or nothing', async () => {
    const w = wire(moved(307, '/v1/y'), { json: {} });
    await expect(requestPath(w).send('POST', '/x', { json: {} })).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('HTTP 307'),
    });
    expect(w.sent).toHaveLength(1);
  });
});
