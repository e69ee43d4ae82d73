import { describe, expect, it } from 'vitest';
import type { Progress } from '../../lambdas/platform/platform.ts';
import type { Runs } from '../../lambdas/platform/runs.ts';
import reportAge from '../../lambdas/upkeep/report-age.ts';
import { START, stage } from '../steps/stage.ts';

const HOUR = 3_600_000;

async function measured(runs: Pick<Runs, 'lastSuccess' | 'since'>) {
  const events: Progress[] = [];
  const { play } = await stage({ progress: (event) => events.push(event) });
  const answer = await play(reportAge({ ...runs, start: async () => true }), {});
  return { answer, events };
}

describe('the age of the last report', () => {
  it('is counted from the start of the last successful run', async () => {
    const { answer, events } = await measured({ lastSuccess: async () => START - 5 * HOUR, since: async () => 0 });
    expect(answer).toEqual({ hours: 5 });
    expect(events).toEqual([{ kind: 'measured', figures: [{ metric: 'HoursSinceReport', value: 5 }] }]);
  });

  it('is counted from the installation if no run ever succeeded', async () => {
    const { answer } = await measured({ lastSuccess: async () => undefined, since: async () => START - 2 * HOUR });
    expect(answer).toEqual({ hours: 2 });
  });

  it('is at most 90 days: a yearly report is not overdue because Step Functions forgets older runs', async () => {
    const { answer } = await measured({
      lastSuccess: async () => undefined,
      since: async () => START - 900 * 24 * HOUR,
    });
    expect(answer).toEqual({ hours: 90 * 24 });
  });

  it('does not count a run that only keeps credentials alive as a report', async () => {
    const names = ['keep-alive-20261123T120000Z', '20261122T063000Z'];
    let counted: string[] = [];
    await measured({
      lastSuccess: async (counts) => {
        counted = names.filter(counts);
        return undefined;
      },
      since: async () => START,
    });
    expect(counted).toEqual(['20261122T063000Z']);
  });
});
