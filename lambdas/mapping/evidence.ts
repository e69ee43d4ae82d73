import type { Account, Clientele, Company } from './clientele.ts';
import { domainsOf, mailDomain } from './domains.ts';
import { plainName, relationOf } from './names.ts';

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

/** A mark that identifies a customer or company. Two marks with the same `key` must also `agree`. */
type Mark = { kind: Kind; key: string; what: string };

type Holding = { company: string; mark: Mark; where: string; account: Account | undefined };

/** Who has which mark. */
export type Marks = {
  ofCompanies: ReadonlyMap<string, readonly Holding[]>;
  /** By integration and key. */
  ofAccounts: ReadonlyMap<string, ReadonlyMap<string, readonly { account: Account; mark: Mark }[]>>;
};

export const FILE = 'organizations.json';

/** Collects the marks of all companies, including those of the customers mapped to them, and of all customers. */
export function marksOf({ companies, listed, psas }: Clientele): Marks {
  const ofAccounts = new Map<string, Map<string, { account: Account; mark: Mark }[]>>();
  for (const [integration, accounts] of listed) {
    const held = new Map<string, { account: Account; mark: Mark }[]>();
    for (const account of accounts) {
      for (const mark of accountMarks(account)) push(held, mark.key, { account, mark });
    }
    ofAccounts.set(integration, held);
  }
  const ofCompanies = new Map<string, Holding[]>();
  for (const company of companies) {
    for (const mark of companyMarks(company, psas)) {
      push(ofCompanies, mark.key, { company: company.id, mark, where: FILE, account: undefined });
    }
    for (const account of company.accounts) {
      for (const mark of accountMarks(account)) {
        // A free reference of one vendor says nothing about another vendor's.
        if (mark.kind === 'reference') continue;
        push(ofCompanies, mark.key, { company: company.id, mark, where: account.integration, account });
      }
    }
  }
  return { ofCompanies, ofAccounts };
}

/** The evidence for each company that shares a mark with the customer, the weightiest first. */
export function evidenceFor(account: Account, marks: Marks): Map<string, Evidence[]> {
  const found = new Map<string, Evidence[]>();
  for (const mark of accountMarks(account)) {
    const holdings = (marks.ofCompanies.get(mark.key) ?? []).filter(
      (holding) => holding.account !== account && agree(mark, holding.mark),
    );
    const owners = new Set(holdings.map(({ company }) => company));
    const rivals = (marks.ofAccounts.get(account.integration)?.get(mark.key) ?? []).filter(
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

/** The keys of all marks of the customer; unlike the marks, they are not cached. */
export const keysOf = (account: Account): string[] => readMarks(account).map(({ key }) => key);

/** The same for a company, without the customers that are mapped to it. */
export const ownKeysOf = (company: Company, psas: readonly string[]): string[] =>
  companyMarks(company, psas).map(({ key }) => key);

/** Cached: marks are read many times, and reading a domain is slow. */
const marksRead = new WeakMap<Account, readonly Mark[]>();

function accountMarks(account: Account): readonly Mark[] {
  const known = marksRead.get(account) ?? readMarks(account);
  marksRead.set(account, known);
  return known;
}

function readMarks(account: Account): Mark[] {
  const { integration, id, aliases, ids, references, name } = account;
  return [
    ...[id, ...aliases].map((each) => idMark(integration, each)),
    ...ids.map((each) => idMark(each.integration, each.id)),
    ...references.map(
      (reference) => ({ kind: 'reference', key: `reference ${plainId(reference)}`, what: reference }) as const,
    ),
    ...domainsOf(account).flatMap(domainMark),
    ...nameMark(name),
  ];
}

function companyMarks({ name, ids, domains }: Company, psas: readonly string[]): Mark[] {
  const known = [...ids].flatMap(([integration, each]) => each.map((id) => ({ integration, id })));
  return [
    ...known.map(({ integration, id }) => idMark(integration, id)),
    ...known
      .filter(({ integration }) => psas.includes(integration))
      .map(({ id }) => ({ kind: 'reference', key: `reference ${plainId(id)}`, what: id }) as const),
    ...domains.flatMap(domainMark),
    ...nameMark(name),
  ];
}

/** Case does not matter in GUIDs and domains; in other ids it can. */
export const plainId = (id: string): string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|\.[a-z-]+$/iu.test(id.trim()) ? id.trim().toLowerCase() : id.trim();

const idMark = (integration: string, id: string): Mark => ({
  kind: 'id',
  key: `id ${integration} ${plainId(id)}`,
  what: `${integration} ${id}`,
});

function domainMark(text: string): Mark[] {
  const read = mailDomain(text);
  return read === undefined ? [] : [{ kind: 'domain', key: `domain ${read.family}`, what: read.domain }];
}

function nameMark(name: string): Mark[] {
  const { core } = plainName(name);
  return core === '' ? [] : [{ kind: 'name', key: `name ${core}`, what: name.trim() }];
}

/** Marks of one key agree, except names with different legal forms. */
const agree = (a: Mark, b: Mark): boolean =>
  a.kind !== 'name' || relationOf(plainName(a.what), plainName(b.what)) === 'same';

const isExact = (a: Mark, b: Mark): boolean => a.kind !== 'domain' || a.what === b.what;

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
