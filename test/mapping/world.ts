import { readOrganizations } from '../../lambdas/configuration/organizations-json.ts';
import { anyId } from '../../lambdas/counting/ids.ts';
import { type Account, type Clientele, clienteleOf, type PsaCompany } from '../../lambdas/mapping/clientele.ts';
import { type Suggestion, suggest } from '../../lambdas/mapping/suggest.ts';
import type { Collection, CustomerIdentity } from '../../lambdas/report/collection.ts';
import type { Catalog } from '../../lambdas/report/column.ts';

export const VENDORS = ['alpha', 'beta', 'gamma', 'microsoft-365'];
export const PSA = 'halopsa';

const catalog: Catalog = VENDORS.map((id, position) => ({
  id,
  name: id,
  position,
  columns: [],
  customerId: { name: 'id', schema: anyId },
}));

export type Customer = { id: string; name?: string; aliases?: string[]; units?: number } & CustomerIdentity;
export type Entry = {
  id: string;
  name?: string;
  enabled?: boolean;
  integrationIds?: Record<string, string | string[]>;
};

/** A clientele from what vendors list and what organizations.json says, as the product reads both. */
export function world(
  companies: readonly Entry[],
  customers: Record<string, readonly Customer[]>,
  psaCompanies: readonly PsaCompany[] = [],
): Clientele {
  const organizations = companies.map(({ id, name = id, ...rest }) => ({ id, name, ...rest }));
  return clienteleOf({
    catalog,
    organizations: readOrganizations({ organizations }, catalog, [PSA]),
    collections: Object.entries(customers).map(([integration, list]) => collection(integration, list)),
    psas: [PSA],
    psaCompanies,
  });
}

function collection(integration: string, customers: readonly Customer[]): Collection {
  return {
    integration,
    asOf: '2026-11-22T06:30:00Z',
    status: 'collected',
    columns: [],
    customers: customers.map(({ id, name = id, aliases = [], units = 1, ...identity }) => ({
      id,
      name,
      aliases,
      counts: { [`${integration} units`]: units },
      gaps: {},
      notes: [],
      identity,
      state: 'counted',
    })),
    notes: [],
    receipt: { requests: 1, pages: 1, rows: customers.length, distinct: customers.length, lists: [], comparisons: [] },
  };
}

/** A suggestion in short: `certain alpha/7 -> contoso`, or `unclear alpha/7 -> contoso|fabrikam`. */
export const short = ({ class: found, account, candidates }: Suggestion): string =>
  `${found} ${account.integration}/${account.id} -> ${candidates.map(({ company }) => company.id).join('|')}`;

/** What is suggested for a world, in short. */
export const suggested = (...given: Parameters<typeof world>): string[] => suggest(world(...given)).map(short);

export const accountIn = ({ listed }: Clientele, integration: string, id: string): Account => {
  const found = listed.get(integration)?.find((account) => account.id === id);
  if (found === undefined) throw new Error(`${integration} lists no ${id}`);
  return found;
};
