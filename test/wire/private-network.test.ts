import dns, { type LookupOptions } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, type LookupFunction } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPrivateAddress,
  isPrivateHost,
  PrivateAddress,
  publicLookup,
  publicOnly,
} from '../../lambdas/wire/private-network.ts';
import { directTransport } from '../../lambdas/wire/transport.ts';
import { sandboxTransport } from '../../scripts/local/sandbox-transport.ts';

const RUNS = { numRuns: 200 };
const octet = fc.integer({ min: 0, max: 255 });

describe('addresses', () => {
  it.each([
    ...['0.0.0.0', '10.0.0.1', '100.64.3.4', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fe80::1%eth0'],
    ...['fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a9fe:a9fe'],
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each([
    '8.8.8.8',
    '100.63.255.255',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    'example.com',
  ])('%s is not', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  it('an IPv6 address that carries an IPv4 one is as private as that one', () => {
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        const address = `${a}.${b}.${c}.${d}`;
        for (const carrier of ['::ffff:', '64:ff9b::'])
          expect(isPrivateAddress(`${carrier}${address}`)).toBe(isPrivateAddress(address));
      }),
      RUNS,
    );
  });
});

describe('hosts', () => {
  it.each([
    ...[
      'localhost',
      'localhost.',
      'automate',
      'automate.local',
      'rmm.corp',
      'nas.home.arpa',
      'home.arpa',
      'nas.local.',
      'ip-10-0-0-1.ec2.internal',
    ],
    ...['127.1', '0x7f.1', '2130706433', '017700000001', '[::1]', '[::ffff:127.0.0.1]', 'LOCALHOST'],
  ])('https://%s leads into a private network', (host) => {
    expect(isPrivateHost(new URL(`https://${host}`).hostname)).toBe(true);
  });

  it.each(['northwind.hostedrmm.com', 'local.example.com', '8.8.8.8', '[2606:4700::1111]', 'localhost.example'])(
    'https://%s does not, as far as its name tells',
    (host) => {
      expect(isPrivateHost(new URL(`https://${host}`).hostname)).toBe(false);
    },
  );
});

describe('connections', () => {
  /** A listener on this machine, and how often somebody connected. */
  async function listening(act: (port: number, connections: () => number) => Promise<void>): Promise<void> {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    try {
      await act(address.port, () => connections);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }

  const get = (url: string, publicOnly?: true) => ({
    method: 'GET' as const,
    url: new URL(url),
    headers: { authorization: 'Bearer secret' },
    ...(publicOnly === undefined ? {} : { publicOnly }),
  });
  const never = new AbortController().signal;

  it.each([true, false])(
    'a name that resolves to a private address is refused (all addresses asked for: %s)',
    async (all) => {
      const error = await new Promise<Error | null>((resolve) => {
        publicLookup('localhost', { all }, (fault) => resolve(fault));
      });
      expect(error).toBeInstanceOf(PrivateAddress);
    },
  );

  it.each(['8.8.8.8', '2606:4700::1111'])('%s, which is public, is passed on as it was resolved', async (host) => {
    const family = host.includes(':') ? 6 : 4;
    const resolved = (all: boolean) =>
      new Promise((resolve) => {
        publicLookup(host, { all }, (...answer) => resolve(answer));
      });
    expect(await resolved(false)).toEqual([null, host, family]);
    expect(await resolved(true)).toEqual([null, [{ address: host, family }], undefined]);
  });

  it('a name with one private address among public ones is refused; one that cannot be resolved is reported as such', async () => {
    const answer = (of: LookupFunction) =>
      new Promise<unknown[]>((resolve) => {
        of('rmm.example', { all: true }, (...given) => resolve(given));
      });
    const addresses = ['8.8.8.8', '10.0.0.1'].map((address) => ({ address, family: 4 }));
    const mixed = await answer(publicOnly((_, __, callback) => callback(null, addresses)));
    expect(mixed).toEqual([expect.any(PrivateAddress), '', 0]);
    const fault = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    const unknown = await answer(publicOnly((_, __, callback) => callback(fault, '', 0)));
    expect(unknown).toEqual([fault, '', 0]);
  });

  it.each(['10.0.0.1', '::1'])('%s, which is private, is refused with its name', async (host) => {
    const [error, address] = await new Promise<unknown[]>((resolve) => {
      publicLookup(host, {}, (...answer) => resolve(answer));
    });
    expect(error).toMatchObject({ message: `${host} leads to a private address` });
    expect(address).toBe('');
  });

  it('nothing connects to this machine if only public hosts are allowed', () =>
    listening(async (port, connections) => {
      for (const host of ['localhost', '127.0.0.1', '[::1]']) {
        const request = get(`https://${host}:${port}/`, true);
        await expect(directTransport(request, never)).rejects.toBeInstanceOf(PrivateAddress);
      }
      expect(connections()).toBe(0);
      await expect(directTransport(get(`https://127.0.0.1:${port}/`), never)).rejects.not.toBeInstanceOf(
        PrivateAddress,
      );
      expect(connections()).toBe(1);
    }));

  it('nothing connects to this machine by a name that looks public, whatever it resolves to by then', () =>
    listening(async (port, connections) => {
      const { lookup } = dns;
      const here = ((_: string, { all }: LookupOptions, callback: Parameters<LookupFunction>[2]) =>
        all === true
          ? callback(null, [{ address: '127.0.0.1', family: 4 }])
          : callback(null, '127.0.0.1', 4)) as typeof lookup; // its overloads cannot be told otherwise
      dns.lookup = here;
      syncBuiltinESMExports();
      try {
        const request = (publicOnly?: true) => get(`https://rmm.public.example:${port}/`, publicOnly);
        await expect(directTransport(request(true), never)).rejects.toBeInstanceOf(PrivateAddress);
        expect(connections()).toBe(0);
        await expect(directTransport(request(), never)).rejects.not.toBeInstanceOf(PrivateAddress);
        expect(connections()).toBe(1);
      } finally {
        dns.lookup = lookup;
        syncBuiltinESMExports();
      }
    }));

  it('the local sandbox stands in for a vendor whose host a person wrote', () =>
    listening(async (port, connections) => {
      const sandbox = sandboxTransport(new URL(`http://127.0.0.1:${port}`));
      await expect(sandbox(get('https://northwind.hostedrmm.com/', true), never)).rejects.not.toBeInstanceOf(
        PrivateAddress,
      );
      expect(connections()).toBe(1);
    }));
});
