import { readdir } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { Objects } from '../../lambdas/platform/platform.ts';
import { codeOf } from '../../lambdas/platform/whole-file.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { byText } from '../../lambdas/report/order.ts';
import { readJson } from '../../lambdas/run/json-file.ts';
import { isSafeId, runKeys } from '../../lambdas/run/keys.ts';

const Begun = z.object({ runId: z.string(), asOf: z.string(), organization: z.string() });

/** A run on this machine: its id, and the time of its counts. */
export type PastRun = { runId: string; asOf: string };

/**
 * The organization's latest run below `out`. Errors: `ConfigurationError` if there is none; `otherwise` is what the
 * command can do instead of reading one.
 */
export async function lastRun(objects: Objects, out: string, organization: string, otherwise = ''): Promise<PastRun> {
  const runs = (await Promise.all((await foldersIn(out)).map((id) => readRun(objects, id)))).flatMap((run) =>
    run?.organization === organization ? [run] : [],
  );
  const [latest] = runs.sort((a, b) => byText(b.asOf, a.asOf));
  if (latest !== undefined) return latest;
  throw new ReportError(
    'ConfigurationError',
    `--out: ${out} holds no run of ${organization}; make one with npm run report -- --config DIR --deliver none${otherwise}`,
  );
}

/** The run with that id. Errors: `ConfigurationError` if it does not exist, or is another organization's. */
export async function runOf(objects: Objects, runId: string, organization: string): Promise<PastRun> {
  const run = await readRun(objects, runId);
  if (run === undefined) {
    throw new ReportError('ConfigurationError', `--run-id: ${objects.locate(runKeys(runId).run)} is not there`);
  }
  if (run.organization === organization) return run;
  throw new ReportError(
    'ConfigurationError',
    `--run-id: ${runId} is a run of ${run.organization}, not of ${organization}`,
  );
}

async function readRun(objects: Objects, runId: string): Promise<z.output<typeof Begun> | undefined> {
  const begun = z.safeParse(Begun, await readJson(objects, runKeys(runId).run));
  return begun.success && begun.data.runId === runId ? begun.data : undefined;
}

async function foldersIn(out: string): Promise<string[]> {
  try {
    const entries = await readdir(out, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && isSafeId(entry.name)).map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw new ReportError('ConfigurationError', `--out: cannot read ${out} (${codeOf(error)})`, { cause: error });
  }
}
