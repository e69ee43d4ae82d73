import * as z from 'zod/mini';
import { manageApi } from '../../psa/connectwise-psa/manage.ts';
import { NOBODY_LISTED } from '../../wire/rights.ts';
import type { SourceRight } from '../reading/source.ts';

type Settings = { siteUrl: string; companyId: string };

const Ids = z.array(z.object({ id: z.int() }));

const sees = (right: string, path: (ask: (path: string) => Promise<number | undefined>) => Promise<unknown>) => ({
  right,
  where: 'System > Security Roles > the role of the API member',
  check: (api: Parameters<SourceRight<Settings>['check']>[0], { siteUrl, companyId }: Settings) => {
    const manage = manageApi(api, siteUrl, companyId);
    return path(async (at) => (await manage.get(at, { fields: 'id', pageSize: 1 }, Ids))[0]?.id);
  },
});

/** Agreements of a type that is not on the allowed side are missing without an error, which no call shows. */
export const rights: readonly SourceRight<Settings>[] = [
  sees(
    'Finance > Agreements (inquire all, with every agreement type on the allowed side of "Customize": a type left out is missing without an error)',
    (first) => first('/finance/agreements'),
  ),
  sees('Finance > Agreement Sales (inquire)', async (first) => {
    const agreement = await first('/finance/agreements');
    return agreement === undefined ? NOBODY_LISTED : first(`/finance/agreements/${agreement}/additions`);
  }),
  sees('Companies > Company Maintenance (inquire all)', (first) => first('/company/companies')),
];
