import type { CellGap, CellValue, CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import { sumExact } from './exact-sum.ts';
import type { Match } from './match.ts';
import { distinct } from './order.ts';
import { ownMember } from './record.ts';
import type { BlankCell, Cell, RowGap } from './report.ts';

/** One column of one counted customer. */
export type CustomerCell = { value: CellValue } | { gap: CellGap };

/** One integration's part of one row. */
export type CompanyCells = { cells: [title: string, cell: Cell][]; gaps: RowGap[]; notes: string[] };

/** A company whose every customer was read, by column title, whether or not the column appears. */
export type CountedCells = { cells: Map<string, Exclude<Cell, { state: 'unmapped' }>>; notes: string[] };

const BETWEEN_TEXTS = '; ';

const UNSTATED: CustomerCell = { gap: { state: 'excluded', reason: 'not stated by the vendor' } };

export const UNMAPPED: BlankCell = { state: 'unmapped' };
const NOT_FOUND: BlankCell = { state: 'not-found' };
const AMBIGUOUS: BlankCell = { state: 'ambiguous' };

/**
 * A counted customer's cell. A number that is missing is a true 0, for the customer was listed without a unit; a text that is
 * missing or empty was not stated.
 */
export function customerCell(column: Column, customer: CustomerCount): CustomerCell {
  const gap = ownMember(customer.gaps, column.title);
  if (gap !== undefined) return { gap };
  const value = ownMember(customer.counts, column.title);
  if (value === undefined) return column.type === 'number' ? { value: 0 } : UNSTATED;
  return typeof value === 'string' && partsOf(value).length === 0 ? UNSTATED : { value };
}

/** True when the value is worth a column that appears only when used; a text that was read is never empty. */
export const isUsed = (value: CellValue): boolean => value !== 0;

/** Why all cells of a company are blank, the gravest reason first; undefined when they can be counted. */
export function blankReason(match: Match | undefined): BlankCell | undefined {
  if (match === undefined) return UNMAPPED;
  const { mapped, ambiguous, notFound } = match;
  const failed = [...mapped, ...ambiguous].find((customer) => customer.state === 'failed');
  if (failed !== undefined) return { state: 'failed', error: failed.error, reason: failed.reason };
  if (notFound.length > 0) return NOT_FOUND;
  if (ambiguous.length > 0) return AMBIGUOUS;
  if (mapped.some(({ state }) => state === 'counted')) return undefined;
  const reasons = mapped.filter((customer) => customer.state === 'excluded').map(({ reason }) => reason);
  return { state: 'excluded', reason: distinct(reasons).join('; ') };
}

/** A company whose cells are all blank for one reason. */
export function blankCells(integration: string, columns: readonly Column[], blank: BlankCell): CompanyCells {
  return {
    cells: columns.map(({ title }) => [title, blank]),
    gaps: [{ integration, state: blank.state, ...detailOf(blank) }],
    notes: [],
  };
}

/** Counts all cells of a company. Product columns that none of its customers has are left out. */
export function countCells(candidates: readonly Column[], { mapped }: Match): CountedCells {
  const customers = mapped.filter(({ state }) => state === 'counted');
  const notes = mapped
    .filter((customer) => customer.state === 'excluded')
    .map(({ name, reason }) => `${name} left out: ${reason}`);
  for (const customer of customers) {
    notes.push(...customer.notes.map((note) => (mapped.length > 1 ? `${customer.name}: ${note}` : note)));
  }
  const cells: CountedCells['cells'] = new Map();
  for (const column of candidates) {
    const { title } = column;
    if (column.appears === 'product' && !customers.some((customer) => mentions(customer, title))) continue;
    const parts = customers.map((customer) => customerCell(column, customer));
    const cell = combine(parts);
    cells.set(title, cell);
    if (cell.state === 'counted') notes.push(...leftOut(title, customers, parts));
  }
  return { cells, notes: distinct(notes) };
}

/**
 * The cells that the row holds: those of the columns that appear, without the zeros of products. A failed cell is reported even
 * where its column does not appear: what could not be read might have been its first value.
 */
export function shownCells(
  integration: string,
  candidates: readonly Column[],
  shown: ReadonlySet<string>,
  { cells, notes }: CountedCells,
): CompanyCells {
  const company: CompanyCells = { cells: [], gaps: [], notes };
  for (const { title, appears } of candidates) {
    const cell = cells.get(title);
    if (cell === undefined) continue;
    const isZero = cell.state === 'counted' && cell.value === 0;
    if (shown.has(title) && !(isZero && appears === 'product')) company.cells.push([title, cell]);
    if (cell.state === 'counted' || !(shown.has(title) || cell.state === 'failed')) continue;
    company.gaps.push({ integration, column: title, state: cell.state, ...detailOf(cell) });
  }
  return company;
}

const mentions = ({ counts, gaps }: CustomerCount, title: string): boolean =>
  Object.hasOwn(counts, title) || Object.hasOwn(gaps, title);

/** Which of a company's customers a number does not contain. */
const leftOut = (title: string, customers: readonly CustomerCount[], parts: readonly CustomerCell[]): string[] =>
  customers.flatMap(({ name }, index) => {
    const part = parts[index];
    return part !== undefined && 'gap' in part ? [`${title} without ${name}: ${part.gap.reason}`] : [];
  });

function detailOf(blank: BlankCell): Pick<RowGap, 'detail'> {
  if (blank.state === 'failed') return { detail: blank.error };
  return blank.state === 'excluded' ? { detail: blank.reason } : {};
}

/**
 * The cell of a company from those of its customers: numbers added, texts named once each and joined. One that failed makes the
 * cell `failed`; one left out adds nothing, and where all are left out the cell is `excluded`.
 */
function combine(parts: readonly CustomerCell[]): Exclude<Cell, { state: 'unmapped' }> {
  const gaps = parts.flatMap((part) => ('gap' in part ? [part.gap] : []));
  const reasons = (state: CellGap['state']): string[] =>
    distinct(gaps.filter((gap) => gap.state === state).map(({ reason }) => reason));
  const failures = reasons('failed');
  if (failures.length > 0) {
    return { state: 'failed', error: 'VendorContractError', reason: failures.join(BETWEEN_TEXTS) };
  }
  const values = parts.flatMap((part) => ('value' in part ? [part.value] : []));
  if (values.length === 0) return { state: 'excluded', reason: reasons('excluded').join(BETWEEN_TEXTS) };
  const texts = distinct(values.flatMap((value) => (typeof value === 'string' ? partsOf(value) : [])));
  // A number column may hold a word such as "unlimited"; nothing can be added to that.
  if (texts.length > 0) return { state: 'counted', value: texts.join(BETWEEN_TEXTS) };
  return { state: 'counted', value: sumExact(values.filter((value) => typeof value === 'number')) };
}

/** A customer's text may itself be joined of several. */
const partsOf = (text: string): string[] =>
  text
    .split(BETWEEN_TEXTS)
    .map((part) => part.trim())
    .filter((part) => part !== '');
