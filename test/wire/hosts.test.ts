import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardHost, hostMatches } from '../../lambdas/wire/hosts.ts';
import { requestPath, wire } from './wire.ts';

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/u);

describe('a host pattern', () => {
  it.each([
    ['api.vendor.example', 'api.vendor.example', true],
    ['api.vendor.example', 'xapi.vendor.example', false],
    ['api.vendor.example', 'api.vendor.example.evil.example', false],
    ['*.vendor.example', 'eu.vendor.example', true],
    ['*.vendor.example', 'a.b.vendor.example', true],
    ['*.vendor.example', 'a.vendor.example', true],
    ['api.*.vendor.example', 'api.x.vendor.example', true],
    ['*.vendor.example', 'vendor.example', false],
    ['*.vendor.example', '.vendor.example', false],
    ['*.vendor.example', 'evilvendor.example', false],
    ['*.vendor.example', 'eu.vendor.example.evil.example', false],
    ['api.*.vendor.example', 'api.eu.vendor.example', true],
    ['api.*.vendor.example', 'api.vendor.example', false],
    ['api.*.vendor.example', 'api.evil.example.vendor.example', false],
    ['api.*.vendor.example', 'www.eu.vendor.example', false],
  ])('%s: %s %s', (pattern, host, matches) => {
    expect(hostMatches(host, [pattern])).toBe(matches);
  });

  it('with a star fits nothing but hosts below its domain', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), (labels) => {
        const host = labels.join('.');
        const below = host.endsWith('.vendor.example') && host !== '.vendor.example';
        expect(hostMatches(host, ['*.vendor.example'])).toBe(below);
        expect(hostMatches(`${host}.vendor.example`, ['*.vendor.example'])).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('that is none fits nothing', () => {
    expect(hostMatches('api.vendor.example', [])).toBe(false);
  });
});

describe('an address that credentials would travel to', () => {
  const refused = (address: string, patterns = ['*.vendor.example', 'own.example:8443']) => {
    try {
      guardHost(new URL(address), patterns);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('vendor.example') });
      return true;
    }
  };

  it.each([
    ['https://eu.vendor.example/v1?x=1', false],
    ['https://eu.vendor.example:443/v1', false],
    ['https://EU.Vendor.Example/v1', false],
    ['https://own.example:8443/v1', false],
    ['http://eu.vendor.example/v1', true],
    ['ftp://eu.vendor.example/v1', true],
    ['https://eu.vendor.example:8443/v1', true],
    ['https://own.example/v1', true],
    ['https://own.example:9443/v1', true],
    ['https://eu.vendor.example@evil.example/', true],
    ['https://evil.example@eu.vendor.example/', true],
    ['https://evil.example/eu.vendor.example', true],
    ['https://evil.example#.vendor.example', true],
    ['https://evil.example\\.vendor.example', true],
    ['https://127.0.0.1/', true],
  ])('%s is refused: %s', (address, isRefused) => {
    expect(refused(address)).toBe(isRefused);
  });

  it('is not told of with its path, which may hold a token', () => {
    expect(() => guardHost(new URL('https://evil.example/token-0123456789'), ['vendor.example'])).toThrow(
      /^refused to send credentials to https:\/\/evil\.example: /u,
    );
    expect(() => guardHost(new URL('https://evil.example/'), ['a.example', '*.b.example'])).toThrow(
      "the vendor's own hosts are a.example, *.b.example",
    );
  });
});

describe('a base that the vendor names', () => {
  it('opens no host that the declaration does not allow', async () => {
    const w = wire({ json: {} });
    const path = requestPath(w, { hosts: ['*.vendor.example'] });
    await path.with({ base: 'https://child.vendor.example' }).send('GET', '/x');
    expect(w.sent.map(({ url }) => url.hostname)).toEqual(['child.vendor.example']);
    expect(() => path.with({ base: 'https://evil.example' })).toThrow('refused to send credentials');
    expect(() => path.with({ base: 'http://child.vendor.example' })).toThrow('refused to send credentials');
  });

  it('leaves the way back to the first host open', async () => {
    const w = wire({ json: {} });
    const path = requestPath(w, { hosts: ['*.vendor.example'] }).with({ base: 'https://child.vendor.example' });
    await path.send('GET', 'https://api.vendor.example/v1/next');
    expect(w.sent).toHaveLength(1);
  });
});
