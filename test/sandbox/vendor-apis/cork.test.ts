import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import cork from './cork.ts';

const API = 'https://api.corkinc.com/api/v1';
const vendor = cork(demoMsp());
const ask = client(vendor);
const get = (path: string) => ask(`${API}${path}`, { headers: { authorization: `Bearer ${vendor.secret.apiKey}` } });

test('another key is refused', async () => {
  expect((await ask(`${API}/clients`)).status).toBe(401);
  expect((await ask(`${API}/clients`, { headers: { authorization: 'Bearer cork_live_of_last_year' } })).status).toBe(
    401,
  );
});

test('pages count from 1 and hold 10, at the most 100', async () => {
  const { body } = await get('/clients?nonsense=1');
  expect(listAt(body, 'data')).toHaveLength(10);
  expect(body).toMatchObject({ page: 1, page_size: 10 });
  expect((await get('/clients?page_size=101')).status).toBe(422);
  expect((await get('/clients?page=0')).status).toBe(422);
  expect(listAt((await get('/clients?page=9&page_size=100')).body, 'data')).toEqual([]);
});

test('hidden clients come only when they are asked for', async () => {
  const shown = at((await get('/clients')).body, 'total');
  const all = at((await get('/clients?show_hidden=true')).body, 'total');
  expect(all).toBe(vendor.customers.length);
  expect(shown).toBe(vendor.customers.filter(({ state }) => state !== 'gone').length);
});

test('inboxes mix users and shared mailboxes, one client is refused, an unknown one is not found', async () => {
  const clients = listAt((await get('/clients?page_size=100')).body, 'data');
  const statuses = await Promise.all(
    clients.map(async (row) => (await get(`/clients/${at(row, 'uuid')}/devices`)).status),
  );
  expect(statuses.filter((status) => status === 403)).toHaveLength(1);
  expect((await get('/clients/nobody/devices')).status).toBe(404);
  const types = new Set<unknown>();
  for (const row of clients.slice(0, 5)) {
    const { body } = await get(`/clients/${at(row, 'uuid')}/inboxes?page_size=100`);
    for (const inbox of listAt(body, 'data')) types.add(at(inbox, 'inbox_type'));
  }
  expect(types).toEqual(new Set(['user', 'shared']));
});
