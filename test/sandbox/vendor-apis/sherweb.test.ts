import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import sherweb from './sherweb.ts';

const API = 'https://api.sherweb.com';

async function open(scope = 'service-provider') {
  let now = Date.UTC(2026, 10, 22);
  const vendor = sherweb(demoMsp(), () => now);
  const ask = client(vendor);
  const grant = (more: Record<string, string> = {}) =>
    ask(`${API}/auth/oidc/connect/token`, {
      form: {
        client_id: String(vendor.secret.clientId),
        client_secret: String(vendor.secret.clientSecret),
        grant_type: 'client_credentials',
        scope,
        ...more,
      },
    });
  const authorization = `Bearer ${at((await grant()).body, 'access_token')}`;
  const key = { 'ocp-apim-subscription-key': String(vendor.secret.subscriptionKey) };
  return {
    vendor,
    ask,
    grant,
    key,
    authorization,
    get: (path: string, more: Record<string, string> = {}) =>
      ask(`${API}${path}`, { headers: { ...key, authorization, ...more } }),
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('a token needs the right client and one scope', async () => {
  const { grant } = await open();
  for (const wrong of [
    { client_secret: 'no' },
    { scope: 'distributor service-provider' },
    { grant_type: 'password' },
  ]) {
    expect((await grant(wrong)).status).toBe(400);
  }
  expect((await (await open('distributor')).get('/service-provider/v1/customers')).status).toBe(403);
});

test('a call needs the token and the gateway key, in a header or in the query', async () => {
  const { ask, key, authorization, get, wait } = await open();
  const customers = `${API}/service-provider/v1/customers`;
  expect((await ask(customers, { headers: key })).status).toBe(401);
  expect((await ask(customers, { headers: { authorization } })).status).toBe(401);
  const asked = `${customers}?subscription-key=${key['ocp-apim-subscription-key']}`;
  expect((await ask(asked, { headers: { authorization } })).status).toBe(200);
  wait(3600);
  expect((await get('/service-provider/v1/customers')).status).toBe(401);
});

test('lists have no pages, paths that others invented do not exist, and the two lists of subscriptions are one', async () => {
  const { get } = await open();
  const { body } = await get('/service-provider/v1/customers?page=2&pageSize=1');
  const customers = listAt(body, 'items');
  expect(customers.length).toBeGreaterThan(20);
  expect(new Set(customers.map((row) => typeof at(row, 'path')))).toEqual(new Set(['string', 'object']));
  const id = at(customers[0], 'id');
  expect((await get(`/service-provider/v1/customers/${id}/subscriptions`)).status).toBe(404);
  const base = '/service-provider/v1/billing/subscriptions';
  expect((await get(base)).status).toBe(400);
  const details = await get(`${base}/details?customerId=${id}`);
  expect(details).toEqual(await get(`${base}?customerId=${id}`));
  const french = await get(`${base}?customerId=${id}`, { 'accept-language': 'fr-CA' });
  expect(at(listAt(french.body, 'items')[0], 'productName')).toContain('annuel');
});

test('too many at once are refused, and the text says when to try again', async () => {
  const { get } = await open();
  const answers = await Promise.all(Array.from({ length: 130 }, () => get('/service-provider/v1/customers')));
  const limited = answers.find(({ status }) => status === 429);
  expect(at(limited?.body, 'message')).toContain('in 4 seconds');
});
