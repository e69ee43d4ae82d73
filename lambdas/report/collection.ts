import type { Column } from './column.ts';
import type { ErrorName } from './errors.ts';

/** A number as the vendor gave it (unrounded), or a text such as an edition. */
export type CellValue = number | string;

/** Why one cell of a customer has no value although the customer was read. */
export type CellGap = { state: 'excluded' | 'failed'; reason: string };

/** One customer of a vendor: what was counted for it, or why nothing was. */
export type CustomerCount = CustomerFacts & CustomerState;

/** Only a `counted` customer has counts and gaps. */
export type CustomerState =
  | { state: 'counted'; error?: never; reason?: never }
  | { state: 'excluded'; error?: never; reason: string }
  | { state: 'failed'; error: ErrorName; reason: string };

/** What a vendor's rows state about who a customer is. It is only used for mapping: no count depends on it. */
export type CustomerIdentity = {
  /** Mail domains that the vendor verified, or that belong to the customer's account. */
  domains?: string[];
  /**
   * The customer's ids in other systems, by integration id: `microsoft-365` for a tenant id, `datto-psa` for a company
   * id.
   */
  ids?: { integration: string; id: string }[];
  /** What the MSP typed into a free field, often the PSA's company id. */
  references?: string[];
};

type CustomerFacts = {
  /** The vendor's id of the customer: the one that organizations.json names. */
  id: string;
  /** Other ids that can map a company to the same customer. */
  aliases: string[];
  name: string;
  /** Column title -> value. A fixed column that is missing here is a true 0: the customer was listed without a unit. */
  counts: Record<string, CellValue>;
  /** Column title -> why that single cell is blank. */
  gaps: Record<string, CellGap>;
  /** Remarks on this customer's numbers (a trial shown as 0, trials that could not be recognized). */
  notes: string[];
  identity?: CustomerIdentity;
};

/** How one list was read, and how its end was recognized. */
export type ListReceipt = {
  list: string;
  pages: number;
  rows: number;
  distinct: number;
  /** The vendor's own figure for the whole list, if it gives one. */
  declaredTotal?: number;
  end: string;
  /** What is odd about the list although its rows count. */
  note?: string;
};

/** A figure compared with a second, independent one of the same vendor. */
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
  /** Columns from the data (products); the declaration has the fixed ones. */
  columns: Column[];
  customers: CustomerCount[];
  /** Remarks on the whole collection, for the automation log. */
  notes: string[];
  receipt: Receipt;
};

/** How the collection from one integration ended. */
export type Outcome =
  | { integration: string; outcome: 'not-installed' }
  | { integration: string; outcome: 'failed'; error: ErrorName; message: string }
  | { integration: string; outcome: 'collected'; collection: Collection };
