import { type CsvColumn, csvWriter, ROWS_AT_ONCE } from './csv.ts';

/** The file that `csv` writes, in pieces, from rows that arrive one by one; only the rows of one piece are held. */
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
