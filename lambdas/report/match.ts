import type { CustomerCount } from './collection.ts';
import type { CatalogEntry } from './column.ts';
import { byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';

/** What one company's ids lead to at one vendor. */
export type Match = {
  organization: Organization;
  /** The row's place among the rows. */
  place: number;
  /** Customers that are mapped to this company alone, each once, by id. */
  mapped: readonly CustomerCount[];
  /** Customers that are mapped to another company too, or by an id that another customer answers to as well. */
  ambiguous: readonly CustomerCount[];
  /** Ids that the vendor does not list. */
  notFound: readonly string[];
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
  const find = placesOf(entry, customers);
  const companies = new Map<Organization['id'], Match>();
  const owners = new Array<Organization['id'] | undefined>(customers.length);
  /** Customers, by place, that are ambiguous, with the companies that have an id of them. */
  const disputed = new Map<number, Set<Organization['id']>>();
  const dispute = (customer: number, company: Organization['id']): void => {
    const owner = owners[customer] ?? company;
    disputed.set(customer, (disputed.get(customer) ?? new Set([owner])).add(company));
  };
  for (const [place, organization] of rows.entries()) {
    const ids = organization.integrationIds.get(entry.id);
    if (ids === undefined || ids.length === 0) continue;
    const { found, doubtful, notFound } = reachedBy(ids, find);
    for (const customer of found) {
      if (owners[customer] === undefined) owners[customer] = organization.id;
      else dispute(customer, organization.id);
    }
    for (const customer of doubtful) dispute(customer, organization.id);
    const mapped = found.flatMap((customer) => customers[customer] ?? []);
    if (mapped.length > 1) mapped.sort((a, b) => byText(a.id, b.id));
    companies.set(organization.id, { organization, place, mapped, ambiguous: NOBODY, notFound });
  }
  const ambiguous = [...disputed].flatMap(([place, ids]) => {
    const customer = customers[place];
    return customer === undefined ? [] : [{ customer, companies: distinct(ids) }];
  });
  const doubtful = new Set(ambiguous.map(({ customer }) => customer));
  for (const id of new Set(ambiguous.flatMap((each) => each.companies))) {
    const match = companies.get(id);
    if (match === undefined) continue;
    companies.set(id, {
      ...match,
      mapped: match.mapped.filter((customer) => !doubtful.has(customer)),
      ambiguous: match.mapped.filter((customer) => doubtful.has(customer)),
    });
  }
  return { companies, unmapped: customers.filter((_, place) => owners[place] === undefined), ambiguous };
}

const NOBODY: readonly CustomerCount[] = [];

/** Customers by their places in a list, those of an id that leads to several apart too, and the ids that lead to none. */
type Reached = { found: readonly number[]; doubtful: readonly number[]; notFound: readonly string[] };

/** The customers that a company's ids lead to, each once; and the ids that lead to none. */
function reachedBy(ids: readonly string[], find: (id: string) => readonly number[]): Reached {
  const matching = ids.map(find);
  const [first] = matching;
  if (first !== undefined && ids.length === 1 && first.length === 1)
    return { found: first, doubtful: NOWHERE, notFound: [] };
  return {
    found: [...new Set(matching.flat())],
    doubtful: matching.filter(({ length }) => length > 1).flat(),
    notFound: distinct(ids.filter((_, index) => matching[index]?.length === 0)),
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
  const find = placesOf(entry, customers);
  return (id) => find(id).flatMap((place) => customers[place] ?? []);
}

/** The same by the customers' places in the list. */
function placesOf(entry: CatalogEntry, customers: readonly CustomerCount[]): (id: string) => readonly number[] {
  // Companies name mostly the very texts that the vendor uses: each is brought to its form once.
  const forms = new Map<string, string>();
  const normal = (id: string): string => {
    const known = forms.get(id);
    if (known !== undefined) return known;
    const result = entry.customerId.schema.safeParse(id);
    const form = result.success ? result.data : id;
    forms.set(id, form);
    return form;
  };
  const byId = new Map<string, number[]>();
  for (const [place, { id, aliases }] of customers.entries()) {
    for (const each of [id, ...aliases]) {
      const key = normal(each);
      const known = byId.get(key);
      if (known === undefined) byId.set(key, [place]);
      else if (known.at(-1) !== place) known.push(place);
    }
  }
  return (id) => byId.get(normal(id)) ?? NOWHERE;
}

const NOWHERE: readonly number[] = [];
