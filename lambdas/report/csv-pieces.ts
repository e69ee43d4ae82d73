import { type CsvColumn, csvHeader, csvLine } from './csv.ts';

/** The file that `csv` writes, in pieces, of rows that come one by one. */
export async function* csvPieces<Row>(
  rows: AsyncIterable<Row>,
  columns: readonly CsvColumn<Row>[],
): AsyncGenerator<string> {
  yield csvHeader(columns);
  for await (const row of rows) yield csvLine(row, columns);
}
