import type { CustomerCount } from './collection.ts';
import type { CatalogEntry } from './column.ts';
import { byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';

/** What one company's ids lead to at one vendor. */
export type Match = {
  organization: Organization;
  /** Customers that are mapped to this company alone, each once, by id. */
  mapped: CustomerCount[];
  /** Customers that are mapped to another company too. */
  ambiguous: CustomerCount[];
  /** Ids that the vendor does not list. */
  notFound: string[];
};

export type Matches = {
  /** One for each company with an id at this vendor. */
  companies: Map<Organization['id'], Match>;
  /** Customers that no company has an id of. */
  unmapped: CustomerCount[];
  ambiguous: { customer: CustomerCount; companies: string[] }[];
};

/**
 * Brings companies and customers together, by id alone: names are never compared. An id leads to the customer that has it, or
 * else to those that have it as an alias; two ids of one company that lead to the same customer count as one.
 */
export function matchCustomers(
  entry: CatalogEntry,
  rows: readonly Organization[],
  customers: readonly CustomerCount[],
): Matches {
  const find = customerFinder(entry, customers);
  const companiesOf = new Map<CustomerCount, Set<string>>();
  const reached = rows.map((organization) => {
    const notFound: string[] = [];
    const found = new Set<CustomerCount>();
    for (const id of organization.integrationIds.get(entry.id) ?? []) {
      const matching = find(id);
      if (matching.length === 0) notFound.push(id);
      for (const customer of matching) {
        found.add(customer);
        companiesOf.set(customer, (companiesOf.get(customer) ?? new Set()).add(organization.id));
      }
    }
    return { organization, notFound: distinct(notFound), found };
  });
  const isMappedOnce = (customer: CustomerCount): boolean => companiesOf.get(customer)?.size === 1;
  const companies = new Map<Organization['id'], Match>();
  for (const { organization, notFound, found } of reached) {
    if (notFound.length === 0 && found.size === 0) continue;
    const ordered = [...found].sort((a, b) => byText(a.id, b.id));
    companies.set(organization.id, {
      organization,
      mapped: ordered.filter(isMappedOnce),
      ambiguous: ordered.filter((customer) => !isMappedOnce(customer)),
      notFound,
    });
  }
  return {
    companies,
    unmapped: customers.filter((customer) => !companiesOf.has(customer)),
    ambiguous: [...companiesOf]
      .filter(([, ids]) => ids.size > 1)
      .map(([customer, ids]) => ({ customer, companies: distinct(ids) })),
  };
}

/**
 * Finds the customers that an id leads to. Vendors write one id in several ways (upper and lower case guids), so both sides pass the
 * form that the entry declares.
 */
export function customerFinder(
  entry: CatalogEntry,
  customers: readonly CustomerCount[],
): (id: string) => readonly CustomerCount[] {
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
