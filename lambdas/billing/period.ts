import type { Day } from './line.ts';

/** The month that is compared. A line counts when it stands on `first`. */
export type Period = {
  /** `YYYY-MM` */
  month: string;
  first: Day;
  last: Day;
};

/** `period` of billing.json: the month of the report, the one after it, or a certain one. */
export type PeriodSetting = 'current' | 'next' | (string & {});

/** The calendar day of a moment (ISO 8601) in a time zone (IANA name). */
export function dayOf(moment: string, timeZone = 'UTC'): Day {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(new Date(moment))
    .map(({ type, value }): [string, string] => [type, value]);
  const { year = '', month = '', day = '' } = Object.fromEntries(parts);
  return `${year.padStart(4, '0')}-${month}-${day}`;
}

/** The period that `setting` means on the day `today`. */
export function periodOf(setting: PeriodSetting, today: Day): Period {
  if (setting === 'current') return monthFrom(today.slice(0, 7));
  return monthFrom(setting === 'next' ? monthAfter(today.slice(0, 7)) : setting);
}

/** True for a day that the calendar has, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** True for a month that the calendar has, written `YYYY-MM`. */
export const isMonth = (text: string): boolean => isDay(`${text}-01`);

function monthFrom(month: string): Period {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { month, first: `${month}-01`, last: `${month}-${String(days).padStart(2, '0')}` };
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}
