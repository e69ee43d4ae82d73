import type { Account, Clientele, Company } from './clientele.ts';
import type { Suggestion } from './suggest.ts';

/** What is wrong with the existing ids. */
export type Findings = {
  /**
   * Customers mapped to several companies, or by an id that several customers have: the report counts them for none.
   */
  ambiguous: readonly { account: Account; companies: readonly string[] }[];
  /** Ids that the vendor no longer lists, and the customers that evidence suggests instead. */
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

/**
 * Vendors where a company has no id and no remaining customer could be its own: a person has to decide about the blank.
 */
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
