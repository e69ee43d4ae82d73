import { cellOf, type Report, type ReportRow } from '../report/report.ts';
import { BLANK_STATES } from '../views/states.ts';
import { tableSheet, type WrittenTable } from './sheet.ts';
import type { SheetColumn } from './sheet-column.ts';

/** Height for a title of three lines. */
const HEADER_HEIGHT = 62;

/**
 * report.csv as a sheet: what was not counted is blank, in the colour of the reason; `Data Quality` has it in words.
 */
export function countsSheet(report: Report): WrittenTable {
  const byTitle = new Map(report.columns.map((column) => [column.title, column]));
  const columns: SheetColumn<ReportRow>[] = [
    { title: 'Company', kind: 'text', width: 30, value: ({ organization }) => organization.name },
    ...report.columns.map(
      (column): SheetColumn<ReportRow> => ({
        title: column.title,
        kind: column.type === 'text' ? 'text' : 'count',
        width: column.type === 'text' ? 22 : 13,
        value: (row) => {
          const cell = cellOf(report, row, column);
          return cell?.state === 'counted' ? cell.value : undefined;
        },
      }),
    ),
    { title: 'Data Quality', kind: 'text', width: 60, value: ({ dataQuality }) => dataQuality },
  ];
  return tableSheet({
    name: 'Counts',
    columns,
    rows: report.rows,
    frozenColumns: 1,
    headerHeight: HEADER_HEIGHT,
    toneOf: (row, title) => {
      const column = byTitle.get(title);
      const state = column === undefined ? undefined : cellOf(report, row, column)?.state;
      return state === undefined || state === 'counted' ? undefined : BLANK_STATES[state].tone;
    },
  });
}
