import type { DirectoryOptions } from '../../lambdas/platform/directory.ts';
import type { Files, ReportTotals, Run } from '../../lambdas/run/input.ts';
import consolidateStep from '../../lambdas/steps/consolidate.ts';
import createCsv from '../../lambdas/steps/create-csv.ts';
import getCounts from '../../lambdas/steps/get-counts.ts';
import getIntegrationIds from '../../lambdas/steps/get-integration-ids.ts';
import { acme, KNOWN, ORGANIZATIONS_JSON, REPORT_JSON, RUN, type Stage, stage } from './stage.ts';

/** A run up to its delivery: Acme collected, the files written. */
export type Made = { scene: Stage; run: Run; report: ReportTotals; files: Files };

export async function madeReport(
  run: Partial<Run> = {},
  report: object = { ...REPORT_JSON, integrations: { acme: {}, desk: { url: 'https://desk.example' } } },
  options: Partial<DirectoryOptions> = {},
): Promise<Made> {
  const scene = await stage(options);
  scene.configure('report.json', report);
  scene.configure('organizations.json', ORGANIZATIONS_JSON);
  scene.configure('secrets/acme.json', { apiKey: 'canary-of-acme' });
  const order: Run = { ...RUN, ...run };
  const { runId } = order;
  await scene.play(getIntegrationIds(KNOWN), { run: order });
  const integration = { id: 'acme', reads: 'counts', installed: true, plan: `runs/${runId}/plan/acme.json` };
  await scene.play(getCounts(acme()), { run: order, integration });
  const collections = [
    { integration: 'acme', reads: 'counts', status: 'collected', key: `runs/${runId}/collections/acme.json` },
    { integration: 'zenith', reads: 'counts', status: 'failed', error: 'VendorAuthError', cause: 'bad token' },
  ];
  const totals = (await scene.play(consolidateStep(KNOWN), { run: order, collections })) as ReportTotals;
  const files = (await scene.play(createCsv, { run: order, report: totals })) as Files;
  return { scene, run: order, report: totals, files };
}
