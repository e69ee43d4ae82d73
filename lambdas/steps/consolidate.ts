import * as z from 'zod/mini';
import { columnsShown } from '../history/vendor-history.ts';
import { suggesting } from '../mapping/in-report.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects, Step } from '../platform/platform.ts';
import type { Outcome } from '../report/collection.ts';
import type { Column } from '../report/column.ts';
import { consolidate } from '../report/consolidate.ts';
import { ReportError } from '../report/errors.ts';
import type { Report } from '../report/report.ts';
import { caughtError } from '../run/caught-error.ts';
import { readCollection } from '../run/collection-file.ts';
import { readOrganizationList, readReportConfiguration } from '../run/configuration-files.ts';
import { Ended, type ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { type Catalogued, psasIn } from '../run/known.ts';
import { holdsCounts, readReport } from '../run/report-file.ts';
import { pastOf } from '../run/report-history.ts';

const Input = z.strictObject({ run: Run, collections: z.array(Ended) });

/**
 * Organizations x collections: writes report.json. A report that holds counts is final: a repeated run gets it back unchanged.
 * Columns of the last delivered report keep their place where their vendor could not be read. `error` and `cause` are set when every
 * installed integration failed.
 * Errors: `ConfigurationError` for a run's file that is missing or not ours.
 */
export default function consolidateStep(known: Catalogued): Step {
  return async (value, { objects }): Promise<ReportTotals> => {
    const { run, collections } = readInput(Input, value, 'consolidate');
    const { runId } = run;
    const made = await readReport(objects, runId);
    if (made !== undefined && holdsCounts(made)) return totalsOf(made);
    if (collections.some(({ status }) => status === 'made')) {
      throw new ReportError(
        'ConfigurationError',
        `${objects.locate(runKeys(runId).report)} was there when the run began and is gone; run again`,
      );
    }

    const configuration = await readReportConfiguration(objects, known);
    const { managingOrganization, integrations } = configuration;
    const organizations = await readOrganizationList(objects, known);
    const ground = { catalog: known.collectors, organizations, psas: psasIn(configuration, known) };
    const suggestions = suggesting(ground, managingOrganization);
    const outcomes: Outcome[] = [];
    const shownLast = new Map<string, Column[]>();
    for (const ended of collections.filter(({ reads }) => reads === 'counts')) {
      const { integration, status } = ended;
      const outcome = await outcomeOf(ended, objects, runId);
      outcomes.push(outcome);
      if (outcome.outcome === 'collected') suggestions.add(outcome.collection);
      if (status === 'collected' || status === 'not-installed') continue;
      shownLast.set(integration, columnsShown(await pastOf(objects, integration, null), integration));
    }
    const report = consolidate({
      runId,
      asOf: run.asOf,
      timeZone: run.timeZone,
      managingOrganization,
      catalog: known.collectors,
      organizations,
      outcomes,
      shownLast,
      notAsked: known.collectors
        .map(({ id }) => id)
        .filter((id) => integrations.has(id) && run.only?.includes(id) === false),
    });
    return totalsOf(await keep(suggestions.told(report), objects));
  };
}

async function outcomeOf(ended: Ended, objects: Objects, runId: string): Promise<Outcome> {
  const { integration } = ended;
  switch (ended.status) {
    case 'failed': {
      const { error, message } = caughtError(ended.error, ended.cause);
      return { integration, outcome: 'failed', error, message };
    }
    case 'collected':
    case 'partial': {
      const collection = await readCollection(objects, runId, integration);
      if (collection !== undefined) return { integration, outcome: 'collected', collection };
      throw new ReportError(
        'ConfigurationError',
        `${objects.locate(runKeys(runId).collection(integration))} is gone although it was collected; run again`,
      );
    }
    default:
      return { integration, outcome: 'not-installed' };
  }
}

/** Keeps the report. Of two executions of one run the first to finish makes it; one without a count may be made anew. */
async function keep(report: Report, objects: Objects): Promise<Report> {
  const key = runKeys(report.runId).report;
  const body = jsonLines(report);
  if (await objects.createOnce(key, body)) return report;
  const other = await readReport(objects, report.runId);
  if (other !== undefined && holdsCounts(other)) return other;
  await objects.write(key, body, 'application/json');
  return report;
}

function totalsOf(report: Report): ReportTotals {
  const { integrations } = report;
  const having = (status: Report['integrations'][number]['status']): number =>
    integrations.filter((integration) => integration.status === status).length;
  return {
    key: runKeys(report.runId).report,
    companies: report.rows.length,
    collected: having('collected'),
    partial: having('partial'),
    failed: having('failed'),
    unmapped: report.unmapped.length,
    ...(holdsCounts(report) ? { error: null, cause: null } : nothingRead(report)),
  };
}

/** What ends the run when no vendor could be read: their common error, or, where they differ, the one worth another try. */
function nothingRead({ integrations }: Report): { error: string; cause: string } {
  const failed = integrations.filter((integration) => integration.status === 'failed');
  const names = [...new Set(failed.map(({ error }) => error))];
  const [only] = names;
  const reasons = failed.map(({ name, error, message }) => `${name}: ${error}, ${message}`);
  return {
    error: names.length === 1 && only !== undefined ? only : 'VendorUnavailableError',
    cause: `every installed integration failed, so there is nothing to deliver. ${reasons.join('; ')}`.slice(0, 4000),
  };
}
