import type { Step } from '../platform/platform.ts';
import type { Runs } from '../platform/runs.ts';
import { isReportName } from './run-name.ts';

const HOUR_MILLISECONDS = 3_600_000;

/** Step Functions forgets an execution this long after its end. */
const REMEMBERED_MILLISECONDS = 90 * 24 * HOUR_MILLISECONDS;

/**
 * Measures the hours since the start of the last report that succeeded or, if none is remembered, since runs have been
 * possible: at most 90 days then, because older executions are forgotten. A run that never started leaves no failure
 * behind; only its absence can be noticed.
 */
export default function reportAge(runs: Runs): Step {
  return async (_, { clock, progress }): Promise<{ hours: number }> => {
    const now = clock.now();
    const begin = (await runs.lastSuccess(isReportName)) ?? Math.max(await runs.since(), now - REMEMBERED_MILLISECONDS);
    const hours = Math.max(0, (now - begin) / HOUR_MILLISECONDS);
    progress({ kind: 'measured', figures: [{ metric: 'HoursSinceReport', value: hours }] });
    return { hours };
  };
}
