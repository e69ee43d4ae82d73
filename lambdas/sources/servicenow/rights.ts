import { oneRow } from '../../psa/servicenow/table.ts';
import type { SourceRight } from '../reading/rights.ts';
import type { Columns } from './columns.ts';
import { expectColumns } from './lists.ts';

type Settings = { companyTable: string; table: string; columns: Columns; where: Record<string, string> };

const ROLES = 'the roles of the user, or a read rule of your own';

export const rights: readonly SourceRight<Settings>[] = [
  {
    right: 'read on core_company',
    where: ROLES,
    check: ({ api }, { companyTable }) => oneRow(api, companyTable),
  },
  {
    right: 'read on the table of what is sold, by default sn_install_base_sold_product',
    where: ROLES,
    // An access rule that hides all rows returns an empty table instead of a refusal.
    check: ({ api }, { table, columns, where }) => expectColumns(api, table, columns, Object.keys(where)),
  },
  {
    right: 'no access rule that hides some of the rows',
    where: ROLES,
    unseen: 'those that it hides are missing without an error',
  },
];
