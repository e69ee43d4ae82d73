import type { Failure } from '../report/errors.ts';
import type { Report, ReportHead } from '../report/report.ts';
import type { ChangeRow, ReconciliationRow, TermRow } from './rows.ts';

/** Money of one currency, each a decimal text of one month. */
export type CurrencyTotal = {
  currency: string;
  underBilled: string;
  countedNotBilled: string;
  overBilled: string;
  billedNotCounted: string;
};

export type Reconciliation = {
  /** `YYYY-MM` */
  period: string;
  /** In the order of reconciliation.csv. */
  rows: readonly ReconciliationRow[];
  totals: readonly CurrencyTotal[];
  /** Where billed lines come from that could not be read. */
  unread?: readonly ({ name: string } & Failure)[];
};

/** Everything that a view may show; some do without the cells. What a run did not make is missing, and its part of the view with it. */
export type ReportData<R extends ReportHead = Report> = {
  report: R;
  reconciliation?: Reconciliation;
  changes?: readonly ChangeRow[];
  terms?: readonly TermRow[];
};
