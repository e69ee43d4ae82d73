import * as z from 'zod/mini';
import { type Day, readDay } from '../../report/day.ts';

/** A calendar day, or null where none is set. PSAs write days as midnights: the day counts as written, for a zone would shift it. */
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

/** The earlier of two last days, where null is an open end. */
export const earlier = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a < b ? a : b);

/** The later of two first days, where null is an open beginning. */
export const later = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a > b ? a : b);
