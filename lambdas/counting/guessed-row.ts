import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';

/**
 * For vendors whose documents are not public: a row whose fields have several probable names, tried in order. A field
 * that none of them finds is an error that names the fields seen; it never becomes 0 or nothing.
 */
export const GuessedRow = z.record(z.string(), z.unknown());
export type GuessedRow = z.output<typeof GuessedRow>;

type Names = readonly string[];

/** The value of the first of `names` that has one; undefined if none has. */
export function find(row: GuessedRow, names: Names): unknown {
  return names
    .map((name) => (Object.hasOwn(row, name) ? row[name] : undefined))
    .find((value) => value !== undefined && value !== null);
}

/** True if the row has one of `names`, even if its value is null: then the vendor has such a field. */
export const has = (row: GuessedRow, names: Names): boolean =>
  names.some((name) => Object.hasOwn(row, name) && row[name] !== undefined);

/** A text (or a number as text) under one of `names`. Errors: `VendorContractError`. */
export function textOf(row: GuessedRow, names: Names, what: string): string {
  const word = wordOf(row, names);
  if (word !== undefined && word !== '') return word;
  throw missing(row, names, what, 'a text');
}

/** A text, or a number as text, under one of `names`; undefined for anything else. */
export function wordOf(row: GuessedRow, names: Names): string | undefined {
  const value = find(row, names);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

/** A number, or digits as text, under one of `names`. Errors: `VendorContractError`. */
export function numberOf(row: GuessedRow, names: Names, what: string): number {
  const number = asNumber(find(row, names));
  if (number === undefined) throw missing(row, names, what, 'a number');
  return number;
}

/** A number, or digits as text; undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/u.test(value) ? Number(value) : undefined;
}

const missing = (row: GuessedRow, names: Names, what: string, kind: string): ReportError =>
  new ReportError(
    'VendorContractError',
    `${what}: expected ${kind} as ${names.join(' or ')} (fields seen: ${Object.keys(row).join(', ')}); the API may have changed`,
  );
