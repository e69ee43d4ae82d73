import type { Collection, CustomerCount } from '../report/collection.ts';
import type { Catalog } from '../report/column.ts';
import { matchCustomers } from '../report/match.ts';
import { byText, distinct } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';

/** A customer as one vendor lists it, with everything in its rows that identifies it. */
export type Account = {
  integration: string;
  id: string;
  aliases: readonly string[];
  name: string;
  /** Those that its rows name. */
  domains: readonly string[];
  /** Its ids in other systems. */
  ids: readonly { integration: string; id: string }[];
  references: readonly string[];
  /** Its counts, if it was unmapped when it was read: column title and number, the largest first. */
  counts: readonly (readonly [title: string, count: number])[];
};

/** A company of organizations.json with what is known about it so far. */
export type Company = {
  id: string;
  name: string;
  enabled: boolean;
  /** Integration id -> its customer ids there; an empty list means that it has nothing there. */
  ids: ReadonlyMap<string, readonly string[]>;
  /** Mail domains and web addresses, as the PSA lists them. */
  domains: readonly string[];
  /** The vendors' customers that this company alone is mapped to. */
  accounts: readonly Account[];
};

/** A PSA's company: its details other than its id. */
export type PsaCompany = { integration: string; id: string; domains: readonly string[] };

export type Clientele = {
  companies: readonly Company[];
  /** Customers that no company is mapped to. */
  unmapped: readonly Account[];
  /** Every customer of every vendor, by integration. */
  listed: ReadonlyMap<string, readonly Account[]>;
  /** Customers that several companies are mapped to, or one by an id that several customers have. */
  ambiguous: readonly { account: Account; companies: readonly string[] }[];
  /** Ids of companies that the vendor does not list. */
  notFound: readonly { integration: string; company: string; id: string }[];
  /** Integrations whose customer ids are company ids of a PSA. */
  psas: readonly string[];
};

/** The parts of a clientele that the vendors do not list. */
export type Ground = {
  catalog: Catalog;
  organizations: readonly Organization[];
  psas: readonly string[];
  psaCompanies?: readonly PsaCompany[];
};

/** Builds a clientele. A collection can be dropped after it was added: only what identifies its customers is kept. */
export type Gathering = { add(collection: Collection): void; clientele(): Clientele };

/** Assigns customers to companies as the report does, including disabled companies: their customers have an owner. */
export function gatherClientele({ catalog, organizations, psas, psaCompanies = [] }: Ground): Gathering {
  const mapped = new Map<string, Account[]>();
  const unmapped: Account[] = [];
  const ambiguous: { account: Account; companies: string[] }[] = [];
  const notFound: { integration: string; company: string; id: string }[] = [];
  const listed = new Map<string, Account[]>();
  return {
    add({ integration, customers }) {
      const entry = catalog.find(({ id }) => id === integration);
      if (entry === undefined) return;
      const matches = matchCustomers(entry, organizations, customers);
      const open = new Set(matches.unmapped);
      const accounts = new Map(
        customers.map((customer) => [customer, accountOf(integration, customer, open.has(customer))]),
      );
      const toAccounts = (found: readonly CustomerCount[]) => found.flatMap((customer) => accounts.get(customer) ?? []);
      listed.set(integration, [...accounts.values()]);
      for (const match of matches.companies.values()) {
        const company = match.organization.id;
        mapped.set(company, [...(mapped.get(company) ?? []), ...toAccounts(match.mapped)]);
        notFound.push(...match.notFound.map((id) => ({ integration, company, id })));
      }
      for (const account of toAccounts(matches.unmapped)) unmapped.push(account);
      for (const { customer, companies } of matches.ambiguous) {
        ambiguous.push(...toAccounts([customer]).map((account) => ({ account, companies })));
      }
    },
    clientele: () => ({
      companies: organizations.map((organization) => companyOf(organization, psaCompanies, mapped)),
      ...{ unmapped, listed, ambiguous, notFound, psas },
    }),
  };
}

/** The clientele of all collections. */
export function clienteleOf({ collections, ...ground }: Ground & { collections: readonly Collection[] }): Clientele {
  const gathering = gatherClientele(ground);
  for (const collection of collections) gathering.add(collection);
  return gathering.clientele();
}

function companyOf(
  { id, name, enabled, integrationIds }: Organization,
  psaCompanies: readonly PsaCompany[],
  mapped: ReadonlyMap<string, readonly Account[]>,
): Company {
  const inPsa = psaCompanies.filter((each) => integrationIds.get(each.integration)?.includes(each.id) === true);
  const domains = distinct(inPsa.flatMap((each) => each.domains));
  return { id, name, enabled, ids: integrationIds, domains, accounts: mapped.get(id) ?? [] };
}

const NONE: readonly never[] = [];

function accountOf(integration: string, customer: CustomerCount, isUnmapped: boolean): Account {
  const { id, aliases, name, counts, identity = {} } = customer;
  const { domains = NONE, ids = NONE, references = NONE } = identity;
  return {
    integration,
    id,
    aliases,
    name,
    ...{ domains, ids, references },
    counts: isUnmapped ? numbersOf(counts) : NONE,
  };
}

const numbersOf = (counts: CustomerCount['counts']): Account['counts'] =>
  Object.entries(counts)
    .flatMap(([title, value]): [string, number][] => (typeof value === 'number' ? [[title, value]] : []))
    .sort(([a, m], [b, n]) => n - m || byText(a, b));

/** The largest number counted for it: counts of one customer overlap, so they are not added. */
export const sizeOf = ({ counts: [largest] }: Account): number => largest?.[1] ?? 0;
