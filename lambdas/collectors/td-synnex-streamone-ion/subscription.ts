import * as z from 'zod/mini';
import { anyId } from '../../counting/ids.ts';
import { aside, figure, owner, Unread, usual } from '../../counting/row-forms.ts';
import {
  boughtOnce,
  cycleOf,
  endedThough,
  isAzurePlan,
  notBegun,
  pricedByUsage,
  type Seat,
  type Terms,
} from '../../counting/seats.ts';
import { dayForm, termDay, termsOf } from '../../counting/term-facts.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import { type Day, daysAfter } from '../../report/day.ts';
import { maybe, textLike, trimmed } from '../../wire/forms.ts';
import { offsets } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

/** Numbers come as numbers or, as gRPC gateways write them, as text; an empty text is none. */
const numberOrText = z.pipe(
  z.pipe(
    z.union([z.number(), textLike(/^(-?\d+(\.\d+)?)?$/u, 'a number')]),
    z.transform((value) => (value === '' ? undefined : Number(value))),
  ),
  z.optional(z.int()),
);
const money = aside(z.pipe(z.union([z.string(), z.number()]), z.transform(String)));

/** Not filtered by the vendor: a filter that matches nothing looks like a vendor without subscriptions. */
export const subscriptions = list(
  '/subscriptions',
  {
    id: anyId,
    subscriptionStatus: figure(z.string()),
    customerId: owner(maybe(anyId)),
    customerName: maybe(z.string()),
    subscriptionName: trimmed,
    ccpProductInfo: maybe(z.object({ skuDisplayName: trimmed, productDisplayName: trimmed })),
    ccpSkuId: maybe(anyId),
    subscriptionTotalLicenses: maybe(figure(numberOrText)),
    unitType: maybe(z.string()),
    subscriptionBillingType: maybe(figure(z.string())),
    isTrial: usual(figure(z.boolean()), 'trials are counted too'),
    subscriptionId: aside(z.string()),
    subscriptionBillingCycle: aside(z.string()),
    subscriptionBillingTerm: aside(z.string()),
    subscriptionStartDate: maybe(figure(dayForm())),
    subscriptionEndDate: maybe(figure(dayForm())),
    renewalDate: termDay(),
    cancellationAllowedUntilDate: termDay(),
    autoRenew: aside(z.boolean()),
    ...{ price: money, cost: money, total: money, currency: aside(z.string()) },
  },
  offsets('items', {
    offset: 'pagination.offset',
    size: ['pagination.limit', 200],
    total: ['paginationResponse?', 'totalSize?'],
  }),
);
export type Subscription = RowOf<typeof subscriptions>;

/** Others are documented by name alone (ENABLED, PAUSED, ERROR, COMPLETE): whether they are billed is not said. */
const statuses = words('status', {
  active: ['Active'],
  suspended: ['Suspended'],
  ended: ['Cancelled', 'Canceled', 'Deleted', 'Expired', 'Disabled', 'Failed', 'Pending'],
});
export const statusOf = ({ subscriptionStatus: status }: Subscription) =>
  status instanceof Unread ? status : statuses(status);

const billingOf = words(
  'billing type',
  {
    licensed: ['License', 'Licence', 'Licensed', 'Licenses'],
    usage: ['Usage', 'Usage-based', 'Consumption', 'Metered'],
  },
  { absent: 'licensed' },
);

/** Why a product's number is not known: the row does not show how many there are. */
export const NO_LICENCES = 'its number of licences is missing';

/** Why it is not known: other rows show whether they are trials. */
export const NO_TRIAL_FLAG = 'it does not say whether it is a trial, as others do';

/** What a subscription that has not ended is worth today. */
export function seatOf(row: Subscription, { includeSuspended }: { includeSuspended: boolean }, today: Day): Seat {
  const { subscriptionTotalLicenses: seats, subscriptionBillingType, subscriptionBillingCycle, isTrial } = row;
  const status = statusOf(row);
  const product = nameOf(row);
  const measure = row.unitType || undefined;
  const open = (unknown: string): Seat => ({ product, unknown, measure });

  if (status === 'ended' || isTrial === true || seats === 0) return undefined;
  if (status === 'suspended' && !includeSuspended) return { leftOut: `${product} is suspended` };
  if (isAzurePlan(product)) return pricedByUsage(product);
  if (subscriptionBillingType instanceof Unread) return open(subscriptionBillingType.reason);
  const once = boughtOnce(product, [subscriptionBillingType, subscriptionBillingCycle]);
  if (once !== undefined) return once;
  const billing = billingOf(subscriptionBillingType);
  if (billing === 'usage') return pricedByUsage(product);
  const { subscriptionStartDate: starts, subscriptionEndDate: ends } = row;
  const cycle = subscriptionBillingCycle ? cycleOf(subscriptionBillingCycle) : undefined;
  for (const doubt of [status, billing, cycle, isTrial, starts, ends]) {
    if (doubt instanceof UnknownWord || doubt instanceof Unread) return open(doubt.reason);
  }
  const later = notBegun(product, typeof starts === 'string' ? starts : undefined, today);
  if (later !== undefined) return later;
  const isRenewed = typeof row.renewalDate === 'string' && row.renewalDate >= today;
  if (typeof ends === 'string' && ends < today && !isRenewed) return open(endedThough(ends));
  if (seats === undefined || seats === null) return open(NO_LICENCES);
  return { product, seats, measure, unit: { id: row.id, name: product }, terms: facts(row) };
}

const nameOf = ({ subscriptionName, ccpProductInfo, ccpSkuId, id }: Subscription): string =>
  subscriptionName || ccpProductInfo?.skuDisplayName || ccpProductInfo?.productDisplayName || ccpSkuId || id;

const facts = (row: Subscription): Terms =>
  termsOf(row.id, {
    seller: 'distributor',
    quantity: row.subscriptionTotalLicenses,
    unitCost: isPriceOfOne(row) ? row.cost : undefined,
    currency: row.currency,
    billingTerm: row.subscriptionBillingCycle,
    commitment: row.subscriptionBillingTerm,
    termEnd: row.renewalDate ? daysAfter(row.renewalDate, -1) : endOf(row),
    autoRenew: row.autoRenew,
    windowEnd: row.cancellationAllowedUntilDate,
    // Microsoft's own id of the subscription, which Graph and other distributors use too.
    joins: [row.subscriptionId],
  });

const endOf = ({ subscriptionEndDate: ends }: Subscription): Day | undefined =>
  typeof ends === 'string' ? ends : undefined;

/** It is not documented whether prices are per licence; they are if the total is price times licences. */
function isPriceOfOne({ price, total, subscriptionTotalLicenses: licences }: Subscription): boolean {
  if (!isDecimal(price) || !isDecimal(total) || !Number.isInteger(licences)) return false;
  const places = Math.max(placesOf(price), placesOf(total));
  return unitsOf(total, places) === unitsOf(price, places) * BigInt(Number(licences));
}

const isDecimal = (text: string | null | undefined): text is string => /^\d+(\.\d+)?$/u.test(text ?? '');
const placesOf = (decimal: string): number => decimal.split('.')[1]?.length ?? 0;
const unitsOf = (decimal: string, places: number): bigint =>
  BigInt(decimal.replace('.', '') + '0'.repeat(places - placesOf(decimal)));
