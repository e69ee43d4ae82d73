import { productTitle } from '../report/column.ts';
import type { Day } from '../report/day.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Fact, UnitOf } from './facts.ts';
import { Unread } from './row-forms.ts';
import { words } from './words.ts';

/** A subscription's term facts, as far as its row has them; its customer and column are added later. */
export type Terms = Omit<Subscription, 'customer' | 'product' | 'column'>;

/**
 * The result of a row in a distributor's or tenant's list: seats of a product (or why its cell is blank), or nothing
 * and why. A pure function of the row, tested as a table.
 */
export type Seat =
  | {
      product: string;
      seats: number | Unread;
      /** What is counted, in brackets after the product's name, if one product is sold in several measures. */
      measure?: string | undefined;
      unit?: UnitOf | undefined;
      terms?: Terms | undefined;
      /** A remark on this customer's number. */
      note?: string | undefined;
    }
  /** Why the product's number is not known: `unknown.reason` of a word, or a sentence. */
  | { product: string; unknown: string; measure?: string | undefined }
  /**
   * Not counted, and why: added up over all rows. With `of`, the remark is on the customer instead of the collection.
   */
  | { leftOut: string; things?: string; of?: 'customer'; product?: string; terms?: Terms | undefined }
  /** Ended or empty: nothing to say. */
  | undefined;

/** Columns named by the data: their prefix, and what they count. */
export type Products = { prefix: string; definition: string };

/** The facts of one row. */
export function* seatFacts(products: Products, customer: string, seat: Seat): Generator<Fact> {
  if (seat === undefined) return;
  if ('leftOut' in seat) {
    const { leftOut: why, things = 'subscription', of, product, terms } = seat;
    yield { fact: 'left-out', things, why, count: 1, ...(of === 'customer' ? { customer } : {}) };
    if (product !== undefined && terms !== undefined) {
      yield { fact: 'subscription', subscription: { ...terms, customer, product } };
    }
    return;
  }
  const title = titleOf(products, seat.product, seat.measure);
  yield productColumn(products, title);
  if ('unknown' in seat) {
    yield open(customer, title, `a subscription of ${seat.product} cannot be counted: ${seat.unknown}`);
    return;
  }
  const { product, seats, unit, terms, note } = seat;
  if (seats instanceof Unread) yield open(customer, title, `a subscription of ${product}: ${seats.reason}`);
  else yield { fact: 'count', customer, column: title, value: seats, ...(unit === undefined ? {} : { unit }) };
  if (terms !== undefined) {
    yield { fact: 'subscription', subscription: { ...terms, customer, product, column: title } };
  }
  if (note !== undefined) yield { fact: 'note', note, customer };
}

const titleOf = ({ prefix }: Products, product: string, measure = ''): string =>
  `${productTitle(prefix, product)}${measure.trim() === '' ? '' : ` (${measure.trim()})`}`;

const productColumn = ({ definition }: Products, title: string): Fact => ({
  fact: 'product',
  column: { title, type: 'number', appears: 'product', definition },
});

const open = (customer: string, column: string, reason: string): Fact => ({
  fact: 'gap',
  customer,
  column,
  gap: { state: 'failed', reason },
});

/** A product priced by usage: its quantity is not a number of seats. */
export const pricedByUsage = (product: string): Seat => ({ leftOut: `${product} is priced by usage` });

/** A product of this name is never sold by the seat; if its quantity is 1, that is the plan itself. */
export const isAzurePlan = (name: string): boolean => /\bazure plan\b|^microsoft azure$|^azure$/iu.test(name.trim());

/**
 * How often something is paid, whoever sells it. What is paid once is not a seat of the month; a vendor that documents
 * its words has its own table for the rest.
 */
export const cycleOf = words('billing cycle', {
  once: ['one-time', 'one-off', 'once', 'activation', 'perpetual', 'setup'],
  recurring: [
    ...['monthly', 'month', '1-month', 'P1M', 'quarterly', '3-month', 'P3M'],
    ...['semi-annual', 'half-yearly', '6-month', 'P6M'],
    ...['annual', 'annually', 'yearly', 'year', '1-year', '12-month', 'P1Y', 'P12M'],
    ...['biennial', '2-year', '2-years', 'P2Y', 'triennial', '3-year', '3-years', 'P3Y'],
  ],
});

/** The result for a product with a term that is paid once; undefined for any other. */
export function boughtOnce(product: string, terms: readonly (string | null | undefined)[]): Seat {
  const once = terms.find((term) => cycleOf(term) === 'once');
  return once === undefined ? undefined : { leftOut: `${product} is bought once (${once})` };
}

/**
 * The result for a subscription that begins after today, with a remark on its customer: during a change of term the old
 * one and the new one are both listed, but only one counts today. Undefined for one that has begun, or has no start
 * date.
 */
export const notBegun = (product: string, starts: Day | null | undefined, today: Day): Seat =>
  starts && starts > today ? { leftOut: `${product} begins on ${starts}`, of: 'customer' } : undefined;

/**
 * Why the number of a subscription is not known that has ended by its date and is live by its state: no document says
 * which of the two lags.
 */
export const endedThough = (day: Day): string => `it ended on ${day}, but its state is that of a live subscription`;
