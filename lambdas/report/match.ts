import type { CustomerCount } from './collection.ts';
import type { CatalogEntry } from './column.ts';
import { byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';

/** What one company's ids lead to at one vendor. */
export type Match = {
  organization: Organization;
  /** Customers that are mapped to this company alone, each once, by id. */
  mapped: CustomerCount[];
  /** Customers that are mapped to another company too, or by an id that another customer answers to as well. */
  ambiguous: CustomerCount[];
  /** Ids that the vendor does not list. */
  notFound: string[];
};

export type Matches = {
  /** One for each company with an id at this vendor. */
  companies: Map<Organization['id'], Match>;
  /** Customers that no company has an id of. */
  unmapped: CustomerCount[];
  /** Counted for none: `companies` have it by an id that several companies have, or that several customers answer to. */
  ambiguous: { customer: CustomerCount; companies: string[] }[];
};

/**
 * Brings companies and customers together, by id alone: names are never compared. An id leads to the customer that has it, be it
 * as an alias. Two ids of one company that lead to the same customer count as one; an id that leads to two customers counts neither,
 * for nobody can say which one was meant.
 */
export function matchCustomers(
  entry: CatalogEntry,
  rows: readonly Organization[],
  customers: readonly CustomerCount[],
): Matches {
  const find = customerFinder(entry, customers);
  const companiesOf = new Map<CustomerCount, Set<string>>();
  const doubtful = new Set<CustomerCount>();
  const reached = rows.map((organization) => {
    const notFound: string[] = [];
    const found = new Set<CustomerCount>();
    for (const id of organization.integrationIds.get(entry.id) ?? []) {
      const matching = find(id);
      if (matching.length === 0) notFound.push(id);
      for (const customer of matching) {
        found.add(customer);
        if (matching.length > 1) doubtful.add(customer);
        companiesOf.set(customer, (companiesOf.get(customer) ?? new Set()).add(organization.id));
      }
    }
    return { organization, notFound: distinct(notFound), found };
  });
  const isAmbiguous = (customer: CustomerCount): boolean =>
    doubtful.has(customer) || companiesOf.get(customer)?.size !== 1;
  const companies = new Map<Organization['id'], Match>();
  for (const { organization, notFound, found } of reached) {
    if (notFound.length === 0 && found.size === 0) continue;
    const ordered = [...found].sort((a, b) => byText(a.id, b.id));
    companies.set(organization.id, {
      organization,
      mapped: ordered.filter((customer) => !isAmbiguous(customer)),
      ambiguous: ordered.filter(isAmbiguous),
      notFound,
    });
  }
  return {
    companies,
    unmapped: customers.filter((customer) => !companiesOf.has(customer)),
    ambiguous: [...companiesOf]
      .filter(([customer]) => isAmbiguous(customer))
      .map(([customer, ids]) => ({ customer, companies: distinct(ids) })),
  };
}

/**
 * Finds the customers that an id leads to, which is one where all is well. Vendors write one id in several ways (upper and lower case
 * guids), so both sides pass the form that the entry declares.
 */
export function customerFinder(
  entry: CatalogEntry,
  customers: readonly CustomerCount[],
): (id: string) => readonly CustomerCount[] {
  const normal = (id: string): string => {
    const result = entry.customerId.schema.safeParse(id);
    return result.success ? result.data : id;
  };
  const byId = new Map<string, Set<CustomerCount>>();
  for (const customer of customers) {
    for (const id of [customer.id, ...customer.aliases]) {
      const key = normal(id);
      byId.set(key, (byId.get(key) ?? new Set()).add(customer));
    }
  }
  return (id) => [...(byId.get(normal(id)) ?? [])];
}
