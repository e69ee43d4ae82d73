import type { Collection } from '../report/collection.ts';
import type { UnmappedCustomer } from '../report/report.ts';
import { type Account, type Ground, gatherClientele } from './clientele.ts';

/** Builds suggestions: each collection can be dropped after it was added. */
export type Suggesting = {
  add(collection: Collection): void;
  /** The same report, with a suggestion for each unmapped customer. */
  told<R extends { unmapped: readonly UnmappedCustomer[] }>(report: R): Promise<R>;
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
    async told(report) {
      if (report.unmapped.length === 0) return report;
      const clientele = gathering.clientele();
      // Brings the lists of mail domains, which are larger than everything else here.
      const { suggestionsFor } = await import('./suggestions.ts');
      const suggestions = suggestionsFor(clientele, names);
      const found = new Map([...suggestions].map(([account, suggestion]) => [keyOf(account), suggestion]));
      // The report leaves out disabled companies, but their customers still have an owner.
      for (const { id, name, enabled, accounts } of clientele.companies) {
        if (enabled || id === managing.id) continue;
        for (const account of accounts) {
          const evidence = 'organizations.json has its id for this company, which is not enabled';
          found.set(keyOf(account), { certainty: 'certain', company: { id, name }, evidence, disabled: true });
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

const keyOf = ({ integration, id }: Pick<Account, 'integration' | 'id'>): string => JSON.stringify([integration, id]);
