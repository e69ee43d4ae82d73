import { decimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import { type Day, readDay } from '../../report/day.ts';
import { ReportError } from '../../report/errors.ts';
import { isRecord } from '../../report/record.ts';
import { dayOfMoment } from '../reading/day.ts';

export type Row = Record<string, unknown>;

const refused = (what: string, row: Row): ReportError =>
  new ReportError('VendorContractError', `NinjaOne: ${what}; fields seen: ${Object.keys(row).sort().join(', ')}`);

/**
 * The value of a field that has any of these names (`organization.id` is the id inside); undefined if none exists.
 * Errors: `VendorContractError` if two exist and disagree.
 */
export function find(row: Row, names: readonly string[]): unknown {
  const values = names.map((name) => at(row, name.split('.'))).filter((value) => value !== undefined && value !== null);
  const [first, ...others] = values;
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    throw refused(`${names.join(' and ')} disagree`, row);
  }
  return first;
}

/** The same for a required field. Errors: `VendorContractError` with the names of the fields found. */
export function need(row: Row, names: readonly string[]): unknown {
  const value = find(row, names);
  if (value === undefined) throw refused(`expected ${names.join(' or ')}`, row);
  return value;
}

/** An id or a word, as text. */
export function text(row: Row, names: readonly string[]): string {
  const value = need(row, names);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw refused(`expected text under ${names.join(' or ')}`, row);
}

/** A number; undefined if there is none. */
export const amount = (row: Row, names: readonly string[]): DecimalText | undefined =>
  find(row, names) === undefined ? undefined : number(row, names);

/** A required number. */
export function number(row: Row, names: readonly string[]): DecimalText {
  const value = need(row, names);
  if (typeof value === 'number') return plain(decimal(value));
  throw refused(`expected a number under ${names.join(' or ')}`, row);
}

/** A day: ISO 8601, or seconds since 1970 as elsewhere in this API. */
export function day(row: Row, names: readonly string[]): Day | null {
  const value = find(row, names);
  if (value === undefined || value === '') return null;
  if (typeof value === 'number') return dayOfMoment(value * 1000);
  if (typeof value === 'string') return readDay(value);
  throw refused(`expected a date under ${names.join(' or ')}`, row);
}

function at(value: unknown, [step, ...steps]: string[]): unknown {
  if (step === undefined) return value;
  return isRecord(value) ? at(value[step], steps) : undefined;
}
