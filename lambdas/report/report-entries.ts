import { listed } from './listed.ts';
import { type LogEntry, logEntry } from './log-entry.ts';
import type { CustomerFailure, ReadIntegration, Report } from './report.ts';

/**
 * What the automation log says of the report itself, integration by integration: how it was collected, the vendor's remarks,
 * and whatever keeps a number out of a row. `at` is ISO 8601.
 */
export function reportEntries(report: Report, at: string): LogEntry[] {
  const companies = new Map(report.rows.map(({ organization }) => [organization.id, organization.name]));
  const called = (ids: readonly string[]): string => ids.map((id) => companies.get(id) ?? id).join(' and ');
  return report.integrations.flatMap((integration) => {
    const { integration: id, name } = integration;
    if (integration.status === 'not-installed') return [];
    if (integration.status === 'failed') {
      const { status, error, message } = integration;
      return [logEntry(`collect ${id}`, 1001, `${name} failed: ${error}: ${message}`, at, { status, error })];
    }
    const own = <T extends { integration: string }>(all: readonly T[]): T[] =>
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
        own(report.notFound).map(({ customerId, claimedBy }) => `${customerId} of ${called(claimedBy)}`),
        'ids that the vendor does not list',
      ),
      ...warn(
        'ambiguous',
        own(report.ambiguous).map(
          ({ customerId, customerName, claimedBy }) => `${customerId} (${customerName}) by ${called(claimedBy)}`,
        ),
        'customers claimed by more than one company, counted for none',
      ),
      ...warn(
        'withheld',
        own(report.withheld).map(
          ({ customerId, customerName, claimedBy }) => `${customerId} (${customerName}) of ${called(claimedBy)}`,
        ),
        'customers that were read but are not shown, because another id of their company could not be',
      ),
      ...warn(
        'unmapped',
        own(report.unmapped).map(({ customerId, customerName }) => `${customerName} (${customerId})`),
        'customers that no company claims',
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
    const told = listed(read.failures.map(failureInWords));
    return logEntry(task, 1001, `${name} was collected in part: ${told}`, at, data);
  }
  return logEntry(task, 1000, `${name} was collected: ${customers} customers`, at, data);
}

const failureInWords = ({ customerId, customerName, column, error, message }: CustomerFailure): string =>
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
