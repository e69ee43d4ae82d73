import type { LogEntry, StatusCode } from './log-entry.ts';

export { type LogEntry, logEntry, type StatusCode } from './log-entry.ts';
export { reportEntries } from './report-entries.ts';

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
