import { createHash } from 'node:crypto';
import { ReportError } from '../report/errors.ts';

/**
 * Run and integration ids become parts of keys, file names and execution names, so only characters that are safe in
 * all.
 */
const SAFE_ID = /^[A-Za-z0-9_-]{1,80}$/u;

/** Characters of a name's digest: enough to tell the names of one account's executions apart. */
const DIGEST_LENGTH = 8;

export const isSafeId = (id: string): boolean => SAFE_ID.test(id);

/**
 * Errors: `ConfigurationError` for an id that could lead out of the run's folder, or that a file system or AWS refuses.
 */
export function safeId(id: string, what: string): string {
  if (isSafeId(id)) return id;
  throw new ReportError(
    'ConfigurationError',
    `${what} ${JSON.stringify(id.slice(0, 100))}: expected 1 to 80 letters, digits, "-" or "_"`,
  );
}

/** The id that was given or, without one, the execution's name, made safe for file names. */
export const runIdOf = (runId: string | null | undefined, executionName: string): string =>
  runId == null ? safeName(executionName) : safeId(runId, 'run id');

/** Names that differ stay different: under a shared id the second run would deliver the first one's report. */
function safeName(name: string): string {
  if (isSafeId(name)) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LENGTH);
  return `${name.replace(/[^A-Za-z0-9_-]/gu, '-').slice(0, 79 - DIGEST_LENGTH)}-${digest}`;
}

/**
 * The id of a run named by a time in milliseconds since the epoch: 20261122T063000Z. No colons: it names executions.
 */
export const runIdAt = (moment: number): string => new Date(moment).toISOString().replace(/\.\d+|[-:]/gu, '');

/** The user's files. */
export const reportConfigurationKey = 'config/report.json';
export const organizationsKey = 'config/organizations.json';
export const billingKey = 'config/billing.json';

/** A user's file that billing.json names; already checked to be a single file name. */
export const billedFileKey = (name: string): string => `config/${name}`;

/** The folder that holds everything of a run. */
export const runFolder = (runId: string): string => `runs/${safeId(runId, 'run id')}`;

/** The keys of a run's files: those of the contract, and the pipeline's own (run, plan, checkpoints, delivery). */
export const runKeys = (runId: string) => {
  const folder = runFolder(runId);
  const of = (part: string, integration: string) => `${folder}/${part}/${safeId(integration, 'integration')}.json`;
  return {
    run: `${folder}/run.json`,
    deliverySettings: `${folder}/delivery-settings.json`,
    plan: (integration: string) => of('plan', integration),
    billedPlan: (source: string) => of('billed-plan', source),
    billedCheckpoint: (source: string) => of('billed-checkpoints', source),
    checkpoint: (integration: string) => of('checkpoints', integration),
    collection: (integration: string) => of('collections', integration),
    /** Counted units, and the terms of subscriptions. */
    details: (integration: string, part: string) =>
      `${folder}/details/${safeId(integration, 'integration')}/${safeId(part, 'part')}.jsonl`,
    billing: `${folder}/billing.json`,
    billed: (source: string) => of('billed', source),
    reconciliation: `${folder}/reconciliation.json`,
    reconciliationCsv: `${folder}/reconciliation.csv`,
    report: `${folder}/report.json`,
    /** Parts of the report for the steps that follow: all but its cells, and its cells column by column. */
    reportHead: `${folder}/report-head.json`,
    reportCells: `${folder}/report-cells.json`,
    csv: `${folder}/report.csv`,
    workbook: `${folder}/report.xlsx`,
    page: `${folder}/report.html`,
    changes: `${folder}/changes.json`,
    changesCsv: `${folder}/changes.csv`,
    unitsCsv: `${folder}/units.csv`,
    terms: `${folder}/terms.json`,
    termsCsv: `${folder}/terms.csv`,
    /** What the next report is compared with, until this one is delivered. */
    history: (integration: string) => of('history', integration),
    unmapped: `${folder}/unmapped.csv`,
    automationLog: `${folder}/automation-log.json`,
    result: `${folder}/result.json`,
    email: `${folder}/email.eml`,
    delivery: (part: string) => of('delivery', part),
  };
};

export type RunKeys = ReturnType<typeof runKeys>;

/** The size of an integration's last plausible collection; the next one is compared with it. */
export const historyKey = (integration: string): string => `history/${safeId(integration, 'integration')}.json`;

/** What later reports compare a vendor's cells with: the last delivered report, and the last that was only made. */
export const reportHistoryKey = (integration: string, how: 'delivered' | 'made'): string =>
  `${reportHistoryFolder(integration)}/${how}.json`;

/** The folder of both. */
export const reportHistoryFolder = (integration: string): string => `history/${safeId(integration, 'integration')}`;

/**
 * One attempt to use a single-use credential: the only thing that runs share. It is stored with the secrets (on AWS
 * below `locks/` in the bucket), because whoever shares a secret must share its lock.
 */
export const lockKey = (integration: string, fingerprint: string, attempt: number): string =>
  `locks/${safeId(integration, 'integration')}/${safeId(fingerprint, 'fingerprint')}-${attempt}.json`;
