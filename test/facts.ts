import type { Fact } from '../lambdas/counting/facts.ts';
import { failureOf } from '../lambdas/report/errors.ts';

/*
 * Facts as collectors say them, by the titles of their columns.
 */

/** A customer that the vendor lists. From now on everything not counted for it is a true 0. */
export const customer = (id: string | number, name: string, aliases: (string | number)[] = []): Fact => ({
  fact: 'customer',
  id: String(id),
  name,
  aliases: aliases.map(String),
});

/** Adds `value` to a customer's column. With `key`, the same key counts once. */
export const count = (customerId: string | number, column: string, value = 1, key?: string | number): Fact => ({
  fact: 'count',
  customer: String(customerId),
  column,
  value,
  ...(key === undefined ? {} : { key: String(key) }),
});

/** A listed customer that the definition leaves out. */
export const excluded = (customerId: string | number, reason: string): Fact => ({
  fact: 'excluded',
  customer: String(customerId),
  reason,
});

/** A listed customer whose numbers could not be read, for the reason that `error` gives. */
export const failed = (customerId: string | number, error: unknown): Fact => ({
  fact: 'failed',
  customer: String(customerId),
  failure: failureOf(error),
});

/** A remark: on one customer's numbers, or on the whole collection. */
export const note = (sentence: string, customerId?: string | number): Fact => ({
  fact: 'note',
  note: sentence,
  ...(customerId === undefined ? {} : { customer: String(customerId) }),
});
