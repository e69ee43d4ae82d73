import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import stellr from './td-synnex-stellr.ts';

const TOKEN = 'https://sso.us.tdsynnex.com/oauth2/v1/token';
const API = 'https://api.us.tdsynnex.com/api/v1';

async function open() {
  let now = Date.UTC(2026, 10, 22);
  const vendor = stellr(demoMsp(), () => now);
  const ask = client(vendor);
  const { clientId, clientSecret } = vendor.secret;
  const form = { grant_type: 'client_credentials', client_id: String(clientId), client_secret: String(clientSecret) };
  const authorization = `Bearer ${at((await ask(TOKEN, { form })).body, 'access_token')}`;
  return {
    vendor,
    ask,
    form,
    get: (path: string) => ask(`${API}${path}`, { headers: { authorization } }),
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('a token needs the right client and lasts two hours', async () => {
  const { ask, form, get, wait } = await open();
  expect((await ask(TOKEN, { form: { ...form, client_secret: 'no' } })).status).toBe(401);
  expect((await ask(TOKEN, { json: form })).status).toBe(400);
  expect((await ask(`${API}/cloud/customers`)).status).toBe(401);
  wait(7200);
  expect((await get('/cloud/customers')).status).toBe(401);
});

test('without both parameters there are no records, although there is a total', async () => {
  const { get } = await open();
  for (const query of ['', '?pageNo=1', '?pageSize=100']) {
    const { body } = await get(`/cloud/customers${query}`);
    expect(listAt(body, 'data', 'records')).toEqual([]);
    expect(at(body, 'data', 'total')).toBeGreaterThan(20);
  }
  const page = await get('/cloud/customers?pageNo=2&pageSize=5&nonsense=1');
  expect(listAt(page.body, 'data', 'records')).toHaveLength(5);
});

test('customers are below /cloud, subscriptions are not, and there is noise among them', async () => {
  const { get } = await open();
  expect(at((await get('/customers?pageNo=1&pageSize=9')).body, 'errorMessage')).toContain('No static resource');
  const states = new Set<unknown>();
  for (const row of listAt((await get('/cloud/customers?pageNo=1&pageSize=200')).body, 'data', 'records')) {
    const { status, body } = await get(`/customers/${at(row, 'customerNo')}/subscriptions?pageNo=1&pageSize=100`);
    if (status === 200) for (const line of listAt(body, 'data', 'records')) states.add(at(line, 'status'));
    else expect(status).toBe(403);
  }
  expect([...states]).toEqual(expect.arrayContaining(['ACTIVE', 'Active', 'CANCELLED', 'INACTIVE', 'SUSPENDED']));
});
