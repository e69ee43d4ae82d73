import type { Receipt } from '../report/collection.ts';
import type { ErrorName } from '../report/errors.ts';
import type { BilledLine, DecimalText } from './line.ts';

/** How the two sides of a row compare. Money is added up only over the first four. */
export const STATES = [
  'under-billed',
  'counted-not-billed',
  'over-billed',
  'billed-not-counted',
  'not-compared',
  'matched',
  'tolerated',
  'ignored',
] as const;

export type State = (typeof STATES)[number];

/** One company and service, one billed line that no service names, or one billed customer that is not mapped. */
export type ReconciliationRow = {
  company: string;
  /** Null for a customer that is not mapped; then `customerId` is its id at the source. */
  companyId: string | null;
  customerId?: string;
  service: string | null;
  serviceId: string | null;
  state: State;
  counted: DecimalText | null;
  billable: DecimalText | null;
  billed: DecimalText | null;
  /** Billable minus billed: above 0 if more is delivered than billed. */
  difference: DecimalText | null;
  /** Per unit and month. */
  unitPrice: DecimalText | null;
  /** Two decimals, with the sign of `difference`. */
  moneyDifference: DecimalText | null;
  currency: string | null;
  /** `YYYY-MM` */
  period: string;
  reason: string | null;
  agreements: { id: string; name: string }[];
  products: BilledLine['product'][];
  /** Line ids. */
  lines: string[];
  billedFrom: string[];
  note: string | null;
};

/** Money of one currency by state, with the sign of `moneyDifference`: below 0 if too much is billed. */
export type Total = {
  currency: string;
  underBilled: DecimalText;
  countedNotBilled: DecimalText;
  overBilled: DecimalText;
  billedNotCounted: DecimalText;
};

export type BilledFrom = {
  source: string;
  /** As in `Billed From`. */
  label: string;
  /** As in sentences: the PSA's name, or the file and its day. */
  name: string;
  asOf: string;
  lines: number;
  status: 'collected' | 'partial' | 'failed';
  error?: ErrorName;
  message?: string;
  receipt: Receipt | null;
  notes: string[];
};

/** reconciliation.json */
export type Reconciliation = {
  /** `YYYY-MM` */
  period: string;
  billedFrom: BilledFrom[];
  rows: ReconciliationRow[];
  totals: Total[];
  states: Record<State, number>;
  /** Columns with units that no service names. */
  columnsInNoService: string[];
  /**
   * Columns of products by which a service that is billed counts, and that no company has: the product may have another
   * name by now. Missing in files of older versions.
   */
  columnsOfNobody?: { service: string; column: string }[];
};
