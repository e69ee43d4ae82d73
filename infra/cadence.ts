import { isTimeZone } from '../lambdas/report/day.ts';
import { ReportError } from '../lambdas/report/errors.ts';
import { type CronFields, readCron } from './cron.ts';

/** When a report is made: the expression for EventBridge Scheduler, and the longest gap between two reports. */
export type Cadence = { expression: string; longestGapHours: number };

const WORDS: ReadonlyMap<string, { days: string; longestGapHours: number }> = new Map([
  ['daily', { days: '* * ? *', longestGapHours: 24 }],
  ['weekly', { days: '? * MON *', longestGapHours: 7 * 24 }],
  ['monthly', { days: '1 * ? *', longestGapHours: 31 * 24 }],
]);

const TIME = /^(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d)$/u;

/**
 * Reads `daily`, `weekly` (Mondays) or `monthly` (the 1st), each at `time` (HH:MM), or a cron expression of six fields,
 * which has its own time and must occur in `year` or later. Errors: `ConfigurationError` with what is expected.
 */
export function readCadence(schedule: string, time: string, year = new Date().getUTCFullYear()): Cadence {
  const at = TIME.exec(time)?.groups;
  if (at === undefined) throw expected('time', 'a time of day such as 06:30', time);
  const word = WORDS.get(schedule);
  if (word !== undefined) {
    return {
      expression: `cron(${Number(at.minutes)} ${Number(at.hours)} ${word.days})`,
      longestGapHours: word.longestGapHours,
    };
  }
  const cron = readCron(schedule, year);
  if (cron === undefined) {
    throw expected(
      'schedule',
      'daily, weekly, monthly, or cron(minutes hours day-of-month month day-of-week year) with ? in one of the two day fields, ' +
        'and a day that exists',
      schedule,
    );
  }
  return { expression: schedule, longestGapHours: longestGapOf(cron) };
}

/** Errors: `ConfigurationError` unless it is an IANA name such as Europe/Vienna. */
export function readTimeZone(name: string): string {
  if (isTimeZone(name)) return name;
  throw expected('timeZone', 'an IANA time zone such as Europe/Vienna or UTC', name);
}

/** Never shorter than the real gap: false alarms are soon ignored. */
function longestGapOf({ day, month, weekday }: CronFields): number {
  if (month !== '*') return 366 * 24;
  if (weekday === '?') return day === '*' ? 24 : daysBetween(day) * 24;
  if (weekday === '*') return 24;
  if (/#5/u.test(weekday)) return 119 * 24;
  return /[#L]/u.test(weekday) ? 35 * 24 : 7 * 24;
}

/** Days that short months lack come only every other month; W moves a day by at most two. */
function daysBetween(day: string): number {
  const months = !day.includes('L') && (day.match(/\d+/gu) ?? []).every((number) => Number(number) > 28) ? 62 : 31;
  return day.includes('W') ? months + 2 : months;
}

const expected = (setting: string, what: string, value: string): ReportError =>
  new ReportError('ConfigurationError', `${setting}: expected ${what}; found ${JSON.stringify(value)}`);
