import { type CsvColumn, csvHeader, csvLine } from './csv.ts';

/** Characters that are given on together: rows are many, and each piece costs. */
const PIECE = 1 << 13;

/** The file that `csv` writes, in pieces, of rows that come one by one. */
export async function* csvPieces<Row>(
  rows: AsyncIterable<Row>,
  columns: readonly CsvColumn<Row>[],
): AsyncGenerator<string> {
  let text = csvHeader(columns);
  for await (const row of rows) {
    text += csvLine(row, columns);
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
