import { colToLetter, type WriteOptions, writeXlsx } from 'hucre/xlsx';
import { actionsOf } from '../views/actions.ts';
import type { ReportData } from '../views/report-data.ts';
import { unmappedLines } from '../views/unmapped-lines.ts';
import { countsSheet } from './counts-sheet.ts';
import type { WrittenTable } from './sheet.ts';
import { summarySheet } from './summary-sheet.ts';
import { changesSheet, columnsSheet, compareSheet, termsSheet, toDoSheet, unmappedSheet } from './table-sheets.ts';

/**
 * report.xlsx: the sheets that have content. Equal data give equal bytes. Errors: `RangeError` for a count that is not
 * a finite number.
 */
export async function reportWorkbook(data: ReportData): Promise<Uint8Array> {
  const { report, reconciliation, changes = [], terms = [] } = data;
  const actions = actionsOf(data);
  const rows = reconciliation?.rows ?? [];
  const unmapped = unmappedLines(data);
  const tables = [
    ...(actions.length === 0 ? [] : [toDoSheet(actions)]),
    ...(rows.length === 0 ? [] : [compareSheet(rows)]),
    countsSheet(report),
    ...(changes.length === 0 ? [] : [changesSheet(changes)]),
    ...(terms.length === 0 ? [] : [termsSheet(terms)]),
    ...(unmapped.length === 0 ? [] : [unmappedSheet(unmapped)]),
    columnsSheet(report),
  ];
  const moment = new Date(report.asOf);
  return writeXlsx({
    properties: { title: 'Billing counts', creator: 'Billing Count Report', created: moment, modified: moment },
    sheets: [summarySheet(data, actions), ...tables.map(({ sheet }) => sheet)],
    namedRanges: tables.flatMap(namesOf),
  });
}

/**
 * LibreOffice shows a filter only under its reserved name; the library would not quote the sheet's name in the other.
 */
function namesOf({
  sheet: { name },
  width,
  height,
  frozenColumns,
}: WrittenTable): NonNullable<WriteOptions['namedRanges']> {
  const last = colToLetter(width - 1);
  const header = `'${name}'!$1:$1`;
  const columns = frozenColumns === 0 ? [] : [`'${name}'!$A:$${colToLetter(frozenColumns - 1)}`];
  return [
    { name: '_xlnm._FilterDatabase', range: `'${name}'!$A$1:$${last}$${height}`, scope: name },
    { name: '_xlnm.Print_Titles', range: [...columns, header].join(','), scope: name },
  ];
}
