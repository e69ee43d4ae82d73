import { expect, test } from 'vitest';
import { identityOf, marksOf } from '../../lambdas/report/identity-marks.ts';

test('an identity is made of all that was stated, each statement once, in whatever order they came', () => {
  const some = marksOf({ domains: ['b.example', 'a.example'], ids: [{ integration: 'microsoft-365', id: 'T' }] });
  const others = marksOf({
    domains: ['a.example'],
    ids: [
      { integration: 'datto-psa', id: '7' },
      { integration: 'microsoft-365', id: 'T' },
    ],
    references: ['4711', 'ACME'],
  });
  const whole = {
    domains: ['a.example', 'b.example'],
    ids: [
      { integration: 'datto-psa', id: '7' },
      { integration: 'microsoft-365', id: 'T' },
    ],
    references: ['4711', 'ACME'],
  };
  expect(identityOf(new Set([...some, ...others]))).toEqual(whole);
  expect(identityOf(new Set([...others, ...some].reverse()))).toEqual(whole);
});

test('who states nothing has no identity', () => {
  expect(marksOf({})).toEqual([]);
  expect(identityOf(new Set())).toBeUndefined();
});
