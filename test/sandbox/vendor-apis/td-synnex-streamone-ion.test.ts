import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import ion from './td-synnex-streamone-ion.ts';

const API = 'https://ion.tdsynnex.com';
const BASE = `${API}/api/v3/accounts/10123`;

async function open() {
  let now = Date.UTC(2026, 10, 22);
  const vendor = ion(demoMsp(), () => now);
  const ask = client(vendor);
  const exchange = (refresh_token: unknown, grant_type = 'refresh_token') =>
    ask(`${API}/oauth/token`, { form: { grant_type, refresh_token: String(refresh_token) } });
  const first = vendor.secret.refreshToken;
  const granted = (await exchange(first)).body;
  const authorization = `Bearer ${at(granted, 'access_token')}`;
  return {
    vendor,
    ask,
    exchange,
    first,
    granted,
    get: (path: string) => ask(`${BASE}${path}`, { headers: { authorization } }),
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('a refresh token is good once, and the next one is the one that came with the answer', async () => {
  const { vendor, exchange, first, granted } = await open();
  const again = await exchange(first);
  expect({ status: again.status, error: at(again.body, 'error') }).toEqual({ status: 400, error: 'invalid_grant' });
  expect(vendor.secret.refreshToken).toBe(at(granted, 'refresh_token'));
  expect((await exchange('ionrt.9.invented')).status).toBe(400);
  expect((await exchange(vendor.secret.refreshToken, 'client_credentials')).status).toBe(400);
  expect((await exchange(vendor.secret.refreshToken)).status).toBe(200);
});

test('a server started again goes on with the token that another one gave', async () => {
  const { vendor } = await open();
  const other = client(ion(demoMsp()));
  const form = { grant_type: 'refresh_token', refresh_token: String(vendor.secret.refreshToken) };
  expect((await other(`${API}/oauth/token`, { form })).status).toBe(200);
});

test('an access token opens its own account for two hours', async () => {
  const { ask, get, wait } = await open();
  expect((await ask(`${BASE}/customers`)).status).toBe(401);
  expect((await get('/customers')).status).toBe(200);
  expect((await get('/../99/customers')).status).toBe(403);
  wait(7200);
  expect((await get('/customers')).status).toBe(401);
});

test('customers go by token, ten at a time or up to 200', async () => {
  const { get, vendor } = await open();
  const { body } = await get('/customers?nonsense=1');
  expect(listAt(body, 'customers')).toHaveLength(10);
  const next = await get(`/customers?pageToken=${at(body, 'nextPageToken')}`);
  expect(listAt(next.body, 'customers')[0]).not.toEqual(listAt(body, 'customers')[0]);
  const all = await get('/customers?pageSize=500');
  expect(listAt(all.body, 'customers')).toHaveLength(vendor.customers.length);
  expect(at(all.body, 'nextPageToken')).toBeUndefined();
});

test('subscriptions go by offset, a page token means nothing, numbers come as text, and there is noise', async () => {
  const { get } = await open();
  const { body } = await get('/subscriptions');
  expect(listAt(body, 'items')).toHaveLength(10);
  const tokened = await get('/subscriptions?pageToken=MTA&pageSize=200');
  expect(listAt(tokened.body, 'items')).toEqual(listAt(body, 'items'));
  const all = listAt((await get('/subscriptions?pagination.limit=200&pagination.offset=0')).body, 'items');
  const of = (member: string) => new Set(all.map((row) => at(row, member)));
  expect([...of('subscriptionStatus')]).toEqual(expect.arrayContaining(['active', 'cancelled', 'suspended']));
  expect(of('isTrial')).toEqual(new Set([true, false]));
  expect(of('subscriptionBillingType')).toEqual(new Set(['license', 'usage']));
  expect(typeof at(all[0], 'subscriptionTotalLicenses')).toBe('string');
  expect((await get('/subscriptions?subscriptionStatus=active')).status).toBe(400);
  expect(
    at((await get('/subscriptions?subscriptionStatus=SUSPENDED')).body, 'paginationResponse', 'totalSize'),
  ).toBeGreaterThan(0);
});
