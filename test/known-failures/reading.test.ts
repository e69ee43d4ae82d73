import { expect, test } from 'vitest';
import auvik from '../../lambdas/collectors/auvik.ts';
import datto from '../../lambdas/collectors/datto-rmm.ts';
import dropsuite from '../../lambdas/collectors/dropsuite.ts';
import microsoft365 from '../../lambdas/collectors/microsoft-365.ts';
import ninjaone from '../../lambdas/collectors/ninjaone.ts';
import pax8 from '../../lambdas/collectors/pax8.ts';
import sentinelone from '../../lambdas/collectors/sentinelone.ts';
import type { RunContext } from '../../lambdas/counting/run-context.ts';
import { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { RequestPath } from '../../lambdas/wire/request.ts';
import { bench, failure } from '../collectors/run.ts';
import acmeVendor from '../example-vendor/acme-rmm.sandbox.ts';
import acme from '../example-vendor/acme-rmm.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { VendorFactory } from '../sandbox/vendor.ts';
import pax8Vendor from '../sandbox/vendor-apis/pax8.ts';
import sentineloneVendor from '../sandbox/vendor-apis/sentinelone.ts';
import { session, wire } from '../wire/wire.ts';
import { acmeGet, collectedFrom, type Json, misbehaving, trueUnits, unitsIn } from './exhibit.ts';

/*
 * How reports of this kind have been wrong elsewhere, dated and public, as far as reading a vendor is concerned. In
 * each test the naive way fails first, and ours does not.
 */

const W = 'Acme Workstations';
const list = (body: Json, name: string): Json[] => (Array.isArray(body[name]) ? body[name] : []);
/** Nothing of the run is needed to read Acme. */
const context: RunContext = {
  asOf: '2026-11-22T06:30:00Z',
  timeZone: 'UTC',
  mapped: [],
  keepSecret: async () => {},
  lockSecret: () => Promise.reject(new Error('no lock is needed here')),
};

const failing = async (make: VendorFactory) => failure(await bench(acme, demoMsp(), make));
const workstations = (rows: readonly Json[]): number => rows.filter((row) => row.class === 'workstation').length;

test('2025-02, 2025-04: a renamed or moved member made SentinelOne’s counts blank, and its SKU always null', async () => {
  const renamed = (...members: string[]) =>
    misbehaving(sentineloneVendor, ({ path }, answer) =>
      path.endsWith('/sites')
        ? answer().then((body) => ({
            status: 200,
            body: JSON.parse(
              members.reduce((json, name) => json.replaceAll(`"${name}":`, `"result_${name}":`), JSON.stringify(body)),
            ),
          }))
        : undefined,
    );
  const { rows } = await collectedFrom(sentinelone);
  const sites = rows(/\/sites$/u).filter((site) => 'siteType' in site);
  expect(new Set(sites.map((site) => site.result_activeLicenses ?? 0))).toEqual(new Set([0]));
  expect(new Set(sites.map((site) => site.result_sku ?? null))).toEqual(new Set([null]));
  for (const [named, ...members] of [['activeLicenses'], ['licenses', 'sku']]) {
    const error = await failure(await bench(sentinelone, demoMsp(), renamed(String(named), ...members)));
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining(String(named)) });
  }
});

test('2025-04: the company list of Pax8 timed out', async () => {
  const slow = misbehaving(pax8Vendor, ({ path }) =>
    path.endsWith('/companies') ? { status: 200, fault: 'silence' } : undefined,
  );
  const patience = new AbortController();
  const url = new URL('https://api.pax8.com/v1/companies');
  const asked = inProcess([slow(demoMsp())])({ method: 'GET', url, headers: {} }, patience.signal);
  patience.abort(new Error('timed out'));
  const naive = await asked.then(
    ({ body }) => list(JSON.parse(Buffer.from(body).toString()), 'content'),
    () => [],
  );
  expect(naive).toEqual([]);
  const of = await bench(pax8, demoMsp(), slow);
  const error = await failure(of);
  expect(error).toMatchObject({ name: 'VendorUnavailableError', message: expect.stringMatching(/60 s .*attempts/u) });
  expect(of.asked.filter(({ path }) => path.endsWith('/companies')).length).toBeGreaterThan(1);
});

test('2025-04: the paging of Pax8 began at page 1 of a list that begins at 0', async () => {
  const { ours, vendor, rows } = await collectedFrom(pax8, undefined, 500);
  const naive = rows(/\/companies$/u).slice(200);
  expect(naive.length).toBeLessThan(ours.customers.length);
  expect(ours.customers).toHaveLength(vendor.customers.filter(({ state }) => state !== 'gone').length);
  const fromOne = misbehaving(pax8Vendor, ({ path, query }, answer) => {
    if (!path.endsWith('/companies')) return undefined;
    query.set('page', String(Number(query.get('page')) + 1));
    return answer().then((body) => ({ status: 200, body: { ...Object(body) } }));
  });
  expect(await failure(await bench(pax8, demoMsp(), fromOne))).toMatchObject({
    name: 'VendorContractError',
    message: expect.stringMatching(/\/companies: .*declare/u),
  });
});

test('2025-07 … 2026-07: the paging of four vendors stopped early', async () => {
  const get = await acmeGet(acmeVendor(demoMsp()));
  const asked = 500;
  const naive: Json[] = [];
  for (let page = 1; ; page += 1) {
    const agents = list((await get(`/agents?page=${page}&per_page=${asked}`)).body, 'agents');
    naive.push(...agents);
    // The server gives at most 100, whatever it is asked for: the first page looks like the last.
    if (agents.length < asked) break;
  }
  const { ours, vendor } = await collectedFrom(acme, acmeVendor);
  expect(naive).toHaveLength(100);
  expect(unitsIn(ours)).toBe(trueUnits(vendor));
  const cut = misbehaving(acmeVendor, ({ path, query }, answer) =>
    path.endsWith('/agents') && Number(query.get('page')) > 2
      ? answer().then((body) => ({ status: 200, body: { ...Object(body), agents: [] } }))
      : undefined,
  );
  expect(await failing(cut)).toMatchObject({ name: 'VendorContractError' });
});

test('2025-08, 2025-09: deleted, offline or non-billable devices were counted', async () => {
  const { ours, vendor, rows } = await collectedFrom(datto);
  const naive = rows(/\/account\/devices$/u).length;
  expect(naive).toBeGreaterThan(trueUnits(vendor));
  expect(unitsIn(ours)).toBe(trueUnits(vendor));
  for (const { definition } of datto.columns) expect(definition).not.toBe('');

  const usage = await collectedFrom(auvik);
  const title = 'Auvik Billable Devices';
  // Whatever was seen on some day of the month, though it was there on half of the days only.
  const seen = usage
    .rows(/\/billing\/usage\/client$/u)
    .map(({ relationships }) => list(Object(Object(relationships).devices), 'data').length);
  expect(seen.reduce((sum, devices) => sum + devices, 0)).toBeGreaterThan(trueUnits(usage.vendor, title));
  expect(unitsIn(usage.ours, title)).toBe(trueUnits(usage.vendor, title));
  expect(auvik.columns.find((column) => column.title === title)?.definition).toContain('daily average');
});

test('2026-02: the same Pax8 product in two subscriptions was overwritten, not added', async () => {
  const { ours, vendor, rows } = await collectedFrom(pax8);
  const title = 'PAX8 Microsoft 365 Business Premium';
  const naive = new Map<unknown, number>();
  for (const row of rows(/\/subscriptions$/u)) {
    if (row.productName === 'Microsoft 365 Business Premium' && row.status === 'Active')
      naive.set(row.companyId, Number(row.quantity));
  }
  const overwritten = [...naive.values()].reduce((sum, quantity) => sum + quantity, 0);
  expect(overwritten).toBeLessThan(trueUnits(vendor, title));
  expect(unitsIn(ours, title)).toBe(trueUnits(vendor, title));
});

test('Microsoft 365 tool: two terms of one SKU were shown as one', async () => {
  const { ours, vendor, rows } = await collectedFrom(microsoft365);
  const title = 'Microsoft 365 Business Premium';
  // Each tenant's SKUs and subscriptions come in one batch.
  const parts = rows(/\/\$batch$/u).map(({ body }) => list({ ...Object(body) }, 'value'));
  const subscriptions = new Map(parts.flat().map((row) => [row.id, row]));
  const naive = parts
    .flat()
    .filter(({ skuPartNumber }) => skuPartNumber === 'SPB')
    .map(({ subscriptionIds }) => subscriptions.get(Object(subscriptionIds)[0])?.totalLicenses);
  expect(naive.length).toBeGreaterThan(10);
  expect(naive.reduce<number>((sum, seats) => sum + Number(seats ?? 0), 0)).toBeLessThan(trueUnits(vendor, title));
  expect(unitsIn(ours, title)).toBe(trueUnits(vendor, title));
});

test('2026-06: users came back more than once across pages', async () => {
  let again: Json[] = [];
  const overlapping = misbehaving(acmeVendor, ({ path, query }, answer) => {
    if (!path.endsWith('/agents')) return undefined;
    return answer().then((body) => {
      const agents = list(Object(body), 'agents');
      if (query.get('page') === '1') again = agents.slice(0, 1);
      const served = query.get('page') === '2' ? [...again, ...agents] : agents;
      return { status: 200, body: { ...Object(body), agents: served } };
    });
  });
  const { ours, vendor, rows } = await collectedFrom(acme, overlapping);
  const naive = workstations(rows(/\/agents$/u).filter(({ retired }) => retired === false));
  expect(naive).toBe(trueUnits(vendor, W) + 1);
  expect(unitsIn(ours, W)).toBe(trueUnits(vendor, W));
});

test('2026-06: Dropsuite’s capacity was shown as use', async () => {
  const { ours, vendor, rows } = await collectedFrom(dropsuite);
  const naive = rows(/\/users$/u).reduce((sum, row) => sum + Number(row.seats_available ?? 0), 0);
  expect(naive).not.toBe(trueUnits(vendor, 'Dropsuite Used Seats'));
  expect(unitsIn(ours, 'Dropsuite Used Seats')).toBe(trueUnits(vendor, 'Dropsuite Used Seats'));
  expect(unitsIn(ours, 'Dropsuite Available Seats')).toBe(trueUnits(vendor, 'Dropsuite Available Seats'));
  expect(new Set(dropsuite.columns.map(({ definition }) => definition)).size).toBe(dropsuite.columns.length);
});

test('2025-01 … 2026-06: keys were retired and refresh tokens dead, and the counts stopped moving', async () => {
  const retired = misbehaving(acmeVendor, ({ path }) =>
    path.includes('oauth') ? undefined : { status: 401, body: {} },
  );
  const get = await acmeGet(retired(demoMsp()));
  const lastMonth = 812;
  const { status, body } = await get('/agents?page=1');
  const naive = status === 200 ? workstations(list(body, 'agents')) : lastMonth;
  expect(naive).toBe(812);
  expect(await failing(retired)).toMatchObject({ name: 'VendorAuthError' });
});

test('2025-12: a big answer ran the worker out of memory', async () => {
  const events: string[] = [];
  const watched = misbehaving(acmeVendor, ({ path }) => {
    if (path.endsWith('/agents')) events.push('page');
    return undefined;
  });
  const held: Json[] = [];
  const get = await acmeGet(watched(demoMsp()));
  for (let page = 1; page <= 5; page += 1)
    held.push(...list((await get(`/agents?page=${page}&per_page=100`)).body, 'agents'));
  for (const _ of held) events.push('count');
  expect(events.slice(0, 6)).toEqual(['page', 'page', 'page', 'page', 'page', 'count']);

  events.length = 0;
  const vendor = watched(demoMsp());
  const opened = acme.open({ secret: vendor.secret, configuration: vendor.configuration }, context);
  const path = new RequestPath(opened.api, { ...session(wire({})), transport: inProcess([vendor]) });
  for await (const fact of opened.collect(new VendorApi(path))) if (fact.fact === 'count') events.push('count');
  // Added up page by page: no more rows are ever held than those of the pages that are asked for side by side.
  const most = opened.api.limit.concurrency * 100;
  const pages = events.join(' ').split('page').slice(1);
  expect(pages.length).toBeGreaterThan(5);
  for (const counts of pages) expect(counts.match(/count/gu)?.length ?? 0).toBeLessThanOrEqual(most);
});

test('by design: “200 OK, but no result” passed as success', async () => {
  const empty = misbehaving(acmeVendor, ({ path }) =>
    path.endsWith('/sites') ? { status: 200, body: {} } : undefined,
  );
  const get = await acmeGet(empty(demoMsp()));
  const naive = list((await get('/sites?page=1')).body, 'sites').length;
  expect(naive).toBe(0);
  expect(await failing(empty)).toMatchObject({ name: 'VendorContractError' });
  const nobody = misbehaving(acmeVendor, ({ path }) =>
    path.includes('oauth') ? undefined : { status: 200, body: { sites: [], agents: [], meta: { total: 0 } } },
  );
  expect(await failing(nobody)).toMatchObject({ message: expect.stringContaining('no customers are listed') });
});

test('collectors: after failed retries the client returned an empty list', async () => {
  const down = misbehaving(acmeVendor, ({ path }) =>
    path.includes('oauth') ? undefined : { status: 503, body: 'busy' },
  );
  const get = await acmeGet(down(demoMsp()));
  let naive: Json[] | undefined;
  for (let attempt = 1; attempt <= 3 && naive === undefined; attempt += 1) {
    const { status, body } = await get('/agents?page=1');
    if (status === 200) naive = list(body, 'agents');
  }
  expect(naive ?? []).toEqual([]);
  expect(await failing(down)).toMatchObject({ name: 'VendorUnavailableError' });
});

test('collectors: only devices online at that moment were counted', async () => {
  const { ours, vendor, rows } = await collectedFrom(ninjaone);
  const approved = rows(/\/devices$/u).filter(({ approvalStatus }) => approvalStatus !== 'DECOMMISSIONED');
  expect(approved.filter(({ offline }) => offline === false).length).toBeLessThan(trueUnits(vendor));
  expect(unitsIn(ours)).toBe(trueUnits(vendor));
});

test('collectors: a page counter read at the wrong level of the JSON ended after one page', async () => {
  const { ours, vendor, rows } = await collectedFrom(pax8, undefined, 500);
  const [first] = rows(/\/subscriptions$/u);
  const pages = Number(Reflect.get(Object(first), 'totalPages') ?? 1);
  const naive = rows(/\/subscriptions$/u)
    .filter((row) => 'productId' in row)
    .slice(0, pages * 200);
  const read = ours.receipt.lists.find(({ list: name }) => name === '/subscriptions Active');
  expect(naive.length).toBeLessThan(read?.rows ?? 0);
  expect(read?.pages).toBeGreaterThanOrEqual(3);
  expect(unitsIn(ours)).toBeCloseTo(trueUnits(vendor), 6);
});

test('client libraries: a body that is not JSON became {}', async () => {
  const html = misbehaving(acmeVendor, ({ path }) =>
    path.endsWith('/agents')
      ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' }
      : undefined,
  );
  const get = await acmeGet(html(demoMsp()));
  const naive = list((await get('/agents?page=1')).body, 'agents').length;
  expect(naive).toBe(0);
  expect(await failing(html)).toMatchObject({
    name: 'VendorContractError',
    message: expect.stringContaining('a web page came instead of an API answer'),
  });
});

test('Microsoft 365 tool: only assigned, later only purchased seats were sent; people need both', async () => {
  const { ours, vendor } = await collectedFrom(microsoft365);
  const title = 'Microsoft 365 Business Premium';
  const purchased = trueUnits(vendor, title);
  const naive = trueUnits(vendor, `${title} (assigned)`);
  expect(naive).not.toBe(purchased);
  expect(unitsIn(ours, title)).toBe(purchased);
  expect(unitsIn(ours, `${title} (assigned)`)).toBe(naive);
});
