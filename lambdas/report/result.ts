import { cellOf, type Report } from './report.ts';

/** The report's rows as the execution's output holds them: company, every column, Data Quality; null for a blank cell. */
export function rowsAsData(report: Report): Record<string, string | number | null>[] {
  return report.rows.map((row) =>
    Object.fromEntries([
      ['Company', row.organization.name],
      ...report.columns.map((column): [string, string | number | null] => {
        const cell = cellOf(report, row, column);
        return [column.title, cell?.state === 'counted' ? cell.value : null];
      }),
      ['Data Quality', row.dataQuality],
    ]),
  );
}
