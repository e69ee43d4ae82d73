import * as z from 'zod/mini';
import { RotatingSecret } from '../counting/rotating-token.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { fingerprint } from '../wire/fingerprint.ts';
import { readJson } from './json-file.ts';
import { without } from './misplaced.ts';

/** Long enough to distinguish accounts, too short to reveal a credential. */
const MARK_LENGTH = 4;

/** These change with use and still belong to the same account. */
const ROTATING = Object.keys(RotatingSecret.shape);

/** Identifies the account and the settings that are read with. */
export const accountMark = (secret: unknown, settings: unknown): string =>
  fingerprint([settings, isRecord(secret) ? without(secret, ROTATING) : secret]).slice(0, MARK_LENGTH);

const Marked = z.object({ account: z.string() });

export const writeCheckpoint = (objects: Objects, key: string, account: string, checkpoint: object): Promise<void> =>
  objects.write(key, jsonLines({ account, ...checkpoint }), 'application/json');

/**
 * The checkpoint at `key`, in this form; undefined if there is none, or if it belongs to another account or other
 * settings: a run can be repeated after a change, and counts of two accounts must not be added up.
 * Errors: `ConfigurationError` for a file that is not a checkpoint.
 */
export async function readCheckpointFile<C>(
  objects: Objects,
  key: string,
  account: string,
  form: z.ZodMiniType<C>,
): Promise<C | undefined> {
  const value = await readJson(objects, key);
  if (value === undefined) return undefined;
  const { data: checkpoint, error: cause } = z.safeParse(form, value);
  if (cause !== undefined) {
    const message = `${objects.locate(key)} is not a checkpoint; remove that file and run again`;
    throw new ReportError('ConfigurationError', message, { cause });
  }
  return z.safeParse(Marked, value).data?.account === account ? checkpoint : undefined;
}
