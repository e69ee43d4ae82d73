import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { bench, collection } from '../collectors/run.ts';
import { answerOf, ask } from './answer.ts';
import { demoMsp } from './demo-msp.ts';
import type { SandboxRequest, SandboxVendor, VendorFactory } from './vendor.ts';

const FIRST = 'the first page is the default';

/**
 * A sandbox that forgives what the real vendor does not hides a collector that is broken. So every request of a
 * collection is spoilt in one place at a time, and sent to a vendor that has seen the same requests before: its data
 * must not come all the same, except where the real vendor is known to take no notice. These are all such places, and
 * why.
 */
const FORGIVEN: Record<string, Record<string, string>> = {
  'connectwise-asio': { 'token: member scope': 'without it a token has all scopes of the key' },
  'connectwise-automate': {
    'apitoken: header clientid': 'clients in use get a token without it; no answer comes without it',
    'Clients: query page': FIRST,
    'Computers: query page': FIRST,
  },
  cork: {
    'clients: query page': FIRST,
    'devices: query page': FIRST,
    'inboxes: query page': FIRST,
    'clients: query show_hidden': 'false is the default',
  },
  'datto-rmm': {
    'sites: query max': '250 is the default and the maximum',
    'devices: query max': '250 is the default and the maximum',
  },
  dropsuite: { 'users: query page': FIRST },
  huntress: { 'organizations: query sort_field': 'id is the default' },
  immybot: { 'tenants: query Page': FIRST, 'users: query Page': FIRST, 'paged: query skip': FIRST },
  'it-glue': {
    'organizations: header accept': 'who takes any form gets the one there is',
    'users: header accept': 'who takes any form gets the one there is',
    'organizations: query page[number]': FIRST,
    'users: query page[number]': FIRST,
    'organizations: query page[size]': 'the default of 50 holds all organizations of the demo',
  },
  'microsoft-365': { 'contracts: query $top': 'the default of 100 holds all contracts of the demo' },
  ninjaone: {
    'organizations: query pageSize': 'the default of 100 holds all organizations of the demo',
    'token: segment ws': 'the token is given at both addresses',
  },
  pax8: { 'companies: query page': FIRST, 'subscriptions: query page': FIRST },
  'proofpoint-essentials': { 'orgs: header x-terms-update': 'not known to be asked for' },
  sentinelone: { 'sites: query sortBy': 'id is the default' },
  sherweb: {
    'token: header ocp-apim-subscription-key': 'a token is given without the key of the gateway',
    'token: header accept-language': 'a token has no language',
    'customers: header accept-language': 'customers have one name',
    'details: segment details': 'the same list exists without details',
  },
  'td-synnex-streamone-ion': { 'subscriptions: query pagination.offset': FIRST },
};

type Spoilt = { what: string; request: SandboxRequest };

/**
 * The request, spoilt in one place at a time. `accept` is left alone where any API would answer JSON, and the name that
 * this client goes by always: no API asks for it.
 */
function* spoilt(request: SandboxRequest): Generator<Spoilt> {
  const { method, path, headers } = request;
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'user-agent' || (name === 'accept' && value === 'application/json')) continue;
    const { [name]: _, ...others } = headers;
    yield { what: `header ${name}`, request: { ...request, headers: others } };
    const altered = { ...others, [name]: [...value].reverse().join('') };
    yield { what: `header ${name}`, request: { ...request, headers: altered } };
  }
  for (const name of new Set(request.query.keys())) {
    for (const value of [undefined, 'zzz']) {
      const query = new URLSearchParams(request.query);
      if (value === undefined) query.delete(name);
      else query.set(name, value);
      yield { what: `query ${name}`, request: { ...request, query } };
    }
  }
  for (const other of ['GET', 'POST', 'PUT']) {
    if (other !== method) yield { what: 'method', request: { ...request, method: other } };
  }
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    for (const instead of [[], [`${segment}x`]]) {
      yield {
        what: `segment ${segment}`,
        request: { ...request, path: `/${segments.toSpliced(index, 1, ...instead).join('/')}` },
      };
    }
  }
  const text = Buffer.from(request.body).toString('utf8');
  const isJson = headers['content-type'] === 'application/json';
  const members: [string, unknown][] =
    text === '' ? [] : isJson ? Object.entries(JSON.parse(text)) : [...new URLSearchParams(text)];
  for (const [index, [name, value]] of members.entries()) {
    const altered: [string, unknown] = [name, `${value}x`];
    for (const all of [members.toSpliced(index, 1), members.toSpliced(index, 1, altered)]) {
      const form = new URLSearchParams(all.map(([key, member]): [string, string] => [key, String(member)]));
      const body = isJson ? JSON.stringify(Object.fromEntries(all)) : String(form);
      yield { what: `member ${name}`, request: { ...request, body: Buffer.from(body) } };
    }
  }
}

/** What two requests have in common that differ by ids alone. */
const kindOf = ({ method, host, path, query, headers }: SandboxRequest): string =>
  [
    method,
    host.replace(/[0-9a-f]{8}/gu, '#'),
    path.replace(/[0-9a-f-]{36}|\d{3,}/gu, '#'),
    ...query.keys(),
    ...Object.keys(headers),
  ].join(' ');

const { collectors } = await loadRegistry();

describe.each(collectors.map((collector) => [collector.id, collector] as const))('%s', (id, collector) => {
  it('gives its data only to the request that the collector makes', async () => {
    const { default: make }: { default: VendorFactory } = await import(`./vendor-apis/${id}.ts`);
    const of = await bench(collector, demoMsp(), make);
    const begun = of.clock.now();
    await collection(of);
    const send = async (vendor: SandboxVendor, request: SandboxRequest) =>
      vendor.answers(request.host, request.path) ? answerOf(await ask(vendor, request)) : undefined;

    const seen = new Set<string>();
    const forgiven = new Set<string>();
    for (const [index, request] of of.asked.entries()) {
      if (seen.has(kindOf(request))) continue;
      seen.add(kindOf(request));
      const vendor = async () => {
        const fresh = make(demoMsp(), () => begun);
        for (const before of of.asked.slice(0, index)) await send(fresh, before);
        return fresh;
      };
      const right = await send(await vendor(), request);
      expect(right?.status).toBeLessThan(400);
      const list = request.path.split('/').findLast((segment) => !/\d/u.test(segment));
      for (const { what, request: wrong } of spoilt(request)) {
        const answer = await send(await vendor(), wrong);
        if (answer === undefined || answer.status >= 300) continue;
        if (Buffer.compare(answer.body, right?.body ?? Buffer.of()) === 0) forgiven.add(`${list}: ${what}`);
      }
    }
    expect([...forgiven].sort()).toEqual(Object.keys(FORGIVEN[id] ?? {}).sort());
  });
});

/** A parameter of the real API by which a list is shorter or another: served, or refused, and never ignored. */
it.each([
  ['auvik', 'detail', 'filter[availableTenants]'],
  ['connectwise-automate', 'Computers', 'condition'],
  ['datto-rmm', 'devices', 'filterId'],
  ['huntress', 'organizations', 'key'],
  ['immybot', 'paged', 'deletedOnly'],
  ['immybot', 'users', 'Filters'],
  ['it-glue', 'organizations', 'filter[organization_status_id]'],
  ['microsoft-365', 'contracts', '$filter'],
  ['microsoft-365', 'subscribedSkus', '$filter'],
  ['ninjaone', 'devices', 'df'],
  ['pax8', 'companies', 'country'],
  ['sentinelone', 'sites', 'siteType'],
  ['td-synnex-streamone-ion', 'subscriptions', 'billingTerm'],
])('%s does not ignore on %s what it does not serve: %s', async (id, list, parameter) => {
  const collector = collectors.find((each) => each.id === id);
  if (collector === undefined) throw new Error(`no collector ${id}`);
  const of = await bench(collector);
  await collection(of);
  const request = of.asked.find(({ path }) => path.endsWith(`/${list}`));
  if (request === undefined) throw new Error(`${id} never asked for ${list}`);
  const query = new URLSearchParams(request.query);
  query.set(parameter, 'x');
  expect(answerOf(await ask(of.vendor, { ...request, query })).status).toBe(400);
});
