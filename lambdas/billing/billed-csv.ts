import { CsvError, parse } from 'csv-parse/sync';
import { type Day, dayIn, isDay } from '../report/day.ts';
import { distinct } from '../report/order.ts';
import { quantity } from '../report/quantity.ts';
import { sha256, textOf } from './billed-csv/bytes.ts';
import { readsBothWays, showsItsSign } from './billed-csv/cells.ts';
import { receiptOf } from './billed-csv/receipt.ts';
import { type Rows, readRows } from './billed-csv/rows.ts';
import { BILLED_CSV, type ColumnName, type FileSettings } from './billed-csv/settings.ts';
import { readTitles, type Titles } from './billed-csv/titles.ts';
import { type BilledCustomer, type BilledLine, type BilledSide, customerKey } from './line.ts';
import type { Period } from './period.ts';
import { withoutCurrency } from './without-currency.ts';

/** A file of billed lines, and the run that reads it. */
export type BilledFile = {
  bytes: Uint8Array;
  /** ISO 8601: when the file was last written. */
  modified: string;
  settings: FileSettings;
  period: Period;
  /** The day of the report. */
  today: Day;
  /** IANA name. */
  timeZone: string;
};

const CURRENCY_REMEDY = 'add a column Currency, or "currency" next to "file" in billing.json';

/** If a larger share of the rows is refused, it is the wrong file. */
const MOST_REFUSED = 0.2;

/**
 * Reads the billed side from a file, one row per line. A row that cannot be read affects only its own company; a file
 * that is the wrong one is a failed side, never an error.
 */
export function readBilledCsv(file: BilledFile): BilledSide {
  const { settings, period, today } = file;
  const asOf = settings.asOf ?? file.modified;
  const day = isDay(asOf) ? asOf : dayIn(asOf, file.timeZone);
  const label = `${settings.file} of ${day}`;
  const head = { source: BILLED_CSV, label, asOf };
  const failed = (message: string): BilledSide => {
    return { ...head, status: 'failed', error: 'ConfigurationError', message: `${settings.file}: ${message}` };
  };

  const table = tableOf(file.bytes, settings);
  if ('fault' in table) return failed(table.fault);
  const isCurrent = period.month === today.slice(0, 7);
  const rows = readRows(table.records, table, { settings, label, period, isCurrent });
  const faults = rows.refused.map(({ row, message }) => `row ${row}: ${message}`);
  const ruin = ruinOf(rows);
  if (ruin !== undefined) return failed(`${ruin}${faults.length === 0 ? '' : `; ${faults.slice(0, 10).join('; ')}`}`);

  const stale = ageNote(settings, day, today);
  const lines = rows.lines.map((line): BilledLine => (stale === undefined ? line : { ...line, notes: [stale] }));
  return {
    ...head,
    status: rows.refused.length === 0 ? 'collected' : 'partial',
    day: period.first,
    lines,
    ...(lines.some(isOfAnotherMonth) ? { mayLackLines: true } : {}),
    customers: customersOf(rows),
    receipt: receiptOf({
      name: settings.file,
      bytes: file.bytes.length,
      sha256: sha256(file.bytes),
      modified: file.modified,
      rows: rows.rows,
      blank: rows.blank,
      faults,
      lines,
    }),
    notes: [
      ...(stale === undefined ? [] : [stale]),
      ...unusedNote(table, settings),
      ...signNote(table, settings),
      ...totalsNote(rows, settings),
      ...[...withoutCurrency(lines, CURRENCY_REMEDY), ...faults].map((note) => `${settings.file}: ${note}`),
    ],
  };
}

/** A row without dates is of the current month; the one that it had in another month, if any, is not in the file. */
const isOfAnotherMonth = ({ doubt }: BilledLine): boolean => doubt?.kind === 'other-period';

/** The rows below the titles, and what the titles mean; `width`: how many cells the title row has. */
type Table = Titles & { width: number; records: string[][] };

/** The file as a table, or why it is not one. */
function tableOf(bytes: Uint8Array, settings: FileSettings): Table | { fault: string } {
  const text = textOf(bytes);
  if (text === undefined) {
    return { fault: 'expected UTF-8; save it as "CSV UTF-8", not in another code page or UTF-16' };
  }
  const records = recordsOf(text, settings);
  if ('fault' in records) return records;
  const [titleRow = [], ...rest] = records;
  if (titleRow.length === 1) {
    return { fault: `the title row has one column; is ${JSON.stringify(settings.delimiter)} the right delimiter?` };
  }
  const titles = readTitles(titleRow, settings);
  if ('faults' in titles) return { fault: titles.faults.join('; ') };
  return { ...titles, width: titleRow.length, records: rest };
}

function recordsOf(text: string, { delimiter }: FileSettings): string[][] | { fault: string } {
  try {
    return parse(text, { bom: true, delimiter, relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: `not a CSV file: ${error.message}` };
  }
}

/** Why the file as a whole is not used. */
function ruinOf({ lines, refused, rows }: Rows): string | undefined {
  if (lines.length === 0) return 'no row could be read';
  if (refused.length > rows * MOST_REFUSED) return `${refused.length} of ${rows} rows could not be read`;
  const nobodys = refused.filter(({ customer, isStray }) => customer === undefined && !isStray);
  return nobodys.length === 0 ? undefined : 'a row that is missing or could not be read may belong to any company';
}

/** Every customer that the file names; one with a refused row is not compared. */
function customersOf({ lines, refused }: Rows): BilledCustomer[] {
  const failures = refused.flatMap((row) => (row.customer === undefined ? [] : [{ ...row, customer: row.customer }]));
  const customers = [...lines, ...failures].map(({ customer }): [string, BilledLine['customer']] => [
    customerKey(customer),
    customer,
  ]);
  const faults = Map.groupBy(failures, ({ customer }) => customerKey(customer));
  return [...new Map(customers)].map(([key, customer]) => {
    const [fault] = faults.get(key) ?? [];
    if (fault === undefined) return { ...customer, aliases: [] };
    return {
      ...customer,
      aliases: [],
      failure: { error: 'ConfigurationError', message: `row ${fault.row}: ${fault.message}` },
    };
  });
}

const DAY_MS = 86_400_000;

function ageNote({ file, maxAgeDays }: FileSettings, day: Day, today: Day): string | undefined {
  const age = Math.round((Date.parse(today) - Date.parse(day)) / DAY_MS);
  return age > maxAgeDays ? `${file} is ${quantity(age, 'day')} old (of ${day})` : undefined;
}

function unusedNote({ unknown }: Table, { file }: FileSettings): string[] {
  return unknown.length === 0 ? [] : [`${file}: columns not used: ${unknown.join(', ')}`];
}

function totalsNote({ uncheckedTotals }: Rows, { file }: FileSettings): string[] {
  const [first] = uncheckedTotals;
  if (first === undefined) return [];
  const which = uncheckedTotals.length === 1 ? 'a total was' : `${uncheckedTotals.length} totals were`;
  return [`${file}: ${which} not checked against the rows above: ${first}`];
}

const NUMBERS: readonly ColumnName[] = ['Quantity', 'Unit Price', 'Line Amount', 'Included'];

/** If every number with a separator can be read both ways, nothing in the file confirms the setting. */
function signNote({ records, places }: Table, { file, decimal }: FileSettings): string[] {
  const columns = NUMBERS.flatMap((column) => places.get(column) ?? []);
  const cells = records.flatMap((record) => columns.map((place) => record[place]?.trim() ?? ''));
  const unclear = cells.filter(readsBothWays);
  if (unclear.length === 0 || cells.some(showsItsSign)) return [];
  const examples = distinct(unclear).slice(0, 3).join(', ');
  return [`${file}: ${examples} could be read two ways; read with "${decimal}" as the decimal sign`];
}
