import type { Standing } from './claims.ts';
import type { Column } from './column.ts';
import { distinct } from './order.ts';
import type { ReadRow } from './read-row.ts';
import type { Cell, RowGap } from './report.ts';

/** One integration's part of one row. */
export type RowPart = { cells: [title: string, cell: Cell][]; gaps: RowGap[]; notes: string[] };

export type Blank = Exclude<Cell, { state: 'counted' }>;

export const UNMAPPED: Blank = { state: 'unmapped' };
const NOT_FOUND: Blank = { state: 'not-found' };
const AMBIGUOUS: Blank = { state: 'ambiguous' };

/** Why all cells of a company are blank, the gravest reason first; undefined when they can be read. */
export function blankOf(standing: Standing | undefined): Blank | undefined {
  if (standing === undefined) return UNMAPPED;
  const { customers, contested, missing } = standing;
  const failed = [...customers, ...contested].find((customer) => customer.state === 'failed');
  if (failed !== undefined) return { state: 'failed', error: failed.error, reason: failed.reason };
  if (missing.length > 0) return NOT_FOUND;
  if (contested.length > 0) return AMBIGUOUS;
  if (customers.some(({ state }) => state === 'counted')) return undefined;
  const reasons = customers.filter((customer) => customer.state === 'excluded').map(({ reason }) => reason);
  return { state: 'excluded', reason: distinct(reasons).join('; ') };
}

/** The part of a company whose cells are all blank for one reason. */
export function blankPart(integration: string, columns: readonly Column[], blank: Blank): RowPart {
  const detail = detailOf(blank);
  return {
    cells: columns.map(({ title }) => [title, blank]),
    gaps: [{ integration, state: blank.state, ...(detail === undefined ? {} : { detail }) }],
    notes: [],
  };
}

/** A failed cell is told even where its column does not appear: what could not be read might have been its first value. */
export function readPart(
  integration: string,
  candidates: readonly Column[],
  shown: ReadonlySet<string>,
  { cells, notes }: ReadRow,
): RowPart {
  const part: RowPart = { cells: [], gaps: [], notes };
  for (const { title, appears } of candidates) {
    const cell = cells.get(title);
    if (cell === undefined) continue;
    const isZero = cell.state === 'counted' && cell.value === 0;
    if (shown.has(title) && !(isZero && appears === 'product')) part.cells.push([title, cell]);
    if (cell.state === 'counted' || !(shown.has(title) || cell.state === 'failed')) continue;
    const detail = detailOf(cell);
    part.gaps.push({ integration, column: title, state: cell.state, ...(detail === undefined ? {} : { detail }) });
  }
  return part;
}

const detailOf = (blank: Blank): string | undefined =>
  blank.state === 'failed' ? blank.error : blank.state === 'excluded' ? blank.reason : undefined;
