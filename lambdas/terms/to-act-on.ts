import { type Day, daysAfter } from '../report/day.ts';
import { byText } from '../report/order.ts';
import { ownerName, type TermRow } from './terms.ts';

/** Seats that somebody should reduce soon. */
export type TermAction = {
  row: TermRow;
  /** Seats that are unused or not billed, whose decrease is not booked, and that can go on `from`. */
  units: number;
  from: Day;
  /** The last day, inclusive, on which the seller takes the order. */
  lastDay?: Day;
  why: 'unused' | 'not billed';
};

/** Renewals further ahead than this are not shown: among monthly ones, the few that matter would drown. */
const DAYS_AHEAD = 45;

/**
 * What can be acted on from today within 45 days, and is worth it: seats that are unused, or that no customer is billed for
 * (`unbilled`, from a comparison with the PSA). The most urgent come first.
 */
export function toActOn(
  rows: readonly TermRow[],
  today: Day,
  unbilled: (row: TermRow) => number = () => 0,
): TermAction[] {
  const horizon = daysAfter(today, DAYS_AHEAD);
  return rows
    .flatMap((row): TermAction[] => {
      const { earliest, lastDay, units: reducible } = row.reduction;
      if (earliest === undefined || reducible === undefined) return [];
      const due = lastDay ?? earliest;
      if (due < today || due > horizon) return [];
      const notBilled = unbilled(row);
      const idle = Math.max(unusedOf(row), notBilled);
      const units = Math.min(idle - bookedOf(row), reducible);
      if (units <= 0) return [];
      const why = unusedOf(row) >= notBilled ? 'unused' : 'not billed';
      return [{ row, units, from: earliest, ...(lastDay === undefined ? {} : { lastDay }), why }];
    })
    .sort((a, b) => byText(dueOf(a), dueOf(b)) || b.units - a.units);
}

/** One line for ticket and mail. */
export function actionInWords({ row, units, from, lastDay, why }: TermAction): string {
  const seller = row.integrations[0]?.name ?? '';
  const seats = units === 1 ? 'seat' : 'seats';
  const bought = row.quantity === undefined ? '' : ` of ${row.quantity}`;
  const order = lastDay === undefined ? '' : `; order it by ${lastDay}`;
  return `${ownerName(row.owner)}, ${seller} ${row.product}: ${units}${bought} ${seats} ${why}, reducible from ${from}${order} (${row.basis})`;
}

const unusedOf = ({ quantity, assigned }: TermRow): number =>
  quantity === undefined || assigned === undefined ? 0 : quantity - assigned;

const bookedOf = ({ quantity, scheduledQuantity }: TermRow): number =>
  quantity === undefined || scheduledQuantity === undefined ? 0 : Math.max(0, quantity - scheduledQuantity);

const dueOf = ({ from, lastDay }: TermAction): Day => lastDay ?? from;
