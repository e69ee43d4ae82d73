import type { Subscription } from '../report/subscription.ts';

/** Facts of a subscription's term, as rows of terms.csv show them. */
export type TermFact = Exclude<keyof Subscription, 'customer' | 'id' | 'product' | 'column' | 'seller' | 'joins'>;

/**
 * What a vendor's rows name one by one in units.csv and changes.csv: `units` in words and, for subscriptions, the facts
 * of their terms.
 */
export type Names = { units: string; terms?: readonly TermFact[] };
