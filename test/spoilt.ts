import { isRecord } from '../lambdas/report/record.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * The same credentials over and over, each time with another of their texts as it is when it is copied from a web page
 * or a letter.
 */
export const spoilt = (secret: Members): Record<string, unknown>[] =>
  Object.entries(secret).flatMap(([name, value]) => variants(value).map((other) => ({ ...secret, [name]: other })));

function variants(value: unknown): unknown[] {
  if (typeof value === 'string') return [`${value}\u200b”`];
  if (Array.isArray(value)) return value.flatMap((each, at) => variants(each).map((other) => value.with(at, other)));
  return isRecord(value) ? spoilt(value) : [];
}
