import * as z from 'zod/mini';
import type { Objects, Step } from '../platform/platform.ts';
import { rowsAsData } from '../report/csv.ts';
import { isReportError } from '../report/errors.ts';
import { type AutomationLog, automationLog, reportEntries } from '../report/log.ts';
import type { ReportHead } from '../report/report.ts';
import { billedEntries } from '../run/billed-entries.ts';
import { caughtError } from '../run/caught-error.ts';
import { type ExecutionOutput, fitting, LARGEST_WITH_DATA_BYTES } from '../run/execution-output.ts';
import { type FinalState, readFinalState } from '../run/final-state.ts';
import { writeJson } from '../run/json-file.ts';
import { type RunKeys, runIdOf, runKeys } from '../run/keys.ts';
import { readReconciliation } from '../run/reconciliation-file.ts';
import { readHead, reportOf } from '../run/report-file.ts';
import { NOT_DELIVERED, runEntries } from '../run/run-entries.ts';
import { figuresOf } from '../run/run-figures.ts';

const Input = z.object({ state: z.unknown() });

/**
 * Ends every run: writes automation-log.json and result.json and returns the execution's output. Takes the whole state,
 * whatever happened. A run that was refused at its start writes nothing to the folder of another run with its id.
 */
const buildAutomationLog: Step = async (value, { objects, clock, progress }): Promise<ExecutionOutput> => {
  const state = readFinalState(z.safeParse(Input, value).data?.state);
  const at = new Date(clock.now()).toISOString();
  const report =
    state.run === undefined || state.report === undefined ? undefined : await readHead(objects, state.run.runId);
  const compared =
    state.run === undefined || state.reconciliation === undefined
      ? undefined
      : await readReconciliation(objects, state.run.runId);
  const entries = [
    ...(report === undefined ? [] : reportEntries(report, at)),
    ...(compared === undefined ? [] : billedEntries(compared, at)),
    ...runEntries(state, report, at),
  ];
  const log = automationLog(entries, totals(state));
  const output = fitting(await outputOf(state, report, log, objects));
  await keep(state, log, output, objects);
  progress({ kind: 'measured', figures: figuresOf(state, report) });
  return output;
};

export default buildAutomationLog;

const totals = ({ run, report }: FinalState): Record<string, unknown> => ({
  ...(run === undefined ? {} : { runId: run.runId, asOf: run.asOf, mechanism: run.mechanism }),
  ...(report === undefined
    ? {}
    : {
        companies: report.companies,
        collected: report.collected,
        partial: report.partial,
        failed: report.failed,
        unmapped: report.unmapped,
      }),
});

async function outputOf(
  state: FinalState,
  report: ReportHead | undefined,
  log: AutomationLog,
  objects: Objects,
): Promise<ExecutionOutput> {
  const failure = failureIn(state);
  const { run, files } = state;
  const placeOf = (key: string | undefined): string | null => (key === undefined ? null : objects.locate(key));
  return {
    success: failure === undefined,
    data: report === undefined || isTooLarge(report) ? null : rowsAsData(await reportOf(objects, report.runId)),
    report: {
      csv: placeOf(files?.csv),
      json: report === undefined ? null : placeOf(runKeys(report.runId).report),
      unmapped: placeOf(files?.unmapped),
    },
    reconciliation: reconciliationOf(state, objects),
    delivery:
      state.delivery ??
      (run === undefined ? null : { mechanism: run.mechanism, status: 'not-delivered', ...state.ticket }),
    automationLog: log,
    ...failure,
  };
}

const reconciliationOf = ({ reconciliation }: FinalState, objects: Objects): ExecutionOutput['reconciliation'] => {
  if (reconciliation === undefined) return null;
  const { period, states, totals, csv } = reconciliation;
  return { period, states, totals, csv: objects.locate(csv) };
};

/** True if the rows cannot travel even with every cell blank: then a large report is not laid out in vain. */
function isTooLarge({ rows, columns }: ReportHead): boolean {
  const bytesOfRow = columns.reduce((total, { title }) => total + title.length + '"":0,'.length, 0);
  return rows.length * bytesOfRow > LARGEST_WITH_DATA_BYTES;
}

const LONGEST_CAUSE = 4000;

/** What makes the run a failure; undefined if the report was made and, if requested, delivered. */
function failureIn({ error, delivery }: FinalState): { error: string; cause: string } | undefined {
  if (error !== undefined) {
    const { name, reason } = caughtError(error.Error, error.Cause);
    return { error: name, cause: reason.slice(0, LONGEST_CAUSE) };
  }
  if (delivery?.status === 'delivered' || delivery?.mechanism === 'none') return undefined;
  return { error: 'DeliveryError', cause: NOT_DELIVERED };
}

async function keep(state: FinalState, log: AutomationLog, output: ExecutionOutput, objects: Objects): Promise<void> {
  const keys = state.run === undefined ? await keysOfRefused(state, objects) : runKeys(state.run.runId);
  if (keys === undefined) return;
  await writeJson(objects, keys.automationLog, log);
  await writeJson(objects, keys.result, output);
}

/** Where a refused run writes its log; nowhere if its id is invalid or belongs to a run that was not refused. */
async function keysOfRefused({ started }: FinalState, objects: Objects): Promise<RunKeys | undefined> {
  if (started === undefined) return undefined;
  let keys: RunKeys;
  try {
    keys = runKeys(runIdOf(started.input?.runId, started.execution.name));
  } catch (error) {
    if (isReportError(error, 'ConfigurationError')) return undefined;
    throw error;
  }
  return (await objects.read(keys.run)) === undefined ? keys : undefined;
}
