import type { CatalogEntry } from './catalog.ts';
import type { CustomerCount } from './collection.ts';
import { byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';

/** What became of one company's ids at one vendor. */
export type Standing = {
  organization: Organization;
  /** Customers that this company alone claims, each once, by id. */
  customers: CustomerCount[];
  /** Customers that another company claims too. */
  contested: CustomerCount[];
  /** Ids that the vendor does not list. */
  missing: string[];
};

export type Settlement = {
  /** One for each company with an id at this vendor. */
  standings: Map<Organization['id'], Standing>;
  unclaimed: CustomerCount[];
  contested: { customer: CustomerCount; claimedBy: string[] }[];
};

/**
 * Brings claims and customers together, by id alone: names are never compared. A claim leads to the customer that has the
 * id, or else to those that have it as an alias; two claims of one company that lead to the same customer are one.
 */
export function settleClaims(
  entry: CatalogEntry,
  rows: readonly Organization[],
  customers: readonly CustomerCount[],
): Settlement {
  const find = finder(entry, customers);
  const claimants = new Map<CustomerCount, Set<string>>();
  const claims = rows.map((organization) => {
    const missing: string[] = [];
    const found = new Set<CustomerCount>();
    for (const id of organization.integrationIds.get(entry.id) ?? []) {
      const matches = find(id);
      if (matches.length === 0) missing.push(id);
      for (const customer of matches) {
        found.add(customer);
        claimants.set(customer, (claimants.get(customer) ?? new Set()).add(organization.id));
      }
    }
    return { organization, missing: distinct(missing), found };
  });
  const alone = (customer: CustomerCount): boolean => claimants.get(customer)?.size === 1;
  const standings = new Map<Organization['id'], Standing>();
  for (const { organization, missing, found } of claims) {
    if (missing.length === 0 && found.size === 0) continue;
    const mine = [...found].sort((a, b) => byText(a.id, b.id));
    standings.set(organization.id, {
      organization,
      customers: mine.filter(alone),
      contested: mine.filter((customer) => !alone(customer)),
      missing,
    });
  }
  return {
    standings,
    unclaimed: customers.filter((customer) => !claimants.has(customer)),
    contested: [...claimants]
      .filter(([, companies]) => companies.size > 1)
      .map(([customer, companies]) => ({ customer, claimedBy: distinct(companies) })),
  };
}

/** Vendors write one id in several ways (upper and lower case guids), so both sides pass the form that the entry declares. */
function finder(entry: CatalogEntry, customers: readonly CustomerCount[]): (id: string) => readonly CustomerCount[] {
  const normal = (id: string): string => {
    const result = entry.customerId.schema.safeParse(id);
    return result.success ? result.data : id;
  };
  const byId = new Map<string, CustomerCount[]>();
  const byAlias = new Map<string, CustomerCount[]>();
  const note = (index: Map<string, CustomerCount[]>, id: string, customer: CustomerCount): void => {
    const key = normal(id);
    const known = index.get(key);
    if (known === undefined) index.set(key, [customer]);
    else known.push(customer);
  };
  for (const customer of customers) {
    note(byId, customer.id, customer);
    for (const alias of customer.aliases) note(byAlias, alias, customer);
  }
  return (id) => byId.get(normal(id)) ?? byAlias.get(normal(id)) ?? [];
}
