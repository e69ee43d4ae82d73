import { AGENT } from '../../psa/freshdesk/access.ts';
import { type SourceRight, sees } from '../reading/rights.ts';
import { objectNamed, recordCount, schemasOf } from './lists.ts';

type Settings = { object: string; companyFields?: Record<string, string> | undefined };

export const rights: readonly SourceRight<Settings>[] = [
  sees('seeing companies', AGENT, '/companies', { per_page: 1 }),
  {
    right: 'custom objects (view)',
    where: `${AGENT}; a plan without custom objects has no such right: use companyFields there, or billed.csv`,
    isNeeded: ({ companyFields }) => companyFields === undefined,
    check: async ({ api }, { object }) => recordCount(api, objectNamed(object, await schemasOf(api)).id),
  },
];
