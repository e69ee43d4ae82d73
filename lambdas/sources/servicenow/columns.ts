import * as z from 'zod/mini';

const column = z.string().check(z.regex(/^[a-z][a-z0-9_.]*$/u, 'expected the name of a column, such as quantity'));
const named = (preset: string) => z._default(column, preset);
/** null if the table has no such column. */
const optional = (preset: string) => z._default(z.nullable(column), preset);

/**
 * Which column has what. Those of sold products are partly only known from forms, so their names can be corrected here.
 */
export const columnsShape = z.strictObject({
  number: optional('number'),
  company: named('account'),
  companyName: optional('account.name'),
  product: optional('product'),
  productName: named('name'),
  productCode: z._default(z.nullable(column), null),
  quantity: named('quantity'),
  unitPrice: optional('unit_net_price'),
  /** The line's cost per month. */
  monthlyPrice: optional('monthly_recurring_price'),
  period: optional('periodicity'),
  from: optional('start_date'),
  to: optional('end_date'),
  state: optional('state'),
  parent: optional('parent'),
});

export type Columns = z.output<typeof columnsShape>;

/** The columns that are read. */
export const namesOf = (columns: Columns): string[] => Object.values(columns).filter((name) => name !== null);
