import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { safeKey } from '../../lambdas/platform/safe-key.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { quantity } from '../../lambdas/report/quantity.ts';
import { runFolder } from '../../lambdas/run/keys.ts';
import { EXIT } from '../local/command.ts';
import { findInstallation } from './installation.ts';
import type { PullOptions } from './options.ts';

/**
 * Fetches a run's files into `<out>/<runId>/`. Returns the exit code.
 * Errors: `ConfigurationError` if there is no such run, or none at all.
 */
export async function pull({ runId, out, stack }: PullOptions): Promise<number> {
  const { bucket, region } = await findInstallation(stack);
  const client = new S3Client({ region });
  const run = runId ?? (await lastRun(client, bucket));
  const folder = `${runFolder(run)}/`;
  let files = 0;
  for await (const { key } of objectsBelow(client, bucket, folder)) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body === undefined) throw new Error(`S3 answered without a body for ${key}`);
    const path = join(out, run, ...safeKey(key).rest.slice(1));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await Body.transformToByteArray());
    files += 1;
  }
  if (files === 0) {
    throw new ReportError('ConfigurationError', `--run-id: there is no run ${run} in s3://${bucket}/runs/`);
  }
  process.stdout.write(`${quantity(files, 'file')} of run ${run} ${files === 1 ? 'is' : 'are'} in ${join(out, run)}\n`);
  return EXIT.done;
}

/** The run that began last: every run writes run.json when it begins, and never again. */
async function lastRun(client: S3Client, bucket: string): Promise<string> {
  let last: { run: string; began: number } | undefined;
  for await (const { key, modified } of objectsBelow(client, bucket, 'runs/')) {
    const [, run] = /^runs\/([^/]+)\/run\.json$/u.exec(key) ?? [];
    if (run !== undefined && (last === undefined || modified > last.began)) last = { run, began: modified };
  }
  if (last !== undefined) return last.run;
  throw new ReportError(
    'ConfigurationError',
    `there is no run in s3://${bucket}/runs/ yet; start one with npm run invoke`,
  );
}

async function* objectsBelow(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<{ key: string; modified: number }> {
  for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key, LastModified: modified } of Contents ?? []) {
      if (key !== undefined) yield { key, modified: modified?.getTime() ?? 0 };
    }
  }
}
