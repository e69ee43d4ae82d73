import * as z from 'zod/mini';
import { isReportError } from '../../report/errors.ts';
import type { Fact } from '../../report/tally.ts';
import type { Api } from '../../vendor/api.ts';
import { guid, note } from '../../vendor/collector.ts';
import { byLink } from '../../vendor/paging.ts';
import { graphList } from './licences.ts';

export type Tenant = { id: string; name: string };

/** Where the list of customer tenants comes from. */
export type TenantSource = 'contracts' | 'gdap' | 'explicit';

const Contracts = graphList(z.object({ customerId: guid, displayName: z.string() }));
const DelegatedCustomers = graphList(z.object({ tenantId: guid, displayName: z.string() }));

/** Every customer tenant, in the words of the partner's tenant. A contract names a tenant as it was called when it began. */
export async function* tenantsOf(
  source: TenantSource,
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

const Relationships = graphList(
  z.object({
    id: z.string(),
    displayName: z.string(),
    status: z.string(),
    endDateTime: z.optional(z.nullable(z.string())),
    autoExtendDuration: z.optional(z.nullable(z.string())),
    customer: z.optional(z.nullable(z.object({ tenantId: guid }))),
  }),
);

const DAYS_OF_WARNING = 30;

/**
 * Remarks on the tenants whose last GDAP relation ends soon and does not renew itself: after that nobody gets in. Only a warning, so
 * it is never a reason to fail.
 */
export async function* endingRelations(
  partner: Api,
  tenants: ReadonlyMap<string, Tenant>,
  asOf: string,
): AsyncGenerator<Fact> {
  const ends = new Map<string, number>();
  try {
    const relationships = partner.pages(
      '/tenantRelationships/delegatedAdminRelationships',
      { page: Relationships, rows: (page) => page.value, key: (row) => row.id },
      byLink({ query: { $filter: "status eq 'active'", $top: 300 }, next: (page) => page['@odata.nextLink'] }),
    );
    for await (const { displayName, status, endDateTime, autoExtendDuration, customer } of relationships) {
      // Relations of Microsoft's own making let no partner in for long.
      if (status !== 'active' || displayName.startsWith('MLT_') || !customer) continue;
      const renews = !['', 'PT0S'].includes(autoExtendDuration ?? '');
      const end = renews || !endDateTime ? Number.POSITIVE_INFINITY : Date.parse(endDateTime);
      if (Number.isNaN(end)) continue;
      ends.set(customer.tenantId, Math.max(end, ends.get(customer.tenantId) ?? 0));
    }
  } catch (error) {
    if (!isReportError(error) || error.wide) throw error;
    yield note(`when GDAP relations end could not be read: ${error.message}`);
    return;
  }
  for (const [tenant, end] of ends) {
    if (!tenants.has(tenant) || end > Date.parse(asOf) + DAYS_OF_WARNING * 86_400_000) continue;
    const day = new Date(end).toISOString().slice(0, 10);
    yield note(`the GDAP relation ends on ${day} and does not renew itself: ask the customer for a new one`, tenant);
  }
}
