import { chargedUnits } from '../../billing/charged.ts';
import { type Decimal, decimal, money, sum } from '../../billing/decimal.ts';
import type { Period } from '../../billing/period.ts';
import type { Manage } from '../../psa/connectwise-psa/manage.ts';
import { type Day, daysAfter, isDay, monthsAfter } from '../../report/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import { optional } from '../reading/optional.ts';
import { monthsOf } from './addition.ts';
import type { Family } from './family.ts';
import { fieldsOf, type Recap, Recaps } from './shapes.ts';

/** ConnectWise's own figures by agreement id; none, with a remark, if it does not give them. */
export async function recapsOf(
  manage: Manage,
  refused: (remark: string) => void,
): Promise<ReadonlyMap<number, Recap> | undefined> {
  const query = { conditions: 'agreementStatus="Active"', fields: fieldsOf(Recaps) };
  const recaps = await optional(
    () => Array.fromAsync(manage.list('/finance/agreementrecap/', Recaps, query)),
    (why) =>
      refused(`lines were not checked against a total, because ConnectWise gives no recap of agreements: ${why}`),
  );
  return recaps === undefined ? undefined : new Map(recaps.map((recap) => [recap.id, recap]));
}

/** An amount of ConnectWise can differ from ours by rounding, one cent per line. */
const CENT = decimal('0.01');

/** How lines compare with the next invoice as ConnectWise calculates it. */
export type NextInvoice = 'agrees' | 'not checked' | { disagreement: string };

/**
 * Compares the lines of a parent and its children with their next invoice: if they differ, a line is missing or has
 * another price. They cannot be compared if the recap is of another agreement, or if something begins or ends around
 * that invoice and is charged partly, late or not at all.
 */
export function nextInvoiceOf(
  { head, members }: Family,
  lines: readonly ReadLine[],
  recap: Recap,
  { first }: Period,
): NextInvoice {
  const day = recap.nextInvoiceDate?.slice(0, 10) ?? '';
  const months = monthsOf(head);
  if (recap.nextInvoiceAmount === undefined || recap.name.trim() !== head.name.trim()) return 'not checked';
  // Lines that ended before the period are not listed, so an overdue invoice cannot be calculated.
  if (!isDay(day) || day < first || months === undefined) return 'not checked';
  if (lines.some((line) => changesAbout(line, day, months))) return 'not checked';

  const charged = lines.filter((line) => line.billable && standsOn(line, day));
  const amounts = charged.flatMap((line) => amountsOf(line) ?? []);
  if (amounts.length < charged.length) return 'not checked';
  const flat = sum(members.map(({ billAmount }) => decimal(billAmount ?? '0')));
  const total = (of: (amounts: Amounts) => Decimal) => flat.plus(sum(amounts.map(of)));
  const ours = total(({ net, extended }) => extended ?? net);
  // Whether an extended price excludes what is free, and whether the figure includes adjustments, is not documented.
  const readings = [ours, total(({ net }) => net), total(({ whole, extended }) => extended ?? whole)];
  const theirs = decimal(recap.nextInvoiceAmount);
  const adjustment = decimal(recap.adjustmentAmount ?? '0');
  const tolerance = CENT.times(Math.max(1, charged.length));
  const agrees = [theirs, theirs.plus(adjustment), theirs.minus(adjustment)].some((figure) =>
    readings.some((reading) => reading.minus(figure).abs().lte(tolerance)),
  );
  if (agrees) return 'agrees';
  const figures = `its lines add up to ${money(ours)}, but the ConnectWise invoice of ${day} is ${money(theirs)}`;
  return { disagreement: `agreement "${head.name}": ${figures}` };
}

/** What a line costs with and without what is free, and ConnectWise's own figure if it is neither. */
type Amounts = { net: Decimal; whole: Decimal; extended?: Decimal };

function amountsOf({ quantity, included, price, amount }: ReadLine): Amounts | undefined {
  const extended = amount === undefined ? undefined : decimal(amount);
  if (price !== undefined && 'value' in quantity) {
    const whole = decimal(quantity.value).times(price.amount);
    const net = chargedUnits(decimal(quantity.value), decimal(included)).times(price.amount);
    return { net, whole, ...(extended === undefined ? {} : { extended }) };
  }
  return extended === undefined ? undefined : { net: extended, whole: extended, extended };
}

const standsOn = ({ from, to }: ReadLine, day: Day): boolean =>
  (from === null || from <= day) && (to === null || to >= day);

/**
 * Whether a line begins or ends inside the cycle before the invoice or inside its own. One that begins with the cycle
 * before may have been entered after that one was invoiced, and then it is charged twice now.
 */
function changesAbout({ from, to }: ReadLine, day: Day, months: number): boolean {
  const shifted = (by: number): Day => `${monthsAfter(day.slice(0, 7), by)}${day.slice(7)}`;
  const [earliest, latest] = [shifted(-months), shifted(months)];
  const isInside = (turn: Day) => turn > earliest && turn < latest && turn !== day;
  return (from !== null && (from === earliest || isInside(from))) || (to !== null && isInside(daysAfter(to, 1)));
}
