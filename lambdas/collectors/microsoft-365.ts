import * as z from 'zod/mini';
import { collector, customer, guid, guidAsWritten, note, product, productGap } from '../counting/collector.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { CLOUDS, cloud, identityFault, tenantToken } from '../microsoft-entra.ts';
import { anonymous } from '../wire/auth.ts';
import { type Batching, licencesOf, paidSeats, usable } from './microsoft-365/licences.ts';
import { FREE_SKUS, SKU_NAMES } from './microsoft-365/sku-names.ts';
import { endingRelations, type Tenant, tenant, tenantsOf } from './microsoft-365/tenants.ts';

const products = {
  prefix: 'Microsoft 365',
  definition:
    'purchased and paid seats (trials left out); with "(assigned)" behind the name: seats of such products assigned to somebody',
};

/** Viral plans show quantities from here on; such a number is shown, with a remark. */
const REMARKABLE_QUANTITY = 10_000;

/** A tenant to read, with or without a name. */
const GivenTenant = z.pipe(
  z.union([guidAsWritten, z.strictObject({ id: guidAsWritten, name: z.optional(z.string()) })]),
  z.transform((given): Tenant => (typeof given === 'string' ? tenant(given, given) : tenant(given.id, given.name))),
);

export default collector({
  id: 'microsoft-365',
  name: 'Microsoft 365',
  position: 60,
  credentials: 'rotate',
  customerId: { name: 'tenant id', schema: guid },
  secret: z.strictObject({
    partnerTenantId: guidAsWritten,
    clientId: guidAsWritten,
    clientSecret: z.optional(z.string()),
    certificatePem: z.optional(z.string()),
    privateKeyPem: z.optional(z.string()),
    refreshToken: z.optional(z.string()),
  }),
  configuration: z.strictObject({
    authMode: z._default(z.enum(['clientCredentials', 'refreshToken']), 'clientCredentials'),
    tenantSource: z._default(z.enum(['contracts', 'gdap', 'explicit']), 'contracts'),
    /** With `tenantSource: explicit`: the tenants to read. */
    tenants: z.optional(z.array(GivenTenant).check(z.minLength(1))),
    cloud: z._default(cloud, 'global'),
    /** SKU ids to leave out beside the free ones. */
    excludedSkuIds: z._default(z.array(guid), []),
    /** SKU ids to count although they are on the list of free ones, or belong to the tenant instead of its users. */
    countedSkuIds: z._default(z.array(guid), []),
    /** SKU id -> name, for products that are not named yet. */
    productNames: z._default(z.record(guid, z.string()), {}),
  }),
  columns: [],
  products,
  check: ({ authMode, refreshToken, tenantSource, tenants, ...identity }) => {
    const fault = identityFault(identity);
    return [
      ...(authMode === 'refreshToken' && refreshToken === undefined
        ? ['refreshToken: expected with authMode "refreshToken"']
        : []),
      ...((tenantSource === 'explicit') === (tenants === undefined)
        ? ['tenants: expected with tenantSource "explicit", and with no other']
        : []),
      ...(fault === undefined ? [] : [fault]),
    ];
  },
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
  async *collect(api, settings, { asOf, mapped, keepSecret }) {
    const { login, graph } = CLOUDS[settings.cloud];
    let keeping: Promise<string | undefined> | undefined;
    const forTenant = (tenantId: string): VendorApi =>
      api.with({
        auth: tenantToken({
          url: `https://${login}/${tenantId}/oauth2/v2.0/token`,
          graph: `https://${graph}`,
          identity: settings,
          refreshToken: settings.authMode === 'refreshToken' ? settings.refreshToken : undefined,
          onRefreshToken: async (refreshToken) => {
            keeping ??= keepSecret({ refreshToken }).then(
              () => undefined,
              (error: unknown) => (error instanceof Error ? error.message : String(error)),
            );
            await keeping;
          },
        }),
      });

    const partner = forTenant(settings.partnerTenantId);
    const tenants = new Map<string, Tenant>();
    for await (const one of tenantsOf(settings.tenantSource, partner, settings.tenants ?? [])) {
      tenants.set(one.id, one);
      yield customer(one.id, one.name);
    }
    const own = tenant(settings.partnerTenantId, 'the partner tenant');
    if (tenants.size > 0 && !tenants.has(own.id) && mapped.includes(own.id) && settings.tenantSource !== 'explicit') {
      // No list of customers holds the partner itself, yet a company that is mapped to it wants its own licences. An empty list stays
      // empty, for that is not believed.
      tenants.set(own.id, own);
      yield customer(own.id, own.name);
    }
    if (settings.tenantSource === 'gdap') yield* endingRelations(partner, tenants, asOf);

    const counted = new Set(settings.countedSkuIds);
    const leftOut = new Set([...FREE_SKUS, ...settings.excludedSkuIds].filter((id) => !counted.has(id)));
    const names = new Map([...SKU_NAMES, ...Object.entries(settings.productNames)]);
    const batching: Batching = { works: true };
    yield* api.each(
      tenants.values(),
      ({ id }) => id,
      async function* ({ id, written }) {
        const { skus, subscriptions } = await licencesOf(forTenant(written), batching);
        if (subscriptions === undefined) {
          yield note('subscriptions may not be read there, so trials are counted too', id);
        }
        for (const sku of skus) {
          if (leftOut.has(sku.skuId) || (sku.appliesTo === 'Company' && !counted.has(sku.skuId))) continue;
          const name = names.get(sku.skuId) ?? sku.skuPartNumber;
          const { paid, remark } = subscriptions === undefined ? { paid: usable(sku) } : paidSeats(sku, subscriptions);
          if (remark !== undefined) yield note(`${name}: ${remark}`, id);
          if (!sku.appliesTo) yield note(`${name}: it is not said whether it is for users; counted as if it were`, id);
          if (paid === 0) {
            if (sku.consumedUnits === 0) continue;
            yield note(`${name}: ${sku.consumedUnits} seats are assigned and none is paid for; left out`, id);
            continue;
          }
          if (paid === undefined) yield* productGap(products, id, name, `a subscription of ${name} is not listed`);
          else yield* product(products, id, name, paid);
          yield* product(products, id, name, sku.consumedUnits, ' (assigned)');
          if (usable(sku) >= REMARKABLE_QUANTITY) yield note(`${name}: ${usable(sku)} seats look like a free plan`, id);
        }
      },
    );
    // The old one stays good for now, so this is no reason to lose the report.
    const unkept = await keeping;
    if (unkept !== undefined) yield note(`the newest refresh token could not be stored: ${unkept}`);
  },
});
