import { ByMark } from './by-mark.ts';
import type { Account, Clientele, Company } from './clientele.ts';
import { domainsOf, mailDomain } from './domains.ts';
import { plainName, relationOf } from './names.ts';
import { remembering } from './remembering.ts';

/** Evidence that a customer belongs to a company, by weight. */
export type Kind = 'id' | 'domain' | 'reference' | 'domain family' | 'name';

export const KINDS: readonly Kind[] = ['id', 'domain', 'reference', 'domain family', 'name'];

export type Evidence = {
  kind: Kind;
  /** What both sides have in common: an id, a domain, a name. */
  what: string;
  /** Where the company has it: an integration id, or `organizations.json`. */
  where: string;
  /** Only one customer of this vendor and one company have it. */
  unique: boolean;
};

/**
 * A mark that identifies a customer or company. Two marks with the same `value` in the same `realm` (an id's
 * integration, or the kind) must also `agree`.
 */
type Mark = { kind: Kind; realm: string; value: string; what: string };

type Holding = { company: string; mark: Mark; where: string; account: Account | undefined };
type Bearer = { account: Account; mark: Mark };

/** Who has which of the marks of unmapped customers; no other mark is looked up. */
export type Marks = {
  ofCompanies: ByMark<Holding>;
  /** By integration. */
  ofAccounts: ReadonlyMap<string, ByMark<Bearer>>;
};

export const FILE = 'organizations.json';

/**
 * Looks for the marks of unmapped customers among all companies, including the customers mapped to them, and all
 * customers.
 */
export function marksOf({ companies, listed, unmapped, psas }: Clientele): Marks {
  const ofCompanies = new ByMark<Holding>();
  const ofAccounts = new Map([...listed.keys()].map((integration) => [integration, new ByMark<Bearer>()]));
  for (const account of unmapped) {
    for (const mark of marksOfAccount(account)) {
      ofCompanies.expect(mark);
      ofAccounts.get(account.integration)?.expect(mark);
    }
  }
  const found = new Map<Account, Mark[]>();
  for (const [integration, accounts] of listed) {
    const bearers = ofAccounts.get(integration);
    for (const account of accounts) {
      const marks = marksOfAccount(account).filter((mark) => ofCompanies.of(mark) !== undefined);
      if (marks.length === 0) continue;
      found.set(account, marks);
      for (const mark of marks) bearers?.of(mark)?.push({ account, mark });
    }
  }
  for (const company of companies) {
    for (const mark of marksOfCompany(company, psas)) {
      ofCompanies.of(mark)?.push({ company: company.id, mark, where: FILE, account: undefined });
    }
    for (const account of company.accounts) {
      for (const holding of holdingsOf(account, found.get(account) ?? [], company.id)) {
        ofCompanies.of(holding.mark)?.push(holding);
      }
    }
  }
  return { ofCompanies, ofAccounts };
}

/** The same marks after these unmapped customers were linked to companies. */
export function withLinked({ ofCompanies, ofAccounts }: Marks, linked: ReadonlyMap<Account, string>): Marks {
  const added = [...linked].flatMap(([account, company]) => holdingsOf(account, marksOfAccount(account), company));
  return { ofCompanies: ofCompanies.with(added), ofAccounts };
}

/**
 * The marks that a company has through one of its customers. A free reference of one vendor says nothing about another
 * vendor's.
 */
const holdingsOf = (account: Account, marks: readonly Mark[], company: string): Holding[] =>
  marks
    .filter(({ kind }) => kind !== 'reference')
    .map((mark) => ({ company, mark, where: account.integration, account }));

/** The evidence for each company that shares a mark with the customer, the weightiest first. */
export function evidenceFor(account: Account, marks: Marks): Map<string, Evidence[]> {
  const found = new Map<string, Evidence[]>();
  for (const mark of marksOfAccount(account)) {
    const holdings = (marks.ofCompanies.of(mark) ?? []).filter(
      (holding) => holding.account !== account && agree(mark, holding.mark),
    );
    const owners = new Set(holdings.map(({ company }) => company));
    const rivals = (marks.ofAccounts.get(account.integration)?.of(mark) ?? []).filter(
      (other) => other.account !== account && agree(mark, other.mark),
    );
    for (const company of owners) {
      const same = holdings.filter((holding) => holding.company === company);
      const best = same.find((holding) => isExact(mark, holding.mark)) ?? same[0];
      if (best === undefined) continue;
      const kind = mark.kind === 'domain' && !isExact(mark, best.mark) ? 'domain family' : mark.kind;
      const unique = owners.size === 1 && rivals.length === 0;
      push(found, company, { kind, what: mark.what, where: best.where, unique });
    }
  }
  for (const evidence of found.values()) evidence.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return found;
}

function marksOfAccount(account: Account): Mark[] {
  const { integration, id, aliases, ids, references, name } = account;
  const marks = [idMark(integration, id)];
  for (const alias of aliases) marks.push(idMark(integration, alias));
  for (const each of ids) marks.push(idMark(each.integration, each.id));
  for (const reference of references) marks.push(referenceMark(reference));
  for (const domain of domainsOf(account)) marks.push(...domainMark(domain));
  marks.push(...nameMark(name));
  return marks;
}

function marksOfCompany({ name, ids, domains }: Company, psas: readonly string[]): Mark[] {
  const marks: Mark[] = [];
  for (const [integration, each] of ids) for (const id of each) marks.push(idMark(integration, id));
  for (const psa of psas) for (const id of ids.get(psa) ?? []) marks.push(referenceMark(id));
  for (const domain of domains) marks.push(...domainMark(domain));
  marks.push(...nameMark(name));
  return marks;
}

/** Case does not matter in GUIDs and domains; in other ids it can. */
export function plainId(id: string): string {
  const written = id.trim();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|\.[a-z-]+$/iu.test(written) ? written.toLowerCase() : written;
}

const idMark = (integration: string, id: string): Mark => ({
  kind: 'id',
  realm: integration,
  value: plainId(id),
  what: `${integration} ${id}`,
});

const referenceMark = (reference: string): Mark => ({
  kind: 'reference',
  realm: 'reference',
  value: plainId(reference),
  what: reference,
});

const domainMark = remembering((text): readonly Mark[] => {
  const read = mailDomain(text);
  return read === undefined ? [] : [{ kind: 'domain', realm: 'domain', value: read.family, what: read.domain }];
});

const nameMark = remembering((name): readonly Mark[] => {
  const { core } = plainName(name);
  return core === '' ? [] : [{ kind: 'name', realm: 'name', value: core, what: name.trim() }];
});

/** Marks of one value agree, except names with different legal forms. */
const agree = (a: Mark, b: Mark): boolean =>
  a.kind !== 'name' || relationOf(plainName(a.what), plainName(b.what)) === 'same';

const isExact = (a: Mark, b: Mark): boolean => a.kind !== 'domain' || a.what === b.what;

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
