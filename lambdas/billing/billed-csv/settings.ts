import * as z from 'zod/mini';
import { isDay } from '../../report/day.ts';
import { members } from '../../report/members.ts';

/** The integration id of the file: `integrationIds["billed-csv"]` maps the texts in `Company`. */
export const BILLED_CSV = 'billed-csv';

/** What a column of the file can mean, by its canonical title. */
export const COLUMNS = [
  'Company Id',
  'Company',
  'Product',
  'Product Code',
  'Quantity',
  'Unit Price',
  'Line Amount',
  'Unit Cost',
  'Currency',
  'Agreement',
  'Line Id',
  'Period',
  'Effective From',
  'Effective To',
  'Invoice Date',
  'Billable',
  'Quantity Source',
  'Included',
] as const;

export type ColumnName = (typeof COLUMNS)[number];

/** Months of one cycle, by the word for it. */
export const MONTHS: ReadonlyMap<string, number> = new Map([
  ['monthly', 1],
  ['quarterly', 3],
  ['annual', 12],
]);

/** How the file is written, and which system it comes from. */
export type FileSettings = z.output<ReturnType<typeof fileShape>>;

/** ISO 4217 */
export const currencyCode = z.string().check(z.regex(/^[A-Z]{3}$/u, 'expected a currency code such as "USD"'));

/** `psas`: the PSAs whose ids are allowed in `Company Id`. */
export const fileShape = (psas: readonly string[]) =>
  members({
    file: z.string().check(z.regex(/^[^/\\]+\.csv$/iu, 'expected the name of a .csv file next to organizations.json')),
    asOf: z._default(
      z.nullable(
        z
          .string()
          .check(
            z.refine(
              (text) => isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)),
              'expected a date, YYYY-MM-DD',
            ),
          ),
      ),
      null,
    ),
    currency: z._default(z.nullable(currencyCode), null),
    idOf: z._default(z.nullable(z.enum(psas)), null),
    matchByName: z._default(z.boolean(), false),
    grouped: z._default(z.boolean(), false),
    dateFormat: z._default(
      z
        .string()
        .check(
          z.regex(
            /^(?=.*Y)(?=.*M)(?=.*D)(?:YYYY|MM?|DD?)([-/.])(?:YYYY|MM?|DD?)\1(?:YYYY|MM?|DD?)$/u,
            'expected a date format such as "YYYY-MM-DD" or "DD/MM/YYYY"',
          ),
        ),
      'YYYY-MM-DD',
    ),
    decimal: z._default(z.enum(['.', ',']), '.'),
    delimiter: z._default(z.enum([',', ';', '\t']), ','),
    maxAgeDays: z._default(z.number().check(z.gte(0)), 10),
    columns: z._default(z.partialRecord(z.enum(COLUMNS), z.string().check(z.regex(/\S/u, 'expected a title'))), {}),
    period: z._default(z.enum(['monthly', 'quarterly', 'annual']), 'monthly'),
  });
