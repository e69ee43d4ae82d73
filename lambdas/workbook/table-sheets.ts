import type { Report } from '../report/report.ts';
import type { Action } from '../views/action.ts';
import { isDecimal } from '../views/decimal.ts';
import { integrationNames } from '../views/names.ts';
import type { ChangeRow, ReconciliationRow, TermRow } from '../views/rows.ts';
import { COMPARISON_STATES, WHO } from '../views/states.ts';
import type { UnmappedLine } from '../views/unmapped-lines.ts';
import { tableSheet, type WrittenTable } from './sheet.ts';
import type { Kind, SheetColumn } from './sheet-column.ts';

export const toDoSheet = (actions: readonly Action[]): WrittenTable =>
  tableSheet<Action>({
    name: 'To do',
    rows: actions,
    frozenColumns: 0,
    columns: [
      { title: 'Who', kind: 'text', width: 11, value: ({ who }) => WHO[who] },
      { title: 'What', kind: 'long', width: 70, value: ({ what }) => what },
      { title: 'Company', kind: 'text', width: 30, value: ({ company }) => company },
      { title: 'Money per Month', kind: 'money', width: 14, value: ({ money }) => money?.amount },
      { title: 'Currency', kind: 'text', width: 10, value: ({ money }) => money?.currency },
      { title: 'Until', kind: 'date', width: 12, value: ({ until }) => until },
      { title: 'Where', kind: 'long', width: 44, value: ({ where }) => where },
    ],
  });

export const compareSheet = (rows: readonly ReconciliationRow[]): WrittenTable =>
  tableSheet<ReconciliationRow>({
    name: 'Compare',
    rows,
    frozenColumns: 1,
    columns: [
      column('Company', 'text', 30, 'company'),
      column('Service', 'text', 28, 'service'),
      column('State', 'text', 19, 'state'),
      column('Counted', 'number', 10, 'counted'),
      column('Billable', 'number', 10, 'billable'),
      column('Billed', 'number', 10, 'billed'),
      column('Difference', 'number', 11, 'difference'),
      column('Unit Price', 'money', 11, 'unitPrice'),
      column('Money Difference', 'money', 13, 'moneyDifference'),
      column('Currency', 'text', 10, 'currency'),
      column('Period', 'text', 10, 'period'),
      column('Reason', 'long', 40, 'reason'),
      column('Agreements', 'long', 28, 'agreements'),
      column('Products', 'long', 24, 'products'),
      column('Lines', 'long', 18, 'lines'),
      column('Billed From', 'text', 18, 'billedFrom'),
      column('Note', 'long', 50, 'note'),
    ],
    toneOf: ({ state }, title) => (title === 'State' ? COMPARISON_STATES[state].tone : undefined),
  });

/** Values that are text (an edition) have their own columns next to the numbers. */
export const changesSheet = (rows: readonly ChangeRow[]): WrittenTable =>
  tableSheet<ChangeRow>({
    name: 'Changes',
    rows,
    frozenColumns: 1,
    columns: [
      column('Company', 'text', 30, 'company'),
      column('Integration', 'text', 22, 'integration'),
      column('Column', 'text', 36, 'column'),
      { title: 'Before', kind: 'number', width: 10, value: ({ before }) => numberIn(before) },
      { title: 'Now', kind: 'number', width: 10, value: ({ now }) => numberIn(now) },
      { title: 'Before (text)', kind: 'text', width: 20, optional: true, value: ({ before }) => textIn(before) },
      { title: 'Now (text)', kind: 'text', width: 20, optional: true, value: ({ now }) => textIn(now) },
      column('Difference', 'number', 11, 'difference'),
      column('State Before', 'text', 14, 'stateBefore'),
      column('State Now', 'text', 14, 'stateNow'),
      column('Added', 'long', 40, 'added'),
      column('Removed', 'long', 40, 'removed'),
      column('Since', 'date', 22, 'since'),
    ],
  });

export const termsSheet = (rows: readonly TermRow[]): WrittenTable =>
  tableSheet<TermRow>({
    name: 'Terms',
    rows,
    frozenColumns: 1,
    columns: [
      column('Company', 'text', 30, 'company'),
      column('Integration', 'text', 22, 'integration'),
      column('Product', 'text', 40, 'product'),
      column('Subscription Id', 'text', 38, 'subscriptionId'),
      column('Quantity', 'number', 10, 'quantity'),
      column('Assigned', 'number', 10, 'assigned'),
      column('Unit Cost', 'money', 11, 'unitCost'),
      column('Currency', 'text', 10, 'currency'),
      column('Billing Term', 'text', 13, 'billingTerm'),
      column('Commitment', 'text', 13, 'commitment'),
      column('Term End', 'date', 12, 'termEnd'),
      { title: 'Auto-renew', kind: 'text', width: 12, value: ({ autoRenew }) => yesOrNo(autoRenew) },
      column('Scheduled Quantity', 'number', 11, 'scheduledQuantity'),
      column('Reducible Now', 'number', 11, 'reducibleNow'),
      column('Earliest Reduction', 'date', 12, 'earliestReduction'),
      column('Last Day To Act', 'date', 12, 'lastDayToAct'),
      column('Basis', 'long', 36, 'basis'),
    ],
  });

export const unmappedSheet = (lines: readonly UnmappedLine[]): WrittenTable =>
  tableSheet<UnmappedLine>({
    name: 'Unmapped',
    rows: lines,
    frozenColumns: 0,
    columns: [
      column('Integration', 'text', 24, 'integration'),
      column('Customer Id', 'text', 38, 'customerId'),
      column('Customer Name', 'text', 34, 'customerName'),
      column('Column', 'text', 44, 'column'),
      column('Count', 'number', 10, 'count'),
      { ...column<UnmappedLine>('Text', 'text', 22, 'text'), optional: true },
      { ...column<UnmappedLine>('Not Counted Because', 'long', 50, 'reason'), optional: true },
      { ...column<UnmappedLine>('Suggested Company', 'text', 34, 'suggestedCompany'), optional: true },
      { ...column<UnmappedLine>('Suggestion', 'text', 11, 'suggestion'), optional: true },
      { ...column<UnmappedLine>('Evidence', 'long', 50, 'evidence'), optional: true },
    ],
  });

export function columnsSheet(report: Report): WrittenTable {
  const nameOf = integrationNames(report);
  return tableSheet<Report['columns'][number]>({
    name: 'Columns',
    rows: report.columns,
    frozenColumns: 1,
    columns: [
      { title: 'Column', kind: 'text', width: 44, value: ({ title }) => title },
      { title: 'Integration', kind: 'text', width: 26, value: ({ integration }) => nameOf(integration) },
      { title: 'Type', kind: 'text', width: 10, value: ({ type }) => type },
      { title: 'What Is Counted', kind: 'long', width: 90, value: ({ definition }) => definition },
    ],
  });
}

/** A column that shows one property of its rows. */
function column<Row extends { [Member in keyof Row]?: unknown }>(
  title: string,
  kind: Kind,
  width: number,
  member: MembersOf<Row>,
): SheetColumn<Row> {
  return { title, kind, width, value: (row) => shown(row[member]) };
}

/** The properties that a cell can show. */
type MembersOf<Row> = {
  [Member in keyof Row]-?: Row[Member] extends string | number | undefined ? Member : never;
}[keyof Row];

const shown = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined;

const numberIn = (value: string | undefined) => (value !== undefined && isDecimal(value) ? value : undefined);
const textIn = (value: string | undefined) => (value !== undefined && isDecimal(value) ? undefined : value);
const yesOrNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'yes' : 'no');
