import type { Reconciliation } from '../billing/reconciliation.ts';
import { type LogEntry, logEntry } from '../report/log.ts';
import { quantity } from '../report/quantity.ts';

/**
 * How the reading of each billed side went. A failure is a warning: its rows are not compared, but the report exists.
 */
export const billedEntries = ({ billedFrom, columnsOfNobody = [] }: Reconciliation, at: string): LogEntry[] => [
  ...columnsOfNobody.map(({ service, column }) =>
    logEntry('compare', 1001, `no company has any "${column}", by which billing.json counts "${service}"`, at),
  ),
  ...billedFrom.flatMap(({ source, name, status, lines, error, message, notes, receipt }) => {
    const task = `read billed lines of ${source}`;
    if (status === 'failed') return [logEntry(task, 1001, `${name} failed: ${error}: ${message}`, at, { error })];
    return [
      logEntry(task, status === 'partial' ? 1001 : 1000, `${name}: ${quantity(lines, 'line')} read`, at, { receipt }),
      ...notes.map((note) => logEntry(task, 1000, `${name}: ${note}`, at)),
    ];
  }),
];
