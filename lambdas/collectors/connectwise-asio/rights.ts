import * as z from 'zod/mini';
import type { Right } from '../../counting/rights.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { NOBODY_LISTED } from '../../wire/rights.ts';
import { companies, sites } from './companies.ts';
import { endpointsByCompany } from './groups.ts';
import { isNothing } from './sentence.ts';

const Companies = z.array(z.object({ id: z.string() }));

/** The path of version 1 with one company's devices instead of all. */
const ofCompany = (id: string): string => `/api/platform/v1/device/clients/${encodeURIComponent(id)}/endpoints`;

async function someCompany(api: VendorApi): Promise<string | undefined> {
  const [company] = await api.get(companies.path, { schema: Companies });
  return company?.id;
}

const scope = (name: string, check: Right<unknown>['check']): Right<unknown> => ({
  right: `scope ${name} - Read`,
  where: 'Asio portal > Integrations > API Access > the key',
  check,
});

export const asioRights: readonly Right<unknown>[] = [
  scope('Platform - Companies', (api) => api.send('GET', companies.path)),
  scope('Sites', (api) => api.send('GET', sites.path)),
  scope('Assets', async (api) => {
    const id = await someCompany(api);
    return id === undefined ? NOBODY_LISTED : api.send('GET', ofCompany(id), { acceptWhere: isNothing });
  }),
  scope('Devices', async (api) => {
    const id = await someCompany(api);
    const json = { resourceType: 'company', resources: [id] };
    const call = { query: { limit: 1 }, json, reads: true, accept: [404, 405] };
    return id === undefined ? NOBODY_LISTED : api.send('POST', endpointsByCompany.path, call);
  }),
];
