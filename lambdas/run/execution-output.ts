import type { AutomationLog, LogEntry } from '../report/log.ts';
import type { ReconciliationTotals } from './reconciliation-file.ts';

/** The execution's output, also written to result.json. `error` and `cause` are set if `success` is false. */
export type ExecutionOutput = {
  success: boolean;
  /** The report's rows; null if there is no report, or if they are too large to travel. */
  data: Record<string, string | number | null>[] | null;
  /** Locations of the files; null for what was not made. */
  report: { csv: string | null; json: string | null; unmapped: string | null };
  /** The result of the comparison with the agreements; null without billing.json. `csv`: its location. */
  reconciliation: Pick<ReconciliationTotals, 'period' | 'states' | 'totals' | 'csv'> | null;
  delivery: Record<string, unknown> | null;
  automationLog: AutomationLog;
  error?: string;
  cause?: string;
};

/** Above this the output has the files' locations instead of the rows. */
export const LARGEST_WITH_DATA_BYTES = 200_000;

/** A state holds 262,144 bytes; more would end the run without any Catch. */
const LARGEST_BYTES = 240_000;

/** Numbers of log entries to try until they fit; automation-log.json has all entries. */
const ENTRIES_THAT_TRAVEL = [1000, 300, 100, 30, 10];
const LONGEST_MESSAGE = 1000;

/** The output in a size that can travel. */
export function fitting(output: ExecutionOutput): ExecutionOutput {
  if (sizeOf(output) <= LARGEST_WITH_DATA_BYTES) return output;
  const lean = { ...output, data: null };
  if (sizeOf(lean) <= LARGEST_BYTES) return lean;
  for (const entries of ENTRIES_THAT_TRAVEL) {
    const shortened = { ...lean, automationLog: shortLog(output.automationLog, entries) };
    if (sizeOf(shortened) <= LARGEST_BYTES) return shortened;
  }
  return { ...lean, delivery: null, automationLog: { ...shortLog(output.automationLog, 0), data: {} } };
}

/** The worst entries first: they are what a reader must not miss. */
function shortLog(log: AutomationLog, most: number): AutomationLog {
  const worst = [...log.entries].sort((a, b) => b.status_code - a.status_code).slice(0, most);
  const kept = log.entries.filter((entry) => worst.includes(entry)).map(withoutData);
  return {
    ...log,
    errors: log.errors.slice(0, most).map(cut),
    warnings: [
      ...log.warnings.slice(0, most).map(cut),
      `the log is too long for the output: automation-log.json has all ${log.entries.length} entries, ${kept.length} are here`,
    ],
    entries: kept,
  };
}

const withoutData = (entry: LogEntry): LogEntry => ({ ...entry, message: cut(entry.message), data: {} });

const cut = (text: string): string => (text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)} …` : text);

const sizeOf = (output: ExecutionOutput): number => Buffer.byteLength(JSON.stringify(output));
