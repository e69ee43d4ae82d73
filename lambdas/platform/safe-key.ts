import { ReportError } from '../report/errors.ts';

/** One part of a key: what file systems, S3 and people all read the same way. */
const SAFE_PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}$/u;

/** The user's files, the files of runs, what one run tells the next, and what keeps them from using up one credential twice. */
const ROOTS = ['config', 'runs', 'history', 'locks'] as const;

/** A key taken apart. `rest` has no empty, hidden, absolute or upward part. */
export type SafeKey = { root: (typeof ROOTS)[number]; rest: string[] };

/** Errors: `ConfigurationError` for a key that is below none of the roots, or that could lead out of it. */
export function safeKey(key: string): SafeKey {
  const [first, ...rest] = key.split('/');
  const root = ROOTS.find((name) => name === first);
  if (root !== undefined && rest.length > 0 && rest.every((part) => SAFE_PART.test(part))) return { root, rest };
  throw new ReportError(
    'ConfigurationError',
    `refused the key ${JSON.stringify(key.slice(0, 200))}: it is not a plain name`,
  );
}
