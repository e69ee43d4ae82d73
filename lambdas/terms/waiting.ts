import Big from 'big.js';
import type { Day } from '../report/day.ts';
import { isMonthly } from './monthly.ts';
import type { TermRow, WaitingCost } from './term-row.ts';

/**
 * Seats x unit cost x whole months until `from`. Only if cost and currency were read and it is paid monthly: what one
 * month of a yearly price costs would be a guess.
 */
export function costOfWaiting(
  { unitCost, currency, billingTerm }: Pick<TermRow, 'unitCost' | 'currency' | 'billingTerm'>,
  units: number,
  today: Day,
  from: Day,
): WaitingCost | undefined {
  if (unitCost === undefined || currency === undefined || !isMonthly(billingTerm)) return undefined;
  const months = wholeMonths(today, from);
  if (months === 0) return undefined;
  return { amount: new Big(unitCost).times(units).times(months).toFixed(2, Big.roundHalfUp), currency, months };
}

/** From 30 November to 1 January is one month, to 29 December none. */
function wholeMonths(today: Day, from: Day): number {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number);
  const [toYear = 0, toMonth = 0, toDay = 0] = from.split('-').map(Number);
  return Math.max(0, (toYear - year) * 12 + toMonth - month - (toDay < day ? 1 : 0));
}
