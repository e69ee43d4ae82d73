import { expect, test } from 'vitest';
import { type CsvColumn, csv } from '../../lambdas/report/csv.ts';
import { csvPieces } from '../../lambdas/report/csv-pieces.ts';

type Row = { name: string };

const columns: CsvColumn<Row>[] = [{ label: 'Name', value: ({ name }) => name }];
const rows = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ name: `Zoë ${index}` }));

/** Rows that come one by one; `asked` gets the number of each. */
async function* oneByOne(all: readonly Row[], asked: (place: number) => void = () => undefined): AsyncGenerator<Row> {
  for (const [place, row] of all.entries()) {
    asked(place + 1);
    yield row;
  }
}

test.each([0, 1, 199, 200, 201, 400, 401])('%i rows make the file that they make at once', async (count) => {
  const pieces = await Array.fromAsync(csvPieces(oneByOne(rows(count)), columns));
  expect(pieces.join('')).toBe(csv(rows(count), columns));
  expect(pieces).not.toContain('');
});

test('no more than 200 rows are held: a piece comes before the next row is asked for', async () => {
  let asked = 0;
  const pieces = csvPieces(
    oneByOne(rows(500), (place) => {
      asked = place;
    }),
    columns,
  );
  const askedBefore: number[] = [];
  for await (const _ of pieces) askedBefore.push(asked);
  expect(askedBefore).toEqual([0, 200, 400, 500]);
});
