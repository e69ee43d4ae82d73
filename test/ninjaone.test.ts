import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  ninjaoneAuth,
  ninjaoneBase,
  ninjaoneConfiguration,
  ninjaoneFaults,
  ninjaoneSecret,
  ninjaoneUserAuth,
} from '../lambdas/ninjaone.ts';
import { requestPath, wire } from './wire/wire.ts';

const Secret = z.strictObject(ninjaoneSecret);
const Configuration = z.strictObject(ninjaoneConfiguration);

const secret = { clientId: 'id', clientSecret: 'a-client-secret' };

describe('the address of a NinjaOne instance', () => {
  it.each([
    ['us', 'https://app.ninjarmm.com'],
    ['us2', 'https://us2.ninjarmm.com'],
    ['eu', 'https://eu.ninjarmm.com'],
    ['ca', 'https://ca.ninjarmm.com'],
    ['oc', 'https://oc.ninjarmm.com'],
    ['fed', 'https://fed.ninjarmm.com'],
  ])('of region %s is %s', (region, base) => {
    expect(ninjaoneBase(Secret.parse({ ...secret, region }))).toBe(base);
  });

  it.each(['https://msp.ninjarmm.com', 'https://Msp-1.ninjaone.com/', 'https://a.rmmservice.com'])(
    'can be written out: %s',
    (baseUrl) => {
      expect(ninjaoneBase(Secret.parse({ ...secret, baseUrl }))).toBe(baseUrl.replace(/\/$/u, ''));
    },
  );

  it.each([
    'http://msp.ninjarmm.com',
    'https://ninjarmm.com',
    'https://evil.example/https://msp.ninjarmm.com',
    'xhttps://msp.ninjarmm.com',
    'https://msp.ninjarmm.com.evil.example',
    'https://msp.ninjarmm.com//',
    'https://evil.example/.ninjarmm.com',
    'https://msp.ninjarmm.org',
  ])('cannot be %s', (baseUrl) => {
    expect(Secret.safeParse({ ...secret, baseUrl }).error?.issues[0]?.message).toContain('ninjarmm.com');
  });

  it('must be given once: by region or by address', () => {
    const [region, baseUrl] = ['eu' as const, 'https://msp.ninjarmm.com'];
    expect(ninjaoneFaults({ ...secret, region })).toEqual([]);
    expect(ninjaoneFaults({ ...secret, baseUrl })).toEqual([]);
    for (const both of [secret, { ...secret, region, baseUrl }]) {
      expect(ninjaoneFaults(both)).toEqual(['region or baseUrl: expected one of the two']);
    }
  });

  it('cannot be in an unknown region', () => {
    expect(Secret.safeParse({ ...secret, region: 'mars' }).success).toBe(false);
    expect(Secret.safeParse({ ...secret, region: '' }).success).toBe(false);
  });
});

describe('a token of NinjaOne', () => {
  const formOf = async (auth: ReturnType<typeof ninjaoneAuth>) => {
    const w = wire({ json: { access_token: 'an-access-token', expires_in: 3600 } }, { json: {} });
    await requestPath(w, { base: 'https://eu.ninjarmm.com', auth }).send('GET', '/v2/x');
    expect(w.sent[0]?.url.pathname).toBe('/ws/oauth/token');
    return Object.fromEntries(new URLSearchParams(String(w.sent[0]?.body)));
  };

  it('is the application’s own, with the scope that the call needs', async () => {
    expect(await formOf(ninjaoneAuth(secret, 'monitoring'))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'id',
      client_secret: 'a-client-secret',
      scope: 'monitoring',
    });
  });

  it('can be a person’s', async () => {
    expect(await formOf(ninjaoneUserAuth(secret, 'a-refresh-token'))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'id',
      client_secret: 'a-client-secret',
      refresh_token: 'a-refresh-token',
    });
  });
});

describe('the settings of tickets', () => {
  it('accepts ids as numbers or in quotes, words as text or number, and nothing at all', () => {
    expect(Configuration.parse({})).toEqual({});
    const ticket = { boardId: '34', ticketFormId: 4, assignedAppUserId: null, status: 1000, priority: 'HIGH' };
    expect(Configuration.parse(ticket)).toEqual({ ...ticket, boardId: 34 });
  });

  it.each([{ boardId: '3x' }, { boardId: 'x3' }, { boardId: '' }, { boardId: 1.5 }, { ticketTyp: 'x' }])(
    'refuses %j',
    (ticket) => {
      expect(Configuration.safeParse(ticket).success).toBe(false);
    },
  );

  it('asks for a number if an id has letters', () => {
    expect(() => Configuration.parse({ boardId: '3x' })).toThrow('expected a number');
  });

  it.each(['NONE', 'MINOR', 'MODERATE', 'MAJOR', 'CRITICAL'])('accepts the severity %s, and no other', (severity) => {
    expect(Configuration.safeParse({ severity }).success).toBe(true);
    expect(Configuration.safeParse({ severity: severity.slice(1) }).success).toBe(false);
    expect(Configuration.safeParse({ severity: '' }).success).toBe(false);
  });
});
