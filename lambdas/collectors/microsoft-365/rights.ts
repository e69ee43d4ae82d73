import * as z from 'zod/mini';
import type { Right } from '../../counting/rights.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { NOBODY_LISTED } from '../../wire/rights.ts';
import { type Entry, entrance } from './clouds.ts';
import { skus } from './licences.ts';
import { TENANT_LISTS, type Tenant, type TenantSource } from './tenants.ts';

type Settings = Entry & {
  partnerTenantId: string;
  tenantSource: TenantSource;
  tenants?: readonly Tenant[] | undefined;
};

const Customers = z.object({
  value: z.array(z.object({ customerId: z.optional(z.string()), tenantId: z.optional(z.string()) })),
});

/** A check stores nothing: the refresh token that it used stays valid. */
const enter = (api: VendorApi, settings: Settings) => entrance(api, settings, async () => {});

/** The first customer tenant by the list that the configuration names; undefined if no customer is listed. */
async function firstTenant(api: VendorApi, settings: Settings): Promise<string | undefined> {
  const { tenantSource, tenants, partnerTenantId } = settings;
  if (tenantSource === 'explicit') return tenants?.[0]?.written;
  const query = { $top: 1 };
  const partner = enter(api, settings)(partnerTenantId);
  const { value } = await partner.get(TENANT_LISTS[tenantSource].path, { query, schema: Customers });
  return value[0]?.customerId ?? value[0]?.tenantId;
}

export const RIGHTS: readonly Right<Settings>[] = [
  {
    right: 'Directory.Read.All (tenantSource contracts) or DelegatedAdminRelationship.Read.All (gdap)',
    where: 'consented in the partner tenant',
    check: firstTenant,
  },
  {
    right: 'Organization.Read.All',
    where: 'consented in each customer tenant',
    async check(api, settings) {
      const id = await firstTenant(api, settings);
      return id === undefined ? NOBODY_LISTED : enter(api, settings)(id).send('GET', skus.path);
    },
  },
];
