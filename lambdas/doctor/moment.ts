import type { Platform } from '../platform/platform.ts';

/** The start of a run that began now: ISO 8601, and the time zone of its days and months. */
export const momentOf = ({ clock, timeZone }: Platform, check: { timeZone: string | null }) => ({
  asOf: new Date(clock.now()).toISOString(),
  timeZone: check.timeZone ?? timeZone,
});
