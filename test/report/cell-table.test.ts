import { expect, test } from 'vitest';
import { jsonLines } from '../../lambdas/platform/json-text.ts';
import { keptCells } from '../../lambdas/report/cell-table.ts';
import { consolidation } from '../../lambdas/report/consolidate.ts';
import { AS_OF, catalog, collected, company, customer, MSP, product } from './sample.ts';

test('cells are kept column by column, each reason once however many cells are blank for it', () => {
  const frame = { runId: 'run', asOf: AS_OF, timeZone: 'UTC', managingOrganization: MSP, catalog };
  const organizations = ['a', 'b'].map((id) => company(id, { agents: [id], edition: [id], shop: [id] }));
  const made = consolidation({ ...frame, organizations });
  made.add(collected('agents', [customer('a', { 'Agents Servers': 0.5 })]));
  made.add({ integration: 'edition', outcome: 'failed', error: 'VendorAuthError', message: 'refused' });
  made.add(collected('shop', [customer('a', { 'SHOP A': 2 }), customer('b', {})], { columns: [product('SHOP A')] }));
  const text = Buffer.concat([...jsonLines({ columns: [], blanks: [] }, keptCells(made.table()))]).toString();
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
