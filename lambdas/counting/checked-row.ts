import * as z from 'zod/mini';
import { safeParse } from 'zod/v4/core';
import { describeIssue } from '../report/describe-issue.ts';
import { isRecord } from '../report/record.ts';
import type { ListOf } from '../wire/lists.ts';
import { pathOf } from '../wire/place.ts';
import { formsOf, Unread } from './row-forms.ts';

/**
 * A row of a list, checked on its own: as declared (`isOdd` if some of its figures could not be read), or with its
 * fault.
 */
export type CheckedRow<R> = { raw: unknown } & ({ row: R; isOdd: boolean } | { fault: string });

/** How many faults of one row a message names. */
const FAULTS_NAMED = 3;

/**
 * Checks one row of an answer, or of a slice of one that begins with its row `from`. Its fault names the path inside
 * the answer and the fields seen, never a value.
 */
export function checkedRow<R>(list: ListOf<R>, raw: unknown, index: number, answer: unknown, from = 0): CheckedRow<R> {
  const at = pathOf(list.paging.at);
  const path = [...at, from + index];
  const named = list.of === undefined ? undefined : customerNamedBy(list, raw);
  if (named !== undefined && named.toLowerCase() !== String(list.of).toLowerCase()) {
    return { raw, fault: `${path.join('.')}: it belongs to customer ${named}, not to ${list.of}` };
  }
  const described = (issue: z.core.$ZodIssue): string =>
    describeIssue({ ...issue, path: [...path, ...issue.path] }, from === 0 ? answer : movedBy(from, answer, at));
  const result = z.safeParse(list.row, raw);
  if (!result.success) {
    return { raw, fault: result.error.issues.slice(0, FAULTS_NAMED).map(described).join('; ') };
  }
  let isOdd = false;
  for (const [at, figure] of unreadIn(result.data)) {
    isOdd = true;
    figure.reason = figure.issues.map((issue) => described({ ...issue, path: [...at, ...issue.path] })).join('; ');
  }
  return { raw, row: result.data, isOdd };
}

/** The slice with its rows at their places in the answer. */
function movedBy(from: number, slice: unknown, at: readonly string[]): unknown {
  const entries = valueIn(slice, at);
  const rows: unknown[] = [];
  if (Array.isArray(entries)) for (const [index, entry] of entries.entries()) rows[from + index] = entry;
  return placedAt(at, rows);
}

/** An answer with this value at a place, and nothing else. */
export const placedAt = (at: readonly string[], value: unknown): unknown =>
  at.reduceRight((inner, name) => ({ [name]: inner }), value);

/** The customer that a row belongs to, even if the rest of it is not as declared; undefined if it names none. */
export const customerOf = <R>(list: ListOf<R>, raw: unknown): string | undefined =>
  list.of === undefined ? customerNamedBy(list, raw) : String(list.of);

function customerNamedBy<R>(list: ListOf<R>, raw: unknown): string | undefined {
  const { customer } = formsOf(list.row);
  if (customer === undefined) return undefined;
  const result = safeParse(customer.form, valueIn(raw, customer.path));
  const id = result.success ? result.data : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

/** A raw row's own value at a path. */
export const valueIn = (raw: unknown, path: readonly string[]): unknown =>
  path.reduce((here, name) => (isRecord(here) && Object.hasOwn(here, name) ? here[name] : undefined), raw);

/** The figures of a row that could not be read, each with its path. */
export function* unreadIn(value: unknown, path: readonly string[] = []): Generator<[readonly string[], Unread]> {
  if (value instanceof Unread) yield [path, value];
  else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) if (isRecord(member)) yield* unreadIn(member, [...path, name]);
  }
}
