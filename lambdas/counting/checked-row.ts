import * as z from 'zod/mini';
import { safeParse } from 'zod/v4/core';
import { describeIssue } from '../report/describe-issue.ts';
import { isRecord } from '../report/record.ts';
import type { ListOf } from '../wire/lists.ts';
import { pathOf } from '../wire/place.ts';
import { formsOf, Unread } from './row-forms.ts';

/** A row of a list, looked at by itself: as declared, with figures that could not be read (`isOdd`) or none, or with its fault. */
export type CheckedRow<R> = { raw: unknown } & ({ row: R; isOdd: boolean } | { fault: string });

/** Faults of one row that a message names. */
const FAULTS_NAMED = 3;

/** Checks one row of an answer. Its fault says the path inside the answer and the members seen, never a value. */
export function checkedRow<R>(list: ListOf<R>, raw: unknown, index: number, answer: unknown): CheckedRow<R> {
  const path = [...pathOf(list.paging.at), index];
  const named = list.of === undefined ? undefined : customerNamedBy(list, raw);
  if (named !== undefined && named.toLowerCase() !== String(list.of).toLowerCase()) {
    return { raw, fault: `${path.join('.')}: it belongs to customer ${named}, not to ${list.of}` };
  }
  const described = (issue: z.core.$ZodIssue): string =>
    describeIssue({ ...issue, path: [...path, ...issue.path] }, answer);
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

/** The customer that a row speaks of, also where the rest of it is not as declared; undefined where it names none. */
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
