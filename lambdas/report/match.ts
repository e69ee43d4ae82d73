import type { CustomerCount } from './collection.ts';
import type { CatalogEntry } from './column.ts';
import { type ListedCustomers, listedCustomers } from './listed-customers.ts';
import { byText, distinct } from './order.ts';
import type { Organization } from './organization.ts';

/** What a company's ids match at one vendor. */
export type Match = {
  organization: Organization;
  /** The row's place among the rows. */
  place: number;
  /** Customers that are mapped only to this company, each once, by id. */
  mapped: readonly CustomerCount[];
  /** Customers that are also mapped to another company, or mapped by an id that another customer has too. */
  ambiguous: readonly CustomerCount[];
  /** Ids that the vendor does not list. */
  notFound: readonly string[];
};

export type Matches = {
  /** One for each company with an id at this vendor, in the order of the rows. */
  companies: readonly Match[];
  /** The places of the companies without a known id; not of those that are known to have nothing there. */
  withoutId: readonly number[];
  /** Customers that no company has an id of. */
  unmapped: CustomerCount[];
  /**
   * Counted for none: `companies` are mapped to it by an id that several companies have, or that several customers
   * have.
   */
  ambiguous: { customer: CustomerCount; companies: string[] }[];
};

/**
 * Matches companies and customers by id alone; names are never compared. An id matches the customer that has it, also
 * as an alias. Two ids of one company that match the same customer count as one; an id that matches two customers
 * counts neither, as it is not known which one was meant.
 */
export function matchCustomers(
  entry: CatalogEntry,
  rows: readonly Organization[],
  customers: readonly CustomerCount[],
): Matches {
  const listed = listedCustomers(entry, customers);
  const companies: Match[] = [];
  const withoutId: number[] = [];
  /** By the customers' places. */
  const owners = new Array<Organization['id'] | undefined>(customers.length).fill(undefined);
  /** Ambiguous customers, by place, with the companies that have one of their ids. */
  const disputed = new Map<number, Set<Organization['id']>>();
  const dispute = (customer: number, company: Organization['id']): void => {
    const owner = owners[customer] ?? company;
    disputed.set(customer, (disputed.get(customer) ?? new Set([owner])).add(company));
  };
  for (const [place, organization] of rows.entries()) {
    const ids = organization.integrationIds.get(entry.id);
    if (ids === undefined) withoutId.push(place);
    if (ids === undefined || ids.length === 0) continue;
    const { found, doubtful, notFound } = reachedBy(ids, listed);
    for (const customer of found) {
      if (owners[customer] === undefined) owners[customer] = organization.id;
      else dispute(customer, organization.id);
    }
    for (const customer of doubtful) dispute(customer, organization.id);
    companies.push({ organization, place, mapped: customersAt(found, customers), ambiguous: NOBODY, notFound });
  }
  const ambiguous = [...disputed].flatMap(([place, ids]) =>
    customersAt([place], customers).map((customer) => ({ customer, companies: distinct(ids) })),
  );
  return {
    companies: ambiguous.length === 0 ? companies : withoutDisputed(companies, ambiguous),
    withoutId,
    unmapped: customers.filter((_, place) => owners[place] === undefined),
    ambiguous,
  };
}

const NOBODY: readonly CustomerCount[] = [];
const NOTHING: readonly never[] = [];

/** The customers at these places, by id. */
function customersAt(places: readonly number[], customers: readonly CustomerCount[]): readonly CustomerCount[] {
  const found: CustomerCount[] = [];
  for (const place of places) {
    const customer = customers[place];
    if (customer !== undefined) found.push(customer);
  }
  return found.sort((a, b) => byText(a.id, b.id));
}

function withoutDisputed(companies: readonly Match[], ambiguous: Matches['ambiguous']): Match[] {
  const disputed = new Set(ambiguous.map(({ customer }) => customer));
  return companies.map((match) => ({
    ...match,
    mapped: match.mapped.filter((customer) => !disputed.has(customer)),
    ambiguous: match.mapped.filter((customer) => disputed.has(customer)),
  }));
}

/**
 * Matched customers by their places in a list; `doubtful` are those of an id that matches several; `notFound` are the
 * ids that match none.
 */
type Reached = { found: readonly number[]; doubtful: readonly number[]; notFound: readonly string[] };

/** The customers that a company's ids match, each once, and the ids that match none. */
function reachedBy(ids: readonly string[], listed: ListedCustomers): Reached {
  const matching = ids.map((id) => listed.placesOf(id));
  const [first] = matching;
  if (ids.length === 1 && first?.length === 1) return { found: first, doubtful: NOTHING, notFound: NOTHING };
  return {
    found: [...new Set(matching.flat())],
    doubtful: matching.filter(({ length }) => length > 1).flat(),
    notFound: distinct(ids.filter((_, index) => matching[index]?.length === 0)),
  };
}
