import type { Day } from './day.ts';

/**
 * A subscription of a vendor that sells by term, with the facts of its term as they were read. An absent field was not
 * read: the vendor's row lacks it, or no call of the collector shows it. Nothing here is computed from other fields.
 */
export type Subscription = {
  /** The vendor's id of the customer, as in `CustomerCount`. */
  customer: string;
  /** The vendor's id of the subscription. */
  id: string;
  /** Product name, as in the column's title but without the prefix. */
  product: string;
  /** Title of the column that counts its seats; absent if it counts in none (pending, bought once). */
  column?: string;
  /**
   * Who takes the order to reduce it. A distributor closes the day before the term ends, the vendor itself on the last
   * day.
   */
  seller: 'vendor' | 'distributor';
  /** Seats bought. */
  quantity?: number;
  /** Seats in use. */
  assigned?: number;
  /**
   * What the MSP pays for one seat in one billing term: decimal text such as `19.5`, never the customer's price, never
   * a proration.
   */
  unitCost?: string;
  /** ISO 4217, in capitals. */
  currency?: string;
  /** How often it is paid, in the vendor's word. An annual commitment can be paid monthly. */
  billingTerm?: string;
  /** How long it is bought for, in the vendor's word (`Annual`, `P1Y`). */
  commitment?: string;
  /** The last day of the commitment, inclusive; if the vendor gives the renewal, the day before it. */
  termEnd?: Day;
  autoRenew?: boolean;
  /** The seats as of the next term, if a change is booked. */
  scheduledQuantity?: number;
  /** Seats that are committed in layers, each until its own day (inclusive). */
  committed?: readonly CommittedLayer[];
  /**
   * The last day (inclusive) on which it can still be cancelled or reduced at once; null if the vendor says there is
   * none.
   */
  windowEnd?: Day | null;
  /** The product's own rule, if the vendor states it: can the quantity be reduced within the term? */
  mayDecrease?: boolean;
  /**
   * Ids under which another vendor knows the same subscription: Pax8 `vendorSubscriptionId`, Microsoft 365
   * `commerceSubscriptionId`. Case does not matter.
   */
  joins: readonly string[];
};

export type CommittedLayer = { quantity: number; until: Day };
