import { expect, it } from 'vitest';
import { quantity } from '../../lambdas/report/quantity.ts';

it.each([
  [0, 'device', '0 devices'],
  [1, 'company', '1 company'],
  [2, 'company', '2 companies'],
  [2, 'day', '2 days'],
  [2, 'system', '2 systems'],
  [3, 'inbox', '3 inboxes'],
  [3, 'switch', '3 switches'],
  ['1', 'unit', '1 unit'],
  ['1.5', 'unit', '1.5 units'],
])('%s and %s are "%s"', (count, noun, words) => {
  expect(quantity(count, noun)).toBe(words);
});
