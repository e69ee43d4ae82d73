import { createHash, createSign, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import { selfSigned } from './microsoft-365/certificate.ts';
import { RELATION_ENDS_IN_DAYS } from './microsoft-365/graph.ts';
import microsoft365, { REFRESH_TOKEN } from './microsoft-365.ts';

const GRAPH = 'https://graph.microsoft.com/v1.0';
const SCOPE = 'https://graph.microsoft.com/.default';

async function open(size = 40) {
  let now = Date.UTC(2026, 10, 22);
  const vendor = microsoft365(demoMsp(size), () => now);
  const ask = client(vendor);
  const partner = String(vendor.secret.partnerTenantId);
  const grant = (tenant: string, more: Record<string, string> = {}) =>
    ask(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
      form: {
        grant_type: 'client_credentials',
        client_id: String(vendor.secret.clientId),
        client_secret: String(vendor.secret.clientSecret),
        scope: SCOPE,
        ...more,
      },
    });
  const enter = async (tenant: string) => {
    const headers = { authorization: `Bearer ${at((await grant(tenant)).body, 'access_token')}` };
    return {
      get: (path: string) => ask(path.startsWith('https') ? path : `${GRAPH}${path}`, { headers }),
      batch: (...urls: string[]) =>
        ask(`${GRAPH}/$batch`, {
          headers,
          json: { requests: urls.map((url, index) => ({ id: String(index), method: 'GET', url })) },
        }),
    };
  };
  return {
    vendor,
    ask,
    partner,
    grant,
    enter,
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

test('each wrong credential has its own AADSTS number', async () => {
  const { grant, partner } = await open();
  const refused = async (tenant: string, more?: Record<string, string>) => {
    const { status, body } = await grant(tenant, more);
    return [status, at(body, 'error'), at(body, 'error_codes', 0)];
  };
  expect(await refused('common')).toEqual([400, 'invalid_request', 90_002]);
  expect(await refused(partner, { client_id: 'x' })).toEqual([400, 'unauthorized_client', 700_016]);
  expect(await refused(partner, { client_secret: 'x' })).toEqual([401, 'invalid_client', 7_000_215]);
  expect(await refused(partner, { scope: 'User.Read' })).toEqual([400, 'invalid_scope', 70_011]);
  const old = { grant_type: 'refresh_token', refresh_token: 'old' };
  expect(await refused(partner, old)).toEqual([400, 'invalid_grant', 700_082]);
});

test('a refresh token serves every tenant, brings a new one each time, and the old one stays good', async () => {
  const { grant, partner, vendor } = await open();
  const [customer] = vendor.customers;
  const use = (tenant: string, refresh_token: string) => grant(tenant, { grant_type: 'refresh_token', refresh_token });
  const first = await use(partner, REFRESH_TOKEN);
  const next = String(at(first.body, 'refresh_token'));
  expect(next).not.toBe(REFRESH_TOKEN);
  expect((await use(String(customer?.id), next)).status).toBe(200);
  expect((await use(partner, REFRESH_TOKEN)).status).toBe(200);
  expect(at((await grant(partner)).body, 'refresh_token')).toBeUndefined();
});

test('a token opens its own tenant alone, and ends', async () => {
  const { ask, enter, partner, vendor, wait } = await open();
  const customer = await enter(String(vendor.customers[0]?.id));
  expect((await customer.get('/subscribedSkus')).status).toBe(200);
  expect((await customer.get('/contracts')).status).toBe(403);
  expect((await (await enter(partner)).get('/subscribedSkus')).status).toBe(404);
  expect(at((await ask(`${GRAPH}/contracts`)).body, 'error', 'code')).toBe('InvalidAuthenticationToken');
  wait(3_600);
  expect((await customer.get('/subscribedSkus')).status).toBe(401);
});

test('contracts come 100 a page with a next link, and one tenant twice', async () => {
  const { enter, partner, vendor } = await open(200);
  const { get } = await enter(partner);
  const rows: unknown[] = [];
  let link: string | undefined = '/contracts';
  while (link !== undefined) {
    const { body }: { body: unknown } = await get(link);
    expect(listAt(body, 'value').length).toBeLessThanOrEqual(100);
    rows.push(...listAt(body, 'value'));
    const next = at(body, '@odata.nextLink');
    link = typeof next === 'string' ? next : undefined;
  }
  const ids = new Set(rows.map((row) => at(row, 'customerId')));
  expect(rows).toHaveLength(ids.size + 1);
  expect(ids).toEqual(new Set(vendor.customers.filter(({ state }) => state !== 'gone').map(({ id }) => id)));
  expect((await get('/contracts?$top=1000')).status).toBe(400);
  expect(listAt((await get('/contracts?$top=3&whatever=1')).body, 'value')).toHaveLength(3);
});

test('delegatedAdminCustomers lists only who has a relation, 300 a page at most', async () => {
  const { enter, partner, vendor } = await open();
  const { get } = await enter(partner);
  const { body } = await get('/tenantRelationships/delegatedAdminCustomers?$top=300');
  const listed = vendor.customers.filter(({ state }) => state !== 'gone').length;
  expect(listAt(body, 'value')).toHaveLength(listed - 1);
  expect((await get('/tenantRelationships/delegatedAdminCustomers?$top=301')).status).toBe(400);
});

test('tenants without consent fail alone, each in its way', async () => {
  const { grant, enter, vendor } = await open();
  const failed = vendor.customers.filter(({ state }) => state === 'failed');
  const answers = await Promise.all(
    failed.map(async ({ id }) => {
      const refused = await grant(id);
      if (refused.status !== 200) return at(refused.body, 'error_codes', 0);
      return (await (await enter(id)).get('/subscribedSkus')).status;
    }),
  );
  expect(answers).toEqual([65_001, 403, 7_000_229]);
});

test('a batch of both lists answers each with its own status', async () => {
  const { enter, vendor } = await open();
  const statuses = new Set<string>();
  for (const { id, state } of vendor.customers) {
    if (state !== 'counted') continue;
    const { status, body } = await (await enter(id)).batch('/subscribedSkus', '/directory/subscriptions');
    expect(status).toBe(200);
    const answers = new Map(listAt(body, 'responses').map((part) => [at(part, 'id'), at(part, 'status')]));
    statuses.add(`${answers.get('0')} ${answers.get('1')}`);
  }
  expect(statuses).toEqual(new Set(['200 200', '200 403', '429 200']));
});

test('a batch holds 20 requests at most, and filters on SKUs are not supported', async () => {
  const { enter, vendor } = await open();
  const tenant = await enter(String(vendor.customers[0]?.id));
  expect((await tenant.batch(...Array.from({ length: 21 }, () => '/subscribedSkus'))).status).toBe(400);
  expect((await tenant.get("/subscribedSkus?$filter=skuPartNumber eq 'SPB'")).status).toBe(400);
});

test('tenants hold what a collector must tell apart', async () => {
  const { enter, vendor } = await open();
  const seen = new Set<string>();
  for (const { id, state } of vendor.customers) {
    if (state !== 'counted') continue;
    const { get } = await enter(id);
    await get('/subscribedSkus');
    for (const sku of listAt((await get('/subscribedSkus')).body, 'value')) {
      seen.add(`${at(sku, 'appliesTo')}`);
      seen.add(`${at(sku, 'capabilityStatus')}`);
      if (Number(at(sku, 'prepaidUnits', 'warning')) > 0) seen.add('grace');
      if (Number(at(sku, 'prepaidUnits', 'enabled')) >= 10_000) seen.add('viral');
    }
    const { body, status } = await get('/directory/subscriptions');
    if (status === 200) for (const row of listAt(body, 'value')) seen.add(`${at(row, 'status')} ${at(row, 'isTrial')}`);
  }
  for (const kind of [
    ...['User', 'Company', 'Enabled', 'Suspended', 'grace', 'viral'],
    ...['Enabled true', 'Enabled false', 'Warning false', 'Suspended false', 'Deleted false'],
  ]) {
    expect(seen).toContain(kind);
  }
});

test('GDAP relations are those of Microsoft, ended ones and our own, and only active ones if the filter asks so', async () => {
  const { enter, partner } = await open();
  const { get } = await enter(partner);
  const path = '/tenantRelationships/delegatedAdminRelationships';
  const all = listAt((await get(`${path}?$top=300`)).body, 'value');
  const active = listAt((await get(`${path}?$top=300&$filter=status eq 'active'`)).body, 'value');
  expect(all.length).toBeGreaterThan(active.length);
  expect(new Set(active.map((each) => at(each, 'status')))).toEqual(new Set(['active']));
  expect(active.some((each) => String(at(each, 'displayName')).startsWith('MLT_'))).toBe(true);
  const soon = new Date(Date.UTC(2026, 10, 22) + RELATION_ENDS_IN_DAYS * 86_400_000).toISOString();
  expect(active.some((each) => at(each, 'endDateTime') === soon)).toBe(true);
  expect((await get(`${path}?$filter=startsWith(id,'x')`)).status).toBe(400);
});

test('an assertion is taken once, in its time, for its address, from the key of the certificate', async () => {
  const now = Date.UTC(2026, 10, 22);
  const { certificatePem, privateKeyPem } = selfSigned('Northwind Billing');
  const vendor = microsoft365(demoMsp(), () => now, { certificate: certificatePem });
  const ask = client(vendor);
  const url = `https://login.microsoftonline.com/${vendor.secret.partnerTenantId}/oauth2/v2.0/token`;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const x5t = createHash('sha1').update(new X509Certificate(certificatePem).raw).digest('base64url');
  const app = vendor.secret.clientId;
  let serial = 0;
  const assertion = (more: object = {}, key = privateKeyPem) => {
    serial += 1;
    const times = { nbf: now / 1000, exp: now / 1000 + 600 };
    const claims = { aud: url, iss: app, sub: app, jti: String(serial), ...times, ...more };
    const unsigned = `${part({ alg: 'RS256', typ: 'JWT', x5t })}.${part(claims)}`;
    return `${unsigned}.${createSign('sha256').update(unsigned).sign(key, 'base64url')}`;
  };
  const grant = async (signed: string, more: Record<string, string> = {}) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: String(app),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signed,
      scope: SCOPE,
      ...more,
    };
    const { status, body } = await ask(url, { form });
    return status === 200 ? 200 : at(body, 'error_codes', 0);
  };
  const good = assertion();
  expect(await grant(good)).toBe(200);
  expect(await grant(good)).toBe(700_024);
  expect(await grant(assertion({ aud: 'https://login.microsoftonline.com/common/oauth2/v2.0/token' }))).toBe(700_024);
  expect(await grant(assertion({ exp: now / 1000 }))).toBe(700_024);
  expect(await grant(assertion({ iss: 'somebody' }))).toBe(700_024);
  expect(await grant(assertion({}, selfSigned('Other').privateKeyPem))).toBe(700_027);
  expect(await grant('no.assertion.atall')).toBe(700_027);
  expect(await grant(assertion(), { client_secret: 'both' })).toBe(7_000_215);
});
