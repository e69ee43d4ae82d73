import type { Client } from '../../clientele.ts';
import { unserved, wholeNumber } from '../../gate.ts';
import { commerceId } from '../../terms.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../../vendor.ts';
import { type Licence, prepaid } from './licences.ts';

/** What is odd about a tenant. A `resold only` one has a contract, and no relation that lets anybody in. */
export type Oddity =
  | 'no consent'
  | 'no roles'
  | 'subscriptions refused'
  | 'throttled once'
  | 'resold only'
  | 'listed twice';

export type Tenant = { client: Client; id: string; licences: Licence[]; oddity?: Oddity };

const VERSION = '/v1.0';
const BATCH = 20;

/** Microsoft Graph of one cloud over these tenants: `(request, tenant of its token)` to an answer. */
export function graph(tenants: readonly Tenant[], partner: string, now: () => number, host: string) {
  const throttled = new Set<string>();
  const page = pagesAt(`https://${host}${VERSION}`);

  const get = (path: string, query: URLSearchParams, holder: string): SandboxResponse => {
    const odd = unserved(query, ['$orderby', '$search', '$count', '$expand']);
    if (odd !== undefined || (query.has('$filter') && !path.endsWith('/delegatedAdminRelationships'))) {
      return fail(400, 'Request_UnsupportedQuery', `${odd ?? '$filter'} is not served`);
    }
    if (holder === partner) {
      if (path === '/contracts') return page(path, query, contractsOf(tenants), { usual: 100, most: 999 });
      const related = tenants.filter(({ oddity }) => oddity !== 'resold only');
      if (path === '/tenantRelationships/delegatedAdminCustomers') {
        const rows = related.map(({ id, client }) => ({ id, tenantId: id, displayName: client.name }));
        return page(path, query, rows, { usual: 100, most: 300 });
      }
      if (path === '/tenantRelationships/delegatedAdminRelationships') {
        const [, status] = /^status eq '(\w+)'$/u.exec(query.get('$filter') ?? '') ?? [];
        if (query.has('$filter') && status === undefined) return fail(400, 'BadRequest', 'Invalid filter clause');
        const rows = related.flatMap((tenant, index) => relationshipsOf(tenant, index, now()));
        const matching = rows.filter((row) => status === undefined || row.status === status);
        return page(path, query, matching, { usual: 100, most: 300 });
      }
      return fail(404, 'Request_ResourceNotFound', `Resource not found for ${path}`);
    }
    const tenant = tenants.find(({ id }) => id === holder);
    if (tenant === undefined || tenant.oddity === 'no roles') return denied;
    if (path === '/subscribedSkus') {
      if (tenant.oddity === 'throttled once' && !throttled.has(tenant.id)) {
        throttled.add(tenant.id);
        return { ...fail(429, 'TooManyRequests', 'Too many requests'), headers: { 'Retry-After': '1' } };
      }
      return page(
        path,
        query,
        tenant.licences.map((licence) => skuOf(tenant, licence)),
        { usual: 999, most: 999 },
      );
    }
    if (path === '/directory/subscriptions') {
      if (tenant.oddity === 'subscriptions refused') return denied;
      return page(path, query, subscriptionsOf(tenant, partner), { usual: 100, most: 999 });
    }
    return denied;
  };

  return (request: SandboxRequest, holder: string | undefined): SandboxResponse => {
    if (holder === undefined) return fail(401, 'InvalidAuthenticationToken', 'Access token is empty or has expired.');
    if (!request.path.startsWith(`${VERSION}/`)) return fail(400, 'BadRequest', 'Invalid version.');
    const path = request.path.slice(VERSION.length);
    if (path === '/$batch') return batch(request, (inner, query) => get(inner, query, holder));
    if (request.method !== 'GET') return fail(405, 'Request_BadRequest', 'Specified HTTP method is not allowed.');
    return get(path, request.query, holder);
  };
}

/** Each request of a batch has its own status; the answers come in an order of their own. */
function batch(
  request: SandboxRequest,
  get: (path: string, query: URLSearchParams) => SandboxResponse,
): SandboxResponse {
  const body = jsonOf(request);
  const requests: unknown = typeof body === 'object' && body !== null && 'requests' in body ? body.requests : undefined;
  if (request.method !== 'POST' || !Array.isArray(requests) || requests.length > BATCH) {
    return fail(400, 'BadRequest', `A batch is a POST of 1 to ${BATCH} requests.`);
  }
  const responses = requests.map((asked: unknown) => {
    const batched = typeof asked === 'object' && asked !== null ? new Map(Object.entries(asked)) : new Map();
    const [path = '', search = ''] = String(batched.get('url')).split(/\?(.*)/su);
    const answer =
      batched.get('method') === 'GET' && path.startsWith('/')
        ? get(path, new URLSearchParams(search))
        : fail(400, 'BadRequest', 'Invalid batch item.');
    const headers = { 'Content-Type': 'application/json', ...answer.headers };
    return { id: String(batched.get('id')), status: answer.status, headers, body: answer.body };
  });
  return { status: 200, body: { responses: responses.reverse() } };
}

const fail = (status: number, code: string, message: string): SandboxResponse => ({
  status,
  body: { error: { code, message, innerError: { date: '2026-11-22T06:30:00', 'request-id': '5f0e-0000' } } },
});

const denied = fail(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

type Size = { usual: number; most: number };

/** A page of `rows` with a next link while there are more. The names of the OData options are matched without case. */
const pagesAt =
  (address: string) =>
  (path: string, query: URLSearchParams, rows: readonly Record<string, unknown>[], size: Size): SandboxResponse => {
    const options = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
    const top = wholeNumber(options.get('$top') ?? null, size.usual);
    const skipped = wholeNumber(options.get('$skiptoken') ?? null, 0);
    if (top === undefined || top < 1 || top > size.most || skipped === undefined || options.has('$skip')) {
      return fail(400, 'Request_BadRequest', 'Invalid page options.');
    }
    const select = options.get('$select')?.split(',');
    const value = rows
      .slice(skipped, skipped + top)
      .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => select?.includes(name) ?? true)));
    const end = skipped + value.length;
    const next = new URL(`${address}${path}`);
    for (const name of ['$filter', '$select']) {
      const option = options.get(name);
      if (option !== undefined) next.searchParams.set(name, option);
    }
    next.searchParams.set('$top', String(top));
    next.searchParams.set('$skiptoken', String(end));
    return {
      status: 200,
      body: {
        '@odata.context': `${address}/$metadata#${path.slice(1)}`,
        ...(end < rows.length ? { '@odata.nextLink': next.href } : {}),
        value,
      },
    };
  };

/** Days until the only relation of every seventh tenant ends, which does not renew itself. */
export const RELATION_ENDS_IN_DAYS = 12;

/**
 * Relations of a tenant: one that renews itself, or one that ends soon; besides, one of Microsoft's making and an old
 * one.
 */
function relationshipsOf({ id, client }: Tenant, index: number, now: number): Record<string, unknown>[] {
  const relation = (name: string, status: string, days: number, autoExtendDuration: string) => ({
    id: `${id}-${name}`,
    displayName: name,
    status,
    duration: 'P730D',
    endDateTime: new Date(now + days * 86_400_000).toISOString(),
    autoExtendDuration,
    customer: { tenantId: id, displayName: client.name },
  });
  return [
    relation(`MLT_${client.key}`, 'active', 3, 'PT0S'),
    relation('Northwind 2022', 'terminated', -300, 'PT0S'),
    ...(index % 7 === 3 ? [relation('Northwind 2024', 'active', RELATION_ENDS_IN_DAYS, 'PT0S')] : []),
    ...(index % 7 === 4 ? [relation('Northwind 2024', 'active', 20, 'PT0S')] : []),
    ...(index % 7 === 3 ? [] : [relation('Northwind', 'active', index % 7 === 5 ? 25 : 400, 'P180D')]),
  ];
}

function contractsOf(tenants: readonly Tenant[]): Record<string, unknown>[] {
  return tenants.flatMap(({ id, client, oddity }) => {
    const contract = {
      id: id.replace(/^.{8}/u, '0c0117ac'),
      contractType: 'ResellerPartner',
      customerId: id,
      defaultDomainName: `${client.key.replace(/[^a-z0-9]+/giu, '')}.onmicrosoft.com`,
      displayName: client.name,
    };
    const older = { ...contract, id: id.replace(/^.{8}/u, '0c0117ad'), displayName: `${client.name} (old name)` };
    return oddity === 'listed twice' ? [contract, older] : [contract];
  });
}

function skuOf(tenant: Tenant, licence: Licence): Record<string, unknown> {
  const { sku, subscriptions, consumed } = licence;
  const { enabled, warning, suspended } = prepaid(licence);
  return {
    accountName: tenant.client.key,
    accountId: tenant.id,
    appliesTo: sku.appliesTo ?? 'User',
    capabilityStatus: enabled > 0 ? 'Enabled' : warning > 0 ? 'Warning' : 'Suspended',
    consumedUnits: consumed,
    id: `${tenant.id}_${sku.id}`,
    skuId: sku.id,
    skuPartNumber: sku.part,
    subscriptionIds: subscriptions.map(({ id }) => id),
    prepaidUnits: { enabled, suspended, warning, lockedOut: 0 },
    servicePlans: [],
  };
}

/** With one that ended long ago, whose SKU `subscribedSkus` has forgotten. */
function subscriptionsOf({ id, licences }: Tenant, partner: string): Record<string, unknown>[] {
  const row = (subscription: string, skuId: string, part: string, status: string, trial: boolean, seats: number) => ({
    id: subscription,
    commerceSubscriptionId: commerceId(subscription),
    skuId,
    skuPartNumber: part,
    status,
    isTrial: trial,
    totalLicenses: seats,
    createdDateTime: '2024-03-05T00:00:00Z',
    nextLifecycleDateTime: null,
    ownerId: null,
    ownerTenantId: partner,
    ownerType: null,
    serviceStatus: [],
  });
  const gone = row(
    id.replace(/^.{8}/u, 'dead0000'),
    'c42b9cae-ea4f-4ab7-9717-81576235ccac',
    'DEVELOPERPACK_E5',
    'Deleted',
    false,
    5,
  );
  return [
    gone,
    ...licences.flatMap(({ sku, subscriptions }) =>
      subscriptions
        .filter(({ unlisted }) => unlisted !== true)
        .map(({ id: subscription, status, trial, seats }) => row(subscription, sku.id, sku.part, status, trial, seats)),
    ),
  ];
}
