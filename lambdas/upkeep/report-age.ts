import type { Step } from '../platform/platform.ts';
import type { Runs } from '../platform/runs.ts';
import { isReportName } from './run-name.ts';

const HOUR_MILLISECONDS = 3_600_000;

/**
 * Measures the hours since the start of the last report that succeeded or, before the first one, since there are runs at all. A
 * run that never came leaves no failure behind; only its absence can be noticed.
 */
export function reportAge(runs: Runs): Step {
  return async (_, { clock, progress }): Promise<{ hours: number }> => {
    const begin = (await runs.lastSuccess(isReportName)) ?? (await runs.since());
    const hours = Math.max(0, (clock.now() - begin) / HOUR_MILLISECONDS);
    progress({ kind: 'measured', figures: [{ metric: 'HoursSinceReport', value: hours }] });
    return { hours };
  };
}
