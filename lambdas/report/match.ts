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
  /** Customers that are mapped to another company too. */
  ambiguous: readonly CustomerCount[];
  /** Ids that the vendor does not list. */
  notFound: readonly string[];
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
  const find = placesOf(entry, customers);
  const companies = new Map<Organization['id'], Match>();
  const owners = new Array<Organization['id'] | undefined>(customers.length);
  /** Customers, by place, that more than one company has an id of. */
  const disputed = new Map<number, Set<Organization['id']>>();
  for (const [place, organization] of rows.entries()) {
    const ids = organization.integrationIds.get(entry.id);
    if (ids === undefined || ids.length === 0) continue;
    const { found, notFound } = reachedBy(ids, find);
    for (const customer of found) {
      const owner = owners[customer];
      if (owner === undefined) owners[customer] = organization.id;
      else disputed.set(customer, (disputed.get(customer) ?? new Set([owner])).add(organization.id));
    }
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

/** Customers by their places in a list, and the ids that lead to none. */
type Reached = { found: readonly number[]; notFound: readonly string[] };

/** The customers that a company's ids lead to, each once; and the ids that lead to none. */
function reachedBy(ids: readonly string[], find: (id: string) => readonly number[]): Reached {
  const matching = ids.map(find);
  const [first] = matching;
  if (first !== undefined && ids.length === 1 && first.length === 1) return { found: first, notFound: [] };
  return {
    found: [...new Set(matching.flat())],
    notFound: distinct(ids.filter((_, index) => matching[index]?.length === 0)),
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
  const byAlias = new Map<string, number[]>();
  const note = (index: Map<string, number[]>, id: string, place: number): void => {
    const key = normal(id);
    const known = index.get(key);
    if (known === undefined) index.set(key, [place]);
    else known.push(place);
  };
  for (const [place, { id, aliases }] of customers.entries()) {
    note(byId, id, place);
    for (const alias of aliases) note(byAlias, alias, place);
  }
  return (id) => byId.get(normal(id)) ?? byAlias.get(normal(id)) ?? NOWHERE;
}

const NOWHERE: readonly number[] = [];
