import { Parser } from '@json2csv/plainjs';
import type { CellValue } from './collection.ts';
import { cellOf, type Report, type UnmappedCustomer } from './report.ts';
import { spreadsheetText } from './spreadsheet-text.ts';

/** What stands in one field; null for a blank one. */
type Field = CellValue | null;

/** report.csv: one row a company, its cells in the report's columns; a cell that was not counted is blank. */
export function reportCsv(report: Report): string {
  const columns = report.columns.map(
    (column): CsvColumn<Report['rows'][number]> => ({
      label: column.title,
      value: (row) => {
        const cell = cellOf(report, row, column);
        return cell?.state === 'counted' ? cell.value : null;
      },
    }),
  );
  return csv(report.rows, [
    { label: 'Company', value: (row) => row.organization.name },
    ...columns,
    { label: 'Data Quality', value: (row) => row.dataQuality },
  ]);
}

/** unmapped.csv: the customers that no company claims, one line a count; the header alone when there is none. */
export function unmappedCsv(report: Report): string {
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
  ]);
}

/** True when there is a customer that no company claims. */
export const hasUnmapped = (report: Report): boolean => report.unmapped.length > 0;

type UnmappedLine = { customer: UnmappedCustomer; column: string | null; count: Field };

/** A customer has at least one line, or it would be lost to whoever reads only this file. */
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

/** Rows that become text together. The library strings a row together field by field; of a large report that is too much at once. */
const ROWS_AT_ONCE = 200;

/** RFC 4180 with a byte order mark, by which Excel knows UTF-8. Values come by function: a string would be read as a path. */
export function csv<Row extends object>(rows: Row[], fields: CsvColumn<Row>[]): string {
  const parserOf = (start: boolean) =>
    new Parser<Row, Row>({
      fields,
      header: start,
      withBOM: start,
      eol: END_OF_LINE,
      formatters: { header: spreadsheetText, string: spreadsheetText },
    });
  const pieces = [Buffer.from(parserOf(true).parse(rows.slice(0, ROWS_AT_ONCE)))];
  const further = parserOf(false);
  for (let from = ROWS_AT_ONCE; from < rows.length; from += ROWS_AT_ONCE) {
    pieces.push(Buffer.from(`${END_OF_LINE}${further.parse(rows.slice(from, from + ROWS_AT_ONCE))}`));
  }
  return `${Buffer.concat(pieces)}${END_OF_LINE}`;
}
