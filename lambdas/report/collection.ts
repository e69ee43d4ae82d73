import type { Column } from './column.ts';
import type { ErrorName } from './errors.ts';

/** A number as the vendor gave it (unrounded), or a text such as an edition. */
export type CellValue = number | string;

/** Why one cell of a customer holds no value although the customer was read. */
export type CellGap = { state: 'excluded' | 'failed'; reason: string };

/** One customer of one vendor: what was counted for it, or why nothing was. */
export type CustomerCount = CustomerFacts & CustomerState;

/** Of the three, only a `counted` customer has counts and gaps. */
export type CustomerState =
  | { state: 'counted'; error?: never; reason?: never }
  | { state: 'excluded'; error?: never; reason: string }
  | { state: 'failed'; error: ErrorName; reason: string };

type CustomerFacts = {
  /** The vendor's id of the customer: the one that organizations.json names. */
  id: string;
  /** Other ids by which a company may be mapped to the same customer. */
  aliases: string[];
  name: string;
  /** Column title -> value. A fixed column that is missing here is a true 0: the customer was listed without a unit. */
  counts: Record<string, CellValue>;
  /** Column title -> why that single cell is blank. */
  gaps: Record<string, CellGap>;
  /** Remarks on this customer's numbers (a trial shown as 0, trials that could not be told apart). */
  notes: string[];
};

/** How one list was read, and how its end was recognised. */
export type ListReceipt = {
  list: string;
  pages: number;
  rows: number;
  distinct: number;
  /** The vendor's own figure for the whole list, where it gives one. */
  declaredTotal?: number;
  end: string;
  /** What is odd about the list although its rows count. */
  note?: string;
};

/** A figure held against a second, independent one of the same vendor. */
export type Comparison = { figure: string; counted: number; declared: number; tolerance: number; agrees: boolean };

/** Proof of what was read. */
export type Receipt = {
  requests: number;
  pages: number;
  rows: number;
  distinct: number;
  lists: ListReceipt[];
  comparisons: Comparison[];
};

/** What a collector returns: `collections/<integration>.json`. `partial` means that some customers failed. */
export type Collection = {
  integration: string;
  asOf: string;
  status: 'collected' | 'partial';
  /** Columns that the data brought along (products); the declaration has the fixed ones. */
  columns: Column[];
  customers: CustomerCount[];
  /** Remarks on the whole collection, for the automation log. */
  notes: string[];
  receipt: Receipt;
};

/** How the collecting from one integration ended. */
export type Outcome =
  | { integration: string; outcome: 'not-installed' }
  | { integration: string; outcome: 'failed'; error: ErrorName; message: string }
  | { integration: string; outcome: 'collected'; collection: Collection };
