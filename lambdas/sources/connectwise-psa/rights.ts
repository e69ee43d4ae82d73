import * as z from 'zod/mini';
import { manageApi } from '../../psa/connectwise-psa/manage.ts';
import { NOBODY_LISTED } from '../../wire/rights.ts';
import type { SeenRight, SourceRight } from '../reading/rights.ts';

type Settings = { siteUrl: string; companyId: string };

const ROLE = 'System > Security Roles > the role of the API member';

const Ids = z.array(z.object({ id: z.int() }));

const sees = (
  right: string,
  look: (first: (path: string) => Promise<number | undefined>) => Promise<unknown>,
): SeenRight<Settings> => ({
  ...{ right, where: ROLE },
  check: ({ api }, { siteUrl, companyId }) => {
    const manage = manageApi(api, siteUrl, companyId);
    return look(async (path) => (await manage.get(path, { fields: 'id', pageSize: 1 }, Ids))[0]?.id);
  },
});

export const rights: readonly SourceRight<Settings>[] = [
  sees('Finance > Agreements (inquire all)', (first) => first('/finance/agreements')),
  sees('Finance > Agreement Sales (inquire)', async (first) => {
    const agreement = await first('/finance/agreements');
    return agreement === undefined ? NOBODY_LISTED : first(`/finance/agreements/${agreement}/additions`);
  }),
  sees('Companies > Company Maintenance (inquire all)', (first) => first('/company/companies')),
  {
    right: 'every agreement type on the allowed side under Finance > Agreements > Customize',
    where: ROLE,
    unseen: 'agreements of a type that is left out are missing without an error',
  },
];
