import type { BillingConfiguration, BillingSource } from '../billing/configuration.ts';
import type { BilledSide } from '../billing/line.ts';
import { type Period, periodOf } from '../billing/period.ts';
import type { ReportConfiguration } from '../configuration/report-json.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import { dayIn } from '../report/day.ts';
import type { Organization } from '../report/organization.ts';
import type { Run } from './input.ts';
import { readJson, writeJson } from './json-file.ts';
import { billedFileKey, billingKey, runKeys } from './keys.ts';
import type { BilledPlan, PlannedIntegration } from './plan.ts';

/**
 * Plans the reading of what is billed: one entry per PSA. A file is read at once, so that its faults are found before
 * any vendor is called; billing.json is copied to the run, so that the comparison uses it as it was when the run began.
 * Errors: `ConfigurationError` with file and row for a file that cannot be read.
 */
export async function planBilledSides(
  objects: Objects,
  run: Run,
  { sources, period: setting }: BillingConfiguration,
  { integrations }: ReportConfiguration,
  rows: readonly Organization[],
): Promise<PlannedIntegration[]> {
  const keys = runKeys(run.runId);
  await writeJson(objects, keys.billing, await readJson(objects, billingKey));
  const period = periodOf(setting, dayIn(run.asOf, run.timeZone));
  const planned: PlannedIntegration[] = [];
  for (const source of sources) {
    if (source.kind === 'file') {
      await keepFile(source, objects, run, period);
      continue;
    }
    const { id, settings } = source;
    const mapped = [...new Set(rows.flatMap(({ integrationIds }) => integrationIds.get(id) ?? []))];
    const plan: BilledPlan = { configuration: integrations.get(id) ?? {}, options: settings, period, mapped };
    await writeJson(objects, keys.billedPlan(id), plan);
    planned.push({ id, reads: 'billed', installed: true, plan: keys.billedPlan(id) });
  }
  return planned;
}

type FileSource = Extract<BillingSource, { kind: 'file' }>;

async function keepFile(source: FileSource, objects: Objects, run: Run, period: Period): Promise<void> {
  const side = await readBilledFile(source, objects, run, period);
  await objects.createOnce(runKeys(run.runId).billed(source.id), jsonLines(side));
}

/** The billed side in a file next to billing.json; a missing or unreadable file is a failed side. */
export async function readBilledFile(
  { id, settings }: FileSource,
  objects: Objects,
  { asOf, timeZone }: Pick<Run, 'asOf' | 'timeZone'>,
  period: Period,
): Promise<BilledSide> {
  const key = billedFileKey(settings.file);
  const [bytes, modified] = [await objects.read(key), await objects.writtenAt(key)];
  if (bytes === undefined || modified === undefined) {
    const message = `${settings.file} is missing; expected it at ${objects.locate(key)}`;
    return { source: id, label: settings.file, asOf, status: 'failed', error: 'ConfigurationError', message };
  }
  const { readBilledCsv } = await import('../billing/billed-csv.ts');
  return readBilledCsv({ bytes, modified, settings, period, today: dayIn(asOf, timeZone), timeZone });
}
