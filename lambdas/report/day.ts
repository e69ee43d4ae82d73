/** A calendar day, `YYYY-MM-DD`: as the vendor gave it, or, of a moment with a zone, its day in UTC. Orders as text. */
export type Day = string;

/** A year of four digits and a day that the calendar has. */
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/u.test(text) && dayAfter(text, 0) === text;

/** The day `days` after another; before it where `days` is below 0. An impossible day gives a text that is no day. */
export function dayAfter(day: Day, days = 1): Day {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return Number.isNaN(moment.getTime()) ? 'no day' : moment.toISOString().slice(0, 10);
}
