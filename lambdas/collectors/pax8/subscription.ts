import * as z from 'zod/mini';
import { guid } from '../../counting/ids.ts';
import { aside, figure, owner } from '../../counting/row-forms.ts';
import { boughtOnce, notBegun, pricedByUsage, type Seat, type Terms } from '../../counting/seats.ts';
import { termDay, termsOf } from '../../counting/term-facts.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import type { Day } from '../../report/day.ts';
import { filled, maybe } from '../../wire/forms.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { day } from './day.ts';
import { paged } from './paging.ts';

const Commitment = z.object({ term: aside(z.string()), endDate: termDay(day) });

export const subscriptions = list(
  '/subscriptions',
  {
    id: z.string(),
    companyId: owner(guid),
    productId: filled,
    productName: maybe(z.string()),
    quantity: figure(z.number()),
    status: z.string(),
    startDate: maybe(z.string()),
    endDate: maybe(z.string()),
    billingTerm: z.string(),
    commitmentTerm: aside(Commitment),
    partnerCost: aside(z.number()),
    currencyCode: aside(z.string()),
    vendorSubscriptionId: aside(z.string()),
  },
  paged('createdDate,asc'),
);
export type Subscription = RowOf<typeof subscriptions>;

/** Every documented status. A cancelled one counts as long as its end is to come. */
export const statusOf = words('status', {
  active: ['Active'],
  ending: ['PendingCancel'],
  other: [
    ...['Cancelled', 'PendingManual', 'PendingAutomated', 'WaitingForDetails'],
    ...['Trial', 'Converted', 'PendingActivation', 'Activated'],
  ],
});

/** The day on which it ends; undefined where none is set. Errors: `VendorContractError` for a date that is none. */
export const endOf = ({ endDate }: Subscription): Day | undefined => (endDate ? day(endDate) : undefined);

/** What a subscription that is not over is worth today; `isUsage` where its quantity is no number of seats. */
export function seatOf(row: Subscription, product: string, isUsage: boolean, today: Day): Seat {
  const { quantity: seats, billingTerm } = row;
  const status = statusOf(row.status);
  const ends = endOf(row);
  const once = boughtOnce(product, [billingTerm]);
  if (isUsage) return pricedByUsage(product);
  if (once !== undefined) return once;
  if (status instanceof UnknownWord) return { product, unknown: status.reason };
  const later = notBegun(product, row.startDate ? day(row.startDate) : undefined, today);
  if (later !== undefined) return later;
  if (status === 'ending' && ends === undefined) {
    return { leftOut: `${product} is cancelled without an end date`, of: 'customer' };
  }
  const seat = { product, seats, unit: { id: row.id, name: product }, terms: facts(row) };
  return status === 'ending' ? { ...seat, note: `${seats} of ${product} end on ${ends}` } : seat;
}

/** What the customer pays (`price`) is no cost, and a cost of 0 is none that was set. */
const facts = ({ id, quantity, billingTerm, commitmentTerm, ...row }: Subscription): Terms =>
  termsOf(id, {
    ...{ seller: 'distributor', quantity, unitCost: row.partnerCost || undefined, currency: row.currencyCode },
    ...{ billingTerm, commitment: commitmentTerm?.term, termEnd: commitmentTerm?.endDate },
    joins: [row.vendorSubscriptionId],
  });
