import { type CsvColumn, csvWriter, piecesOf } from './csv.ts';

/** The file that `csv` writes, in pieces, from rows that arrive in batches; no more than one batch is held. */
export async function* csvPieces<Row extends object>(
  batches: AsyncIterable<readonly Row[]>,
  columns: readonly CsvColumn<Row>[],
): AsyncGenerator<string> {
  const { head, lines } = csvWriter(columns);
  yield head;
  for await (const rows of batches) yield* piecesOf(rows, lines);
}
