import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs pinned requirements into a Python environment of their own, unless they are there already. Returns why they
 * cannot be had on this machine; undefined if they are ready.
 */
export function preparePython(environment: string, requirements: string, otherwise: string): string | undefined {
  const stamp = join(environment, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  const reason =
    lacking(
      'python3',
      ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'],
      'Python 3.11 or later is not installed',
    ) ??
    lacking('python3', ['-m', 'venv', '--clear', environment], 'Python cannot make a virtual environment') ??
    lacking(
      join(environment, 'bin', 'pip'),
      ['install', '--quiet', '--disable-pip-version-check', '-r', requirements],
      otherwise,
    );
  if (reason === undefined) writeFileSync(stamp, wanted);
  return reason;
}

/** Why a program cannot be run here; undefined if it ends with 0. */
export function lacking(program: string, args: readonly string[], otherwise: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  const detail = error?.message ?? stderr.trim().split('\n').at(-1);
  return detail === undefined || detail === '' ? otherwise : `${otherwise} (${detail})`;
}
