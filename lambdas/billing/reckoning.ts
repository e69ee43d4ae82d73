import { byName, byText, distinct } from '../report/order.ts';
import { type Decimal, decimal, money, sum } from './decimal.ts';
import type { ReconciliationRow, State, Total } from './reconciliation.ts';

const LOST: readonly State[] = ['under-billed', 'counted-not-billed'];
const WON: readonly State[] = ['over-billed', 'billed-not-counted'];

/**
 * Rows as a person works through them: money lost first, then what is billed too much, what is not compared, and the
 * rest.
 */
export const ordered = (rows: readonly ReconciliationRow[]): ReconciliationRow[] =>
  rows
    .map((row) => ({ row, urgency: urgencyOf(row), lost: lostBy(row) }))
    .sort((a, b) => a.urgency - b.urgency || byMoney(a.lost, b.lost) || byCompany(a.row, b.row))
    .map(({ row }) => row);

function urgencyOf({ state }: ReconciliationRow): number {
  if (LOST.includes(state)) return 0;
  if (WON.includes(state)) return 1;
  return state === 'not-compared' ? 2 : 3;
}

/** Money that is not billed; absent for rows that lose none or have no price. */
const lostBy = ({ state, moneyDifference }: ReconciliationRow): Decimal | undefined =>
  moneyDifference === null || !LOST.includes(state) ? undefined : decimal(moneyDifference);

/** Largest first, rows without money last. */
function byMoney(a: Decimal | undefined, b: Decimal | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return b.cmp(a);
}

const byCompany = (a: ReconciliationRow, b: ReconciliationRow): number =>
  byName(a.company, b.company) ||
  byText(a.companyId ?? '', b.companyId ?? '') ||
  byName(a.service ?? '', b.service ?? '') ||
  byText(a.serviceId ?? '', b.serviceId ?? '') ||
  byText(JSON.stringify(a), JSON.stringify(b));

/** The number of rows in each state, including states with none. */
export function statesOf(rows: readonly ReconciliationRow[]): Record<State, number> {
  const count = (state: State): number => rows.filter((row) => row.state === state).length;
  return {
    'under-billed': count('under-billed'),
    'counted-not-billed': count('counted-not-billed'),
    'over-billed': count('over-billed'),
    'billed-not-counted': count('billed-not-counted'),
    'not-compared': count('not-compared'),
    matched: count('matched'),
    tolerated: count('tolerated'),
    ignored: count('ignored'),
  };
}

/** The money of the rows that differ, one total per currency; currencies are never added. */
export function totalsOf(rows: readonly ReconciliationRow[]): Total[] {
  const differing = rows.filter(({ state }) => LOST.includes(state) || WON.includes(state));
  const currencies = distinct(differing.flatMap(({ currency }) => (currency === null ? [] : [currency])));
  return currencies.map((currency) => {
    const ofCurrency = differing.filter((row) => row.currency === currency);
    const of = (state: State): string =>
      money(
        sum(
          ofCurrency
            .filter((row) => row.state === state)
            .flatMap(({ moneyDifference }) => (moneyDifference === null ? [] : [decimal(moneyDifference)])),
        ),
      );
    return {
      currency,
      underBilled: of('under-billed'),
      countedNotBilled: of('counted-not-billed'),
      overBilled: of('over-billed'),
      billedNotCounted: of('billed-not-counted'),
    };
  });
}
