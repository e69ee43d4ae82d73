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
  const [baseline, ...others] = inForce.filter(({ quantityChangeOperation }) => quantityChangeOperation === 'BASELINE');
  if (baseline === undefined || others.length > 0) {
    return { unknown: `${baseline === undefined ? 'no' : others.length + 1} baselines are in force on ${day}` };
  }
  // A new baseline can already have what was added before it.
  const first = baseline.effectiveDate ?? '';
  if (inForce.some(({ effectiveDate }) => (effectiveDate ?? '') < first)) {
    return { unknown: `a change in force is older than the baseline of ${first}` };
  }
  let units = ZERO;
  for (const { quantity, quantityChangeOperation } of inForce) {
    const sign = SIGN.get(quantityChangeOperation);
    if (sign === undefined) return { unknown: `a change is called "${quantityChangeOperation}"` };
    if (typeof quantity !== 'string' || !isDecimal(quantity)) return { unknown: 'a change has no quantity' };
    units = units.plus(decimal(quantity).times(sign));
  }
  return units.lt(0) ? { unknown: `its changes add up to ${plain(units)}` } : { value: plain(units) };
}
