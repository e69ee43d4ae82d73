import { describe, expect, it } from 'vitest';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import { billedSubject } from '../../lambdas/doctor/billed-subject.ts';
import { clockFinding } from '../../lambdas/doctor/clock-finding.ts';
import { countingSubject } from '../../lambdas/doctor/counting-subject.ts';
import { ticketSubject } from '../../lambdas/doctor/ticket-subject.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { NOBODY_LISTED } from '../../lambdas/wire/rights.ts';
import { breakVendor } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import connectwise from '../sandbox/psa-apis/connectwise-psa.ts';
import datto from '../sandbox/psa-apis/datto-psa.ts';
import freshdesk from '../sandbox/psa-apis/freshdesk.ts';
import ninjaone from '../sandbox/psa-apis/ninjaone.ts';
import servicenow from '../sandbox/psa-apis/servicenow.ts';
import { withoutRight } from '../sandbox/rights.ts';
import type { Credentials, SandboxResponse, Server } from '../sandbox/vendor.ts';
import auvik from '../sandbox/vendor-apis/auvik.ts';
import duo from '../sandbox/vendor-apis/duo.ts';
import huntress from '../sandbox/vendor-apis/huntress.ts';
import { START } from '../steps/stage.ts';
import { virtualClock } from '../virtual-clock.ts';
import { type LookOptions, lookAt, plainCheck, ticketCheck } from './look.ts';

const { collectors, psas, sources } = await loadRegistry();
const msp = demoMsp();
const DAY = 86_400_000;

const byId = <D extends { id: string }>(declared: readonly D[], id: string): D => {
  const declaration = declared.find((each) => each.id === id);
  if (declaration === undefined) throw new Error(`no ${id}`);
  return declaration;
};

/** What is said of a vendor's credentials, verdict and sentence. */
async function lookAtVendor(server: Server & Credentials, options: LookOptions = {}) {
  const collector = byId(collectors, server.id);
  const look = await lookAt(server, (platform) => countingSubject(collector, plainCheck(server), platform), options);
  return { ...look, lines: look.findings.map(({ verdict, sentence }) => `${verdict} ${sentence}`) };
}

const working = huntress(msp);
const answering = (answer: SandboxResponse) => breakVendor(working, answer);

describe('the secret', () => {
  it('is missing: its fields are listed, and nothing is sent', async () => {
    const { lines, requests } = await lookAtVendor(working, { secret: undefined });
    expect(lines).toEqual([
      expect.stringMatching(/^FAIL secrets\/huntress\.json is missing .*Huntress needs in it: apiKey, apiSecret/u),
    ]);
    expect(requests).toEqual([]);
  });

  it('is malformed: each field is reported', async () => {
    const { lines, requests } = await lookAtVendor(working, { secret: { apiKey: '<your key>', apiSecret: ' x ' } });
    expect(lines).toEqual([
      expect.stringContaining('FAIL secrets/huntress.json: apiKey: '),
      expect.stringContaining('FAIL secrets/huntress.json: apiSecret: '),
    ]);
    expect(requests).toEqual([]);
  });

  it('has a field of another form or name', async () => {
    const { lines } = await lookAtVendor(working, { secret: { apiKey: 'k', apiSecrets: 's' } });
    expect(lines).toContainEqual(expect.stringContaining('apiSecrets'));
    expect(lines.every((line) => line.startsWith('FAIL '))).toBe(true);
  });

  it('expires soon, or has expired', async () => {
    const jwt = (days: number) => {
      const claims = { iat: START / 1000 - 1e6, exp: (START + days * DAY) / 1000 };
      return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    };
    const look = async (days: number) => {
      const apiSecret = jwt(days);
      const server = { ...working, secret: { ...working.secret, apiSecret }, handle: () => NONE };
      return (await lookAtVendor(server)).lines;
    };
    expect(await look(-2)).toEqual([expect.stringMatching(/^FAIL the credential apiSecret expired on 2026-11-20/u)]);
    expect((await look(12))[0]).toMatch(/^warn the credential apiSecret expires on 2026-12-04, in 12 days/u);
    expect(await look(200)).toEqual([expect.stringMatching(/^ok .*apiSecret expires on 2027-06-10/u)]);
  });
});

const NONE: SandboxResponse = { status: 200, body: { organizations: [], pagination: {} } };

describe('the vendor', () => {
  it('accepts the credentials: rights, host and nothing to do', async () => {
    const { lines } = await lookAtVendor(working);
    expect(lines).toEqual(['ok credentials accepted, 1 right, api.huntress.io']);
  });

  it('refuses them: where to get new ones, once, without the secret', async () => {
    const { apiSecret } = working.secret;
    const echo = { status: 401, body: { message: `no such key: ${apiSecret}` } };
    const { lines } = await lookAtVendor(answering(echo));
    expect(lines).toEqual([
      expect.stringMatching(/^FAIL the credentials are refused; get new ones .* secrets\/huntress\.json: .*API/u),
    ]);
    expect(lines.join()).not.toContain(apiSecret);
  });

  it.each<[string, SandboxResponse]>([
    ['no such host', { status: 0, fault: 'dns' }],
    ['no connection', { status: 0, fault: 'refuse' }],
    ['a fault that lasts', { status: 503 }],
  ])('cannot be reached: %s', async (_, answer) => {
    const { lines } = await lookAtVendor(answering(answer));
    expect(lines).toEqual([expect.stringMatching(/^FAIL cannot be reached \(/u)]);
  });

  it('asks to wait for longer than anybody would', async () => {
    const { lines } = await lookAtVendor(answering({ status: 429, headers: { 'retry-after': '1800' } }));
    expect(lines).toEqual([expect.stringMatching(/^FAIL did not finish answering within two minutes: .*rate/u)]);
  });

  it('refuses what a wrong clock has signed, and the clock is blamed too', async () => {
    const clock = virtualClock(START);
    const ahead = () => clock.now() + 600_000;
    const signed = duo(msp, ahead);
    const dated = {
      ...signed,
      handle: async (request: Parameters<typeof signed.handle>[0]) => {
        const answer = await signed.handle(request);
        return { ...answer, headers: { ...answer.headers, date: new Date(ahead()).toUTCString() } };
      },
    };
    const { lines, skews } = await lookAtVendor(dated, { clock });
    expect(lines).toEqual([expect.stringMatching(/^FAIL the credentials are refused/u)]);
    expect(clockFinding(skews)).toMatchObject([{ sentence: expect.stringContaining('10 minutes behind api-') }]);
  });

  it('is asked for only a few answers if its rights are a sentence', async () => {
    const collector = byId(collectors, working.id);
    const open: Collector['open'] = (...parameters) => ({ ...collector.open(...parameters), rights: [] });
    const subject = (platform: Platform) => countingSubject({ ...collector, open }, plainCheck(working), platform);
    const { findings, requests } = await lookAt(working, subject);
    expect(findings).toMatchObject([{ verdict: 'ok', sentence: expect.stringContaining('a first answer was read') }]);
    expect(requests.length).toBeLessThanOrEqual(5);
  });
});

describe('a right that cannot be seen', () => {
  it('because it depends on another one, is not reported as missing', async () => {
    const { lines } = await lookAtVendor(withoutRight(auvik(msp), 'view of tenants'));
    expect(lines).toEqual([
      expect.stringMatching(/^FAIL right "view of tenants" is missing; grant it at: /u),
      expect.stringMatching(
        /^note right "view of billing" not checked: it can be checked once "view of tenants" is granted/u,
      ),
    ]);
  });

  it('because no customer is listed to ask about, is not reported as granted', async () => {
    const right = { right: 'reading devices', where: 'the portal', check: async () => NOBODY_LISTED };
    const collector = byId(collectors, working.id);
    const open: Collector['open'] = (...parameters) => {
      const opened = collector.open(...parameters);
      return { ...opened, rights: [...opened.rights, right] };
    };
    const subject = (platform: Platform) => countingSubject({ ...collector, open }, plainCheck(working), platform);
    expect((await lookAt(working, subject)).findings.map(({ verdict, sentence }) => `${verdict} ${sentence}`)).toEqual([
      'note right "reading devices" not checked: no customer is listed yet to ask about (the portal)',
      'ok credentials accepted, 1 right, api.huntress.io',
    ]);
  });
});

describe('the PSA', () => {
  const server = connectwise(msp);
  const look = async (ticket: { board?: string } = {}) => {
    const psa = byId(psas, server.id);
    const check = ticketCheck(server, ticket);
    const { findings } = await lookAt(server, (platform) => ticketSubject(psa, check, platform));
    return findings.map(({ verdict, sentence }) => `${verdict} ${sentence}`);
  };

  it('has the board, status and contact of the ticket', async () => {
    const lines = await look();
    expect(lines).toContainEqual(
      expect.stringMatching(/^note right "Service Desk > Service Tickets \(add\)" not checked/u),
    );
    expect(lines.at(-1)).toBe('ok credentials accepted, 4 rights, api-na.myconnectwise.net');
    expect(server.tickets()).toEqual([]);
  });

  it('has another board, which is named with those there are', async () => {
    const lines = await look({ board: 'Biling' });
    expect(lines).toContainEqual(expect.stringMatching(/^FAIL report\.json: delivery\.psa\.ticket\.board: .*Biling/u));
  });
});

describe('what is billed', () => {
  const look = async (server: Server & Credentials, options: Record<string, unknown> = {}) => {
    const source = byId(sources, server.id);
    const check = { ...plainCheck(server), options, create: 'a key' };
    const { findings, requests } = await lookAt(server, (platform) => billedSubject(source, check, platform));
    return { lines: findings.map(({ verdict, sentence }) => `${verdict} ${sentence}`), requests };
  };

  it('can be hidden without an error, so the right is not reported as granted', async () => {
    const { lines } = await look(datto(msp));
    expect(lines).toEqual([
      expect.stringMatching(/^note right "the contract visibility All" not checked: with less, contracts are missing/u),
      expect.stringMatching(/^note right "no line of business that hides contracts" not checked: /u),
      expect.stringMatching(/^ok credentials accepted, 3 rights, /u),
    ]);
  });

  it.each([
    { server: ninjaone(msp), list: '/v2/billing/agreements', empty: [], right: 'Billing: Read' },
    {
      server: servicenow(msp),
      list: '/api/now/table/sn_install_base_sold_product',
      empty: { result: [] },
      right: 'read on the table of what is sold, by default sn_install_base_sold_product',
    },
  ])('is hidden as a whole by $server.id, which refuses nothing, and its right is named', async (hidden) => {
    const { server, list, empty, right } = hidden;
    const handle: Server['handle'] = (request) =>
      request.path === list ? { status: 200, body: empty } : server.handle(request);
    const { lines } = await look({ ...server, handle });
    expect(lines[0]).toMatch(new RegExp(`^FAIL right "${right}" is not set up as it should be; check: `, 'u'));
    expect(lines.join()).not.toMatch(/\bok /u);
  });

  it('needs no custom objects if fields of companies are read', async () => {
    const { lines, requests } = await look(freshdesk(msp), { companyFields: { cf_billed_edr: 'EDR Agent' } });
    expect(lines).toEqual(['ok credentials accepted, 1 right, northwind.freshdesk.com']);
    expect(requests.map(({ path }) => path)).toEqual(['/api/v2/companies']);
  });

  it('is searched under its name in billing.json', async () => {
    const { lines } = await look(freshdesk(msp), { object: 'Contract line' });
    expect(lines).toEqual([
      'FAIL billing.json: source.object: no custom object "Contract line"; the key sees "Billed line"',
    ]);
  });
});

it('a vendor whose rights are a sentence is read up to its first answer', async () => {
  const collector = byId(collectors, working.id);
  const open: Collector['open'] = (...parameters) => ({ ...collector.open(...parameters), rights: [] });
  const changed = { ...collector, open };
  const subject = (platform: Platform) => countingSubject(changed, plainCheck(working), platform);
  const { findings, requests } = await lookAt(working, subject);
  expect(findings).toMatchObject([{ verdict: 'ok', sentence: expect.stringContaining('a first answer was read') }]);
  expect(requests.length).toBeLessThanOrEqual(3);
});
