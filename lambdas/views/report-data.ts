import type { Report } from '../report/report.ts';
import type { ChangeRow, ReconciliationRow, TermRow } from './rows.ts';

/** Money of one currency, each a decimal text of one month. */
export type CurrencyTotal = {
  currency: string;
  underBilled: string;
  countedNotBilled: string;
  overBilled: string;
  billedNotCounted: string;
};

/** `rows` in the order of reconciliation.csv. */
export type Reconciliation = { period: string; rows: readonly ReconciliationRow[]; totals: readonly CurrencyTotal[] };

/** Everything that a view may show. What a run did not make is missing, and its part of the view with it. */
export type ReportData = {
  report: Report;
  reconciliation?: Reconciliation;
  changes?: readonly ChangeRow[];
  terms?: readonly TermRow[];
};
