import type { Day } from '../report/day.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Owner } from './joined.ts';
import type { Reduction } from './reduction.ts';

/**
 * One subscription: a row of terms.csv. What is absent was not read, or two vendors disagree on it, which `basis`
 * states.
 */
export type TermRow = Omit<Subscription, 'customer' | 'column' | 'seller' | 'joins'> & {
  owner: Owner;
  /** The seller, then who else lists it. */
  integrations: { id: string; name: string }[];
  /** Titles of the columns that count its seats. */
  columns: string[];
  reduction: Reduction;
  /** The rule of the reduction, and remarks on the row. */
  basis: string;
  /** What can be done soon, if it is worth it. */
  act?: TermAction;
};

/** Seats that somebody should reduce soon. */
export type TermAction = {
  /** Seats that are unused or not billed, whose decrease is not booked, and that can go on `from`. */
  units: number;
  from: Day;
  /** The last day, inclusive, on which the seller accepts the order. */
  lastDay?: Day;
  why: 'unused' | 'not billed';
  waiting?: WaitingCost;
};

/** What seats cost until they can go; the amount is decimal text. */
export type WaitingCost = { amount: string; currency: string; months: number };
