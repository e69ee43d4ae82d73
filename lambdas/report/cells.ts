import type { HeldCell } from './cell-table.ts';
import type { CellGap, CellValue, CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import { sumExact } from './exact-sum.ts';
import type { Match } from './match.ts';
import { distinct } from './order.ts';
import { ownMember } from './record.ts';
import type { BlankCell, RowGap } from './report.ts';

/** One column of one counted customer. */
export type CustomerCell = { value: CellValue } | { gap: CellGap };

const BETWEEN_TEXTS = '; ';

const UNSTATED: CustomerCell = { gap: { state: 'excluded', reason: 'not stated by the vendor' } };

export const UNMAPPED: BlankCell = { state: 'unmapped' };
const NOT_FOUND: BlankCell = { state: 'not-found' };
const AMBIGUOUS: BlankCell = { state: 'ambiguous' };

/**
 * A counted customer's cell. A missing number is a true 0, as the customer was listed without a unit; a missing or
 * empty text was not stated.
 */
export function customerCell(column: Column, customer: CustomerCount): CustomerCell {
  const gap = ownMember(customer.gaps, column.title);
  if (gap !== undefined) return { gap };
  const value = ownMember(customer.counts, column.title);
  if (value === undefined) return column.type === 'number' ? { value: 0 } : UNSTATED;
  return typeof value === 'string' && partsOf(value).length === 0 ? UNSTATED : { value };
}

/** True if the value is worth a column that appears only when used; a text that was read is never empty. */
export const isUsed = (value: CellValue): boolean => value !== 0;

/** Why all cells of a company are blank, the gravest reason first; undefined when they can be counted. */
export function blankReason(match: Match): BlankCell | undefined {
  const { mapped, ambiguous, notFound } = match;
  const failed = mapped.find(isFailed) ?? ambiguous.find(isFailed);
  if (failed !== undefined) return { state: 'failed', error: failed.error, reason: failed.reason };
  if (notFound.length > 0) return NOT_FOUND;
  if (ambiguous.length > 0) return AMBIGUOUS;
  if (mapped.some(({ state }) => state === 'counted')) return undefined;
  const reasons = mapped.filter((customer) => customer.state === 'excluded').map(({ reason }) => reason);
  return { state: 'excluded', reason: distinct(reasons).join('; ') };
}

const isFailed = (customer: CustomerCount): customer is CustomerCount & { state: 'failed' } =>
  customer.state === 'failed';

/** The cell of a company with these counted customers, and the names of those that its number does not include. */
export function companyCell(
  column: Column,
  customers: readonly CustomerCount[],
): { cell: Exclude<HeldCell, null>; leftOut: string[] } {
  const parts = customers.map((customer) => customerCell(column, customer));
  const cell = combine(parts);
  return { cell, leftOut: typeof cell === 'object' ? [] : leftOut(column.title, customers, parts) };
}

/** Remarks on a company's numbers: customers that are left out by definition, and what was noted of the others. */
export function customerNotes({ mapped }: Match): string[] {
  return mapped.flatMap((customer) => {
    const { name, notes } = customer;
    if (customer.state === 'excluded') return [`${name} left out: ${customer.reason}`];
    return mapped.length > 1 ? notes.map((note) => `${name}: ${note}`) : notes;
  });
}

/** Why a cell is blank or, without `column`, all cells of a company. */
export const gapOf = (integration: string, blank: BlankCell, column?: string): RowGap => ({
  integration,
  ...(column === undefined ? {} : { column }),
  state: blank.state,
  ...detailOf(blank),
});

/** Which of a company's customers a number does not include. */
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
 * The cell of a company from those of its customers: numbers are added, distinct texts joined. One that failed makes
 * the cell `failed`; an excluded one adds nothing, and if all are excluded, so is the cell.
 */
function combine(parts: readonly CustomerCell[]): Exclude<HeldCell, null> {
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
  // A number column can hold a word such as "unlimited"; nothing can be added to that.
  if (texts.length > 0) return texts.join(BETWEEN_TEXTS);
  return sumExact(values.filter((value) => typeof value === 'number'));
}

/** A customer's text can itself be several joined texts. */
const partsOf = (text: string): string[] =>
  text
    .split(BETWEEN_TEXTS)
    .map((part) => part.trim())
    .filter((part) => part !== '');
