import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import synnex from './synnex-australia.ts';

const API = 'https://partnerapi.synnex.com.au/cloud-products/v1/marketplace';
const vendor = synnex(demoMsp());
const ask = client(vendor);
const key = { 'Ocp-Apim-Subscription-Key': String(vendor.secret.primaryKey) };
const get = (path: string) =>
  ask(`${API}${path}`, {
    headers: Object.fromEntries(Object.entries(key).map(([name, value]) => [name.toLowerCase(), value])),
  });

test('the gateway refuses a call without its key in its own words', async () => {
  const { status, body } = await ask(`${API}/customerCompany`);
  expect(status).toBe(401);
  expect(at(body, 'message')).toContain('subscription key');
});

test('subscriptions belong to accounts, accounts to company codes, and lists have no pages', async () => {
  const customers = listAt((await get('/customerCompany?pageSize=1')).body, 'data');
  const accounts = listAt((await get('/cloudAccount')).body, 'data');
  expect(customers.length).toBeGreaterThan(20);
  const codes = new Set(customers.map((row) => at(row, 'externalCustomerCompanyCode')));
  for (const account of accounts) expect(codes).toContain(at(account, 'customerCompanyCode'));
  const states = new Set<unknown>();
  for (const account of accounts) {
    const { status, body } = await get(`/subscription/subscriptionsByAccountId/${at(account, 'accountId')}`);
    if (status === 200) for (const row of listAt(body, 'data')) states.add(at(row, 'status'));
    else expect(status).toBe(403);
  }
  expect([...states]).toEqual(expect.arrayContaining(['ACTIVE', 'CANCELLED', 'SUSPENDED', 'TRIAL_ACTIVE']));
  expect((await get('/subscription/subscriptionsByAccountId/1')).status).toBe(404);
});
