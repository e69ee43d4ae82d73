import { type LogEntry, logEntry } from '../report/log.ts';
import { quantity } from '../report/quantity.ts';
import { namesNotAsked, type ReportHead } from '../report/report.ts';
import { listed } from '../report/text.ts';
import { caughtError } from './caught-error.ts';
import type { FinalState } from './final-state.ts';

/** For a run that has neither a delivery nor an error: the definition leaves no such way, a changed one might. */
export const NOT_DELIVERED = 'the run ended without a delivery and without an error: look at its states';

/** What the automation log says of the steps around the report: where the run ended, the files, the delivery. */
export function runEntries(state: FinalState, report: ReportHead | undefined, at: string): LogEntry[] {
  return [
    ...(state.report === undefined ? collectionEntries(state, at) : []),
    ...reusedEntries(state, report, at),
    ...notAskedEntries(state, report, at),
    ...(state.files === undefined
      ? []
      : [logEntry('create csv', 1000, 'report.csv and unmapped.csv were written', at, { ...state.files })]),
    ...reconciliationEntries(state, at),
    ...state.remarks.map((remark) => logEntry('find changes', 1001, remark, at)),
    ...sideEntries(state, at),
    ...errorEntries(state, at),
    ...lostNothing(state, at),
    ...deliveryEntries(state, at),
  ];
}

/** A run id that was used before: a person who expected new numbers must hear that these are not. */
function reusedEntries({ reused, run }: FinalState, report: ReportHead | undefined, at: string): LogEntry[] {
  if (!reused || run === undefined || report === undefined) return [];
  const { runId } = run;
  const how = (report.notAsked ?? []).length === 0 ? '' : ', with --only';
  const message = `run ${runId} was made before, as of ${report.asOf}${how}: nothing was collected again. Use another run id for new numbers`;
  return [logEntry('reuse report', 1000, message, at, { runId, asOf: report.asOf })];
}

/** Vendors that the report lacks because it was made with `--only`; a warning where this run did not want that. */
function notAskedEntries({ run }: FinalState, report: ReportHead | undefined, at: string): LogEntry[] {
  if (run === undefined || report?.notAsked === undefined) return [];
  const message = `not asked, so their cells are blank: ${listed(namesNotAsked(report))}`;
  return [logEntry('not asked', run.only === null ? 1001 : 1000, message, at, { integrations: report.notAsked })];
}

/** Without a report, the collectors' failures are known from the state alone. */
const collectionEntries = ({ failedCollections }: FinalState, at: string): LogEntry[] =>
  (failedCollections ?? []).map(({ integration, error, cause }) => {
    const { message, error: name } = caughtError(error, cause);
    return logEntry(`collect ${integration}`, 1001, `${integration} failed: ${name}: ${message}`, at, { error: name });
  });

function reconciliationEntries({ reconciliation }: FinalState, at: string): LogEntry[] {
  if (reconciliation === undefined) return [];
  const { states, period } = reconciliation;
  const open = states['not-compared'];
  const differing =
    states['under-billed'] + states['counted-not-billed'] + states['over-billed'] + states['billed-not-counted'];
  const message = `compared with the agreements of ${period}: ${quantity(differing, 'row')} differ, ${quantity(open, 'row')} not compared`;
  return [logEntry('compare with billing', open === 0 ? 1000 : 1001, message, at, { ...reconciliation })];
}

/** What failed beside the report: its files are missing, everything else is there. */
const sideEntries = ({ sideFailures }: FinalState, at: string): LogEntry[] =>
  sideFailures.map(({ task, error }) => {
    const { name, said } = caughtError(error.Error, error.Cause);
    return logEntry(task, 1001, `${name}: ${said}; the report was made without it`, at, { error: name });
  });

function errorEntries(state: FinalState, at: string): LogEntry[] {
  if (state.error === undefined) return [];
  const { name, said } = caughtError(state.error.Error, state.error.Cause);
  return [logEntry(taskThatFailed(state), 2000, `${name}: ${said}`, at, { error: name })];
}

/** After a report whose delivery failed: what to do, whatever the reason was. */
function lostNothing({ run, report, files, error }: FinalState, at: string): LogEntry[] {
  if (error === undefined || run === undefined || files === undefined || report === undefined) return [];
  if (report.collected + report.partial === 0) return [];
  const what =
    'The report is safe: its files are kept. Fix the problem, then deliver it again without collecting: ' +
    `npm run report -- --run-id ${run.runId} (on AWS: a new execution with "runId": "${run.runId}")`;
  return [logEntry('deliver again', 1001, what, at, { runId: run.runId })];
}

/** The first part that is missing tells which task did not end well. */
function taskThatFailed({ run, planned, failedCollections, report, files, ticket }: FinalState): string {
  if (run === undefined) return 'check running organization';
  if (!planned) return 'get integration ids';
  if (failedCollections === undefined) return 'collect counts';
  if (report === undefined) return 'consolidate';
  if (report.error !== null) return 'collect counts';
  if (files === undefined) return 'create csv';
  if (run.mechanism === 'psa') return ticket === undefined ? 'create ticket' : 'upload csv to ticket';
  return run.mechanism === 'email' ? 'send email' : 'deliver';
}

function deliveryEntries({ delivery, ticket, error }: FinalState, at: string): LogEntry[] {
  if (error !== undefined) return [];
  if (delivery === undefined) return [logEntry('deliver', 2000, NOT_DELIVERED, at)];
  const task = `deliver ${delivery.mechanism}`;
  const data = { ...delivery };
  switch (delivery.mechanism) {
    case 'none':
      return [logEntry(task, 1001, 'the report was made but not delivered: no delivery is chosen', at, data)];
    case 'psa':
      return delivery.attached === true
        ? [logEntry(task, 1000, `the report is attached to ticket ${ticket?.ticketId}: ${ticket?.ticketUrl}`, at, data)]
        : [
            logEntry(
              task,
              1001,
              `ticket ${ticket?.ticketId} names the place of the report: a file is too large to attach`,
              at,
              data,
            ),
          ];
    case 'email':
      return [
        // Whether it was sent or, on a laptop, kept as a file: only the platform knows.
        logEntry(task, 1000, `the report is in e-mail message ${String(delivery.messageId)}`, at, data),
        ...mailEntries(delivery, at),
      ];
    default:
      return [
        logEntry(task, 1000, 'the report is in the output; if it is too large, the output names its files', at, data),
      ];
  }
}

/** What did not go as report.json says, although the mail is out. */
function mailEntries({ via, remark, refusedRecipients }: NonNullable<FinalState['delivery']>, at: string): LogEntry[] {
  const refused = Array.isArray(refusedRecipients) ? refusedRecipients.map(String) : [];
  return [
    ...(typeof remark === 'string' ? [`the mail was sent by the fallback, ${String(via)}, because ${remark}`] : []),
    ...(refused.length === 0
      ? []
      : [`the mail server refused ${listed(refused)}; the other recipients have the report`]),
  ].map((message) => logEntry('mail', 1001, message, at));
}
