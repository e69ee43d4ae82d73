import Big from 'big.js';
import type { DecimalText } from './line.ts';

/** An exact decimal number: sums, differences and products keep every digit. */
export type Decimal = Big;

export type Rounding = 'none' | 'up' | 'down';

/** Decimals of a quotient that does not end (1 / 3): more than any price or count has. */
const LONGEST_QUOTIENT = 12;

/** One constructor each, because big.js rounds a quotient by the settings of the dividend's constructor. */
const divisor = (places: number, mode: Big.RoundingMode): typeof Big => {
  const made = Big();
  made.DP = places;
  made.RM = mode;
  return made;
};

const DIVISION: Record<Rounding, typeof Big> = {
  none: divisor(LONGEST_QUOTIENT, 1),
  up: divisor(0, 3),
  down: divisor(0, 0),
};

/** The exact text of a number, as people or programs write it. */
const WRITTEN = /^[+-]?\d+(?:\.\d+)?$/u;

export const isDecimal = (text: string): boolean => WRITTEN.test(text);

/** Reads a decimal; of a number, the shortest decimal that equals it, which is how it was written. */
export const decimal = (written: DecimalText | number): Decimal => new Big(written);

export const ZERO: Decimal = decimal(0);

export const sum = (values: Iterable<Decimal>): Decimal =>
  [...values].reduce((total, value) => total.plus(value), ZERO);

export const largest = (a: Decimal, b: Decimal): Decimal => (a.lt(b) ? b : a);

/**
 * `value` over `by`: `up` and `down` to whole numbers, away from and towards zero; `none` exactly, or to twelve
 * decimals.
 */
export const over = (value: Decimal, by: Decimal | number, rounding: Rounding = 'none'): Decimal =>
  new DIVISION[rounding](value).div(by);

/** Every digit and no more: `12`, `-0.5`. */
export const plain = (value: Decimal): DecimalText => (value.eq(0) ? '0' : value.toFixed());

/**
 * What one unit costs for a cycle of `months` months. It is divided last: 35.02 a year for 3 units is 8.755 a month.
 */
export type UnitPrice = { amount: Decimal; months: number };

/** What `units` cost for one month. */
export const monthly = ({ amount, months }: UnitPrice, units: Decimal | number = 1): Decimal =>
  over(amount.times(units), months);

/** An amount of money: two decimals, half away from zero. */
export function money(value: Decimal): DecimalText {
  const text = value.toFixed(2, 1);
  return text === '-0.00' ? '0.00' : text;
}

/** A price: two decimals, or as many as it has. */
export const price = (value: Decimal): DecimalText => (value.round(2).eq(value) ? money(value) : value.toFixed());
