import type { Platform } from '../platform/platform.ts';

/** Now, as a run that began now would say it: ISO 8601, and the zone that its days and months go by. */
export const momentOf = ({ clock, timeZone }: Platform, check: { timeZone: string | null }) => ({
  asOf: new Date(clock.now()).toISOString(),
  timeZone: check.timeZone ?? timeZone,
});
