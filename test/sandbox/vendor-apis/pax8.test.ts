import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import pax8 from './pax8.ts';

const API = 'https://api.pax8.com/v1';

async function open() {
  let now = Date.UTC(2026, 10, 22);
  const vendor = pax8(demoMsp(), () => now);
  const ask = client(vendor);
  const asked = (more: Record<string, unknown> = {}) => ({
    client_id: vendor.secret.clientId,
    client_secret: vendor.secret.clientSecret,
    audience: 'https://api.pax8.com',
    grant_type: 'client_credentials',
    ...more,
  });
  const grant = (more?: Record<string, unknown>) => ask(`${API}/token`, { json: asked(more) });
  const authorization = `Bearer ${at((await grant()).body, 'access_token')}`;
  return {
    vendor,
    ask,
    asked,
    grant,
    get: (path: string) => ask(`${API}${path}`, { headers: { authorization } }),
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('a token is asked for in JSON, with the right client and audience', async () => {
  const { ask, asked, grant } = await open();
  for (const wrong of [{ client_secret: 'no' }, { audience: 'api://p8p.client' }, { grant_type: undefined }]) {
    const { status, body } = await grant(wrong);
    expect({ status, error: at(body, 'error') }).toEqual({ status: 401, error: 'access_denied' });
  }
  expect((await ask(`${API}/token`, { form: { client_id: 'x' } })).status).toBe(400);
  expect((await ask('https://token-manager.pax8.com/oauth/token', { json: asked() })).status).toBe(200);
});

test('without a token nothing is read, and a token ends after a day', async () => {
  const { ask, get, wait } = await open();
  expect((await ask(`${API}/companies`)).status).toBe(401);
  expect((await get('/companies')).status).toBe(200);
  wait(86_400);
  expect((await get('/companies')).status).toBe(401);
});

test('pages count from 0, hold 10 by default, and their totals are nested', async () => {
  const { get, vendor } = await open();
  const { body } = await get('/companies?nonsense=1');
  expect(listAt(body, 'content')).toHaveLength(10);
  const total = vendor.customers.length;
  expect(at(body, 'page')).toEqual({ size: 10, totalElements: total, totalPages: Math.ceil(total / 10), number: 0 });
  expect(at(body, 'totalPages')).toBeUndefined();
  const all = await get('/companies?size=200&sort=name,asc');
  expect(listAt(all.body, 'content')).toHaveLength(total);
  expect(listAt((await get('/companies?page=1&size=200')).body, 'content')).toEqual([]);
});

test('without an order a company can be on two pages, and another on none', async () => {
  const { get } = await open();
  const ids = async (sort: string) => {
    const pages = [0, 1, 2].map((page) => get(`/companies?size=10&page=${page}${sort}`));
    return new Set(
      (await Promise.all(pages)).flatMap(({ body }) => listAt(body, 'content').map((row) => at(row, 'id'))),
    );
  };
  expect((await ids('&sort=name,asc')).size).toBe(30);
  expect((await ids('')).size).toBeLessThan(30);
});

test.each(['size=201', 'size=0', 'page=-1', 'sort=colour,asc'])('%s is refused', async (query) => {
  const { get } = await open();
  const { status, body } = await get(`/subscriptions?${query}`);
  expect({ status, instance: at(body, 'instance') }).toEqual({ status: 400, instance: '/v1/subscriptions' });
});

test('status takes one value, and a company of somebody else is forbidden', async () => {
  const { get } = await open();
  const cancelled = listAt((await get('/subscriptions?status=Cancelled&size=200')).body, 'content');
  expect(new Set(cancelled.map((row) => at(row, 'status')))).toEqual(new Set(['Cancelled']));
  expect(listAt((await get('/subscriptions?status=Active,Trial')).body, 'content')).toEqual([]);
  expect((await get('/subscriptions?companyId=3b6c1f0e-0000-4000-8000-00000000c001')).status).toBe(403);
});

test('the list holds what a collector must tell apart', async () => {
  const { get } = await open();
  const rows = [
    ...listAt((await get('/subscriptions?size=200')).body, 'content'),
    ...listAt((await get('/subscriptions?size=200&page=1')).body, 'content'),
  ];
  const values = (name: string) => new Set(rows.map((row) => at(row, name)));
  for (const status of ['Active', 'Cancelled', 'PendingCancel', 'PendingManual', 'Trial', 'Converted']) {
    expect(values('status')).toContain(status);
  }
  for (const term of ['One-Time', 'Activation', 'Trial']) expect(values('billingTerm')).toContain(term);
  expect(values('quantity')).toContain(0);
  expect(values('quantity')).toContain(1.1);
  const statuses = listAt((await get('/companies?size=200')).body, 'content').map((row) => at(row, 'status'));
  expect(new Set(statuses)).toEqual(new Set(['Active', 'Inactive', 'Deleted']));
});

test('a product that the list does not name has its name in the catalogue', async () => {
  const { get } = await open();
  const rows = listAt((await get('/subscriptions?size=200')).body, 'content');
  const unnamed = rows.find((row) => at(row, 'productName') === undefined);
  const { body } = await get(`/products/${at(unnamed, 'productId')}`);
  expect(at(body, 'name')).toBe('Acronis Cyber Protect - Advanced Backup');
  expect((await get('/products/unknown')).status).toBe(404);
});

test('the 1001st call inside a minute is refused', async () => {
  const { get, wait } = await open();
  for (let sent = 1; sent <= 1_000; sent += 1) await get('/products/unknown');
  expect((await get('/companies')).status).toBe(429);
  wait(60);
  expect((await get('/companies')).status).toBe(200);
});
