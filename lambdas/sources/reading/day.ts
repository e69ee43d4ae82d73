import * as z from 'zod/mini';
import { type Day, readDay } from '../../report/day.ts';
import { isReportError, ReportError } from '../../report/errors.ts';
import type { ReadLine } from './fact.ts';

/**
 * A calendar day, or null if none is set. PSAs write days as midnights: the day counts as written, because a time zone
 * would shift it.
 */
export const dayOrOpen: z.ZodMiniType<Day | null> = z.pipe(
  z.optional(z.nullable(z.string().check(z.refine(isDate, 'expected a date, YYYY-MM-DD')))),
  z.transform((written) => (typeof written === 'string' && written !== '' ? readDay(written) : null)),
);

function isDate(written: string): boolean {
  try {
    return written === '' || readDay(written) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The day, in UTC, of a moment in milliseconds since 1970; null if it was never set.
 * Errors: `VendorContractError` for a number that is not a valid time.
 */
export function dayOfMoment(milliseconds: number): Day | null {
  const moment = new Date(milliseconds);
  if (Number.isNaN(moment.getTime()))
    throw new ReportError('VendorContractError', `${milliseconds} is not a valid time`);
  return readDay(moment.toISOString());
}

/** The days of a line that people fill in: one that is not a date makes this line doubtful, and no other. */
export function daysOf(read: () => Pick<ReadLine, 'from' | 'to'>): Pick<ReadLine, 'from' | 'to' | 'doubt'> {
  try {
    return read();
  } catch (error) {
    if (!isReportError(error)) throw error;
    return { from: null, to: null, doubt: { kind: 'ambiguous', reason: error.message } };
  }
}

/** The earlier of two last days; null is an open end. */
export const earlier = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a < b ? a : b);

/** The later of two first days; null is an open beginning. */
export const later = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a > b ? a : b);
