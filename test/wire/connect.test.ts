import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { directConnect, neverConnected } from '../../lambdas/wire/connect.ts';

/** A port of this machine, and a function after which nobody accepts connections there. */
async function listening() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, close: () => once(server.close(), 'close') };
}

describe('a connection', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  it('that is open stays so, and its faults are for whoever uses it', async () => {
    const { port, close } = await listening();
    const socket = await directConnect('127.0.0.1', port, 1_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(socket.listenerCount('error')).toBe(0);
    expect(socket.remotePort).toBe(port);
    socket.destroy();
    await close();
  });

  it('that nobody accepts is refused at once', async () => {
    const { port, close } = await listening();
    await close();
    await expect(directConnect('127.0.0.1', port, 1_000)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect.poll(() => vi.getTimerCount()).toBe(0);
  });

  it('that takes too long is given up', async () => {
    const { port, close } = await listening();
    const coming = directConnect('127.0.0.1', port, 1_500);
    vi.advanceTimersByTime(1_500);
    await expect(coming).rejects.toThrow('no connection within 2 s');
    await close();
  });
});

describe('a fault', () => {
  const fault = (code: string) => Object.assign(new Error('fault'), { code });

  it.each([
    ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
    ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s: nothing was sent', (code) => {
    expect(neverConnected(fault(code))).toBe(true);
  });

  it.each([
    ...[
      fault('ECONNRESET'),
      fault('EPIPE'),
      fault('UND_ERR_SOCKET'),
      fault('NOT_ECONNREFUSED'),
      fault('ECONNREFUSED_NOT'),
    ],
    ...[new Error('ECONNREFUSED'), { code: 'ECONNREFUSED' }, undefined],
  ])('after which something can have arrived: %o', (error) => {
    expect(neverConnected(error)).toBe(false);
  });
});
