import type { Receipt } from '../report/collection.ts';
import type { Day } from '../report/day.ts';
import type { ErrorName } from '../report/errors.ts';

/** A decimal number as text: `42`, `-1.5`, `1470.00`. No exponent, no separator, never rounded on the way. */
export type DecimalText = string;

/** One product on one agreement, as one source bills it. A reader makes one for every row it reads, also ended and free ones. */
export type BilledLine = {
  /** Id of the line in its system, unique within its source; a file without ids gives `row 17`. */
  id: string;
  /** Where this number came from, as printed in `Billed From`: `connectwise-psa`, `billed.csv of 2026-11-28`. */
  billedFrom: string;
  /** What is invoiced on a rhythm; absent where the source has none. */
  agreement?: { id: string; name: string };
  /** What the line sells. `name` is the PSA's own text, also where neither id nor code is known. */
  product: { id?: string; code?: string; name: string };
  /** Who has the units, not who gets the invoice. */
  customer: CustomerRef;
  /** Units before anything given free, or why they could not be read. Never 0 for what was not read. */
  quantity: { value: DecimalText } | { unknown: string };
  /** Units of `quantity` that are free; `0` where the source knows no such thing. */
  included: DecimalText;
  /** For one unit and one cycle of `months` months, before tax; absent where no price was read. */
  price?: { amount: DecimalText; months: number };
  /** What the source itself says the line costs for its cycle; it wins over quantity times price. */
  amount?: DecimalText;
  /** ISO 4217, upper case; absent where neither source nor settings give one. */
  currency?: string;
  /** First and last day on which the line counts, both inclusive; null for an open end. */
  from: Day | null;
  to: Day | null;
  /** False where the line is on the agreement and the customer is not charged (NoCharge, DoNotBill, price 0 where that means so). */
  billable: boolean;
  /** `other`: one-time, usage, flat fee, labour. Those are listed and never compared. */
  kind: 'recurring' | 'other';
  quantitySource: QuantitySource;
  /**
   * Why the line cannot be compared although it was read, for the day of `BilledSide.day` only: `boundary` (begins or ends on a
   * day whose side is not known), `ambiguous` (two readings are possible), `other-period` (its quantity is of another month).
   * The first and the last go before `from` and `to`, so leave them out where these settle the matter.
   */
  doubt?: { kind: 'boundary' | 'ambiguous' | 'other-period'; reason: string };
  /** Remarks for people, each a sentence without full stop. */
  notes: string[];
};

/**
 * Where the quantity comes from: `fixed` (typed in), `calculated` (the PSA counts when it invoices; never compared), `synced`
 * (another tool writes it), `invoiced` (taken from a bill), `derived` (from money: an estimate), `unknown`.
 * The last two are shown and compared with nothing.
 */
export type QuantitySource = 'fixed' | 'calculated' | 'synced' | 'invoiced' | 'derived' | 'unknown';

/**
 * A customer by its id at the source. `idOf` says whose ids these are where they are not the source's own: the member of
 * `integrationIds`, or `organizations` for the company's own id. Readers of PSAs leave it out.
 */
export type CustomerRef = { id: string; name: string; idOf?: string };

/** A customer that the source lists. `failure`: its lines could not be read completely, so nothing of it is compared. */
export type BilledCustomer = CustomerRef & {
  /** Other ids under which a company may claim it. */
  aliases: string[];
  failure?: { error: ErrorName; message: string };
};

/** What one source says is billed, or why it says nothing. */
export type BilledSide = {
  /** The PSA's integration id, or `billed-csv`: also the member of `integrationIds` with its customers' ids. */
  source: string;
  /** The source as people read it: `connectwise-psa`, `billed.csv of 2026-11-28`. */
  label: string;
  /** ISO 8601: the moment it speaks of; of a file, when it was exported. */
  asOf: string;
} & (ReadSide | FailedSide);

export type ReadSide = {
  /** `partial` where some customer has a `failure`. */
  status: 'collected' | 'partial';
  /** The day it was read for: the first day of the period. Quantities are those of this day. */
  day: Day;
  lines: BilledLine[];
  /**
   * Every customer that the source lists, also those without a line: only of them is "no line" a fact. A customer that is missing
   * here is `not-found`.
   */
  customers: BilledCustomer[];
  receipt: Receipt;
  /** Remarks on the whole side, for the automation log. */
  notes: string[];
};

/** An answer without a line while customers are mapped is a failure too, whatever the HTTP status. */
export type FailedSide = { status: 'failed'; error: ErrorName; message: string };
