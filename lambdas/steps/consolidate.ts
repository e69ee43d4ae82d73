import * as z from 'zod/mini';
import { columnsShown } from '../history/vendor-history.ts';
import { suggesting } from '../mapping/in-report.ts';
import type { Objects, Step } from '../platform/platform.ts';
import type { ReportTable } from '../report/cell-table.ts';
import type { Outcome } from '../report/collection.ts';
import type { Column } from '../report/column.ts';
import { consolidation } from '../report/consolidate.ts';
import { ReportError } from '../report/errors.ts';
import type { ReportHead } from '../report/report.ts';
import { caughtError } from '../run/caught-error.ts';
import { readCollection } from '../run/collection-file.ts';
import { readOrganizationList, readReportConfiguration } from '../run/configuration-files.ts';
import { Ended, type ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { type Catalogued, psasIn } from '../run/known.ts';
import { completeParts, holdsCounts, keepReport, readHead } from '../run/report-file.ts';
import { pastOf } from '../run/report-history.ts';

const Input = z.strictObject({ run: Run, collections: z.array(Ended) });

/**
 * Organizations x collections: writes report.json, and parts of it for the steps that follow, the CSV files among them.
 * A report that holds counts is final: a repeated run gets it back unchanged. Columns of the last delivered report keep
 * their place if their vendor could not be read. `error` and `cause` are set when every installed integration failed.
 * Errors: `ConfigurationError` for a run's file that is missing or not ours.
 */
export default function consolidateStep(known: Catalogued): Step {
  return async (value, { objects }): Promise<ReportTotals> => {
    const { run, collections } = readInput(Input, value, 'consolidate');
    const { runId } = run;
    const made = await readHead(objects, runId);
    if (made !== undefined && holdsCounts(made)) {
      await completeParts(objects, runId);
      return totalsOf(made);
    }
    if (collections.some(({ status }) => status === 'made')) {
      throw new ReportError(
        'ConfigurationError',
        `${objects.locate(runKeys(runId).report)} was there when the run began but is gone now; run again`,
      );
    }

    return totalsOf(await keepReport(objects, await reportTable(known, run, collections, objects)));
  };
}

/** The report of this run. What it is made of is out of reach by the time it is written, which takes room too. */
async function reportTable(
  known: Catalogued,
  run: Run,
  collections: readonly Ended[],
  objects: Objects,
): Promise<ReportTable> {
  const configuration = await readReportConfiguration(objects, known);
  const { managingOrganization, integrations } = configuration;
  const organizations = await readOrganizationList(objects, known);
  const ground = { catalog: known.collectors, organizations, psas: psasIn(configuration, known) };
  const suggestions = suggesting(ground, managingOrganization);
  const inTheMaking = consolidation({
    runId: run.runId,
    asOf: run.asOf,
    timeZone: run.timeZone,
    managingOrganization,
    catalog: known.collectors,
    organizations,
    notAsked: known.collectors
      .map(({ id }) => id)
      .filter((id) => integrations.has(id) && run.only?.includes(id) === false),
  });
  // One after the other: while it is read, one collection takes as much memory as all of them as columns.
  for (const ended of collections.filter(({ reads }) => reads === 'counts')) {
    const outcome = await outcomeOf(ended, objects, run.runId);
    if (outcome.outcome === 'collected') suggestions.add(outcome.collection);
    inTheMaking.add(outcome, await shownLastOf(ended, objects));
  }
  const { head, cells } = inTheMaking.table();
  return { head: await suggestions.withSuggestions(head), cells };
}

/** The columns that keep their place: those of the last delivered report, if the vendor was not read in full. */
async function shownLastOf({ integration, status }: Ended, objects: Objects): Promise<Column[]> {
  if (status !== 'failed' && status !== 'partial') return [];
  return columnsShown(await pastOf(objects, integration, null), integration);
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

function totalsOf(report: ReportHead): ReportTotals {
  const { integrations } = report;
  const having = (status: ReportHead['integrations'][number]['status']): number =>
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

/** What ends the run when no vendor could be read: their common error or, if they differ, the one worth another try. */
function nothingRead({ integrations }: ReportHead): { error: string; cause: string } {
  const failed = integrations.filter((integration) => integration.status === 'failed');
  const names = [...new Set(failed.map(({ error }) => error))];
  const [only] = names;
  const reasons = failed.map(({ name, error, message }) => `${name}: ${error}, ${message}`);
  return {
    error: names.length === 1 && only !== undefined ? only : 'VendorUnavailableError',
    cause: `every installed integration failed, so there is nothing to deliver. ${reasons.join('; ')}`.slice(0, 4000),
  };
}
