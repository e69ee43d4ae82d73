import * as z from 'zod/mini';
import { readBillingConfiguration } from '../billing/configuration.ts';
import type { BilledSide } from '../billing/line.ts';
import { type Given, reconcile } from '../billing/reconcile.ts';
import type { Reconciliation } from '../billing/reconciliation.ts';
import { reconciliationCsv } from '../billing/reconciliation-csv.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects, Step } from '../platform/platform.ts';
import { isReportError, ReportError } from '../report/errors.ts';
import { billingKnown, readBilledSide } from '../run/billing-files.ts';
import { caughtError } from '../run/caught-error.ts';
import { readOrganizationList, readReportConfiguration } from '../run/configuration-files.ts';
import { CSV } from '../run/content-types.ts';
import { Ended, ReportTotals, Run, readInput } from '../run/input.ts';
import { readJson } from '../run/json-file.ts';
import { runKeys } from '../run/keys.ts';
import type { Catalogued, Known } from '../run/known.ts';
import { type ReconciliationTotals, readReconciliation } from '../run/reconciliation-file.ts';
import { reportOf } from '../run/report-file.ts';

const Input = z.strictObject({ run: Run, collections: z.array(Ended), report: ReportTotals });

/**
 * Counts x agreements: writes reconciliation.json and reconciliation.csv. A comparison once made is final, as the
 * report is. Errors: `ConfigurationError` for a run's file that is missing or not ours.
 */
export default function reconcileBilling(known: Catalogued & Pick<Known, 'sources'>): Step {
  return async (value, { objects }): Promise<ReconciliationTotals> => {
    const { run, collections } = readInput(Input, value, 'reconcile');
    const { runId } = run;
    const made = await readReconciliation(objects, runId);
    if (made !== undefined) {
      await writeCsv(made, objects, runId);
      return totalsOf(made, runId);
    }

    const { managingOrganization } = await readReportConfiguration(objects, known);
    const organizations = await readOrganizationList(objects, known);
    const configuration = readBillingConfiguration(
      await readJson(objects, runKeys(runId).billing),
      billingKnown(known, organizations, managingOrganization),
    );
    const sides = await Promise.all(configuration.sources.map(({ id }) => sideOf(id, collections, objects, run)));
    const reconciliation = comparisonOf({
      report: await reportOf(objects, runId),
      organizations,
      catalog: known.collectors,
      configuration,
      sides,
      timeZone: run.timeZone,
    });
    const kept = await keep(reconciliation, objects, runId);
    await writeCsv(kept, objects, runId);
    return totalsOf(kept, runId);
  };
}

/**
 * The comparison. If only what was read shows a fault of billing.json, no side can be used: then every row, and with
 * them ticket and mail, shows why it is not compared.
 */
function comparisonOf(given: Given): Reconciliation {
  try {
    return reconcile(given);
  } catch (error) {
    if (!isReportError(error, 'ConfigurationError')) throw error;
    const { name, message } = error;
    const sides = given.sides.map(
      ({ source, label, asOf }): BilledSide => ({ source, label, asOf, status: 'failed', error: name, message }),
    );
    return reconcile({ ...given, sides });
  }
}

/** What a source brought, or why it brought nothing. */
async function sideOf(
  source: string,
  collections: readonly Ended[],
  objects: Objects,
  { runId, asOf }: Run,
): Promise<BilledSide> {
  const ended = collections.find(({ integration, reads }) => reads === 'billed' && integration === source);
  if (ended?.status === 'failed') {
    const { error, message } = caughtError(ended.error, ended.cause);
    return { source, label: source, asOf, status: 'failed', error, message };
  }
  const side = await readBilledSide(objects, runId, source);
  if (side !== undefined) return side;
  throw new ReportError(
    'ConfigurationError',
    `${objects.locate(runKeys(runId).billed(source))} is gone although it was read; run again under another run id`,
  );
}

/** Keeps the comparison; if another execution of the run was first, its comparison is the run's. */
async function keep(reconciliation: Reconciliation, objects: Objects, runId: string): Promise<Reconciliation> {
  const isFirst = await objects.createOnce(runKeys(runId).reconciliation, jsonLines(reconciliation));
  return isFirst ? reconciliation : ((await readReconciliation(objects, runId)) ?? reconciliation);
}

/** Written at every start: one that was killed may have left the comparison without its CSV. */
const writeCsv = (reconciliation: Reconciliation, objects: Objects, runId: string): Promise<void> =>
  objects.write(runKeys(runId).reconciliationCsv, reconciliationCsv(reconciliation), CSV);

const totalsOf = ({ period, states, totals }: Reconciliation, runId: string): ReconciliationTotals => ({
  key: runKeys(runId).reconciliation,
  csv: runKeys(runId).reconciliationCsv,
  period,
  states,
  totals,
});
