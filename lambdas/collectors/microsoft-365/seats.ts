import { Unread } from '../../counting/row-forms.ts';
import type { Seat } from '../../counting/seats.ts';
import { termsOf } from '../../counting/term-facts.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import type { Day } from '../../report/day.ts';
import { quantity } from '../../report/quantity.ts';
import type { SubscribedSku, Subscription } from './licences.ts';

/** A subscription in its grace period (`Warning`) has expired, but its seats can still be used. */
const statusOf = words('status', {
  live: ['Enabled'],
  grace: ['Warning'],
  ended: ['Suspended', 'Deleted', 'LockedOut'],
});

/** Seats that can be used, including trials. */
const usable = ({ enabled, warning }: { enabled: number; warning: number }): number => enabled + warning;

/** Viral plans show quantities from here on; such a number is shown, with a remark. */
const REMARKABLE_QUANTITY = 10_000;

/** A live subscription whose every figure was read. */
type Read = { row: Subscription; seats: number; isTrial: boolean; isInGrace: boolean; isPast: boolean };

/** What a SKU's subscriptions hold, or why that is not known. */
type Paid = { unknown: string } | { paid: readonly Read[] };

/**
 * What a SKU of a tenant is worth: its paid seats, one for each subscription, then those assigned. `subscriptions` are
 * undefined if Graph does not let us read them; then trials count too.
 */
export function seatsOf(
  sku: SubscribedSku,
  product: string,
  subscriptions: ReadonlyMap<string, Subscription> | undefined,
  today: Day,
): Seat[] {
  const { consumedUnits, prepaidUnits, id } = sku;
  if (prepaidUnits instanceof Unread) return unknownWhether(product, prepaidUnits.reason);
  const declared = usable(prepaidUnits);
  if (subscriptions === undefined) {
    if (declared === 0) return unpaid(consumedUnits, product);
    const note = remark(product, declared, prepaidUnits.warning);
    return shown([{ product, seats: declared, unit: { id, name: product }, note }], sku, product);
  }
  const paid = paidOf(sku, declared, subscriptions, today);
  if ('unknown' in paid) return shown([{ product, unknown: paid.unknown }], sku, product);
  if (paid.paid.length === 0) return unpaid(consumedUnits, product);
  const assigned = paid.paid.length === 1 ? consumedUnits : undefined;
  const note = remark(product, declared, seatsIn(paid.paid.filter(({ isInGrace }) => isInGrace)));
  const bought = paid.paid.map(
    ({ row, seats }, index): Seat => ({
      ...{ product, seats, unit: { id: row.id, name: product }, note: index === 0 ? note : undefined },
      // Graph knows no term, price or right to reduce; the distributor that knows the same subscription does.
      terms: termsOf(row.id, { seller: 'vendor', quantity: seats, assigned, joins: [row.commerceSubscriptionId] }),
    }),
  );
  return shown(bought, sku, product);
}

/** What a reader should know about a number that is shown. */
function remark(product: string, declared: number, inGrace: number): string | undefined {
  const free = declared >= REMARKABLE_QUANTITY ? [`${declared} seats look like a free plan`] : [];
  const expired = inGrace === 1 ? 'has expired and is in its' : 'have expired and are in their';
  const grace = inGrace > 0 ? [`${quantity(inGrace, 'seat')} ${expired} grace period`] : [];
  const remarks = [...free, ...grace].join('; ');
  return remarks === '' ? undefined : `${product}: ${remarks}`;
}

/** It is not known whether a product counts at all. */
export const unknownWhether = (product: string, unknown: string): Seat[] => [
  { product, unknown },
  { product, measure: 'assigned', unknown },
];

const shown = (bought: readonly Seat[], { consumedUnits: seats }: SubscribedSku, product: string): Seat[] => [
  ...bought,
  { product, seats, measure: 'assigned' },
];

/** Nothing is paid for; a remark says so if somebody uses it. */
function unpaid(consumed: SubscribedSku['consumedUnits'], product: string): Seat[] {
  if (consumed === 0) return [];
  const seats =
    consumed instanceof Unread ? 'seats may be' : `${quantity(consumed, 'seat')} ${consumed === 1 ? 'is' : 'are'}`;
  return [{ leftOut: `${product}: ${seats} assigned, but none is paid for`, things: 'product', of: 'customer' }];
}

/**
 * The paid subscriptions of a SKU: the live ones except trials, which share the SKU with what is paid. Together they
 * must hold what the SKU states. A renewed subscription can stay listed after its life-cycle date: if the figures agree
 * without such subscriptions, they do not count.
 */
function paidOf(
  { subscriptionIds, capabilityStatus }: SubscribedSku,
  declared: number,
  subscriptions: ReadonlyMap<string, Subscription>,
  today: Day,
): Paid {
  if (declared === 0 && capabilityStatus && statusOf(capabilityStatus) === 'ended') return { paid: [] };
  if (subscriptionIds instanceof Unread) return { unknown: subscriptionIds.reason };
  const referred = [...new Set(subscriptionIds)].map((id) => subscriptions.get(id));
  const listed = referred.filter((row) => row !== undefined);
  const live: Read[] = [];
  for (const row of listed) {
    const read = readOf(row, today);
    if (typeof read === 'string') return { unknown: read };
    if (read !== undefined) live.push(read);
  }
  const agreeing = [live, live.filter(({ isPast }) => !isPast)].find((some) => seatsIn(some) === declared);
  if (agreeing !== undefined) return { paid: agreeing.filter(({ isTrial, seats }) => !isTrial && seats > 0) };
  if (referred.length === 0) return { unknown: `its SKU says ${quantity(declared, 'seat')} but names no subscription` };
  const lacking = listed.length < referred.length ? 'not all are listed; those that are' : 'its subscriptions';
  return { unknown: `${lacking} hold ${quantity(seatsIn(live), 'seat')}, its SKU says ${declared}` };
}

/** What matters about a subscription: undefined if it has ended; a sentence if that, or its figures, is not known. */
function readOf(row: Subscription, today: Day): Read | string | undefined {
  const { status, isTrial, totalLicenses: seats, nextLifecycleDateTime: next } = row;
  const state = status instanceof Unread ? status : statusOf(status);
  if (state === 'ended') return undefined;
  if (state instanceof Unread || state instanceof UnknownWord) return state.reason;
  if (isTrial instanceof Unread) return isTrial.reason;
  if (seats instanceof Unread) return seats.reason;
  return {
    row,
    seats,
    isTrial,
    isInGrace: state === 'grace',
    isPast: state === 'live' && typeof next === 'string' && next < today,
  };
}

const seatsIn = (some: readonly Read[]): number => some.reduce((sum, { seats }) => sum + seats, 0);
