import type { CellGap, CellValue, CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import { sumExact } from './exact-sum.ts';
import { distinct } from './order.ts';
import { ownMember } from './own-member.ts';
import type { Cell } from './report.ts';

/** What one counted customer has to say on one column. */
export type Reading = { value: CellValue } | { gap: CellGap };

const BETWEEN_TEXTS = '; ';

const UNSTATED: Reading = { gap: { state: 'excluded', reason: 'not stated by the vendor' } };

/**
 * A counted customer's reading. A number that is missing is a true 0, for the customer was listed without a unit; a text that
 * is missing or empty was not stated.
 */
export function readingOf(column: Column, customer: CustomerCount): Reading {
  const gap = ownMember(customer.gaps, column.title);
  if (gap !== undefined) return { gap };
  const value = ownMember(customer.counts, column.title);
  if (value === undefined) return column.type === 'number' ? { value: 0 } : UNSTATED;
  return typeof value === 'string' && partsOf(value).length === 0 ? UNSTATED : { value };
}

/** True when the value is worth a column that appears only when used; a text that was read is never empty. */
export const isUsed = (value: CellValue): boolean => value !== 0;

/**
 * The cell of a company from its customers' readings: numbers added, texts told once each and joined. One that failed makes
 * the cell `failed`; one left out adds nothing, and where all are left out the cell is `excluded`.
 */
export function combine(readings: readonly Reading[]): Exclude<Cell, { state: 'unmapped' }> {
  const gaps = readings.flatMap((reading) => ('gap' in reading ? [reading.gap] : []));
  const reasons = (state: CellGap['state']): string[] =>
    distinct(gaps.filter((gap) => gap.state === state).map(({ reason }) => reason));
  const failures = reasons('failed');
  if (failures.length > 0) {
    return { state: 'failed', error: 'VendorContractError', reason: failures.join(BETWEEN_TEXTS) };
  }
  const values = readings.flatMap((reading) => ('value' in reading ? [reading.value] : []));
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
