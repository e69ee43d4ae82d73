import * as z from 'zod/mini';
import { guid, guidAsWritten, note } from '../../counting/collector.ts';
import type { Fact } from '../../counting/facts.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { isReportError } from '../../report/errors.ts';
import { byLink } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { graphList } from './licences.ts';

/** `id` is in lower case, as organizations.json has it; `written` is what Microsoft is asked with: the id as it came. */
export type Tenant = { id: string; written: string; name: string };

export const tenant = (written: string, name: string | null | undefined): Tenant => ({
  id: written.toLowerCase(),
  written,
  name: name || written,
});

/** Where the list of customer tenants comes from. */
export type TenantSource = 'contracts' | 'gdap' | 'explicit';

const maybe = z.optional(z.nullable(z.string()));
const Contract = z.object({ id: z.string(), customerId: guidAsWritten, displayName: maybe, defaultDomainName: maybe });
const DelegatedCustomer = z.object({ id: z.string(), tenantId: guidAsWritten, displayName: maybe });

/**
 * Every customer tenant, in the words of the partner's tenant; one that has several contracts comes several times. A contract names
 * a tenant as it was called when it began.
 */
export async function* tenantsOf(
  source: TenantSource,
  partner: VendorApi,
  listed: readonly Tenant[],
): AsyncGenerator<Tenant> {
  if (source === 'explicit') {
    yield* listed;
  } else if (source === 'contracts') {
    const contracts = largePages(partner, '/contracts', Contract, 999);
    for await (const { customerId, displayName, defaultDomainName } of contracts) {
      yield tenant(customerId, displayName || defaultDomainName);
    }
  } else {
    const path = '/tenantRelationships/delegatedAdminCustomers';
    const delegated = largePages(partner, path, DelegatedCustomer, 300);
    for await (const { tenantId, displayName } of delegated) yield tenant(tenantId, displayName);
  }
}

/** A list in pages as large as they are known to be; a server that refuses that size is asked for its usual one. */
async function* largePages<R extends { id: string }>(
  partner: VendorApi,
  path: string,
  item: z.ZodMiniType<R>,
  most: number,
): AsyncGenerator<R> {
  const page = graphList(item);
  const read = (query: { $top?: number }) =>
    partner.pages(
      path,
      { page, rows: (body) => body.value, key: (row) => row.id },
      byLink({ query, next: (body) => body['@odata.nextLink'] }),
    );
  let any = false;
  try {
    for await (const row of read({ $top: most })) {
      any = true;
      yield row;
    }
  } catch (error) {
    if (any || !(error instanceof RefusedAnswer && error.status === 400)) throw error;
    yield* read({});
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
  partner: VendorApi,
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
