import type * as z from 'zod/mini';

/**
 * When a column is in the report:
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

/**
 * The title of a product's column: prefix and product name, the prefix not repeated where the name starts with it
 * ("Microsoft 365 Business Premium", but "Microsoft 365 Office 365 E3").
 */
export function productTitle(prefix: string, product: string): string {
  const name = product.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const repeats = name.toLowerCase().startsWith(`${prefix.toLowerCase()} `);
  return repeats ? `${prefix}${name.slice(prefix.length)}` : `${prefix} ${name}`;
}

/** The same for titles that differ in case, blanks or Unicode form alone: they are one column. */
export const foldedTitle = (title: string): string => title.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();

/** What the report needs to know about an integration whose counts it shows; every declared collector is one. */
export type CatalogEntry = {
  /** Integration id: the field in report.json and organizations.json. */
  id: string;
  /** Name in logs and Data Quality. */
  name: string;
  /** Place of its columns in the report; lower is further left. */
  position: number;
  /** Fixed columns, in order. */
  columns: readonly Column[];
  /** The prefix of its products' titles; undefined if its data has no columns. */
  products?: { prefix: string } | undefined;
  /** What organizations.json holds for this vendor: its name, and its form, which also normalizes it. */
  customerId: { name: string; schema: z.ZodMiniType<string> };
};

/** Only the entry of an object that can have more: all that a step knows which has the catalog. */
export const catalogEntry = ({ id, name, position, columns, products, customerId }: CatalogEntry): CatalogEntry => ({
  ...{ id, name, position, columns },
  ...(products === undefined ? {} : { products: { prefix: products.prefix } }),
  customerId: { name: customerId.name, schema: customerId.schema },
});

/** All integrations that can be collected from, installed or not, by position. */
export type Catalog = readonly CatalogEntry[];
