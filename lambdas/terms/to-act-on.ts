import { type Day, daysAfter } from '../report/day.ts';
import type { TermAction, TermRow } from './term-row.ts';
import { costOfWaiting } from './waiting.ts';

/** Renewals further ahead than this are not shown, so that the few that matter are not lost among monthly ones. */
const DAYS_AHEAD = 45;

/**
 * What can be done about a subscription within 45 days from today, if it is worth it: seats that are unused, or that no
 * customer is billed for (`notBilled`, from a comparison with the PSA).
 */
export function actionOn(row: TermRow, today: Day, notBilled = 0): TermAction | undefined {
  const { earliest, lastDay, units: reducible } = row.reduction;
  if (earliest === undefined || reducible === undefined) return undefined;
  const due = lastDay ?? earliest;
  if (due < today || due > daysAfter(today, DAYS_AHEAD)) return undefined;
  const unused = unusedOf(row);
  const units = Math.min(Math.max(unused, notBilled) - bookedOf(row), reducible);
  if (units <= 0) return undefined;
  const waiting = costOfWaiting(row, units, today, earliest);
  return {
    units,
    from: earliest,
    ...(lastDay === undefined ? {} : { lastDay }),
    why: unused >= notBilled ? 'unused' : 'not billed',
    ...(waiting === undefined ? {} : { waiting }),
  };
}

const unusedOf = ({ quantity, assigned }: TermRow): number =>
  quantity === undefined || assigned === undefined ? 0 : quantity - assigned;

const bookedOf = ({ quantity, scheduledQuantity }: TermRow): number =>
  quantity === undefined || scheduledQuantity === undefined ? 0 : Math.max(0, quantity - scheduledQuantity);
