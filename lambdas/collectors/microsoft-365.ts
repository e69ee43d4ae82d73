import * as z from 'zod/mini';
import { productTitle } from '../report/column.ts';
import { isReportError } from '../report/errors.ts';
import type { Api } from '../vendor/api.ts';
import { anonymous } from '../vendor/auth.ts';
import { collector, customer, gap, guid, note, product } from '../vendor/collector.ts';
import { byLink } from '../vendor/paging.ts';
import { FREE_SKUS, SKU_NAMES } from './microsoft-365/sku-names.ts';
import { tenantToken } from './microsoft-365/tenant-token.ts';

const products = {
  prefix: 'Microsoft 365',
  definition:
    'purchased and paid seats (trials left out); with "(assigned)" behind the name: seats assigned to somebody',
};

const CLOUDS = {
  global: { login: 'login.microsoftonline.com', graph: 'graph.microsoft.com' },
  'gcc-high': { login: 'login.microsoftonline.us', graph: 'graph.microsoft.us' },
  dod: { login: 'login.microsoftonline.us', graph: 'dod-graph.microsoft.us' },
  china: { login: 'login.chinacloudapi.cn', graph: 'microsoftgraph.chinacloudapi.cn' },
};

/** Viral plans show quantities from here on; such a number is shown, with a remark. */
const REMARKABLE_QUANTITY = 10_000;

const SubscribedSku = z.object({
  skuId: guid,
  skuPartNumber: z.string(),
  appliesTo: z.optional(z.nullable(z.string())),
  capabilityStatus: z.string(),
  consumedUnits: z.int(),
  prepaidUnits: z.object({ enabled: z.int(), warning: z.int() }),
  subscriptionIds: z.array(z.string()),
});
const Subscription = z.object({
  id: z.string(),
  status: z.string(),
  isTrial: z.boolean(),
  totalLicenses: z.int(),
});

const list = <T extends z.ZodMiniType>(item: T) =>
  z.object({ value: z.array(item), '@odata.nextLink': z.optional(z.nullable(z.string())) });

const Contracts = list(z.object({ customerId: guid, displayName: z.string() }));
const DelegatedCustomers = list(z.object({ tenantId: guid, displayName: z.string() }));
const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.int(), body: z.optional(z.unknown()) })),
});

const BATCHED = { skus: '/subscribedSkus', subscriptions: '/directory/subscriptions' };

type Tenant = { id: string; name: string };

export default collector({
  id: 'microsoft-365',
  name: 'Microsoft 365',
  position: 60,
  credentials: 'rotate',
  customerId: { name: 'tenant id', schema: guid },
  secret: z.strictObject({
    partnerTenantId: z.string(),
    clientId: z.string(),
    clientSecret: z.optional(z.string()),
    certificatePem: z.optional(z.string()),
    privateKeyPem: z.optional(z.string()),
    refreshToken: z.optional(z.string()),
  }),
  configuration: z.strictObject({
    authMode: z._default(z.enum(['clientCredentials', 'refreshToken']), 'clientCredentials'),
    tenantSource: z._default(z.enum(['contracts', 'gdap', 'explicit']), 'contracts'),
    /** With `tenantSource: explicit`: the tenants to read. */
    tenants: z.optional(z.array(z.strictObject({ id: guid, name: z.string() }))),
    cloud: z._default(z.enum(['global', 'gcc-high', 'dod', 'china']), 'global'),
    /** SKU ids to leave out beside the free ones. */
    excludedSkuIds: z._default(z.array(guid), []),
    /** SKU ids to count although they are on the list of free ones, or are not per user. */
    countedSkuIds: z._default(z.array(guid), []),
    /** SKU id -> name, for products that are not named yet. */
    productNames: z._default(z.record(guid, z.string()), {}),
  }),
  columns: [],
  products,
  check: ({ authMode, refreshToken, tenantSource, tenants, clientSecret, certificatePem, privateKeyPem }) => [
    ...(authMode === 'refreshToken' && refreshToken === undefined
      ? ['refreshToken: expected with authMode "refreshToken"']
      : []),
    ...(tenantSource === 'explicit' && tenants === undefined ? ['tenants: expected with tenantSource "explicit"'] : []),
    ...(clientSecret === undefined && (certificatePem === undefined || privateKeyPem === undefined)
      ? ['clientSecret: expected, or certificatePem and privateKeyPem instead']
      : []),
  ],
  setup: {
    create: 'one multi-tenant app registration in the partner tenant, with a client secret or a certificate',
    rights:
      'Organization.Read.All, consented in each customer tenant; in the partner tenant Directory.Read.All (contracts) or ' +
      'DelegatedAdminRelationship.Read.All (gdap)',
  },
  api: ({ cloud }) => ({
    name: 'Microsoft 365',
    base: `https://${CLOUDS[cloud].graph}/v1.0`,
    hosts: [CLOUDS[cloud].login],
    auth: anonymous,
    limit: { concurrency: 10 },
  }),
  async *collect(api, settings, { keepSecret }) {
    const { login, graph } = CLOUDS[settings.cloud];
    let kept = false;
    const forTenant = (tenantId: string): Api =>
      api.with({
        auth: tenantToken({
          url: `https://${login}/${tenantId}/oauth2/v2.0/token`,
          graph: `https://${graph}`,
          identity: settings,
          refreshToken: settings.authMode === 'refreshToken' ? settings.refreshToken : undefined,
          onRefreshToken: async (refreshToken) => {
            if (kept) return;
            kept = true;
            await keepSecret({ refreshToken });
          },
        }),
      });

    const tenants = new Map<string, Tenant>();
    for await (const tenant of tenantsOf(
      settings.tenantSource,
      forTenant(settings.partnerTenantId),
      settings.tenants ?? [],
    )) {
      tenants.set(tenant.id, tenant);
      yield customer(tenant.id, tenant.name);
    }

    const counted = new Set(settings.countedSkuIds);
    const leftOut = new Set([...FREE_SKUS, ...settings.excludedSkuIds].filter((id) => !counted.has(id)));
    yield* api.each(
      tenants.values(),
      ({ id }) => id,
      async function* ({ id }) {
        const { skus, subscriptions } = await licences(forTenant(id));
        if (subscriptions === undefined) {
          yield note('subscriptions may not be read there, so trials are counted too', id);
        }
        for (const sku of skus) {
          if (leftOut.has(sku.skuId)) continue;
          if (sku.appliesTo === 'Company' && !counted.has(sku.skuId)) continue;
          const name = settings.productNames[sku.skuId] ?? SKU_NAMES.get(sku.skuId) ?? sku.skuPartNumber;
          const usable = sku.prepaidUnits.enabled + sku.prepaidUnits.warning;
          if (sku.capabilityStatus !== 'Enabled' && sku.capabilityStatus !== 'Warning' && usable === 0) continue;
          let purchased = usable;
          if (subscriptions !== undefined) {
            const own = sku.subscriptionIds.map((subscription) => subscriptions.get(subscription));
            if (own.includes(undefined)) {
              yield gap(id, productTitle(products.prefix, name), 'failed', `a subscription of ${name} is not listed`);
              continue;
            }
            purchased = own
              .filter((one) => one !== undefined)
              .filter(({ isTrial, status }) => !isTrial && (status === 'Enabled' || status === 'Warning'))
              .reduce((sum, { totalLicenses }) => sum + totalLicenses, 0);
          }
          if (purchased === 0) continue;
          yield* product(products, id, name, purchased);
          yield* product(products, id, name, sku.consumedUnits, ' (assigned)');
          if (purchased >= REMARKABLE_QUANTITY) yield note(`${purchased} of ${name} looks like a free plan`, id);
        }
      },
    );
  },
});

async function* tenantsOf(
  source: 'contracts' | 'gdap' | 'explicit',
  partner: Api,
  listed: readonly Tenant[],
): AsyncGenerator<Tenant> {
  if (source === 'explicit') {
    yield* listed;
  } else if (source === 'contracts') {
    const contracts = partner.pages(
      '/contracts',
      { page: Contracts, rows: (page) => page.value, key: (row) => row.customerId },
      byLink({ query: { $top: 999 }, next: (page) => page['@odata.nextLink'] }),
    );
    for await (const { customerId, displayName } of contracts) yield { id: customerId, name: displayName };
  } else {
    const delegated = partner.pages(
      '/tenantRelationships/delegatedAdminCustomers',
      { page: DelegatedCustomers, rows: (page) => page.value, key: (row) => row.tenantId },
      byLink({ query: { $top: 300 }, next: (page) => page['@odata.nextLink'] }),
    );
    for await (const { tenantId, displayName } of delegated) yield { id: tenantId, name: displayName };
  }
}

/**
 * SKUs and subscriptions of a tenant in one batch. A part that the batch did not answer well is asked for alone, where the request
 * path waits, retries and judges; subscriptions that may not be read are undefined.
 */
async function licences(tenant: Api): Promise<{
  skus: z.output<typeof SubscribedSku>[];
  subscriptions: Map<string, z.output<typeof Subscription>> | undefined;
}> {
  const { responses } = await tenant.post('/$batch', {
    reads: true,
    json: { requests: Object.entries(BATCHED).map(([id, url]) => ({ id, method: 'GET', url })) },
    schema: Batch,
  });
  const skus = await whole(tenant, BATCHED.skus, list(SubscribedSku), part(responses, 'skus'), (row) => row.skuId);
  const answered = part(responses, 'subscriptions');
  if (answered?.status === 403) return { skus, subscriptions: undefined };
  try {
    const rows = await whole(tenant, BATCHED.subscriptions, list(Subscription), answered, (row) => row.id);
    return { skus, subscriptions: new Map(rows.map((row) => [row.id, row])) };
  } catch (error) {
    if (isReportError(error, 'VendorAuthError')) return { skus, subscriptions: undefined };
    throw error;
  }
}

type Part = z.output<typeof Batch>['responses'][number];

const part = (responses: readonly Part[], id: string): Part | undefined =>
  responses.find((response) => response.id === id);

/** A list whose first page may have come in the batch; the rest, or the whole of it otherwise, is read page by page. */
async function whole<R>(
  tenant: Api,
  path: string,
  page: z.ZodMiniType<{ value: R[]; '@odata.nextLink'?: string | null | undefined }>,
  answered: Part | undefined,
  key: (row: R) => string,
): Promise<R[]> {
  const rows = new Map<string, R>();
  let from: string | undefined = path;
  if (answered?.status === 200) {
    const first = tenant.check(page, answered.body, path);
    for (const row of first.value) rows.set(key(row), row);
    tenant.evidence.lists.push({
      list: path,
      pages: 1,
      rows: first.value.length,
      distinct: rows.size,
      end: 'answered in a batch',
    });
    from = first['@odata.nextLink'] || undefined;
  }
  if (from !== undefined) {
    const shape = { list: path, page, rows: (body: { value: R[] }) => body.value, key };
    for await (const row of tenant.pages(from, shape, byLink({ next: (body) => body['@odata.nextLink'] })))
      rows.set(key(row), row);
  }
  return [...rows.values()];
}
