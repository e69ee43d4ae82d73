import { describe, expect, it } from 'vitest';
import { wholeNumber, yesNo } from '../../lambdas/counting/values.ts';

describe('a whole number', () => {
  it.each([
    [0, 0],
    [12, 12],
    ['0', 0],
    ['0012', 12],
  ])('can be %j', (given, number) => {
    expect(wholeNumber.parse(given)).toBe(number);
  });

  it.each([-1, 1.5, '-1', '1.5', '', ' ', '12 seats', 'x12', true, null, undefined])('is not %j', (given) => {
    expect(wholeNumber.safeParse(given).success).toBe(false);
  });

  it('is described as such when it is refused', () => {
    expect(JSON.stringify(wholeNumber.safeParse('many').error?.issues)).toContain('expected a whole number');
  });
});

describe('a yes or no', () => {
  it.each([true, 1, 'true', 'True', '1'])('is yes as %j', (given) => {
    expect(yesNo.parse(given)).toBe(true);
  });

  it.each([false, 0, 'false', 'FALSE', '0'])('is no as %j', (given) => {
    expect(yesNo.parse(given)).toBe(false);
  });

  it.each([2, -1, 'on', 'yes', '', null, undefined])('is neither as %j', (given) => {
    expect(yesNo.safeParse(given).success).toBe(false);
  });
});
