import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import ninjaone from './ninjaone.ts';

const HOST = 'https://eu.ninjarmm.com';

async function open(size = 40) {
  let now = Date.UTC(2026, 10, 22);
  const vendor = ninjaone(demoMsp(size), () => now);
  const ask = client(vendor);
  const form = (more: Record<string, string> = {}) => ({
    grant_type: 'client_credentials',
    client_id: String(vendor.secret.clientId),
    client_secret: String(vendor.secret.clientSecret),
    scope: 'monitoring',
    ...more,
  });
  const grant = (more?: Record<string, string>) => ask(`${HOST}/ws/oauth/token`, { form: form(more) });
  const authorization = `Bearer ${at((await grant()).body, 'access_token')}`;
  return {
    vendor,
    ask,
    grant,
    get: (path: string) => ask(`${HOST}${path}`, { headers: { authorization } }),
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('a token is given for the right client alone', async () => {
  const { grant, ask } = await open();
  expect((await grant({ client_secret: 'wrong' })).status).toBe(401);
  expect((await grant({ client_id: '' })).body).toEqual({ error: 'invalid_client' });
  expect((await grant({ grant_type: 'password' })).body).toEqual({ error: 'unsupported_grant_type' });
  expect((await ask(`${HOST}/ws/oauth/token`, { json: {} })).status).toBe(400);
});

test('offline_access is refused, and a token without scope reads nothing', async () => {
  const { grant, ask } = await open();
  expect((await grant({ scope: 'monitoring offline_access' })).body).toEqual({ error: 'invalid_scope' });
  const bare = `Bearer ${at((await grant({ scope: '' })).body, 'access_token')}`;
  expect((await ask(`${HOST}/v2/organizations`, { headers: { authorization: bare } })).status).toBe(403);
});

test('a token ends after an hour', async () => {
  const { get, wait } = await open();
  expect((await get('/v2/organizations')).status).toBe(200);
  wait(3_600);
  expect((await get('/v2/organizations')).status).toBe(401);
});

test('without pageSize a page is short, and filters that the API does not know change nothing', async () => {
  const { get } = await open();
  const usual = listAt((await get('/v2/devices')).body);
  expect(usual).toHaveLength(100);
  expect(listAt((await get('/v2/devices?organizationId=11&status=APPROVED')).body)).toEqual(usual);
});

test('reading after the last id to the empty page gives every node once, 1000 at most a page', async () => {
  const { get, vendor } = await open(120);
  const seen = new Set<number>();
  let after = 0;
  for (let page = listAt((await get('/v2/devices?pageSize=5000')).body); page.length > 0; ) {
    expect(page.length).toBeLessThanOrEqual(1_000);
    for (const node of page) seen.add(Number(at(node, 'id')));
    after = Number(at(page.at(-1), 'id'));
    page = listAt((await get(`/api/v2/devices?pageSize=1000&after=${after}`)).body);
  }
  const stated = vendor.customers
    .flatMap(({ cells }) => Object.values(cells))
    .reduce<number>((sum, value) => sum + Number(value), 0);
  // Retired nodes are listed and belong to no column.
  expect(seen.size).toBeGreaterThan(stated);
  expect(seen.size).toBeGreaterThan(2_000);
});

test('the fleet holds what a collector must tell apart', async () => {
  const { get } = await open();
  const nodes = listAt((await get('/v2/devices?pageSize=1000')).body);
  const approvals = new Set(nodes.map((node) => at(node, 'approvalStatus')));
  expect(approvals).toEqual(new Set(['APPROVED', 'PENDING', 'STAGED', 'DECOMMISSIONED', undefined]));
  const classes = new Set(nodes.map((node) => at(node, 'nodeClass')));
  for (const nodeClass of ['NMS_SERVER', 'VMWARE_VM_GUEST', 'UNMANAGED_DEVICE', 'EDGE_GATEWAY_V2', 'NMS_PRINTER']) {
    expect(classes).toContain(nodeClass);
  }
});
