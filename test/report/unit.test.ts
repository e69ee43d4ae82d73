import { expect, test } from 'vitest';
import { unitName } from '../../lambdas/report/unit.ts';

test('a unit goes by its name, and by its id if it has none', () => {
  expect(['PC-7', '', ' '].map((name) => unitName({ id: 'd1', name }))).toEqual(['PC-7', 'd1', 'd1']);
});
