/*
 * The rows of reconciliation.csv, changes.csv and terms.csv as views read them: one property per column, ids next to
 * names. Quantities and money are decimal text ("3.50"); a blank is a missing property.
 */

export type ReconciliationState =
  | 'matched'
  | 'under-billed'
  | 'over-billed'
  | 'counted-not-billed'
  | 'billed-not-counted'
  | 'tolerated'
  | 'ignored'
  | 'not-compared';

/** One company and service, or a billed line without either. */
export type ReconciliationRow = {
  company: string;
  /** Missing for a billed customer that is not mapped. */
  companyId?: string;
  service: string;
  serviceId?: string;
  state: ReconciliationState;
  counted?: string;
  billable?: string;
  billed?: string;
  /** Billable - billed: positive where more is delivered than billed. */
  difference?: string;
  /** Per unit and month. */
  unitPrice?: string;
  moneyDifference?: string;
  currency?: string;
  period: string;
  reason?: string;
  agreements?: string;
  products?: string;
  lines?: string;
  billedFrom?: string;
  note?: string;
};

/** One cell whose value or state differs from the last report, or a company that is new or gone. */
export type ChangeRow = {
  company: string;
  companyId: string;
  integration?: string;
  column?: string;
  before?: string;
  now?: string;
  difference?: string;
  stateBefore?: string;
  stateNow?: string;
  added?: string;
  removed?: string;
  /** Set if `added` or `removed` names another company. */
  namesOthers?: true;
  since: string;
};

/** One subscription of a vendor that sells by term. Days are `YYYY-MM-DD`. */
export type TermRow = {
  company: string;
  /** Missing for a vendor customer that is not mapped. */
  companyId?: string;
  integration: string;
  product: string;
  subscriptionId: string;
  quantity?: string;
  assigned?: string;
  unitCost?: string;
  currency?: string;
  billingTerm?: string;
  commitment?: string;
  termEnd?: string;
  autoRenew?: boolean;
  scheduledQuantity?: string;
  reducibleNow?: string;
  earliestReduction?: string;
  lastDayToAct?: string;
  basis?: string;
  /** What can be done soon, if it is worth it. */
  act?: TermDecision;
};

/** Seats to reduce. */
export type TermDecision = {
  units: string;
  why: 'unused' | 'not billed';
  /** The first day on which they can go, and the last one to order it. */
  from: string;
  lastDay?: string;
  /** Their cost until then: whole months. */
  waiting?: { amount: string; currency: string; months: number };
};
