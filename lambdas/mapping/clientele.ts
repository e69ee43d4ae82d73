import type { Collection, CustomerCount } from '../report/collection.ts';
import type { Catalog } from '../report/column.ts';
import { matchCustomers } from '../report/match.ts';
import { byText, distinct } from '../report/order.ts';
import type { Organization } from '../report/organization.ts';
import { looksLikeDomain } from './domains.ts';

/** A customer as one vendor lists it, with all that its rows say about who it is. */
export type Account = {
  integration: string;
  id: string;
  aliases: readonly string[];
  name: string;
  domains: readonly string[];
  /** Ids that it has elsewhere. */
  ids: readonly { integration: string; id: string }[];
  references: readonly string[];
  /** What is counted for it: column title and number, the largest first. */
  counts: readonly (readonly [title: string, count: number])[];
};

/** A company of organizations.json with what is known of it so far. */
export type Company = {
  id: string;
  name: string;
  enabled: boolean;
  /** Integration id -> the customer ids that it has there; an empty list says that it has nothing there. */
  ids: ReadonlyMap<string, readonly string[]>;
  /** Mail domains and web addresses, as the PSA lists them. */
  domains: readonly string[];
  /** The vendors' customers that this company alone is mapped to. */
  accounts: readonly Account[];
};

/** A PSA's company: what it says beyond its id. */
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
  /** Integrations whose ids are those of a PSA's companies. */
  psas: readonly string[];
};

export type Material = {
  catalog: Catalog;
  organizations: readonly Organization[];
  collections: readonly Collection[];
  psas: readonly string[];
  psaCompanies?: readonly PsaCompany[];
};

/** Brings companies and customers together as the report does, disabled companies included: their customers have an owner. */
export function clienteleOf({ catalog, organizations, collections, psas, psaCompanies = [] }: Material): Clientele {
  const mapped = new Map<string, Account[]>();
  const unmapped: Account[] = [];
  const ambiguous: { account: Account; companies: string[] }[] = [];
  const notFound: { integration: string; company: string; id: string }[] = [];
  const listed = new Map<string, Account[]>();
  for (const { integration, customers } of collections) {
    const entry = catalog.find(({ id }) => id === integration);
    if (entry === undefined) continue;
    const accounts = new Map(customers.map((customer) => [customer, accountOf(integration, customer)]));
    const toAccounts = (found: readonly CustomerCount[]) => found.flatMap((customer) => accounts.get(customer) ?? []);
    listed.set(integration, [...accounts.values()]);
    const matches = matchCustomers(entry, organizations, customers);
    for (const match of matches.companies.values()) {
      const company = match.organization.id;
      mapped.set(company, [...(mapped.get(company) ?? []), ...toAccounts(match.mapped)]);
      notFound.push(...match.notFound.map((id) => ({ integration, company, id })));
    }
    unmapped.push(...toAccounts(matches.unmapped));
    for (const { customer, companies } of matches.ambiguous) {
      ambiguous.push(...toAccounts([customer]).map((account) => ({ account, companies })));
    }
  }
  const companies = organizations.map(({ id, name, enabled, integrationIds }): Company => {
    const inPsa = psaCompanies.filter((each) => integrationIds.get(each.integration)?.includes(each.id) === true);
    return {
      id,
      name,
      enabled,
      ids: integrationIds,
      domains: distinct(inPsa.flatMap(({ domains }) => domains)),
      accounts: mapped.get(id) ?? [],
    };
  });
  return { companies, unmapped, listed, ambiguous, notFound, psas };
}

function accountOf(integration: string, customer: CustomerCount): Account {
  const { id, aliases, name, counts, identity = {} } = customer;
  const { domains = [], ids = [], references = [] } = identity;
  const numbers = Object.entries(counts).flatMap(([title, value]): [string, number][] =>
    typeof value === 'number' ? [[title, value]] : [],
  );
  return {
    integration,
    id,
    aliases,
    name,
    domains: distinct([...domains, ...[id, ...aliases].filter(looksLikeDomain)]),
    ids,
    references,
    counts: numbers.sort(([a, m], [b, n]) => n - m || byText(a, b)),
  };
}

/** The largest number counted for it: figures of one customer overlap, so they are not added. */
export const sizeOf = ({ counts: [largest] }: Account): number => largest?.[1] ?? 0;
