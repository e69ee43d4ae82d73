/** The fields of an EventBridge Scheduler expression: minutes hours day-of-month month day-of-week year. */
export type CronFields = { minutes: string; hours: string; day: string; month: string; weekday: string; year: string };

const CRON = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/u;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * The fields of `cron(…)`, each in the form and range that EventBridge Scheduler accepts, and together a time that can
 * still come in `year` or later; undefined for anything else: the deployment would fail minutes later, or nothing would
 * ever run.
 */
export function readCron(expression: string, year: number): CronFields | undefined {
  const [, minutes = '', hours = '', day = '', month = '', weekday = '', years = ''] = CRON.exec(expression) ?? [];
  const months = valuesOf(month, 1, 12, MONTHS) ?? [];
  const coming = (valuesOf(years, 1970, 2199) ?? []).filter((candidate) => candidate >= year);
  // 30 February never comes, and nothing does if no month is left.
  const longest = Math.max(0, ...coming.flatMap((comingYear) => months.map((of) => daysIn(comingYear, of))));
  const sound =
    valuesOf(minutes, 0, 59) !== undefined &&
    valuesOf(hours, 0, 23) !== undefined &&
    longest > 0 &&
    (day === '?') !== (weekday === '?') &&
    (day === '?' ? isWeekdayField(weekday) : isDayField(day, longest));
  return sound ? { minutes, hours, day, month, weekday, year: years } : undefined;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The values of a field of `*`, numbers, names, ranges and steps; undefined if it is invalid. */
function valuesOf(field: string, from: number, to: number, names: readonly string[] = []): number[] | undefined {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    return named >= 0 ? named + from : /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  };
  const values: number[] = [];
  for (const part of field.split(',')) {
    const [range = '', step = '1', ...more] = part.split('/');
    const [first = '', last = part.includes('/') ? String(to) : first, ...others] =
      range === '*' ? [String(from), String(to)] : range.split('-');
    const [begin, end, by] = [numberOf(first), numberOf(last), Number(step)];
    const inRange = begin >= from && begin <= end && end <= to && /^\d+$/u.test(step) && by > 0;
    if (!inRange || more.length > 0 || others.length > 0) return undefined;
    for (let value = begin; value <= end; value += by) values.push(value);
  }
  return values;
}

/**
 * Also `L` (the last day), `L-3` (three days before it), `LW` (the last weekday), and `15W` (the weekday next to it).
 * `longest` is the number of days of the longest month.
 */
function isDayField(field: string, longest: number): boolean {
  const [isLast, before] = /^L(?:W|-([1-9]\d?))?$/u.exec(field) ?? [];
  if (isLast !== undefined) return Number(before ?? 0) < longest;
  const days = valuesOf(field.replace(/W$/u, ''), 1, 31);
  if (days === undefined || (field.endsWith('W') && days.length > 1)) return false;
  return days.some((day) => day <= longest);
}

/** Also `L` (the last day of the week), `MON#1` (the first Monday) and `6L` (the last Friday). */
function isWeekdayField(field: string): boolean {
  if (field === 'L') return true;
  const [, weekday = field] = /^([^,/-]+)(?:#[1-5]|L)$/u.exec(field) ?? [];
  return valuesOf(weekday, 1, 7, WEEKDAYS) !== undefined;
}
