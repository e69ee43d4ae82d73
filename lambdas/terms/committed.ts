import type { Day } from '../report/day.ts';
import { daysAfter } from '../report/day.ts';
import { sumExact } from '../report/exact-sum.ts';
import { distinct } from '../report/order.ts';
import type { CommittedLayer } from '../report/subscription.ts';

/** Seats that are free of any commitment as of a day. */
export type Freed = { from: Day; units: number };

/**
 * How the layers of a commitment release a subscription's seats: today's free seats first, then each later day with
 * more free seats. It is not documented whether layers add up or each is a floor: they add up if that fits the
 * quantity; if it does not, the largest is taken as the floor, and the reading is `uncertain`.
 */
export function freedBy(
  layers: readonly CommittedLayer[],
  quantity: number,
  today: Day,
): { steps: [Freed, ...Freed[]]; uncertain: boolean } {
  const heldOn = (day: Day): number[] => layers.filter(({ until }) => until >= day).map((layer) => layer.quantity);
  const uncertain = sumExact(heldOn(today)) > quantity;
  const freeOn = (day: Day): number => {
    const held = heldOn(day);
    return Math.max(0, sumExact([quantity, -(uncertain ? Math.max(0, ...held) : sumExact(held))]));
  };
  const ends = distinct(layers.filter(({ until }) => until >= today).map(({ until }) => until));
  const steps: [Freed, ...Freed[]] = [{ from: today, units: freeOn(today) }];
  for (const from of ends.map((until) => daysAfter(until, 1))) {
    const units = freeOn(from);
    if (units > (steps.at(-1)?.units ?? 0)) steps.push({ from, units });
  }
  return { steps, uncertain };
}
