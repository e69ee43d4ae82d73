import { cellOf, type Report, type RowHead } from '../report/report.ts';
import type { ReconciliationRow, ReconciliationState } from './rows.ts';
import { BLANK_STATES, type BlankState, COMPARISON_STATES } from './states.ts';

/**
 * How many cells hold a value, and how many are blank for each reason; columns that are not installed have no cells.
 */
export type CellTotals = { counted: number; blank: [state: BlankState, cells: number][] };

export function cellTotals(report: Report): CellTotals {
  const cells = new Map<string, number>();
  for (const row of report.rows) {
    for (const column of report.columns) {
      const state = cellOf(report, row, column)?.state;
      if (state !== undefined) cells.set(state, (cells.get(state) ?? 0) + 1);
    }
  }
  return { counted: cells.get('counted') ?? 0, blank: counted(BLANK_STATES, cells) };
}

/** Rows of the comparison by state, in the order of `COMPARISON_STATES`. */
export function comparisonTotals(rows: readonly ReconciliationRow[]): [state: ReconciliationState, rows: number][] {
  const byState = new Map<string, number>();
  for (const { state } of rows) byState.set(state, (byState.get(state) ?? 0) + 1);
  return counted(COMPARISON_STATES, byState);
}

/** The states that occur, in their own order. */
const counted = <State extends string>(
  states: Record<State, unknown>,
  byState: ReadonlyMap<string, number>,
): [State, number][] =>
  keysOf(states).flatMap((state) => {
    const count = byState.get(state);
    return count === undefined ? [] : [[state, count] satisfies [State, number]];
  });

/** `Object.keys` of a table whose type has every key and no other. */
function keysOf<Key extends string>(table: Record<Key, unknown>): Key[] {
  const isKey = (key: string): key is Key => Object.hasOwn(table, key);
  return Object.keys(table).filter(isKey);
}

/** True if an expected number is missing: none is expected of a company without an id at the vendor. */
export const isIncomplete = ({ gaps = [] }: RowHead): boolean => gaps.some(({ state }) => state !== 'unmapped');
