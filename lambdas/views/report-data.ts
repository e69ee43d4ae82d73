import type { Failure } from '../report/errors.ts';
import type { Report, ReportHead } from '../report/report.ts';
import type { ChangeRow, ReconciliationRow, TermRow } from './rows.ts';

/** Money of one currency, per month, as decimal texts. */
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
  /** Columns by which a service that is billed counts, and that no company has. */
  columnsOfNobody?: readonly { service: string; column: string }[];
  /** Sources of billed lines that could not be read. */
  unread?: readonly ({ name: string } & Failure)[];
};

/**
 * Everything that a view can show; some views do not need the cells. What a run did not make is missing here and in the
 * view.
 */
export type ReportData<R extends ReportHead = Report> = {
  report: R;
  reconciliation?: Reconciliation;
  changes?: readonly ChangeRow[];
  terms?: readonly TermRow[];
};
