import { expect, test } from 'vitest';
import { type CsvColumn, csv } from '../../lambdas/report/csv.ts';
import { csvPieces } from '../../lambdas/report/csv-pieces.ts';

type Row = { name: string };

const columns: CsvColumn<Row>[] = [{ label: 'Name', value: ({ name }) => name }];
const rows = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ name: `Zoë ${index}` }));

/** Batches of rows, of these sizes; `asked` gets the number of rows so far. */
async function* inBatches(sizes: readonly number[], asked: (rows: number) => void = () => undefined) {
  let sent = 0;
  for (const size of sizes) {
    const batch = rows(sent + size).slice(sent);
    sent += size;
    asked(sent);
    yield batch;
  }
}

test.each([[], [0], [1], [199, 1], [200], [201], [0, 400, 0], [1, 400]].map((sizes) => [sizes]))(
  'batches of %j rows make the file that they make at once',
  async (sizes) => {
    const pieces = await Array.fromAsync(csvPieces(inBatches(sizes), columns));
    expect(pieces.join('')).toBe(csv(rows(sizes.reduce((sum, size) => sum + size, 0)), columns));
    expect(pieces).not.toContain('');
  },
);

test('no more than one batch is held, and 200 of its rows at once: a piece comes before more is asked for', async () => {
  let asked = 0;
  const pieces = csvPieces(
    inBatches([200, 300, 1], (sent) => {
      asked = sent;
    }),
    columns,
  );
  const askedBefore: number[] = [];
  for await (const _ of pieces) askedBefore.push(asked);
  expect(askedBefore).toEqual([0, 200, 500, 500, 501]);
});
