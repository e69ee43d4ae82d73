import type { Report } from '../lambdas/report/report.ts';
import type { WholeReport } from '../lambdas/run/report-file.ts';

/** The report that a report.json holds. */
export function reportIn(json: string): Report {
  const whole: WholeReport = JSON.parse(json);
  return { ...whole, rows: whole.rows.map((row) => ({ ...row, cells: new Map(Object.entries(row.cells)) })) };
}
