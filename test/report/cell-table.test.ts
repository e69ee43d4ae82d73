import { expect, test } from 'vitest';
import { jsonLines } from '../../lambdas/platform/json-text.ts';
import { asTable, keptCells } from '../../lambdas/report/cell-table.ts';
import { collected, company, customer, product, reportOf } from './sample.ts';

test('cells are kept column by column, each reason once however many cells are blank for it', () => {
  const failed = { integration: 'edition', outcome: 'failed', error: 'VendorAuthError', message: 'refused' } as const;
  const report = reportOf(
    ['a', 'b'].map((id) => company(id, { agents: [id], edition: [id], shop: [id] })),
    [
      collected('agents', [customer('a', { 'Agents Servers': 0.5 })]),
      failed,
      collected('shop', [customer('a', { 'SHOP A': 2 }), customer('b', {})], { columns: [product('SHOP A')] }),
    ],
  );
  const text = Buffer.concat([...jsonLines({ columns: [], blanks: [] }, keptCells(asTable(report)))]).toString();
  expect(JSON.parse(text)).toEqual({
    columns: [
      ...[
        [0, [0], [1]],
        [0.5, [0], [1]],
      ],
      ...[
        [[2], [2], [1]],
        [[2], [2], [1]],
      ],
      ...[
        [2, null, [1]],
        [null, null, null],
      ],
    ],
    blanks: [
      { state: 'not-found' },
      { state: 'unmapped' },
      { state: 'failed', error: 'VendorAuthError', reason: 'refused' },
    ],
  });
});
