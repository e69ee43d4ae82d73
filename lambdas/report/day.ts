import { ReportError } from './errors.ts';

/** A calendar day, `YYYY-MM-DD`; days sort like texts. */
export type Day = string;

/** A calendar month, `YYYY-MM`. */
export type Month = string;

/** Programs that cannot leave a date out write the year 1 (.NET), 1900 or 1970 instead: it was never set. */
const FIRST_YEAR = 1971;

const DAY = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/u;
const INSTANT =
  /^(?<day>\d{4}-\d{2}-\d{2})[T ](?<clock>\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(?<offset>Z|[+-]\d{2}(?::?\d{2})?)?$/iu;

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** True for a day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const { year, month, day } = DAY.exec(text)?.groups ?? {};
  if (year === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.toISOString().slice(0, 10) === text;
}

/** True for a month that exists, written `YYYY-MM`. */
export const isMonth = (text: string): boolean => isDay(`${text}-01`);

/**
 * The moment of an ISO 8601 text with date, time and offset, in milliseconds since the epoch; null if it was never set.
 * `offset` is for an API that documents the zone but leaves it out. Errors: `VendorContractError` for any other text;
 * nothing is guessed.
 */
export function readInstant(text: string, offset?: 'Z'): number | null {
  const parts = INSTANT.exec(text.trim())?.groups;
  if (parts?.day !== undefined && isDay(parts.day)) {
    if (isNeverSet(parts.day)) return null;
    const zone = (parts.offset ?? offset)
      ?.toUpperCase()
      .replace(/([+-]\d{2}):?(\d{2})?/u, (_, h, m) => `${h}:${m ?? '00'}`);
    const instant =
      zone === undefined ? Number.NaN : Date.parse(`${parts.day}T${parts.clock?.replace(',', '.')}${zone}`);
    if (!Number.isNaN(instant)) return instant;
  }
  throw noDate(text, 'a moment such as 2026-11-30T06:30:00Z');
}

/**
 * The calendar day in a text: a day alone, or the day of a moment as it is written, whatever its offset. Null if it was
 * never set. Errors: `VendorContractError` for text that is not a date.
 */
export function readDay(text: string): Day | null {
  const written = text.trim();
  const day = isDay(written) ? written : INSTANT.exec(written)?.groups?.day;
  if (day === undefined || !isDay(day)) throw noDate(text, 'a day such as 2026-11-30');
  return isNeverSet(day) ? null : day;
}

/** The calendar day of a moment (ISO 8601, or milliseconds since the epoch) in a time zone (IANA name). */
export function dayIn(moment: string | number, timeZone: string): Day {
  const { year, month, day } = partsIn(moment, timeZone);
  return `${year}-${month}-${day}`;
}

/** The calendar month of a moment in a time zone. */
export const monthIn = (moment: string | number, timeZone: string): Month => dayIn(moment, timeZone).slice(0, 7);

/** "2026-11-30 06:30" of a moment in a time zone. */
export function minuteIn(moment: string | number, timeZone: string): string {
  const { hour, minute } = partsIn(moment, timeZone);
  return `${dayIn(moment, timeZone)} ${hour}:${minute}`;
}

/** "November 2026" */
export const monthInWords = (month: Month): string =>
  `${MONTHS[Number(month.slice(5)) - 1] ?? month} ${Number(month.slice(0, 4))}`;

/** The day `days` after another one (below 0: before it). */
export function daysAfter(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The month `months` after another one (below 0: before it). */
export function monthsAfter(month: Month, months: number): Month {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** The last day of a month. */
export const lastDayOf = (month: Month): Day => daysAfter(`${monthsAfter(month, 1)}-01`, -1);

/** True for an IANA name such as Europe/Vienna, in the spelling of IANA; an offset such as +02:00 is not one. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/u.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

const isNeverSet = (day: Day): boolean => Number(day.slice(0, 4)) < FIRST_YEAR;

/** A format takes fifteen times as long to make as to use, and vendors' rows hold dates by the thousand. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const two = '2-digit';
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en', {
      ...{ timeZone, year: 'numeric', month: two, day: two, hour: two, minute: two, hourCycle: 'h23' },
    });
  formats.set(timeZone, format);
  return format;
}

const partsIn = (moment: string | number, timeZone: string): Record<string, string> =>
  Object.fromEntries(
    formatIn(timeZone)
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  );

const noDate = (text: string, expected: string): ReportError =>
  new ReportError('VendorContractError', `${JSON.stringify(text.slice(0, 60))} is not a date: expected ${expected}`);
