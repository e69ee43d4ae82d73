import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { bucketObjects } from '../../lambdas/platform/aws-objects.ts';
import { jsonText } from '../../lambdas/platform/json-text.ts';
import type { Objects } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { readJson } from '../../lambdas/run/json-file.ts';
import { runFolder, runIdAt, runKeys } from '../../lambdas/run/keys.ts';
import { reportDataOf } from '../../lambdas/run/report-data.ts';
import { readHead } from '../../lambdas/run/report-file.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import { displayOn } from '../local/display.ts';
import type { Execution } from '../local/engine.ts';
import { RunProgress } from '../local/progress.ts';
import { exitCodeOf } from '../local/run.ts';
import { paperOn, readResult, summaryText } from '../local/summary.ts';
import { type Ended, follow, inUse, runSync, start, syncClient } from './execution.ts';
import { findInstallation, type Installation } from './installation.ts';
import type { InvokeOptions } from './options.ts';

const LONGEST_NAME = 80;

/**
 * Starts a run in AWS, or repeats one, and shows its progress and result like a local run. Returns the exit code.
 * Errors: `ConfigurationError`, for example for a run id in use.
 */
export async function invoke(options: InvokeOptions): Promise<number> {
  const { runId, repeat, json } = options;
  const installation = await findInstallation(options.stack);
  const objects = bucketObjects(new S3Client({ region: installation.region }), installation.bucket);
  if (!repeat && (await objects.read(runKeys(runId).run)) !== undefined) throw inUse(runId);

  const { execution, result: answered } = await (options.sync
    ? waited(options, installation)
    : watched(options, installation));
  const result = answered ?? (await keptResult(objects, runId, execution));
  if (json) {
    process.stdout.write(jsonText(result ?? execution));
  } else {
    const shown = readResult(result);
    const report = shown.report?.json == null ? undefined : await readHead(objects, runId);
    const made = report === undefined ? {} : { made: { report, brief: briefOf(await reportDataOf(objects, report)) } };
    const folder = objects.locate(runFolder(runId));
    process.stdout.write(summaryText({ execution, ...made, shown, folder }, paperOn(process.stdout)));
  }
  return exitCodeOf(execution);
}

const Kept = z.looseObject({ cause: z.string() });

/** A failed synchronous run returns only its error. The result of an earlier run with the same id has another cause. */
async function keptResult(objects: Objects, runId: string, execution: Execution): Promise<unknown> {
  const kept = z.safeParse(Kept, await readJson(objects, runKeys(runId).result));
  return execution.status === 'failed' && kept.success && kept.data.cause === execution.cause ? kept.data : undefined;
}

/** A name is used once; a repetition has its own name and the repeated run's id in its input. */
const nameOf = ({ runId, repeat }: InvokeOptions): string =>
  repeat ? `${runId.slice(0, LONGEST_NAME - 24)}-repeat-${runIdAt(Date.now())}` : runId;

async function watched(options: InvokeOptions, { standard, region }: Installation): Promise<Ended> {
  const client = new SFNClient({ region });
  const arn = await start(client, standard, nameOf(options), options.input);
  const { collectors, psas } = await loadRegistry();
  const progress = new RunProgress(new Map([...collectors, ...psas].map(({ id, name }) => [id, name])), Date.now);
  const display = displayOn(process.stderr, progress, Date.now, options.quiet);
  return follow(client, arn, (event) => display.changed(progress.entered(event))).finally(() => display.end());
}

const waited = (options: InvokeOptions, { express, region }: Installation): Promise<Ended> =>
  runSync(syncClient(region), express, nameOf(options), options.input, 'start it without --sync');
