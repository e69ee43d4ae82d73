import { decimal, isDecimal, plain, ZERO } from '../../billing/decimal.ts';
import type { Day } from '../../report/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import type { Change } from './shapes.ts';

const SIGN = new Map([
  ['BASELINE', 1],
  ['INCREASE', 1],
  ['DECREASE', -1],
]);

/**
 * The units on a day: the baseline, and the increases and decreases in force. How they add up is not documented; the
 * names and the vendor's example agree on this, and whatever is doubtful is unknown.
 */
export function quantityOn(day: Day, changes: readonly Change[]): ReadLine['quantity'] {
  const inForce = changes.filter(
    ({ effectiveDate, endDate }) =>
      (effectiveDate === null || effectiveDate <= day) && (endDate === null || endDate >= day),
  );
  const baselines = inForce.filter(({ quantityChangeOperation }) => quantityChangeOperation === 'BASELINE').length;
  if (baselines !== 1) return { unknown: `${baselines === 0 ? 'no' : baselines} baselines are in force on ${day}` };
  let units = ZERO;
  for (const { quantity, quantityChangeOperation } of inForce) {
    const sign = SIGN.get(quantityChangeOperation);
    if (sign === undefined) return { unknown: `a change is called "${quantityChangeOperation}"` };
    if (typeof quantity !== 'string' || !isDecimal(quantity)) return { unknown: 'a change has no quantity' };
    units = units.plus(decimal(quantity).times(sign));
  }
  return { value: plain(units) };
}
