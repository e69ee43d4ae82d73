/**
 * When a column stands in the report:
 * `always` (fixed, so that a spreadsheet never shifts), `when-used` (some company has a value other than 0),
 * `product` (named by the vendor's data).
 */
export type Appearance = 'always' | 'when-used' | 'product';

/** One column of the report. `definition` says in one sentence what is counted, as a clerk would ask it. */
export type Column = {
  title: string;
  type: 'number' | 'text';
  appears: Appearance;
  definition: string;
};

/** A number that always has its column. */
export const number = (title: string, definition: string): Column => ({
  title,
  type: 'number',
  appears: 'always',
  definition,
});

/** A number whose column appears only when some company has one. */
export const numberWhenUsed = (title: string, definition: string): Column => ({
  title,
  type: 'number',
  appears: 'when-used',
  definition,
});

/** A text that always has its column. */
export const text = (title: string, definition: string): Column => ({
  title,
  type: 'text',
  appears: 'always',
  definition,
});

/** A text whose column appears only when some company has one. */
export const textWhenUsed = (title: string, definition: string): Column => ({
  title,
  type: 'text',
  appears: 'when-used',
  definition,
});

/**
 * The title of a product's column: prefix and product name, the prefix not repeated where the name starts with it
 * ("Microsoft 365 Business Premium", but "Microsoft 365 Office 365 E3").
 */
export function productTitle(prefix: string, product: string): string {
  const name = product.replace(/\s+/gu, ' ').trim();
  const repeats = name.toLowerCase().startsWith(`${prefix.toLowerCase()} `);
  return repeats ? `${prefix}${name.slice(prefix.length)}` : `${prefix} ${name}`;
}
