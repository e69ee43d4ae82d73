import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { servicenow, tableName } from '../psa/servicenow/access.ts';
import { quantity } from '../report/quantity.ts';
import { optional, preset } from '../wire/options.ts';
import { customer, line, note } from './reading/fact.ts';
import { source } from './reading/source.ts';
import { columnsShape } from './servicenow/columns.ts';
import { idsOf, lineOf } from './servicenow/line.ts';
import { companiesOf, expectColumns, soldIn } from './servicenow/lists.ts';
import { rights } from './servicenow/rights.ts';

/**
 * Rows of one table of what an account has bought. ServiceNow has no standard place for that: table and columns can be
 * configured, and are checked before anything is read.
 */
export default source({
  psa: servicenow,
  experimental:
    'no MSP is known to bill from these tables by API, and the names of some columns are inferred; your own tables (u_…) can be configured',
  rights,
  namesCurrency: false,
  options: z.strictObject({
    table: preset(tableName, 'sn_install_base_sold_product', 'the table that holds a row for each line'),
    columns: preset(
      columnsShape,
      z.parse(columnsShape, {}),
      'which of its columns holds what; null for one that it does not have',
    ),
    where: preset(z.record(tableName, z.string()), {}, 'only rows whose columns have these values'),
    currency: optional(
      currencyCode,
      'ISO 4217, such as USD; ServiceNow names none, and without it no difference is shown in money',
    ),
  }),
  async *read({ api, period }, { table, columns, where, currency, companyTable, companyQuery }) {
    for await (const { sys_id, name } of companiesOf(api, companyTable, companyQuery)) yield customer(sys_id, name);

    await expectColumns(api, table, columns, Object.keys(where));
    const sold = await Array.fromAsync(soldIn(api, table, columns, where));
    const above = sold.filter((row) => (row[columns.parent ?? ''] ?? '') === '');
    const children = sold.length - above.length;
    if (children > 0) yield note(`${quantity(children, 'row')} below another one left out: its price includes them`);
    const idOf = idsOf(sold, columns);
    for (const row of above) {
      const read = { id: idOf(row), ...lineOf(row, columns, period, currency) };
      yield customer(read.customer.id, read.customer.name);
      yield line(read);
    }
  },
});
