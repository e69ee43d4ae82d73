import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';

/**
 * For vendors whose documents are not public: a row whose members are known by several probable names, tried in order.
 * What is not found under any of them is an error that names the members seen; it never becomes 0 or nothing.
 */
export const GuessedRow = z.record(z.string(), z.unknown());
export type GuessedRow = z.output<typeof GuessedRow>;

type Names = readonly string[];

/** The names of one member for a configuration, most probable first; a list given there replaces these. */
export const names = (...probable: string[]) =>
  z._default(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)), probable);

/** The first of `names` that the row has, with a value; undefined where it has none. */
export function find(row: GuessedRow, names: Names): unknown {
  return names
    .map((name) => (Object.hasOwn(row, name) ? row[name] : undefined))
    .find((value) => value !== undefined && value !== null);
}

/** What is said where the names of members are no matter of configuration. */
const NO_REMEDY = 'the API may have changed';

/** A text (or a number as text) under one of `names`. Errors: `VendorContractError`. */
export function textOf(row: GuessedRow, names: Names, what: string, remedy = NO_REMEDY): string {
  const value = find(row, names);
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  if (typeof value === 'number') return String(value);
  throw missing(row, names, what, 'a text', remedy);
}

/** A number, or digits as text, under one of `names`. Errors: `VendorContractError`. */
export function numberOf(row: GuessedRow, names: Names, what: string, remedy = NO_REMEDY): number {
  const number = asNumber(find(row, names));
  if (number === undefined) throw missing(row, names, what, 'a number', remedy);
  return number;
}

/** A number, or digits as text; undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/u.test(value) ? Number(value) : undefined;
}

/** A yes or no under one of `names`, also as 1 and 0 or as text. Errors: `VendorContractError`. */
export function flagOf(row: GuessedRow, names: Names, what: string, remedy = NO_REMEDY): boolean {
  const value = String(find(row, names)).trim().toLowerCase();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw missing(row, names, what, 'a yes or no', remedy);
}

const missing = (row: GuessedRow, names: Names, what: string, kind: string, remedy: string): ReportError =>
  new ReportError(
    'VendorContractError',
    `${what}: expected ${kind} as ${names.join(' or ')} (members seen: ${Object.keys(row).join(', ')}); ${remedy}`,
  );
