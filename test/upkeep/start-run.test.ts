import { describe, expect, it } from 'vitest';
import type { Runs } from '../../lambdas/platform/runs.ts';
import startRun from '../../lambdas/upkeep/start-run.ts';
import { REPORT_JSON, stage } from '../steps/stage.ts';

const known = { collectors: [{ id: 'acme' }, { id: 'zenith' }], psas: [] };

type Start = { name: string; input: unknown };

function started(): { runs: Runs; starts: Start[] } {
  const starts: Start[] = [];
  return {
    starts,
    runs: {
      async start(name, input) {
        if (starts.some((start) => start.name === name)) return false;
        starts.push({ name, input });
        return true;
      },
      lastSuccess: async () => undefined,
      since: async () => 0,
    },
  };
}

describe('the run of a schedule', () => {
  it('is named by the scheduled time, in UTC', async () => {
    const { runs, starts } = started();
    const { play } = await stage();
    const answer = await play(startRun({ known, kept: [] }, runs), {
      purpose: 'report',
      scheduledAt: '2026-11-22T07:30:00+01:00',
    });
    expect(answer).toEqual({ runId: '20261122T063000Z', started: true });
    expect(starts).toEqual([{ name: '20261122T063000Z', input: {} }]);
  });

  it('starts once if the trigger comes twice', async () => {
    const { runs, starts } = started();
    const { play } = await stage();
    const trigger = { purpose: 'report', scheduledAt: '2026-11-22T06:30:00Z' };
    const step = startRun({ known, kept: [] }, runs);
    await play(step, trigger);
    expect(await play(step, trigger)).toEqual({ runId: '20261122T063000Z', started: false });
    expect(starts).toHaveLength(1);
  });

  it.each([{}, { purpose: 'report' }, { purpose: 'holiday', scheduledAt: '2026-11-22T06:30:00Z' }])(
    'is refused for the event %j',
    async (event) => {
      const { play } = await stage();
      await expect(play(startRun({ known, kept: [] }, started().runs), event)).rejects.toThrow('input of start-run');
    },
  );

  it('is refused for an invalid time', async () => {
    const { play } = await stage();
    const event = { purpose: 'report', scheduledAt: '<aws.scheduler.scheduled-time>' };
    await expect(play(startRun({ known, kept: [] }, started().runs), event)).rejects.toThrow('is not a date');
  });
});

describe('the weekly run that keeps credentials alive', () => {
  const trigger = { purpose: 'keep-alive', scheduledAt: '2026-11-23T12:00:00Z' };

  it('collects from installed integrations whose credentials expire, and delivers nothing', async () => {
    const { runs, starts } = started();
    const { play, configure } = await stage();
    configure('report.json', REPORT_JSON);
    await play(startRun({ known, kept: ['zenith', 'elsewhere'] }, runs), trigger);
    expect(starts).toEqual([{ name: 'keep-alive-20261123T120000Z', input: { only: ['zenith'], deliver: 'none' } }]);
  });

  it('starts nothing if none is installed', async () => {
    const { runs, starts } = started();
    const { play, configure } = await stage();
    configure('report.json', { ...REPORT_JSON, integrations: { acme: {}, zenith: { enabled: false } } });
    expect(await play(startRun({ known, kept: ['zenith'] }, runs), trigger)).toEqual({ runId: null, started: false });
    expect(starts).toEqual([]);
  });

  it('reports what is wrong with report.json', async () => {
    const { play } = await stage();
    await expect(play(startRun({ known, kept: ['zenith'] }, started().runs), trigger)).rejects.toThrow(
      'report.json is missing',
    );
  });
});
