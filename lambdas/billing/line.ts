import type { Receipt } from '../report/collection.ts';
import type { Day } from '../report/day.ts';
import type { ErrorName } from '../report/errors.ts';

/** A decimal number as text: `42`, `-1.5`, `1470.00`. No exponent, no separator, never rounded on the way. */
export type DecimalText = string;

/**
 * One product on one agreement, as one source bills it. A reader makes one for every row it reads, including ended and
 * free ones.
 */
export type BilledLine = {
  /** Id of the line in its system, unique within its source; a file without ids gives `row 17`. */
  id: string;
  /** Where this number came from, as printed in `Billed From`: `connectwise-psa`, `billed.csv of 2026-11-28`. */
  billedFrom: string;
  /** What is invoiced periodically; absent if the source has none. */
  agreement?: { id: string; name: string };
  /** What the line sells. `name` is the PSA's own text, even if neither id nor code is known. */
  product: { id?: string; code?: string; name: string };
  /** Who has the units, not who gets the invoice. */
  customer: CustomerRef;
  /** Units including free ones, or why they could not be read. Never 0 for what was not read. */
  quantity: { value: DecimalText } | { unknown: string };
  /** Units of `quantity` that are free; `0` if the source has no free units. */
  included: DecimalText;
  /** For one unit and one cycle of `months` months, before tax; absent if no price was read. */
  price?: { amount: DecimalText; months: number };
  /** The line's cost per cycle by the source itself; it takes precedence over quantity times price. */
  amount?: DecimalText;
  /** ISO 4217, upper case; absent if neither source nor settings give one. */
  currency?: string;
  /** First and last day on which the line counts, both inclusive; null for an open end. */
  from: Day | null;
  to: Day | null;
  /**
   * False if the line is on the agreement and the customer is not charged (NoCharge, DoNotBill, price 0 if that means
   * so).
   */
  billable: boolean;
  /** `other`: one-time, usage, flat fee, labour. Those are listed and never compared. */
  kind: 'recurring' | 'other';
  quantitySource: QuantitySource;
  /**
   * Why the line cannot be compared although it was read, only for the day `BilledSide.day`: `boundary` (begins or ends
   * on a day that may or may not count), `ambiguous` (two readings are possible), `other-period` (its quantity is of
   * another month). The first and the last take precedence over `from` and `to`, so leave them out if those decide.
   */
  doubt?: { kind: 'boundary' | 'ambiguous' | 'other-period'; reason: string };
  /** Remarks for people, each a sentence without a full stop. */
  notes: string[];
};

/**
 * Where the quantity comes from: `fixed` (entered by hand), `calculated` (the PSA counts when it invoices; never
 * compared), `synced` (another tool writes it), `invoiced` (taken from a bill), `derived` (from money: an estimate),
 * `unknown`. The last two are shown and not compared.
 */
export type QuantitySource = 'fixed' | 'calculated' | 'synced' | 'invoiced' | 'derived' | 'unknown';

/**
 * A customer by its id at the source. `idOf` states whose ids these are if not the source's own: the field of
 * `integrationIds`, or `organizations` for the company's own id. Readers of PSAs leave it out.
 */
export type CustomerRef = { id: string; name: string; idOf?: string };

/** Tells customers apart: the same id can be another customer's in another id space. */
export const customerKey = ({ idOf, id }: Pick<CustomerRef, 'idOf' | 'id'>): string => JSON.stringify([idOf, id]);

/**
 * A customer that the source lists. `failure`: its lines could not be read completely, so nothing of it is compared.
 */
export type BilledCustomer = CustomerRef & {
  /** Other ids that can map it to a company. */
  aliases: string[];
  failure?: { error: ErrorName; message: string };
};

/** What is billed by one source, or why it could not be read. */
export type BilledSide = {
  /** The PSA's integration id, or `billed-csv`: also the field of `integrationIds` with its customers' ids. */
  source: string;
  /** As in `Billed From`: `connectwise-psa`, `billed.csv of 2026-11-28`. */
  label: string;
  /** ISO 8601: when it was read; for a file, when it was exported. */
  asOf: string;
} & (ReadSide | FailedSide);

export type ReadSide = {
  /** `partial` if some customer has a `failure`. */
  status: 'collected' | 'partial';
  /** The day it was read for: the first day of the period. Quantities are those of this day. */
  day: Day;
  lines: BilledLine[];
  /** Set if lines that counted on that day may be missing, so that no line does not mean that nothing is billed. */
  mayLackLines?: true;
  /**
   * Every customer that the source lists, including those without a line: only for them is "no line" a fact. A customer
   * missing here is `not-found`.
   */
  customers: BilledCustomer[];
  receipt: Receipt;
  /** Remarks on the whole side, for the automation log. */
  notes: string[];
};

/** An answer without a line while customers are mapped is a failure too, whatever the HTTP status. */
export type FailedSide = { status: 'failed'; error: ErrorName; message: string };
