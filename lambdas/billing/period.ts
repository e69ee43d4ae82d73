import { type Day, lastDayOf, type Month, monthsAfter } from '../report/day.ts';

/**
 * The month that is compared. A line counts if it is in force on `first`. `isOver`: today's numbers do not apply to it.
 */
export type Period = { month: Month; first: Day; last: Day; isOver: boolean };

/** `period` of billing.json: the month of the report, the one after it, or a given one. */
export type PeriodSetting = 'current' | 'next' | (string & {});

/** The period that `setting` means on the day `today`. */
export function periodOf(setting: PeriodSetting, today: Day): Period {
  const current = today.slice(0, 7);
  const month = setting === 'current' ? current : setting === 'next' ? monthsAfter(current, 1) : setting;
  return { month, first: `${month}-01`, last: lastDayOf(month), isOver: month < current };
}
