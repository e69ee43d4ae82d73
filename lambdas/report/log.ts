import { quantity } from './quantity.ts';
import type { CustomerFailure, ReadIntegration, ReportHead } from './report.ts';
import { listed } from './text.ts';

/** 1000 success, 1001 warning, 2000 error. */
export type StatusCode = 1000 | 1001 | 2000;

/** One thing that was done or found. Field names are those that automation platforms for MSPs use. */
export type LogEntry = {
  task: string;
  status_code: StatusCode;
  message: string;
  /** ISO 8601 */
  at: string;
  data: Record<string, unknown>;
};

/** Names in a message can contain line breaks and control characters, which would look like further lines. */
export function logEntry(
  task: string,
  statusCode: StatusCode,
  message: string,
  at: string,
  data: Record<string, unknown> = {},
): LogEntry {
  return { task, status_code: statusCode, message: message.replace(/\p{Cc}+/gu, ' '), at, data };
}

/** automation-log.json */
export type AutomationLog = {
  /** The worst of the entries. */
  status_code: StatusCode;
  /** True unless an entry is an error. */
  succeeded: boolean;
  data: Record<string, unknown>;
  errors: string[];
  warnings: string[];
  entries: LogEntry[];
};

export function automationLog(entries: readonly LogEntry[], data: Record<string, unknown>): AutomationLog {
  const messages = (code: StatusCode): string[] =>
    entries.filter((entry) => entry.status_code === code).map(({ message }) => message);
  const errors = messages(2000);
  const warnings = messages(1001);
  return {
    status_code: errors.length > 0 ? 2000 : warnings.length > 0 ? 1001 : 1000,
    succeeded: errors.length === 0,
    data,
    errors,
    warnings,
    entries: [...entries],
  };
}

/**
 * The automation log's entries on the report itself, integration by integration: how it was collected, remarks, and
 * whatever keeps a number out of a row. `at` is ISO 8601.
 */
export function reportEntries(report: ReportHead, at: string): LogEntry[] {
  const companies = new Map(report.rows.map(({ organization }) => [organization.id, organization.name]));
  const namesOf = (ids: readonly string[]): string => ids.map((id) => companies.get(id) ?? id).join(' and ');
  return report.integrations.flatMap((integration) => {
    const { integration: id, name } = integration;
    if (integration.status === 'not-installed') return [];
    if (integration.status === 'failed') {
      const { status, error, message } = integration;
      return [logEntry(`collect ${id}`, 1001, `${name} failed: ${error}: ${message}`, at, { status, error })];
    }
    const ofThis = <T extends { integration: string }>(all: readonly T[]): T[] =>
      all.filter((each) => each.integration === id);
    const warn = (task: string, found: readonly string[], sentence: string): LogEntry[] =>
      found.length === 0
        ? []
        : [logEntry(`${task} ${id}`, 1001, `${name}: ${sentence}: ${listed(found)}`, at, { count: found.length })];
    return [
      collected(integration, at),
      ...disagreements(integration, at),
      ...(integration.notes ?? []).map((note) =>
        logEntry(`note ${id}`, 1000, note.startsWith(`${name}: `) ? note : `${name}: ${note}`, at),
      ),
      ...warn(
        'not-found',
        ofThis(report.notFound).map(({ customerId, claimedBy }) => `${customerId} of ${namesOf(claimedBy)}`),
        'ids that the vendor does not list',
      ),
      ...warn(
        'ambiguous',
        ofThis(report.ambiguous).map(
          ({ customerId, customerName, claimedBy }) => `${customerId} (${customerName}) of ${namesOf(claimedBy)}`,
        ),
        'customers mapped to more than one company, or by an id that two customers have, counted for no company',
      ),
      ...warn(
        'withheld',
        ofThis(report.withheld).map(
          ({ customerId, customerName, claimedBy }) => `${customerId} (${customerName}) of ${namesOf(claimedBy)}`,
        ),
        'customers that were read but are not shown, because another id of their company could not be',
      ),
      ...warn(
        'unmapped',
        ofThis(report.unmapped).map(({ customerId, customerName }) => `${customerName} (${customerId})`),
        'customers mapped to no company',
      ),
    ];
  });
}

function collected(read: ReadIntegration, at: string): LogEntry {
  const { integration, name, status, customers, receipt } = read;
  const task = `collect ${integration}`;
  const { requests, pages, rows, distinct } = receipt;
  const data = { status, customers, requests, pages, rows, distinct };
  if (read.status === 'partial') {
    return logEntry(
      task,
      1001,
      `${name} was collected in part: ${listed(read.failures.map(customerFailureInWords))}`,
      at,
      data,
    );
  }
  return logEntry(task, 1000, `${name} was collected: ${quantity(customers, 'customer')}`, at, data);
}

const customerFailureInWords = ({ customerId, customerName, column, error, message }: CustomerFailure): string =>
  `${customerName} (${customerId})${column === undefined ? '' : `, ${column}`}: ${error}: ${message}`;

/** Second figures of the same vendor that do not agree with what was counted. */
const disagreements = ({ integration, name, receipt }: ReadIntegration, at: string): LogEntry[] =>
  receipt.comparisons
    .filter(({ agrees }) => !agrees)
    .map((comparison) =>
      logEntry(
        `compare ${integration}`,
        1001,
        `${name}: ${comparison.figure}: ${comparison.counted} counted, ${comparison.declared} by the vendor's own figure`,
        at,
        { ...comparison },
      ),
    );
