import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import type { Report } from '../report/report.ts';
import { readJson } from './json-file.ts';
import { runKeys } from './keys.ts';

/** The report of the run; undefined when it was not made yet. */
export async function readReport(objects: Objects, runId: string): Promise<Report | undefined> {
  const key = runKeys(runId).report;
  const value = await readJson(objects, key);
  if (value === undefined || isReportOf(value, runId)) return value;
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(key)} is not the report of run ${runId}; remove that file`,
  );
}

/** The report that an earlier state made. Errors: `ConfigurationError` when it is gone. */
export async function reportOf(objects: Objects, runId: string): Promise<Report> {
  const report = await readReport(objects, runId);
  if (report !== undefined) return report;
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(runKeys(runId).report)} is gone; run again under another run id`,
  );
}

/** True when at least one vendor was read: such a report is final and is delivered as it is when the run is repeated. */
export const holdsCounts = ({ integrations }: Report): boolean =>
  integrations.some(({ status }) => status === 'collected' || status === 'partial');

/**
 * Tells our own file from a stranger's by its run id and its parts. The cells are not checked one by one: only Consolidate
 * writes them, and a large report has millions.
 */
function isReportOf(value: unknown, runId: string): value is Report {
  if (typeof value !== 'object' || value === null || !('runId' in value) || value.runId !== runId) return false;
  const lists = ['columns', 'rows', 'unmapped', 'ambiguous', 'integrations'];
  return lists.every((name) => Array.isArray(Reflect.get(value, name)));
}
