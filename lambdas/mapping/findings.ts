import type { Account, Clientele, Company } from './clientele.ts';
import type { Suggestion } from './suggest.ts';

/** What is wrong with the ids that are there. */
export type Findings = {
  /** Customers that several companies are mapped to, or one by an id that several customers have: the report counts them for none. */
  ambiguous: readonly { account: Account; companies: readonly string[] }[];
  /** Ids that the vendor does not list any more, and the customers there that evidence leads to instead. */
  gone: readonly { integration: string; company: Company; id: string; perhaps: readonly Account[] }[];
  /** Enabled companies without an id at any vendor that was read. */
  without: readonly Company[];
};

export function findingsOf(clientele: Clientele, suggestions: readonly Suggestion[]): Findings {
  const { companies, ambiguous, notFound, listed } = clientele;
  const gone = notFound.flatMap(({ integration, company: owner, id }) => {
    const company = companies.find((each) => each.id === owner);
    if (company === undefined) return [];
    const perhaps = suggestions
      .filter(({ account, candidates }) => account.integration === integration && candidates[0]?.company.id === owner)
      .map(({ account }) => account);
    return [{ integration, company, id, perhaps }];
  });
  const without = companies.filter(
    ({ enabled, ids }) =>
      enabled && [...listed.keys()].every((integration) => (ids.get(integration) ?? []).length === 0),
  );
  return { ambiguous, gone, without };
}

/** Where a company has no id and no customer is left that could be its own: its blank there is a question for a person. */
export function blanksOf({ companies, listed }: Clientele, suggestions: readonly Suggestion[]): Map<string, Company[]> {
  const open = new Set(
    suggestions.flatMap(({ account, candidates }) =>
      candidates.map(({ company }) => JSON.stringify([account.integration, company.id])),
    ),
  );
  return new Map(
    [...listed.keys()].map((integration) => [
      integration,
      companies.filter(
        ({ id, enabled, ids }) => enabled && !ids.has(integration) && !open.has(JSON.stringify([integration, id])),
      ),
    ]),
  );
}
