import { guid } from '../counting/ids.ts';
import { vendor } from '../counting/vendor.ts';
import { UnknownWord, words } from '../counting/words.ts';
import { CLOUDS } from '../microsoft-entra.ts';
import { dayIn } from '../report/day.ts';
import { messageOf } from '../report/errors.ts';
import { anonymous } from '../wire/auth.ts';
import { entrance } from './microsoft-365/clouds.ts';
import { type Batching, licencesOf } from './microsoft-365/licences.ts';
import { RIGHTS } from './microsoft-365/rights.ts';
import { seatsOf } from './microsoft-365/seats.ts';
import { configuration, faultsOf, secret } from './microsoft-365/settings.ts';
import { FREE_SKUS, SKU_NAMES } from './microsoft-365/sku-names.ts';
import { endingRelations, readTenants, type Tenant, tenant } from './microsoft-365/tenants.ts';

export default vendor({
  id: 'microsoft-365',
  name: 'Microsoft 365',
  position: 60,
  credentials: 'rotate',
  customerId: { name: 'tenant id', schema: guid },
  secret,
  configuration,
  check: faultsOf,
  columns: {},
  products:
    'purchased and paid seats (trials left out); with "(assigned)" behind the name: seats of such products assigned to somebody',
  names: {
    units: 'subscriptions, by product (who is assigned a licence is not read)',
    terms: ['quantity', 'assigned'],
  },
  setup: {
    create: 'one multi-tenant app registration in the partner tenant, with a client secret or a certificate',
    rights: RIGHTS,
  },
  api: ({ cloud }) => ({
    base: `https://${CLOUDS[cloud].graph}/v1.0`,
    hosts: [CLOUDS[cloud].login],
    auth: anonymous,
    limit: { concurrency: 10 },
  }),
  async *collect(verbs, settings, { asOf, mapped, keepSecret }) {
    const { api, through, customer, each, seats, note } = verbs;
    const today = dayIn(asOf, 'UTC');
    let keeping: Promise<string | undefined> | undefined;
    const enter = entrance(api, settings, async (refreshToken) => {
      keeping ??= keepSecret({ refreshToken }).then(() => undefined, messageOf);
      await keeping;
    });

    const partner = through(enter(settings.partnerTenantId));
    const tenants = new Map<string, Tenant>((settings.tenants ?? []).map((given) => [given.id, given]));
    for (const { id, name } of tenants.values()) yield customer(id, name);
    if (settings.tenantSource !== 'explicit') {
      yield* readTenants(partner, settings.tenantSource, tenants);
      const home = tenant(settings.partnerTenantId, 'the partner tenant');
      // No list of customers holds the partner itself, yet a company that is mapped to it wants its own licences. An empty list
      // stays empty, for that is not believed.
      if (tenants.size > 0 && !tenants.has(home.id) && mapped.includes(home.id)) {
        tenants.set(home.id, home);
        yield customer(home.id, home.name);
      }
    }
    if (settings.tenantSource === 'gdap') yield* endingRelations(partner, tenants, today);

    const counted = new Set(settings.countedSkuIds);
    const leftOut = new Set([...FREE_SKUS, ...settings.excludedSkuIds].filter((id) => !counted.has(id)));
    const names = new Map([...SKU_NAMES, ...Object.entries(settings.productNames)]);
    const batching: Batching = { works: true };
    yield* each(
      tenants.values(),
      ({ id }) => id,
      async function* ({ id, written }) {
        const { skus, subscriptions } = await licencesOf(through(enter(written)), batching);
        if (subscriptions === undefined) {
          yield note('subscriptions may not be read there, so trials are counted too', id);
        }
        for (const sku of skus) {
          const scope = counted.has(sku.skuId) ? 'user' : scopeOf(sku.appliesTo);
          if (leftOut.has(sku.skuId) || scope === 'tenant') continue;
          const product = names.get(sku.skuId) ?? sku.skuPartNumber;
          if (!sku.appliesTo)
            yield note(`${product}: it is not said whether it is for users; counted as if it were`, id);
          yield* seats(
            id,
            scope instanceof UnknownWord
              ? [{ product, unknown: scope.reason }]
              : seatsOf(sku, product, subscriptions, today),
            (seat) => seat,
          );
        }
      },
    );
    // The old one stays good for now, so this is no reason to lose the report.
    const unkept = await keeping;
    if (unkept !== undefined) yield note(`the newest refresh token could not be stored: ${unkept}`);
  },
});

const scopeOf = words('appliesTo', { user: ['User'], tenant: ['Company'] }, { absent: 'user' });
