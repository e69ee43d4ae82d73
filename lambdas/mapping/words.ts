import { claimInWords } from '../report/claim.ts';
import { onOneLine } from '../report/text.ts';
import type { Account } from './clientele.ts';
import { type Evidence, FILE } from './evidence.ts';
import type { Findings } from './findings.ts';
import type { Candidate, Suggestion } from './suggest.ts';

/** Integration id -> the name that people know. */
export type Names = ReadonlyMap<string, string>;

/** No names: integrations are called by their ids. */
const IDS: Names = new Map();

/** Vendors' names can contain line breaks and control characters, which would act on a terminal. */
export const plain = (text: string): string => onOneLine(text.replace(/\p{C}/gu, ' '));

export const nameAndId = ({ name, id }: { name: string; id: string }): string => `${plain(name)} (${plain(id)})`;

/** One line per suggestion: class, integration, customer, company, evidence; columns are as wide as their content. */
export function suggestionLines(suggestions: readonly Suggestion[], names: Names = IDS): string[] {
  const rows = suggestions.map((suggestion) => {
    const { class: found, account, candidates } = suggestion;
    const [best] = candidates;
    // If it is unclear which one, no company is suggested.
    const company = found === 'unclear' || best === undefined ? '-' : nameAndId(best.company);
    return [found, account.integration, nameAndId(account), company, evidenceText(suggestion, names)];
  });
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The evidence for the best candidate, then for the others; if none is best, for each of them. */
export function evidenceText({ class: found, candidates: [best, ...others] }: Suggestion, names: Names = IDS): string {
  if (best === undefined) return 'no evidence';
  if (found === 'unclear') {
    return [best, ...others]
      .map((candidate) => `${plain(candidate.company.name)}? ${reasons(candidate, names)}`)
      .join('; ');
  }
  const rivals = others.map((other) => `but ${plain(other.company.name)}: ${reasons(other, names)}`);
  return [reasons(best, names), ...rivals].join('; ');
}

/** The evidence for a candidate, the weightiest first, and against it. */
export function reasons({ evidence, doubts }: Candidate, names: Names = IDS): string {
  const reasonsFor = new Set(evidence.map((each) => reason(each, names)));
  return [[...reasonsFor].join(', '), ...doubts.map((doubt) => `but ${plain(doubt)}`)].join('; ');
}

function reason({ kind, what, where, unique }: Evidence, names: Names): string {
  const nameOf = (integration: string): string => names.get(integration) ?? integration;
  const at = where === FILE ? '' : ` as at ${nameOf(where)}`;
  // An id is shown with its integration.
  const same = kind === 'id' ? what.replace(/^\S+/u, nameOf) : what;
  return `${PHRASES[kind](plain(same))}${at}${unique ? '' : ' (not alone)'}`;
}

const PHRASES: Record<Evidence['kind'], (what: string) => string> = {
  id: (what) => `same id ${what}`,
  domain: (what) => `same domain ${what}`,
  reference: (what) => `reference ${what}`,
  'domain family': (what) => `related domain ${what}`,
  name: () => 'same name',
};

/** A customer's counts, the largest first. */
export function stakes({ counts }: Account): string {
  const used = counts.filter(([, count]) => count > 0);
  if (used.length === 0) return 'nothing counted';
  return used
    .slice(0, 3)
    .map(([title, count]) => `${count} ${plain(title)}`)
    .join(', ');
}

/** The most names on one line; in a first session no company has an id. */
const MOST_NAMES = 12;

const firstOf = (names: readonly string[]): string => {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ');
};

/** One sentence per finding. */
export function findingLines({ ambiguous, gone, without }: Findings, names: Names): string[] {
  const vendor = (integration: string) => names.get(integration) ?? integration;
  return [
    ...ambiguous.map(
      ({ account, companies }) =>
        `${vendor(account.integration)}: ${nameAndId(account)} counts for no company, because it is ${claimInWords(companies)}`,
    ),
    ...gone
      .filter(({ perhaps }) => perhaps.length > 0)
      .map(
        ({ integration, company, id, perhaps }) =>
          `${vendor(integration)} no longer lists ${plain(id)} of ${nameAndId(company)}; it may now be ${perhaps.map(nameAndId).join(' or ')}`,
      ),
    ...[
      ...Map.groupBy(
        gone.filter(({ perhaps }) => perhaps.length === 0),
        ({ company }) => company,
      ),
    ].map(
      ([company, ids]) =>
        `${nameAndId(company)}: no longer listed, so remove these ids: ${ids.map(({ integration, id }) => `${vendor(integration)} ${plain(id)}`).join(', ')}`,
    ),
    ...(without.length === 0 ? [] : [`No id at any vendor: ${firstOf(without.map(({ name }) => plain(name)))}`]),
  ];
}
