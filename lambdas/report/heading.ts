import { type Day, dayIn, type Month, minuteIn, monthIn, monthInWords } from './day.ts';
import type { ReportHead } from './report.ts';

/** How a report is headed, wherever people read it. */
export type Heading = {
  /** When the counts were read: "2026-11-22 06:30 UTC". */
  asOf: string;
  /** The day on which they were read: "2026-11-22". */
  day: Day;
  /** The month of the report: "November 2026". */
  month: string;
  managingOrganization: string;
};

export function headingOf({ asOf, timeZone = 'UTC', managingOrganization }: ReportHead): Heading {
  return {
    asOf: `${minuteIn(asOf, timeZone)} ${timeZone}`,
    day: dayIn(asOf, timeZone),
    month: monthOf(asOf, timeZone),
    managingOrganization: managingOrganization.name,
  };
}

type Moment = Pick<ReportHead, 'asOf' | 'timeZone'>;

/** The compared month: "November 2026", or "October 2026 (counts of 2026-11-22)". */
export const periodInWords = (period: Month, counted: Moment): string =>
  `${monthInWords(period)}${dayOfCounts(period, counted)}`;

/** " (counts of 2026-11-22)" if the compared month was over by then: the counts are not of that month. */
export function dayOfCounts(period: Month, { asOf, timeZone = 'UTC' }: Moment): string {
  return period < monthIn(asOf, timeZone) ? ` (counts of ${dayIn(asOf, timeZone)})` : '';
}

/** The month of a moment (ISO 8601) in a time zone: "November 2026". */
export const monthOf = (asOf: string, timeZone: string): string => monthInWords(monthIn(asOf, timeZone));
