import { expect, test } from 'vitest';
import { decimal, isDecimal, money, over, plain, price, sum } from '../../lambdas/billing/decimal.ts';
import { periodOf } from '../../lambdas/billing/period.ts';
import { dayIn, isDay } from '../../lambdas/report/day.ts';

test('sums, differences and products keep every digit', () => {
  expect(plain(sum(['0.1', '0.2'].map(decimal)))).toBe('0.3');
  expect(plain(decimal('99999999999999999999.01').plus('0.99'))).toBe('100000000000000000000');
  expect(plain(decimal(0.1).times(3))).toBe('0.3');
  expect(plain(decimal('-0'))).toBe('0');
  expect(plain(decimal(1e21))).toBe('1000000000000000000000');
});

test('a quotient is exact, or has twelve decimals', () => {
  expect(plain(over(decimal(1), 8))).toBe('0.125');
  expect(plain(over(decimal(10), 3))).toBe('3.333333333333');
  expect(plain(over(decimal('9.0000000000000001'), 3, 'up'))).toBe('4');
  expect(plain(over(decimal('8.9999999999999999'), 3, 'down'))).toBe('2');
});

test('money has two decimals, rounded half away from zero, and zero has no minus', () => {
  expect(['2.005', '-2.005', '2.0049', '-0.004', '7'].map((text) => money(decimal(text)))).toEqual([
    '2.01',
    '-2.01',
    '2.00',
    '0.00',
    '7.00',
  ]);
  expect(['3.5', '0.0125'].map((text) => price(decimal(text)))).toEqual(['3.50', '0.0125']);
});

test('a decimal is written without exponent, separator or space', () => {
  expect(['12', '-0.5', '+3'].every(isDecimal)).toBe(true);
  expect(['1e3', '1,000', ' 1', '', '.5', '0x10', 'NaN'].some(isDecimal)).toBe(false);
});

test('a day is a calendar day in the time zone of the report', () => {
  expect(['2026-02-28', '2028-02-29'].every(isDay)).toBe(true);
  expect(['2026-02-29', '2026-13-01', '2026-2-1', 'today'].some(isDay)).toBe(false);
  expect(dayIn('2026-11-30T23:30:00Z', 'Europe/Berlin')).toBe('2026-12-01');
  expect(dayIn('2026-12-01T02:00:00Z', 'America/New_York')).toBe('2026-11-30');
});

test('a period is the month of the report, the one after it, or a given one', () => {
  expect(periodOf('current', '2026-02-14')).toEqual({
    month: '2026-02',
    first: '2026-02-01',
    last: '2026-02-28',
    isOver: false,
  });
  expect(periodOf('next', '2026-12-31')).toEqual({
    month: '2027-01',
    first: '2027-01-01',
    last: '2027-01-31',
    isOver: false,
  });
  expect(periodOf('2028-02', '2026-12-31').last).toBe('2028-02-29');
});
