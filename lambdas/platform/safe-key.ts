import { ReportError } from '../report/errors.ts';

/** One part of a key: characters that are the same in file systems, in S3 and for people. */
const SAFE_PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}$/u;

/** The user's files, the files of runs, the history between runs, and the locks on single-use credentials. */
const ROOTS = ['config', 'runs', 'history', 'locks'] as const;

/** A parsed key. `rest` has no empty, hidden, absolute or upward part. */
export type SafeKey = { root: (typeof ROOTS)[number]; rest: string[] };

/** Errors: `ConfigurationError` for a key outside the roots, or one that could lead out of them. */
export function safeKey(key: string): SafeKey {
  const [first, ...rest] = key.split('/');
  const root = ROOTS.find((name) => name === first);
  if (root !== undefined && rest.length > 0 && rest.every((part) => SAFE_PART.test(part))) return { root, rest };
  throw new ReportError(
    'ConfigurationError',
    `refused the key ${JSON.stringify(key.slice(0, 200))}: it is not a plain name`,
  );
}
