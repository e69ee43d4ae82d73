import * as z from 'zod/mini';
import type { Fact, Reading } from '../../counting/facts.ts';
import { guid, guidAsWritten } from '../../counting/ids.ts';
import { aside, itself, withWritten } from '../../counting/row-forms.ts';
import { termDay } from '../../counting/term-facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { type Day, daysAfter } from '../../report/day.ts';
import { isReportError } from '../../report/errors.ts';
import { maybe } from '../../wire/forms.ts';
import { list, listOf } from '../../wire/lists.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { graphPages } from './graph.ts';

/** `id` is in lower case, as organizations.json has it; `written` is the id as Microsoft sent it, for requests. */
export type Tenant = { id: string; written: string; name: string };

const tenant = (written: string, name: string | null | undefined): Tenant => ({
  id: written.toLowerCase(),
  written,
  name: name || written,
});

/** Where the list of customer tenants comes from. */
export type TenantSource = 'contracts' | 'gdap' | 'explicit';

/** A tenant to read, with or without a name. */
export const GivenTenant = z.pipe(
  z.union([guidAsWritten, z.strictObject({ id: guidAsWritten, name: z.optional(z.string()) })]),
  z.transform((entry): Tenant => (typeof entry === 'string' ? tenant(entry, entry) : tenant(entry.id, entry.name))),
);

type Row = { written: string; displayName?: string | null | undefined; defaultDomainName?: string | null | undefined };

const names = { id: z.string(), displayName: aside(z.string()), defaultDomainName: aside(z.string()) };

/** The lists of customer tenants, by source. A contract has the tenant's name from when it began. */
export const TENANT_LISTS = {
  contracts: listOf<Row>(
    '/contracts',
    withWritten('customerId', { ...names, customerId: itself(guid) }),
    graphPages(999),
  ),
  gdap: listOf<Row>(
    '/tenantRelationships/delegatedAdminCustomers',
    withWritten('tenantId', { ...names, tenantId: itself(guid) }),
    graphPages(300),
  ),
};

type Source = { partnerTenantId: string; tenantSource: TenantSource; tenants?: readonly Tenant[] | undefined };

/**
 * Lists the customer tenants; returns them by id. `partner` speaks for the partner's tenant, `mapped` are the ids that
 * companies have.
 */
export async function* readTenants(
  partner: Verbs<never>,
  { partnerTenantId, tenantSource, tenants: configured = [] }: Source,
  mapped: readonly string[],
  today: Day,
): Reading<ReadonlyMap<string, Tenant>> {
  const { customer } = partner;
  const tenants = new Map(configured.map((entry) => [entry.id, entry]));
  for (const { id, name } of configured) yield customer(id, name);
  if (tenantSource === 'explicit') return tenants;
  yield* readListed(partner, tenantSource, tenants);
  const home = tenant(partnerTenantId, 'the partner tenant');
  // No list of customers holds the partner itself, yet a company that is mapped to it wants its own licences. An empty
  // list stays empty, because it is not believed.
  if (tenants.size > 0 && !tenants.has(home.id) && mapped.includes(home.id)) {
    tenants.set(home.id, home);
    yield customer(home.id, home.name);
  }
  if (tenantSource === 'gdap') yield* endingRelations(partner, tenants, today);
  return tenants;
}

/**
 * Every customer tenant that the partner's tenant lists; they are added to `tenants`. A tenant can come several times.
 */
async function* readListed(
  { read, customer }: Verbs<never>,
  source: Exclude<TenantSource, 'explicit'>,
  tenants: Map<string, Tenant>,
): Reading {
  const from = TENANT_LISTS[source];
  const listed = ({ written, displayName, defaultDomainName }: Row) => {
    const entry = tenant(written, displayName || defaultDomainName);
    tenants.set(entry.id, entry);
    return customer(entry.id, entry.name);
  };
  try {
    yield* read(from, listed);
  } catch (error) {
    // If a server refuses the requested size, its usual one is read.
    if (tenants.size > 0 || !(error instanceof RefusedAnswer && error.status === 400)) throw error;
    yield* read({ ...from, paging: graphPages() }, listed);
  }
}

const relationships = list(
  '/tenantRelationships/delegatedAdminRelationships',
  {
    id: z.string(),
    displayName: z.string(),
    status: z.string(),
    endDateTime: termDay(),
    autoExtendDuration: aside(z.string()),
    customer: maybe(z.object({ tenantId: guid })),
  },
  graphPages(300),
  { query: { $filter: "status eq 'active'" } },
);

const DAYS_OF_WARNING = 30;

/**
 * Remarks on the tenants whose last GDAP relation ends soon and does not renew itself: after that nobody gets in. Only
 * a warning, so it is never a reason to fail.
 */
async function* endingRelations(
  { rows, note }: Verbs<never>,
  tenants: ReadonlyMap<string, Tenant>,
  today: Day,
): AsyncGenerator<Fact> {
  const ends = new Map<string, Day>();
  try {
    for await (const { displayName, status, endDateTime, autoExtendDuration, customer } of rows(relationships)) {
      // Relations of Microsoft's own making let no partner in for long.
      if (status !== 'active' || displayName.startsWith('MLT_') || !customer) continue;
      const renews = !['', 'PT0S'].includes(autoExtendDuration ?? '');
      const end = renews || !endDateTime ? FOREVER : endDateTime;
      const latest = ends.get(customer.tenantId);
      ends.set(customer.tenantId, latest !== undefined && latest > end ? latest : end);
    }
  } catch (error) {
    if (!isReportError(error) || error.wide) throw error;
    yield note(`when GDAP relationships end could not be read: ${error.message}`);
    return;
  }
  for (const [id, day] of ends) {
    if (!tenants.has(id) || day > daysAfter(today, DAYS_OF_WARNING)) continue;
    yield note(
      `the GDAP relationship ends on ${day} and does not renew automatically: ask the customer for a new one`,
      id,
    );
  }
}

const FOREVER: Day = '9999-12-31';
