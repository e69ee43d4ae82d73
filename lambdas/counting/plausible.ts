import type { Collection } from '../report/collection.ts';
import { sumExact } from '../report/exact-sum.ts';
import { quantity } from '../report/quantity.ts';

/** The size of an integration's last plausible collection, to compare with; never shown as this one's. */
export type LastRun = { runId: string; asOf: string; customers: number; units: number };

/** A collection's own size, the next one's lastRun. */
export const sizeOf = ({ customers }: Pick<Collection, 'customers'>): Pick<LastRun, 'customers' | 'units'> => ({
  customers: customers.length,
  units: sumExact(
    customers.flatMap(({ counts }) => Object.values(counts)).filter((value) => typeof value === 'number'),
  ),
});

/** A collection smaller than this share of the last one gets a remark. */
const REMARKABLE_SHARE = 0.5;

/**
 * Emptiness is suspicious: an expired view, a lost filter or a broken page looks just like a vendor without units.
 * `refuse` is why the collection is not plausible: no customer is listed though some should be, or nobody has a single
 * unit and nothing else confirms it. `remark` is what shrank.
 */
export function checkPlausible(
  collection: Pick<Collection, 'customers' | 'receipt'>,
  mapped: number,
  lastRun: LastRun | undefined,
): { refuse?: string; remark?: string } {
  const now = sizeOf(collection);
  const before =
    lastRun === undefined
      ? ''
      : `, ${lastRun.customers} with ${quantity(lastRun.units, 'unit')} on ${lastRun.asOf.slice(0, 10)}`;
  if (now.customers === 0 && (mapped > 0 || (lastRun !== undefined && lastRun.customers > 0))) {
    return {
      refuse: `no customers are listed, although ${mapped} are mapped${before}: the credentials see nothing, or the answer is wrong`,
    };
  }
  const counted = collection.customers.filter(({ state }) => state === 'counted').length;
  const strange = counted > 1 || (lastRun !== undefined && lastRun.units > 0);
  if (now.units === 0 && counted > 0 && mapped > 0 && strange && !isWitnessed(collection)) {
    return {
      refuse: `${counted} customers are listed, all with a count of 0${before}; nothing else confirms that, so the numbers are not used`,
    };
  }
  if (lastRun === undefined) return {};
  const shrank = now.customers < lastRun.customers * REMARKABLE_SHARE || now.units < lastRun.units * REMARKABLE_SHARE;
  return shrank
    ? {
        remark: `${quantity(now.customers, 'customer')} with ${quantity(now.units, 'unit')}${before}; please check: that is less than half of the last run`,
      }
    : {};
}

/** The vendor's own totals, with a 0 for every empty list, confirm the emptiness, or a second figure does. */
function isWitnessed({ receipt: { lists, comparisons } }: Pick<Collection, 'receipt'>): boolean {
  const declared = lists.some(({ declaredTotal }) => declaredTotal !== undefined);
  const borne = lists.every(({ distinct, declaredTotal }) => distinct > 0 || declaredTotal === 0);
  return (declared && borne) || comparisons.some(({ agrees }) => agrees);
}
