import { type CsvColumn, csvWriter } from './csv.ts';

/** How many rows become text together; no more are held. */
const ROWS_AT_ONCE = 200;

/** The file that `csv` writes, in pieces, from rows that arrive one by one. */
export async function* csvPieces<Row extends object>(
  rows: AsyncIterable<Row>,
  columns: readonly CsvColumn<Row>[],
): AsyncGenerator<string> {
  const { head, lines } = csvWriter(columns);
  yield head;
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield lines(batch);
    batch = [];
  }
  if (batch.length > 0) yield lines(batch);
}
