import type { Collection } from '../report/collection.ts';
import type { CompanySuggestion } from '../report/company-suggestion.ts';
import type { UnmappedCustomer } from '../report/report.ts';
import { type Ground, gatherClientele } from './clientele.ts';
import { relevant } from './relevant.ts';
import { type Suggestion, suggest } from './suggest.ts';
import { evidenceText, type Names, plain } from './words.ts';

/** Builds suggestions: each collection can be dropped after it was added. */
export type Suggesting = {
  add(collection: Collection): void;
  /** The same report, with a suggestion for each unmapped customer. */
  told<R extends { unmapped: readonly UnmappedCustomer[] }>(report: R): R & { unmapped: UnmappedCustomer[] };
};

type Managing = { id: string; name: string };

/**
 * Suggests for each unmapped customer of a report what `npm run map` would suggest without reading the PSA again: by
 * the same evidence, all vendors at once.
 */
export function suggesting(ground: Ground, managing: Managing): Suggesting {
  const organizations = withManaging(ground.organizations, managing);
  const gathering = gatherClientele({ ...ground, organizations });
  const names = new Map(ground.catalog.map(({ id, name }) => [id, name]));
  return {
    add: gathering.add,
    told(report) {
      const clientele = gathering.clientele();
      const suggestions = suggest(relevant(clientele));
      const found = new Map(suggestions.map((each) => [keyOf(each.account), suggestionOf(each, names)]));
      // The report leaves out disabled companies, but their customers still have an owner.
      for (const { id, name, enabled, accounts } of clientele.companies) {
        if (enabled || id === managing.id) continue;
        for (const account of accounts) {
          const evidence = 'organizations.json has its id for this company, which is not enabled';
          found.set(keyOf(account), { certainty: 'certain', company: { id, name }, evidence });
        }
      }
      const unmapped = report.unmapped.map((customer) => {
        const suggestion = found.get(keyOf({ integration: customer.integration, id: customer.customerId }));
        return suggestion === undefined ? customer : { ...customer, suggestion };
      });
      return { ...report, unmapped };
    },
  };
}

/** The managing organization has a row even if organizations.json does not name it. */
export const withManaging = (organizations: Ground['organizations'], managing: Managing): Ground['organizations'] =>
  organizations.some(({ id }) => id === managing.id)
    ? organizations
    : [...organizations, { ...managing, enabled: true, integrationIds: new Map() }];

const keyOf = ({ integration, id }: { integration: string; id: string }): string => JSON.stringify([integration, id]);

function suggestionOf(suggestion: Suggestion, names: Names): CompanySuggestion {
  const {
    class: certainty,
    candidates: [best],
  } = suggestion;
  const company =
    certainty === 'unclear' || best === undefined
      ? {}
      : { company: { id: best.company.id, name: plain(best.company.name) } };
  return { certainty, ...company, evidence: evidenceText(suggestion, names) };
}
