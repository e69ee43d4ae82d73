/** A calendar day, `YYYY-MM-DD`: as the vendor gave it, or, of a moment with a zone, its day in UTC. Orders as text. */
export type Day = string;

/** True for a day that the calendar has, written with a year of four digits. */
export function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/u.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** The day `days` after another; before it where `days` is below 0. Errors: `RangeError` for a text that is no day. */
export function dayAfter(day: Day, days = 1): Day {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}
