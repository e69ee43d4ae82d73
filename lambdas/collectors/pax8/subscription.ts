import * as z from 'zod/mini';
import { guid } from '../../counting/ids.ts';
import { aside, figure, owner } from '../../counting/row-forms.ts';
import { isBoughtOnce, type Seat, type Terms } from '../../counting/seats.ts';
import { termDay, termsOf } from '../../counting/term-facts.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import type { Day } from '../../report/day.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { day } from './day.ts';
import { paged } from './paging.ts';

const Commitment = z.object({ term: aside(z.string()), endDate: termDay(day) });

export const subscriptions = list(
  '/subscriptions',
  {
    id: z.string(),
    companyId: owner(guid),
    productId: z.string().check(z.minLength(1)),
    productName: z.optional(z.nullable(z.string())),
    quantity: figure(z.number()),
    status: z.string(),
    startDate: z.optional(z.nullable(z.string())),
    endDate: z.optional(z.nullable(z.string())),
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

/** Every documented billing term that is no purchase for once. */
export const termOf = words('billing term', {
  recurring: ['Monthly', 'Annual', '1-Year', '2-Year', '3-Year'],
  trial: ['Trial'],
});

/** The day on which it ends; undefined where none is set. Errors: `VendorContractError` for a date that is none. */
export const endOf = ({ endDate }: Subscription): Day | undefined => (endDate ? day(endDate) : undefined);

/** What a subscription that is not over is worth today; `isUsage` where its quantity is no number of seats. */
export function seatOf(row: Subscription, product: string, isUsage: boolean, today: Day): Seat {
  const { quantity: seats, billingTerm } = row;
  const status = statusOf(row.status);
  const term = termOf(billingTerm);
  const ends = endOf(row);
  if (isUsage) return { leftOut: `${product} is priced by usage` };
  if (isBoughtOnce(billingTerm)) return { leftOut: `${product} is bought once (${billingTerm})` };
  if (status instanceof UnknownWord) return { product, unknown: status.reason };
  if (term instanceof UnknownWord) return { product, unknown: term.reason };
  // A change of term lists the old subscription and the new one: they are not both of today.
  const starts = row.startDate ? day(row.startDate) : undefined;
  if (starts !== undefined && starts > today) return { leftOut: `${product} begins on ${starts}`, of: 'customer' };
  if (status === 'ending' && ends === undefined) {
    return { leftOut: `${product} is cancelled without an end date`, of: 'customer' };
  }
  const seat = { product, seats, unit: { id: row.id, name: product }, terms: facts(row) };
  return status === 'ending' ? { ...seat, note: `${seats} of ${product} end on ${ends}` } : seat;
}

/** What the customer pays (`price`) is no cost, and a cost of 0 is none that was set. */
const facts = ({
  id,
  quantity,
  partnerCost,
  currencyCode,
  billingTerm,
  commitmentTerm,
  vendorSubscriptionId,
}: Subscription): Terms =>
  termsOf(id, {
    ...{ seller: 'distributor', quantity, unitCost: partnerCost || undefined, currency: currencyCode, billingTerm },
    ...{ commitment: commitmentTerm?.term, termEnd: commitmentTerm?.endDate, joins: [vendorSubscriptionId] },
  });
