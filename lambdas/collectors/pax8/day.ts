import { type Day, dayIn, isDay, readInstant } from '../../report/day.ts';

/**
 * The UTC day of any of the date forms that Pax8 mixes: `2025-12-29`, `…T07:00:00Z`, `…T09:00:00.000-0600`; undefined
 * if it was never set. Errors: `VendorContractError` for any other.
 */
export function day(date: string): Day | undefined {
  const written = date.trim();
  if (isDay(written)) return written;
  const moment = readInstant(written, 'Z');
  return moment === null ? undefined : dayIn(moment, 'UTC');
}
