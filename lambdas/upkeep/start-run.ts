import * as z from 'zod/mini';
import type { Step } from '../platform/platform.ts';
import type { Runs } from '../platform/runs.ts';
import { ReportError } from '../report/errors.ts';
import { readReportConfiguration } from '../run/configuration-files.ts';
import { readInput } from '../run/input.ts';
import { runIdAt } from '../run/keys.ts';
import { keepAliveName } from './run-name.ts';

const Input = z.strictObject({ purpose: z.enum(['report', 'keep-alive']), scheduledAt: z.string() });

/** What can be started, without the declarations: only ids. */
export type Startable = {
  known: { collectors: readonly { id: string }[]; psas: readonly string[] };
  /** Collectors whose credentials must be used every week. */
  kept: readonly string[];
};

type Started = { runId: string | null; started: boolean };

/**
 * Starts a scheduled run. Its id follows from the scheduled time and is the execution's name, so a repeated trigger
 * starts one run. `keep-alive` collects from those installed integrations whose credentials expire without use, and
 * delivers nothing; if none is installed it starts nothing.
 * Errors: `ConfigurationError` for the input and, with `keep-alive`, for report.json.
 */
export default function startRun({ known, kept }: Startable, runs: Runs): Step {
  return async (value, { objects }): Promise<Started> => {
    const { purpose, scheduledAt } = readInput(Input, value, 'start-run');
    const moment = runIdOf(scheduledAt);
    if (purpose === 'report') return { runId: moment, started: await runs.start(moment, {}) };
    const { integrations } = await readReportConfiguration(objects, known);
    const only = kept.filter((id) => integrations.has(id));
    if (only.length === 0) return { runId: null, started: false };
    const runId = keepAliveName(moment);
    return { runId, started: await runs.start(runId, { only, deliver: 'none' }) };
  };
}

/** The run id of a scheduled moment (ISO 8601). */
function runIdOf(scheduledAt: string): string {
  const milliseconds = Date.parse(scheduledAt);
  if (!Number.isNaN(milliseconds)) return runIdAt(milliseconds);
  throw new ReportError('ConfigurationError', `the scheduled time ${JSON.stringify(scheduledAt)} is not a date`);
}
