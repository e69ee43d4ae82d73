import * as z from 'zod/mini';
import { rows, value } from '../../psa/servicenow/table.ts';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { type Columns, namesOf } from './columns.ts';

const Company = z.object({ sys_id: z.string(), name: maybe(z.string()) });

/** Every value is a text, empty if there is none. */
export type Sold = { sys_id: string } & Record<string, string>;
const Sold = z.pipe(
  z.record(z.string(), z.union([z.string(), z.null()])),
  z.transform((row) => Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text ?? '']))),
);
const Probe = z.object({ result: z.array(z.record(z.string(), z.unknown())) });

const EMPTY =
  'with Order Management, fulfilled orders may go to product inventory and not to sold products (property sn_ind_tmt_orm.enable_prod_invt_for_order_management), or a rule hides every row';

export const companiesOf = (api: Api, table: string, query: string): AsyncGenerator<z.output<typeof Company>> =>
  rows(api, table, Company, ['name'], query);

/**
 * Reads one row with all its columns: a column requested by name is silently left out if it does not exist. Errors:
 * `ConfigurationError` that lists the columns found, `VendorContractError` if the table has no row.
 */
export async function expectColumns(
  api: Api,
  table: string,
  columns: Columns,
  further: readonly string[],
): Promise<void> {
  const query = { sysparm_limit: 1, sysparm_exclude_reference_link: true };
  const { result } = await api.get(`/api/now/table/${table}`, { query, schema: Probe });
  const [row] = result;
  if (row === undefined) throw new ReportError('VendorContractError', `ServiceNow table ${table} is empty: ${EMPTY}`);
  const shown = Object.keys(row);
  // "account.name" is the name of the record that "account" refers to.
  const missing = [...namesOf(columns), ...further].filter((name) => !shown.includes(name.split('.')[0] ?? name));
  if (missing.length === 0) return;
  const expected = `billing.json: source.columns: ${table} shows no column ${missing.join(', ')}`;
  throw new ReportError('ConfigurationError', `${expected}; its columns are ${shown.sort().join(', ')}`, {
    wide: true,
  });
}

/** The rows, each checked against `where` again: ServiceNow drops a condition that it does not understand. */
export async function* soldIn(
  api: Api,
  table: string,
  columns: Columns,
  where: Record<string, string>,
): AsyncGenerator<Sold> {
  const wanted = Object.entries(where);
  const query = wanted.map(([name, text]) => `${name}=${value(text)}`).join('^');
  const fields = [...new Set([...namesOf(columns), ...Object.keys(where)])];
  const row = z.pipe(
    Sold,
    z.custom<Sold>((read) => isSold(read, columns.quantity), `expected sys_id and ${columns.quantity}`),
  );
  for await (const sold of rows(api, table, row, fields, query)) {
    if (wanted.every(([name, text]) => sold[name]?.toLowerCase() === text.toLowerCase())) yield sold;
  }
}

/** The column with the units is never left out: an empty one is an empty text. */
const isSold = (row: unknown, quantity: string): boolean =>
  typeof row === 'object' && row !== null && 'sys_id' in row && quantity in row;
