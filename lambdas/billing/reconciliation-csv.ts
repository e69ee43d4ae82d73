import { type CsvColumn, csv, type Digits } from '../report/csv.ts';
import { beginningOf } from '../report/text.ts';
import type { BilledLine, DecimalText } from './line.ts';
import type { Reconciliation, ReconciliationRow } from './reconciliation.ts';

/** A spreadsheet's cell holds 32,767 characters; reconciliation.json has the complete text. */
const LONGEST_FIELD = 30_000;

/** reconciliation.csv: always the same columns, in the order of the rows; a number that was not read is blank. */
export function reconciliationCsv({ rows }: Pick<Reconciliation, 'rows'>): string {
  const columns: CsvColumn<ReconciliationRow>[] = [
    { label: 'Company', value: (row) => row.company },
    { label: 'Service', value: (row) => row.service },
    { label: 'State', value: (row) => row.state },
    { label: 'Counted', value: (row) => digits(row.counted) },
    { label: 'Billable', value: (row) => digits(row.billable) },
    { label: 'Billed', value: (row) => digits(row.billed) },
    { label: 'Difference', value: (row) => digits(row.difference) },
    { label: 'Unit Price', value: (row) => digits(row.unitPrice) },
    { label: 'Money Difference', value: (row) => digits(row.moneyDifference) },
    { label: 'Currency', value: (row) => row.currency },
    { label: 'Period', value: (row) => row.period },
    { label: 'Reason', value: (row) => row.reason },
    { label: 'Agreements', value: (row) => joined(row.agreements.map(({ name }) => name)) },
    { label: 'Products', value: (row) => joined(row.products.map(productName)) },
    { label: 'Lines', value: (row) => joined(row.lines) },
    { label: 'Billed From', value: (row) => joined(row.billedFrom) },
    { label: 'Note', value: (row) => (row.note === null ? null : fitting(row.note)) },
  ];
  return csv([...rows], columns);
}

const digits = (text: DecimalText | null): Digits | null => (text === null ? null : { digits: text });

export const productName = ({ code, name }: BilledLine['product']): string =>
  code === undefined || code === name ? name : `${name} (${code})`;

/** Distinct texts in one field; null for none. */
export const joined = (texts: readonly string[]): string | null =>
  texts.length === 0 ? null : fitting([...new Set(texts)].join('; '));

const fitting = (text: string): string =>
  text.length > LONGEST_FIELD ? `${beginningOf(text, LONGEST_FIELD)}… (full text in reconciliation.json)` : text;
