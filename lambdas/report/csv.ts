import { Parser } from '@json2csv/plainjs';
import type { ReportTable } from './cell-table.ts';
import type { CellValue } from './collection.ts';
import { withoutControlCharacters } from './control-characters.ts';
import { cellOf, hasZeros, isKnownEmpty, type Report, type ReportHead, type UnmappedCustomer } from './report.ts';

/** A decimal number with all its digits, some of which a JavaScript number could lose. */
export type Digits = { digits: string };

/** The content of one field; null for a blank one. */
type Field = CellValue | Digits | null;

/**
 * report.csv, line by line: one row per company, its cells in the report's columns; a cell that was not counted is
 * blank.
 */
export function reportCsv({ head, cells }: ReportTable): Iterable<string> {
  const rows = head.rows.map((row, place) => ({ row, place }));
  const columns = head.columns.map((column, index): CsvColumn<(typeof rows)[number]> => {
    const held = cells[index] ?? [];
    const zeros = hasZeros(head, column);
    return {
      label: column.title,
      value: ({ row, place }) => {
        const cell = held[place] ?? null;
        if (cell === null) return zeros && !isKnownEmpty(row, column) ? 0 : null;
        return typeof cell === 'object' ? null : cell;
      },
    };
  });
  return csvLines(rows, [
    { label: 'Company', value: ({ row }) => row.organization.name },
    ...columns,
    { label: 'Data Quality', value: ({ row }) => row.dataQuality },
  ]);
}

/**
 * The report's rows as the execution's output holds them: company, every column, Data Quality; null for a blank cell.
 */
export function rowsAsData(report: Report): Record<string, string | number | null>[] {
  return report.rows.map((row) =>
    Object.fromEntries([
      ['Company', row.organization.name],
      ...report.columns.map((column): [string, string | number | null] => {
        const cell = cellOf(report, row, column);
        return [column.title, cell?.state === 'counted' ? cell.value : null];
      }),
      ['Data Quality', row.dataQuality],
    ]),
  );
}

/** unmapped.csv: the customers mapped to no company, one line per count; only the header if there are none. */
export function unmappedCsv(report: ReportHead): string {
  const names = new Map(report.integrations.map(({ integration, name }) => [integration, name]));
  const lines = report.unmapped.flatMap((customer) =>
    linesOf(customer).map(([column, count]): UnmappedLine => ({ customer, column, count })),
  );
  return csv(lines, [
    { label: 'Integration', value: ({ customer }) => names.get(customer.integration) ?? customer.integration },
    { label: 'Customer Id', value: ({ customer }) => customer.customerId },
    { label: 'Customer Name', value: ({ customer }) => customer.customerName },
    { label: 'Column', value: ({ column }) => column },
    { label: 'Count', value: ({ count }) => count },
    // Blank in reports that were made before there were suggestions.
    { label: 'Suggested Company', value: ({ customer }) => customer.suggestion?.company?.name ?? null },
    { label: 'Suggestion', value: ({ customer }) => customer.suggestion?.certainty ?? null },
    { label: 'Evidence', value: ({ customer }) => customer.suggestion?.evidence ?? null },
  ]);
}

/** True if there is a customer mapped to no company. */
export const hasUnmapped = (report: ReportHead): boolean => report.unmapped.length > 0;

type UnmappedLine = { customer: UnmappedCustomer; column: string | null; count: Field };

/** Every customer has at least one line, or readers of this file alone would miss it. */
function linesOf(customer: UnmappedCustomer): [column: string | null, count: Field][] {
  const { counts, gaps, state } = customer;
  if (state !== undefined) return [[`(${state}: ${state === 'failed' ? customer.error : customer.reason})`, null]];
  const lines: [string | null, Field][] = [
    ...Object.entries(counts),
    ...Object.entries(gaps ?? {}).map(([title, gap]): [string, null] => [
      `${title} (${gap.state}: ${gap.reason})`,
      null,
    ]),
  ];
  return lines.length === 0 ? [[null, null]] : lines;
}

export type CsvColumn<Row> = { label: string; value: (row: Row) => Field };

const END_OF_LINE = '\r\n';

/** RFC 4180: a header and a line per row. */
export function csv<Row extends object>(rows: readonly Row[], columns: readonly CsvColumn<Row>[]): string {
  return [...csvLines(rows, columns)].join('');
}

/** How many rows become text together. The library builds a row field by field; a large report at once is too much. */
const ROWS_AT_ONCE = 200;

function* csvLines<Row extends object>(rows: readonly Row[], columns: readonly CsvColumn<Row>[]): Generator<string> {
  const { head, lines } = csvWriter(columns);
  yield head;
  yield* piecesOf(rows, lines);
}

/** The lines of these rows, some at a time. */
export function* piecesOf<Row>(rows: readonly Row[], lines: (rows: Row[]) => string): Generator<string> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield lines(rows.slice(from, from + ROWS_AT_ONCE));
}

/**
 * The header, after a byte order mark by which Excel recognizes UTF-8, and a function that writes the lines of some
 * rows.
 */
export function csvWriter<Row extends object>(
  columns: readonly CsvColumn<Row>[],
): { head: string; lines: (rows: Row[]) => string } {
  // Values are functions: a string would be read as a path.
  const options = { fields: [...columns], eol: END_OF_LINE, formatters: FORMATTERS };
  const header = new Parser<Row, Row>({ ...options, withBOM: true });
  const parser = new Parser<Row, Row>({ ...options, header: false });
  return {
    head: `${header.parse([])}${END_OF_LINE}`,
    lines: (rows) => `${parser.parse(rows)}${END_OF_LINE}`,
  };
}

const digitsOf = (field: object | null): string =>
  field !== null && 'digits' in field && typeof field.digits === 'string' ? field.digits : '';

/**
 * Text that a spreadsheet would run: it starts with = + - @ (full-width ones too), also after blanks and invisible
 * characters, or with a tab or line break, which some programs skip first.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/u;

/**
 * Comma, quote and line break by RFC 4180; semicolon and tab for programs that split there; outer blanks, which would
 * be trimmed.
 */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/u;

/** A text as one field of a CSV file: formulas neutralized by a leading apostrophe, quoted if needed. */
export function spreadsheetText(text: string): string {
  const clean = withoutControlCharacters(text);
  const safe = FORMULA.test(clean) ? `'${clean}` : clean;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const FORMATTERS = { header: spreadsheetText, string: spreadsheetText, object: digitsOf };
