import { expect, it } from 'vitest';
import { skewOf } from '../../lambdas/wire/skew.ts';

const DATE = 'Tue, 24 Nov 2026 06:30:00 GMT';
const NOW = Date.parse(DATE);

it.each([
  ['ahead', NOW + 90_400, 90],
  ['right', NOW, 0],
  ['behind', NOW - 3_600_000, -3600],
])('a clock that is %s differs from the date of the answer by that', (_, now, seconds) => {
  expect(skewOf({ date: DATE }, now)).toBe(seconds);
});

it.each<[string, Record<string, string>]>([
  ['has no date', {}],
  ['has a date that is none', { date: 'soon' }],
  ['comes from a cache, which dates it earlier', { date: DATE, age: '0' }],
])('an answer that %s says nothing about the clock', (_, headers) => {
  expect(skewOf(headers, NOW)).toBeUndefined();
});
