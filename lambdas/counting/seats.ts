import { productTitle } from '../report/column.ts';
import type { Day } from '../report/day.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Fact, UnitOf } from './facts.ts';
import { Unread } from './row-forms.ts';
import { words } from './words.ts';

/** A subscription's term facts, as far as its row has them; whose it is and where it counts is added. */
export type Terms = Omit<Subscription, 'customer' | 'product' | 'column'>;

/**
 * What a row of a distributor's or tenant's list is worth: seats of a product (or a reason to leave its cell open), or nothing and
 * why. A pure function of the row, to be tested as a table.
 */
export type Seat =
  | {
      product: string;
      seats: number | Unread;
      /** Stands behind the product's name in brackets: what is counted, where one product is sold in several measures. */
      measure?: string | undefined;
      unit?: UnitOf | undefined;
      terms?: Terms | undefined;
      /** Said of this customer's number. */
      note?: string | undefined;
    }
  /** Why the product's number is not known: `unknown.reason` of a word, or a sentence. */
  | { product: string; unknown: string; measure?: string | undefined }
  /** Not counted, and why: added up over all rows. With `customer`, it is said of that customer instead of the collection. */
  | { leftOut: string; things?: string; of?: 'customer'; product?: string; terms?: Terms | undefined }
  /** Ended or empty: nothing to say. */
  | undefined;

/** Columns that the data names: their prefix, and what they count. */
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

/** A product that is priced by what is used of it: its quantity is not a number of seats. */
export const pricedByUsage = (product: string): Seat => ({ leftOut: `${product} is priced by usage` });

/** What is so called is never sold by the seat; the 1 that it may carry is the plan itself. */
export const isAzurePlan = (name: string): boolean => /\bazure plan\b|^microsoft azure$|^azure$/iu.test(name.trim());

/**
 * How often something is paid, whoever sells it. What is paid once is no seat of the month; a vendor that documents its own words has
 * a table of its own for the rest.
 */
export const cycleOf = words('billing cycle', {
  once: ['one-time', 'one-off', 'once', 'activation', 'perpetual', 'setup'],
  recurring: [
    ...[
      'monthly',
      'month',
      '1-month',
      'P1M',
      'quarterly',
      '3-month',
      'P3M',
      'semi-annual',
      'half-yearly',
      '6-month',
      'P6M',
    ],
    ...[
      'annual',
      'annually',
      'yearly',
      'year',
      '1-year',
      '12-month',
      'P1Y',
      'P12M',
      'biennial',
      '2-year',
      '2-years',
      'P2Y',
    ],
    ...['triennial', '3-year', '3-years', 'P3Y'],
  ],
});

/** A product of which one of the terms is paid once; undefined for any other. */
export function boughtOnce(product: string, terms: readonly (string | null | undefined)[]): Seat {
  const once = terms.find((term) => cycleOf(term) === 'once');
  return once === undefined ? undefined : { leftOut: `${product} is bought once (${once})` };
}

/**
 * A subscription that begins after today, said of its customer: a change of term lists the old one and the new one, and they are not
 * both of today. Undefined for one that has begun, or does not say when.
 */
export const notBegun = (product: string, starts: Day | null | undefined, today: Day): Seat =>
  starts && starts > today ? { leftOut: `${product} begins on ${starts}`, of: 'customer' } : undefined;

/** Why the number is not known of what has ended by its date and is live by its state, where no document says which one lags. */
export const endedThough = (day: Day): string => `it ended on ${day}, but its state is that of a live subscription`;
