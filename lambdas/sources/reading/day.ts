import * as z from 'zod/mini';
import type { Day } from '../../billing/line.ts';
import { isDay } from '../../billing/period.ts';

/** Of `2026-12-01T00:00:00Z` the day counts as it is written: PSAs write calendar days as midnights, and a zone would shift them. */
const dayPart = (written: string): string => written.slice(0, 10);

/** Year 1 is how these systems write a date that was never set. */
const isUnset = (written: string): boolean => written === '' || written.startsWith('0001-');

/** A calendar day. What is no day is a fault of the answer, never an open end. */
export const day: z.ZodMiniType<Day> = z.pipe(
  z.string().check(z.refine((written) => isDay(dayPart(written)), 'expected a date, YYYY-MM-DD')),
  z.transform(dayPart),
);

/** A calendar day, or null where none is set. */
export const dayOrOpen: z.ZodMiniType<Day | null> = z.pipe(
  z.optional(
    z.nullable(
      z
        .string()
        .check(z.refine((written) => isUnset(written) || isDay(dayPart(written)), 'expected a date, YYYY-MM-DD')),
    ),
  ),
  z.transform((written) => (typeof written !== 'string' || isUnset(written) ? null : dayPart(written))),
);

/** The earlier of two last days, where null is an open end. */
export const earlier = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a < b ? a : b);

/** The later of two first days, where null is an open beginning. */
export const later = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a > b ? a : b);
