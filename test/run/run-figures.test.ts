import { describe, expect, test } from 'vitest';
import type { Figure, Progress } from '../../lambdas/platform/platform.ts';
import buildAutomationLog from '../../lambdas/steps/build-automation-log.ts';
import { madeReport } from '../steps/made-report.ts';

/** What a monitor learns of a run that ended with `end` on top of its state. */
async function figures(end: object, withReport = true): Promise<Figure[]> {
  const { scene, run, report, files } = await madeReport();
  const events: Progress[] = [];
  const state = {
    input: {},
    execution: { name: 'exec-1', startedAt: run.asOf },
    run,
    plan: {},
    ...(withReport ? { collections: [], report, files } : {}),
    ...end,
  };
  const platform = { ...scene.platform, progress: (event: Progress) => events.push(event) };
  await buildAutomationLog({ state }, platform, { deadline: scene.platform.clock.now() + 60_000 });
  return events.flatMap((event) => (event.kind === 'measured' ? event.figures : []));
}

const FAULT = { Error: 'DeliveryError', Cause: 'the board is gone' };
const DELIVERED = { delivery: { mechanism: 'return', status: 'delivered' } };

describe('the figures of a run', () => {
  test('include each integration, and zeros', async () => {
    expect(await figures(DELIVERED)).toEqual(
      expect.arrayContaining([
        { metric: 'RunsSucceeded', value: 1 },
        { metric: 'DeliveriesFailed', value: 0 },
        { metric: 'IntegrationsFailed', value: 1 },
        { metric: 'IntegrationsPartial', value: 0 },
        { metric: 'Failed', value: 0, integration: 'acme' },
        { metric: 'Failed', value: 1, integration: 'zenith' },
      ]),
    );
  });

  test('include a failed delivery', async () => {
    const measured = await figures({ error: FAULT });
    expect(measured).toContainEqual({ metric: 'RunsSucceeded', value: 0 });
    expect(measured).toContainEqual({ metric: 'DeliveriesFailed', value: 1 });
  });

  test('do not count a run without a report as a failed delivery', async () => {
    const measured = await figures({ error: FAULT }, false);
    expect(measured).toEqual([
      { metric: 'RunsSucceeded', value: 0 },
      { metric: 'DeliveriesFailed', value: 0 },
    ]);
  });

  test('do not count a report without a count as a failed delivery', async () => {
    const { report } = await madeReport();
    const nothing = { ...report, collected: 0, error: 'VendorAuthError', cause: 'all failed' };
    expect(await figures({ report: nothing, error: FAULT })).toContainEqual({ metric: 'DeliveriesFailed', value: 0 });
  });
});
