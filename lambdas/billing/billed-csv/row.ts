import { onOneLine } from '../../report/text.ts';
import type { BilledLine, CustomerRef, DecimalText, QuantitySource } from '../line.ts';
import { type Period, periodOf } from '../period.ts';
import { CellFault, cleaned, readDay, readId, readNumber, readYesNo } from './cells.ts';
import { BILLED_CSV, type ColumnName, type FileSettings, MONTHS } from './settings.ts';

/** One row by its columns; a column that the file does not have is blank. */
export type Cells = (column: ColumnName) => string;

/** What is needed to read a row. */
export type Reading = {
  settings: FileSettings;
  /** As printed in `Billed From`. */
  label: string;
  period: Period;
  /** True if a row without dates is about the period. */
  isCurrent: boolean;
};

export const cellsOf =
  (row: readonly string[], places: ReadonlyMap<ColumnName, number>): Cells =>
  (column) => {
    const place = places.get(column);
    return place === undefined ? '' : cleaned(row[place] ?? '');
  };

/** The row's customer: by id, or by the name that is mapped to a company; undefined if the row names nobody. */
export function customerOf(cells: Cells, { idOf }: FileSettings, heading?: string): CustomerRef | undefined {
  const name = onOneLine(cells('Company')) || heading || '';
  const id = cells('Company Id');
  if (id !== '') return { id, name: name || id, idOf: idOf ?? 'organizations' };
  return name === '' ? undefined : { id: name, name, idOf: BILLED_CSV };
}

/** Reads one row. Errors: `CellFault`, with the column if one is at fault. */
export function lineOf(cells: Cells, customer: CustomerRef, row: number, reading: Reading): BilledLine {
  const { settings, label } = reading;
  at(cells, 'Company Id', readId);
  const code = at(cells, 'Product Code', readId);
  const name = cells('Product') || code;
  const quantity = numberAt(cells, 'Quantity', settings);
  if (name === undefined) throw new CellFault('has no product; export without totals and headings');
  if (quantity === undefined) throw new CellFault('Quantity: expected a number, found nothing');
  const agreement = cells('Agreement');
  const price = numberAt(cells, 'Unit Price', settings);
  const amount = numberAt(cells, 'Line Amount', settings);
  const currency = at(cells, 'Currency', readCurrency) ?? settings.currency ?? undefined;
  const cycle = cycleOf(cells, settings);
  return {
    id: at(cells, 'Line Id', readId) ?? `row ${row}`,
    billedFrom: label,
    ...(agreement === '' ? {} : { agreement: { id: agreement, name: agreement } }),
    product: { ...(code === undefined ? {} : { code }), name },
    customer,
    quantity: { value: quantity },
    included: numberAt(cells, 'Included', settings) ?? '0',
    ...(price === undefined ? {} : { price: { amount: price, months: cycle.months } }),
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency }),
    ...daysOf(cells, reading),
    billable: at(cells, 'Billable', readYesNo) ?? true,
    kind: cycle.kind,
    quantitySource: at(cells, 'Quantity Source', readSource) ?? (cells('Invoice Date') === '' ? 'fixed' : 'invoiced'),
    notes: [],
  };
}

/** Reads a cell that is not blank, and names its column in a fault. */
function at<T>(cells: Cells, column: ColumnName, read: (cell: string) => T): T | undefined {
  const cell = cells(column);
  if (cell === '') return undefined;
  try {
    return read(cell);
  } catch (error) {
    throw error instanceof CellFault ? new CellFault(`${column}: ${error.message}`) : error;
  }
}

/** The number of a cell; undefined if it is blank. Errors: `CellFault` naming the column. */
export const numberAt = (cells: Cells, column: ColumnName, { decimal }: FileSettings): DecimalText | undefined =>
  at(cells, column, (cell) => readNumber(cell, decimal));

function readCurrency(cell: string): string {
  const code = cell.toUpperCase();
  if (/^[A-Z]{3}$/u.test(code)) return code;
  throw new CellFault(`expected a currency code such as USD, found ${JSON.stringify(cell)}`);
}

const SOURCES: ReadonlyMap<string, QuantitySource> = new Map([
  ['fixed', 'fixed'],
  ['calculated', 'calculated'],
  ['synced', 'synced'],
  ['invoiced', 'invoiced'],
]);

function readSource(cell: string): QuantitySource {
  const source = SOURCES.get(cell.toLowerCase());
  if (source !== undefined) return source;
  throw new CellFault(`expected ${[...SOURCES.keys()].join(', ')}; found ${JSON.stringify(cell)}`);
}

const NOT_RECURRING = ['one-time', 'usage'];

function cycleOf(cells: Cells, { period }: FileSettings): { kind: BilledLine['kind']; months: number } {
  const word = cells('Period').toLowerCase() || period;
  if (NOT_RECURRING.includes(word)) return { kind: 'other', months: 1 };
  const months = MONTHS.get(word);
  if (months !== undefined) return { kind: 'recurring', months };
  const periods = [...MONTHS.keys(), ...NOT_RECURRING].join(', ');
  throw new CellFault(`Period: expected ${periods}; found ${JSON.stringify(cells('Period'))}`);
}

/** From and to; else the month of the invoice; else the current month. */
function daysOf(cells: Cells, { settings, isCurrent }: Reading): Pick<BilledLine, 'from' | 'to' | 'doubt'> {
  const day = (cell: string) => readDay(cell, settings.dateFormat);
  const from = at(cells, 'Effective From', day) ?? null;
  const to = at(cells, 'Effective To', day) ?? null;
  if (from !== null || to !== null) return { from, to };
  const invoiced = at(cells, 'Invoice Date', day) ?? null;
  if (invoiced !== null) {
    const { first, last } = periodOf(invoiced.slice(0, 7), invoiced);
    return { from: first, to: last };
  }
  if (isCurrent) return { from, to };
  return {
    from,
    to,
    doubt: { kind: 'other-period', reason: 'has no dates, so it is of the current month' },
  };
}
