import * as z from 'zod/mini';
import type { Reading, Yielded } from '../../counting/facts.ts';
import { guid } from '../../counting/ids.ts';
import { aside, figure, owner, Unread } from '../../counting/row-forms.ts';
import { boughtOnce, notBegun, pricedByUsage, type Seat, type Terms } from '../../counting/seats.ts';
import { dayForm, termDay, termsOf } from '../../counting/term-facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import type { Day } from '../../report/day.ts';
import { filled, maybe, trimmed } from '../../wire/forms.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import type { Companies } from './companies.ts';
import { day } from './day.ts';
import { paged } from './paging.ts';

const Commitment = z.object({ term: aside(z.string()), endDate: termDay(day) });

export const subscriptions = list(
  '/subscriptions',
  {
    id: z.string(),
    companyId: owner(guid),
    productId: filled,
    productName: trimmed,
    quantity: figure(z.number()),
    status: figure(z.string()),
    startDate: maybe(figure(dayForm(day))),
    endDate: maybe(figure(dayForm(day))),
    billingTerm: figure(z.string()),
    commitmentTerm: aside(Commitment),
    partnerCost: aside(z.number()),
    currencyCode: aside(z.string()),
    vendorSubscriptionId: aside(z.string()),
  },
  paged('createdDate,asc'),
);
export type Subscription = RowOf<typeof subscriptions>;

/** Every documented status. A cancelled subscription counts until its end. */
const statuses = words('status', {
  active: ['Active'],
  ending: ['PendingCancel'],
  other: [
    ...['Cancelled', 'PendingManual', 'PendingAutomated', 'WaitingForDetails'],
    ...['Trial', 'Converted', 'PendingActivation', 'Activated'],
  ],
});

/** Every documented billing term other than a one-time purchase. */
const terms = words('billing term', {
  recurring: ['Monthly', 'Annual', '1-Year', '2-Year', '3-Year'],
  trial: ['Trial'],
});

const statusOf = ({ status }: Subscription) => (status instanceof Unread ? status : statuses(status));
const termOf = ({ billingTerm }: Subscription) => (billingTerm instanceof Unread ? billingTerm : terms(billingTerm));

const hasEnded = ({ endDate }: Subscription, today: Day): boolean => typeof endDate === 'string' && endDate < today;

const withStatus = (word: string) => ({ ...subscriptions, name: `/subscriptions ${word}`, query: { status: word } });

/** The API filters by one status at a time. */
export const active = withStatus('Active');
const ending = withStatus('PendingCancel');

/** Reads the subscriptions that have not ended, each once, and yields those of companies that are `listed`. */
export async function* readLive(
  { read, note, prefetching }: Verbs<never>,
  { listed, deleted }: Companies,
  today: Day,
  onRow: (row: Subscription) => AsyncIterable<Yielded>,
): Reading {
  const met = new Set<string>();
  const pass = (list: typeof subscriptions, status: 'active' | 'ending') =>
    read(list, async function* (row) {
      // An ignored filter also returns the other statuses. An unknown word can be a new name of this status.
      const ownStatus = statusOf(row);
      if (typeof ownStatus === 'string' && ownStatus !== status) return;
      if (deleted.has(row.companyId) || termOf(row) === 'trial' || row.quantity === 0) return;
      // One that is cancelled between the two passes is in both.
      if (hasEnded(row, today) || met.has(row.id)) return;
      met.add(row.id);
      if (listed.has(row.companyId)) yield* onRow(row);
      else yield note(`company ${row.companyId} has subscriptions but is not listed, so they are left out`);
    });
  yield* prefetching(ending, pass(active, 'active'));
  yield* pass(ending, 'ending');
}

/** The seats of a subscription that has not ended, today; `isUsage` if its quantity is not a number of seats. */
export function seatOf(row: Subscription, product: string, isUsage: boolean, today: Day): Seat {
  const { quantity: seats, billingTerm, startDate: starts, endDate: ends } = row;
  const status = statusOf(row);
  if (isUsage) return pricedByUsage(product);
  const once = billingTerm instanceof Unread ? undefined : boughtOnce(product, [billingTerm]);
  if (once !== undefined) return once;
  for (const doubt of [status, termOf(row), starts, ends]) {
    if (doubt instanceof UnknownWord || doubt instanceof Unread) return { product, unknown: doubt.reason };
  }
  const later = notBegun(product, typeof starts === 'string' ? starts : undefined, today);
  if (later !== undefined) return later;
  if (status === 'ending' && !ends) {
    return { leftOut: `${product} is cancelled without an end date`, of: 'customer' };
  }
  const seat = { product, seats, unit: { id: row.id, name: product }, terms: facts(row) };
  return status === 'ending' ? { ...seat, note: `${seats} of ${product} end on ${ends}` } : seat;
}

/** What the customer pays (`price`) is not our cost, and a cost of 0 means that none was set. */
const facts = ({ id, quantity, billingTerm, commitmentTerm, ...row }: Subscription): Terms =>
  termsOf(id, {
    ...{ seller: 'distributor', quantity, unitCost: row.partnerCost || undefined, currency: row.currencyCode },
    billingTerm: billingTerm instanceof Unread ? undefined : billingTerm,
    ...{ commitment: commitmentTerm?.term, termEnd: commitmentTerm?.endDate, joins: [row.vendorSubscriptionId] },
  });
