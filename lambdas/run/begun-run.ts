import * as z from 'zod/mini';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { readJson } from './json-file.ts';
import { runKeys, safeId } from './keys.ts';

/** What stays the same from a run's first start to its last repetition: when it began, and whose it is. */
const BegunRun = z.object({ runId: z.string(), asOf: z.string(), organization: z.string() });

export type BegunRun = z.output<typeof BegunRun>;

/** The run of this id; undefined if there is none. */
export async function begunRun(objects: Objects, runId: string): Promise<BegunRun | undefined> {
  const begun = z.safeParse(BegunRun, await readJson(objects, runKeys(runId).run));
  return begun.success && begun.data.runId === runId ? begun.data : undefined;
}

/**
 * The earlier run that `field` (or an option) names: a run that is not there would leave every change out of a report,
 * without a word. Errors: `ConfigurationError` if there is none, or it is another organization's.
 */
export async function earlierRun(
  objects: Objects,
  runId: string,
  organization: string,
  field: string,
): Promise<BegunRun> {
  const run = await begunRun(objects, safeId(runId, field));
  if (run?.organization === organization) return run;
  const place = objects.locate(runKeys(runId).run);
  throw new ReportError(
    'ConfigurationError',
    run === undefined
      ? `${field}: there is no run ${runId}; expected it at ${place}`
      : `${field}: run ${runId} belongs to ${JSON.stringify(run.organization)} (${place}), not to ` +
          `${JSON.stringify(organization)}; name a run of the same organization`,
  );
}
