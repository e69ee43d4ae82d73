import * as z from 'zod/mini';
import { anyId } from '../../counting/ids.ts';
import { aside, figure, Unread } from '../../counting/row-forms.ts';
import { boughtOnce, cycleOf, isAzurePlan, pricedByUsage, type Seat, type Terms } from '../../counting/seats.ts';
import { termDay, termsOf } from '../../counting/term-facts.ts';
import { UnknownWord } from '../../counting/words.ts';
import { daysAfter } from '../../report/day.ts';
import { ReportError } from '../../report/errors.ts';
import { maybe, trimmed } from '../../wire/forms.ts';
import { whole } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

/** Seats that are bought for a period: each layer ends on its own day. */
const Layers = z.array(z.object({ quantity: z.number(), committedUntil: termDay() }));

const Commitment = z.object({
  type: aside(z.string()),
  termEndDate: termDay(),
  renewalConfiguration: aside(z.object({ renewalDate: termDay(), scheduledQuantity: aside(z.number()) })),
  committedMinimalQuantities: aside(Layers),
});

/**
 * A customer's subscriptions; only live ones are listed. No list here has pages, and some answers are the bare array.
 */
export const subscriptions = list(
  '/service-provider/v1/billing/subscriptions/details',
  {
    id: anyId,
    productName: trimmed,
    sku: trimmed,
    quantity: figure(z.int()),
    billingCycle: figure(maybe(z.string())),
    commitmentTerm: aside(Commitment),
  },
  whole('items?'),
  { called: 'subscriptions' },
);
export type Subscription = RowOf<typeof subscriptions>;

/** The same list, under the name that some partners have. */
export const PLAIN = '/service-provider/v1/billing/subscriptions';

/** The seats of a subscription. Errors: `VendorContractError` if it has neither a name nor a SKU. */
export function seatOf(row: Subscription, { includeOneTime }: { includeOneTime: boolean }): Seat {
  const { id, productName, sku, quantity: seats, billingCycle } = row;
  if (seats === 0) return undefined;
  const product = productName || sku;
  if (!product) throw new ReportError('VendorContractError', `subscription ${id} has no productName and no sku`);
  if (isAzurePlan(product)) return pricedByUsage(product);
  if (!includeOneTime) {
    if (billingCycle instanceof Unread) return { product, unknown: billingCycle.reason };
    const once = boughtOnce(product, [billingCycle]);
    if (once !== undefined) return { ...once, of: 'customer' };
    const cycle = cycleOf(billingCycle);
    if (cycle instanceof UnknownWord) return { product, unknown: cycle.reason };
  }
  return { product, seats, unit: { id, name: product }, terms: facts(row) };
}

/** No cost: whether `fees` are per seat, and the partner's or the client's, is not documented. */
function facts({ id, quantity, billingCycle, commitmentTerm }: Subscription): Terms {
  const { type, termEndDate, renewalConfiguration, committedMinimalQuantities: layers } = commitmentTerm ?? {};
  const { renewalDate, scheduledQuantity } = renewalConfiguration ?? {};
  const committed = layers?.flatMap(({ quantity: seats, committedUntil: until }) =>
    until ? [{ quantity: seats, until }] : [],
  );
  return termsOf(id, {
    ...{ seller: 'distributor', quantity, commitment: type, scheduledQuantity },
    billingTerm: billingCycle instanceof Unread ? undefined : billingCycle,
    termEnd: termEndDate ?? (renewalDate ? daysAfter(renewalDate, -1) : undefined),
    // If a layer has no day, it is not known what can be reduced when.
    committed: committed?.length === layers?.length ? committed : undefined,
  });
}
