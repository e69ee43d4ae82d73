import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareMagnitude, exactNumber, signOf, withoutSign } from '../../lambdas/views/decimal.ts';

/** Cents and their text. */
const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
const written = (value: number): string =>
  `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`;

it('orders by size, whatever the sign and the number of decimals', () => {
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      expect(compareMagnitude(written(a), written(b))).toBe(Math.sign(Math.abs(a) - Math.abs(b)));
    }),
  );
  expect(compareMagnitude('0.3', '0.25')).toBe(1);
  expect(compareMagnitude('-10', '9.99')).toBe(1);
});

it('gives the sign, 0 for any form of zero', () => {
  expect(['0.00', '-0.00', '0.01', '-3'].map(signOf)).toEqual([0, 0, 1, -1]);
  expect(withoutSign('-3.50')).toBe('3.50');
});

it('gives no number if a spreadsheet would show another one', () => {
  expect(exactNumber('123456789012345')).toBe(123_456_789_012_345);
  expect(exactNumber('1234567890123.456')).toBeUndefined();
  expect(exactNumber('unlimited')).toBeUndefined();
  expect(exactNumber('1e5')).toBeUndefined();
});

it('refuses what is not a decimal', () => {
  expect(() => compareMagnitude('1,000', '1')).toThrow('"1,000"');
});
