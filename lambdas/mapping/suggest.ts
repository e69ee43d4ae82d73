import { byName, byText } from '../report/order.ts';
import { type Account, type Clientele, type Company, sizeOf } from './clientele.ts';
import { doubtsOf } from './doubts.ts';
import { type Evidence, evidenceFor, KINDS, type Marks, marksOf } from './evidence.ts';

export type Candidate = { company: Company; evidence: readonly Evidence[]; doubts: readonly string[] };

/**
 * The suggestion for an unmapped customer. `certain`: an id or a domain that nobody else has shows whose it is, and
 * there is no evidence against it. `likely`: there is a best candidate, for a person to confirm. `unclear`: there is
 * none.
 */
export type Suggestion = {
  class: 'certain' | 'likely' | 'unclear';
  account: Account;
  /** The best first; exactly one if it is `certain`. */
  candidates: readonly Candidate[];
};

/** A pair that a person ruled out. */
export type Refusal = { account: Account; company: string };

const CLASSES = ['certain', 'likely', 'unclear'] as const;

/**
 * A suggestion for every unmapped customer: by class, then the largest first. All vendors are considered together: a
 * certain link adds its customer's ids, domains and name to the company, which can make others certain. One that does
 * not hold given all others is no longer certain, and neither is what followed from it.
 */
export function suggest(clientele: Clientele, refused: readonly Refusal[] = []): Suggestion[] {
  const doubtful = new Set<Account>();
  for (;;) {
    const { suggestions, refuted } = settle(clientele, refused, doubtful);
    if (refuted.length === 0) return suggestions.sort(byClassAndSize);
    for (const account of refuted) doubtful.add(account);
  }
}

/**
 * Adds certain links until there are no more. Each round checks the earlier ones again: two that would give one company
 * two customers of a vendor, for example, contradict each other.
 */
function settle(clientele: Clientele, refused: readonly Refusal[], doubtful: ReadonlySet<Account>) {
  const linked = new Map<Account, string>();
  for (;;) {
    const grown = withLinks(clientele, linked);
    const marks = marksOf(grown);
    const companies = new Map(grown.companies.map((company) => [company.id, company]));
    const suggestions = clientele.unmapped.map((account) => judge(account, companies, marks, refused, doubtful));
    const certain = suggestions.flatMap(({ class: found, account, candidates: [best] }) =>
      found === 'certain' && best !== undefined ? [{ account, company: best.company.id }] : [],
    );
    const upheld = new Set(certain.map(({ account }) => account));
    const refuted = [...linked.keys()].filter((account) => !upheld.has(account));
    if (refuted.length > 0) return { suggestions, refuted };
    if (certain.length === linked.size) return { suggestions, refuted: [] };
    for (const { account, company } of certain) linked.set(account, company);
  }
}

function judge(
  account: Account,
  companies: ReadonlyMap<string, Company>,
  marks: Marks,
  refused: readonly Refusal[],
  doubtful: ReadonlySet<Account>,
): Suggestion {
  const candidates = [...evidenceFor(account, marks)]
    .flatMap(([id, evidence]): Candidate[] => {
      const company = companies.get(id);
      const isRefused = refused.some((refusal) => refusal.account === account && refusal.company === id);
      if (company === undefined || isRefused) return [];
      return [{ company, evidence, doubts: doubtsOf(account, company, evidence) }];
    })
    .sort(
      (a, b) => rankOf(a) - rankOf(b) || byName(a.company.name, b.company.name) || byText(a.company.id, b.company.id),
    );
  return { class: classOf(candidates, doubtful.has(account)), account, candidates };
}

function classOf([best, second]: readonly Candidate[], isDoubtful: boolean): Suggestion['class'] {
  if (best === undefined) return 'unclear';
  if (second !== undefined) return rankOf(best) < rankOf(second) ? 'likely' : 'unclear';
  if (isProof(best.evidence) && best.doubts.length === 0 && !isDoubtful) return 'certain';
  const byNameAlone = best.evidence.every(({ kind }) => kind === 'name');
  return byNameAlone && (best.doubts.length > 0 || best.evidence.every(({ unique }) => !unique)) ? 'unclear' : 'likely';
}

/** A unique id or domain; a reference that somebody typed is proof only together with the name. */
function isProof(evidence: readonly Evidence[]): boolean {
  const has = (kind: Evidence['kind']) => evidence.some((each) => each.kind === kind && each.unique);
  return has('id') || has('domain') || (has('reference') && has('name'));
}

/** The rank of its weightiest evidence: 0 is the weightiest. */
const rankOf = ({ evidence }: Candidate): number => Math.min(...evidence.map(({ kind }) => KINDS.indexOf(kind)));

function withLinks(clientele: Clientele, linked: ReadonlyMap<Account, string>): Clientele {
  const added = Map.groupBy(linked, ([, company]) => company);
  const companies = clientele.companies.map((company) => {
    const accounts = (added.get(company.id) ?? []).map(([account]) => account);
    return accounts.length === 0 ? company : { ...company, accounts: [...company.accounts, ...accounts] };
  });
  return { ...clientele, companies };
}

const byClassAndSize = (a: Suggestion, b: Suggestion): number =>
  CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) ||
  sizeOf(b.account) - sizeOf(a.account) ||
  byName(a.account.name, b.account.name) ||
  byText(a.account.integration, b.account.integration) ||
  byText(a.account.id, b.account.id);
