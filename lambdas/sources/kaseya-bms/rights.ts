import * as z from 'zod/mini';
import { ROLE } from '../../psa/kaseya-bms/access.ts';
import { answered } from '../../psa/kaseya-bms/envelope.ts';
import type { Api } from '../../wire/api.ts';
import { NOBODY_LISTED } from '../../wire/rights.ts';
import type { SeenRight, SourceRight } from '../reading/rights.ts';

const Ids = answered(z.nullable(z.array(z.object({ id: z.int() }))));

/** The id of the first row of a list; a refusal can come with HTTP 200. */
const listed = async (api: Api, path: string) =>
  (await api.get(path, { query: { PageSize: 1, PageNumber: 1 }, schema: Ids }))?.[0]?.id;

const searched = async (api: Api, path: string) =>
  (await api.post(path, { json: { PageSize: 1, PageNumber: 1, Filter: {} }, reads: true, schema: Ids }))?.[0]?.id;

const catalogued = (api: Api) => searched(api, '/v2/admin/finance/services/search');

const sees = (right: string, where: string, look: (api: Api) => Promise<unknown>): SeenRight<unknown> => ({
  ...{ right, where },
  check: ({ api }) => look(api),
});

export const rights: readonly SourceRight<unknown>[] = [
  sees('CRM > Accounts (view)', ROLE, (api) => listed(api, '/v2/crm/accounts/summary')),
  sees('Finance > Contracts (view)', ROLE, (api) => listed(api, '/v2/finance/contracts/summary')),
  sees('Finance > Invoices and Billing (view)', ROLE, async (api) => {
    await listed(api, '/v2/finance/invoices/summary');
    await searched(api, '/v2/finance/invoices/details');
  }),
  sees('Admin > Finance > Services (view)', ROLE, catalogued),
  sees(
    'seeing the services of contracts',
    `${ROLE}; which single right this needs is documented nowhere`,
    async (api) => {
      const service = await catalogued(api);
      if (service === undefined) return NOBODY_LISTED;
      return searched(api, `/v2/admin/finance/services/${service}/relatedservices/search`);
    },
  ),
];
