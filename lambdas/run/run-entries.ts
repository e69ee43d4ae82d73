import { dayOfCounts } from '../report/heading.ts';
import { type LogEntry, logEntry } from '../report/log.ts';
import { quantity } from '../report/quantity.ts';
import { namesNotAsked, type ReportHead } from '../report/report.ts';
import { listed } from '../report/text.ts';
import { caughtError } from './caught-error.ts';
import type { FinalState } from './final-state.ts';

/** For a run without delivery and without error: impossible in the present definition, possible in a changed one. */
export const NOT_DELIVERED = 'the run ended without a delivery and without an error: look at its states';

/** The log's entries on the steps around the report: where the run ended, the files, the delivery. */
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

/** A run id that was used before: a person who expects new numbers must learn that these are not new. */
function reusedEntries({ reused, run }: FinalState, report: ReportHead | undefined, at: string): LogEntry[] {
  if (!reused || run === undefined || report === undefined) return [];
  const { runId } = run;
  const how = (report.notAsked ?? []).length === 0 ? '' : ', with --only';
  const message = `run ${runId} was made before, as of ${report.asOf}${how}: nothing was collected again. Use another run id for new numbers`;
  return [logEntry('reuse report', 1000, message, at, { runId, asOf: report.asOf })];
}

/** Vendors that the report lacks because it was made with `--only`; a warning if this run was started without it. */
function notAskedEntries({ run }: FinalState, report: ReportHead | undefined, at: string): LogEntry[] {
  if (run === undefined || report?.notAsked === undefined) return [];
  const message = `not asked, so their cells are blank: ${listed(namesNotAsked(report))}`;
  return [logEntry('not asked', run.only === null ? 1001 : 1000, message, at, { integrations: report.notAsked })];
}

/** Without a report, the collectors' failures are only known from the state. */
const collectionEntries = ({ failedCollections }: FinalState, at: string): LogEntry[] =>
  (failedCollections ?? []).map(({ integration, error, cause }) => {
    const { message, error: name } = caughtError(error, cause);
    return logEntry(`collect ${integration}`, 1001, `${integration} failed: ${name}: ${message}`, at, { error: name });
  });

function reconciliationEntries({ run, reconciliation }: FinalState, at: string): LogEntry[] {
  if (run === undefined || reconciliation === undefined) return [];
  const { states, period } = reconciliation;
  const open = states['not-compared'];
  const differing =
    states['under-billed'] + states['counted-not-billed'] + states['over-billed'] + states['billed-not-counted'];
  const message =
    `compared with the agreements of ${period}${dayOfCounts(period, run)}: ` +
    `${quantity(differing, 'row')} ${differing === 1 ? 'differs' : 'differ'}, ${quantity(open, 'row')} not compared`;
  return [logEntry('compare with billing', open === 0 ? 1000 : 1001, message, at, { ...reconciliation })];
}

/** Failures that the report does not depend on: their files are missing, everything else is there. */
const sideEntries = ({ sideFailures }: FinalState, at: string): LogEntry[] =>
  sideFailures.map(({ task, error }) => {
    const { name, reason } = caughtError(error.Error, error.Cause);
    return logEntry(task, 1001, `${name}: ${reason}; the report was made without it`, at, { error: name });
  });

function errorEntries(state: FinalState, at: string): LogEntry[] {
  if (state.error === undefined) return [];
  const { name, reason } = caughtError(state.error.Error, state.error.Cause);
  return [logEntry(taskThatFailed(state), 2000, `${name}: ${reason}`, at, { error: name })];
}

/** What to do about a report whose delivery failed, whatever the reason. */
function lostNothing({ run, report, files, error }: FinalState, at: string): LogEntry[] {
  if (error === undefined || run === undefined || files === undefined || report === undefined) return [];
  if (report.collected + report.partial === 0) return [];
  const what =
    'The report is safe: its files are kept. Fix the problem, then deliver it again without collecting: ' +
    `npm run report -- --run-id ${run.runId} --config DIR (on AWS: npm run invoke -- --run-id ${run.runId} --repeat, ` +
    `or a new execution with "runId": "${run.runId}")`;
  return [logEntry('deliver again', 1001, what, at, { runId: run.runId })];
}

/** The first missing part shows which task failed. */
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
        // Only the platform knows whether it was sent or, on a laptop, kept as a file.
        logEntry(task, 1000, `the report is in e-mail message ${String(delivery.messageId)}`, at, data),
        ...mailEntries(delivery, at),
      ];
    default:
      return [
        logEntry(task, 1000, 'the report is in the output; if it is too large, the output names its files', at, data),
      ];
  }
}

/** What differs from report.json although the mail was sent. */
function mailEntries({ via, remark, refusedRecipients }: NonNullable<FinalState['delivery']>, at: string): LogEntry[] {
  const refused = Array.isArray(refusedRecipients) ? refusedRecipients.map(String) : [];
  return [
    ...(typeof remark === 'string' ? [`the mail was sent by the fallback, ${String(via)}, because ${remark}`] : []),
    ...(refused.length === 0
      ? []
      : [`the mail server refused ${listed(refused)}; the other recipients have the report`]),
  ].map((message) => logEntry('mail', 1001, message, at));
}
