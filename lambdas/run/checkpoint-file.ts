import * as z from 'zod/mini';
import { RotatingSecret } from '../counting/rotating-token.ts';
import { jsonLines } from '../platform/json-text.ts';
import type { Objects } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { fingerprint } from '../wire/fingerprint.ts';
import { readJson } from './json-file.ts';
import { without } from './misplaced.ts';

/** Enough to tell one account from another, too short to say anything of a credential. */
const MARK_LENGTH = 4;

/** These change while they are used, and are of the same account. */
const ROTATING = Object.keys(RotatingSecret.shape);

/** Tells the account that is read, and the settings by which, from others. */
export const accountMark = (secret: unknown, settings: unknown): string =>
  fingerprint([settings, isRecord(secret) ? without(secret, ROTATING) : secret]).slice(0, MARK_LENGTH);

const Marked = z.object({ account: z.string() });

export const writeCheckpoint = (objects: Objects, key: string, account: string, checkpoint: object): Promise<void> =>
  objects.write(key, jsonLines({ account, ...checkpoint }), 'application/json');

/**
 * The checkpoint at `key`, in this form; undefined where there is none, and where it is of another account or of other settings:
 * a run may be repeated after they were changed, and what two accounts say is not added up.
 * Errors: `ConfigurationError` for a file that is no checkpoint.
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
