import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { digits } from '../../counting/ids.ts';
import { figure, owner, type Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { type Day, daysAfter, lastDayOf, monthsAfter } from '../../report/day.ts';
import { maybe } from '../../wire/forms.ts';
import { whole } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';

const most = figure(maybe(z.int()));

export const usage = list(
  '/billing/usage/client',
  {
    id: owner(digits),
    attributes: z.object({
      deviceUsage: z.object({ averageDays: z.number() }),
      maxMonitoredServers: most,
      maxMonitoredWorkstations: most,
    }),
  },
  whole('data'),
);

export type Period = { from: Day; thru: Day };

export const usageQuery = ({ from, thru }: Period, tenants: readonly string[]) => ({
  'filter[fromDate]': from,
  'filter[thruDate]': thru,
  tenants: tenants.join(','),
});

type Column = 'devices' | 'servers' | 'workstations';

/** What was billed of these tenants in the period. A tenant that is missing from the answer has failed. */
export async function* usageOf(
  { read, count, gap, failed }: Verbs<Column>,
  tenants: readonly string[],
  period: Period,
): Reading {
  const missing = new Set(tenants);
  yield* read({ ...usage, query: usageQuery(period, tenants) }, ({ id, attributes }) => {
    if (!missing.delete(id)) return undefined;
    const most = (column: Column, value: number | null | undefined | Unread) =>
      value === undefined || value === null ? gap(id, column, 'Auvik does not say how many') : count(id, column, value);
    return [
      count(id, 'devices', attributes.deviceUsage.averageDays),
      most('servers', attributes.maxMonitoredServers),
      most('workstations', attributes.maxMonitoredWorkstations),
    ];
  });
  for (const id of missing) yield failed(id, `the usage of tenant ${id} is missing`);
}

/**
 * First and last day of the usage, both included. Auvik logs a day once it is over, so on the 1st the period is last
 * month.
 */
export function periodOf(today: Day, period: 'monthToDate' | 'previousMonth'): Period {
  if (period === 'monthToDate' && !today.endsWith('-01')) {
    return { from: `${today.slice(0, 7)}-01`, thru: daysAfter(today, -1) };
  }
  const last = monthsAfter(today.slice(0, 7), -1);
  return { from: `${last}-01`, thru: lastDayOf(last) };
}
