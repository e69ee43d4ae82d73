import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import huntress, { RESELLER_ACCOUNTS } from './huntress.ts';

const start = Date.UTC(2026, 10, 22);
const keyOf = (user: unknown, password: unknown) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function open(options: { exact?: boolean; reseller?: boolean } = {}) {
  let now = start;
  const vendor = huntress(demoMsp(), () => now, options);
  const { apiKey, apiSecret } = vendor.secret;
  const ask = client(vendor);
  const authorization = keyOf(apiKey, apiSecret);
  return {
    vendor,
    ask,
    get: (path: string) => ask(`https://api.huntress.io${path}`, { headers: { authorization } }),
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('credentials are checked exactly', async () => {
  const { ask, vendor } = open();
  const { apiKey, apiSecret } = vendor.secret;
  const url = 'https://api.huntress.io/v1/organizations';
  expect((await ask(url)).status).toBe(401);
  for (const authorization of [keyOf(apiKey, `${apiSecret} `), keyOf(apiSecret, apiKey), `Bearer ${apiKey}`]) {
    expect((await ask(url, { headers: { authorization } })).status).toBe(401);
  }
});

test('pages hold 10 by default, newest first, and a token leads to the next', async () => {
  const { get } = open();
  const first = await get('/v1/organizations?page=2&organization_id=1');
  const ids = listAt(first.body, 'organizations').map((each) => Number(at(each, 'id')));
  expect(ids).toHaveLength(10);
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  const token = at(first.body, 'pagination', 'next_page_token');
  const second = await get(`/v1/organizations?page_token=${token}`);
  expect(
    listAt(second.body, 'organizations')
      .map((each) => Number(at(each, 'id')))
      .some((id) => ids.includes(id)),
  ).toBe(false);
});

test('all organizations fit into one page of 500, whose end has no token', async () => {
  const { get, vendor } = open();
  const { body } = await get('/v1/organizations?limit=500&sort_field=id&sort_direction=asc');
  const listed = vendor.customers.filter(({ state }) => state !== 'gone').map(({ id }) => id);
  expect(listAt(body, 'organizations').map((each) => String(at(each, 'id')))).toEqual(listed);
  expect(at(body, 'pagination', 'next_page_token')).toBeUndefined();
});

test.each(['limit=501', 'limit=0', 'limit=x', 'page_token=nonsense', 'sort_field=agents'])(
  '%s is refused',
  async (query) => {
    const { get } = open();
    expect((await get(`/v1/organizations?${query}`)).status).toBe(400);
  },
);

test('the 61st request inside any minute is refused', async () => {
  const { get, wait } = open();
  await get('/v1/actor');
  wait(10);
  for (let sent = 2; sent <= 60; sent += 1) expect((await get('/v1/actor')).status).toBe(200);
  wait(45);
  expect((await get('/v1/actor')).status).toBe(429);
  wait(5);
  expect((await get('/v1/actor')).status).toBe(200);
  expect((await get('/v1/actor')).status).toBe(429);
});

test('one organization tells its billable figures, and a dead id is not there', async () => {
  const { get, vendor } = open();
  const [first] = vendor.customers;
  const { body } = await get(`/v1/organizations/${first?.id}`);
  expect(typeof at(body, 'organization', 'actual_usages', 'edr', 'billable_agents_count')).toBe('number');
  const dead = vendor.customers.find(({ state }) => state === 'gone');
  expect((await get(`/v1/organizations/${dead?.id}`)).status).toBe(404);
});

test('a reseller reads by account and only so, and an account does not read as a reseller', async () => {
  const [first, , closed] = RESELLER_ACCOUNTS;
  const seller = open({ reseller: true });
  expect((await seller.get('/v1/actor')).body).toEqual({
    reseller: expect.objectContaining({ id: expect.any(Number) }),
  });
  expect((await seller.get('/v1/organizations')).status).toBe(403);
  const accounts = listAt((await seller.get('/v1/accounts')).body, 'accounts');
  expect(accounts.map((each) => [at(each, 'id'), at(each, 'status')])).toContainEqual([closed.id, 'disabled']);
  const { body } = await seller.get(`/v1/accounts/${first.id}/organizations?limit=500`);
  const [organization] = listAt(body, 'organizations');
  for (const each of listAt(body, 'organizations')) expect(at(each, 'account_id')).toBe(first.id);
  expect((await seller.get(`/v1/accounts/${first.id}/organizations/${at(organization, 'id')}`)).status).toBe(200);
  expect((await seller.get(`/v1/accounts/${closed.id}/organizations/${at(organization, 'id')}`)).status).toBe(404);
  const customers = open();
  expect((await customers.get('/v1/accounts')).status).toBe(403);
  expect((await customers.get(`/v1/accounts/${first.id}/organizations`)).status).toBe(403);
});
