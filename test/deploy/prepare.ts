import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The emulator's own Python environment. */
export const PYTHON_ENVIRONMENT = fileURLToPath(new URL('../../dist/ministack/', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** Made for these requirements, whole. */
const STAMP = join(PYTHON_ENVIRONMENT, 'requirements.sha256');

/**
 * Installs MiniStack into an environment of its own, unless it is there already. Returns why it cannot be had on this machine;
 * undefined where it is ready.
 */
export function prepare(): string | undefined {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return undefined;
  const pip = join(PYTHON_ENVIRONMENT, 'bin', 'pip');
  return (
    lacking('openssl', ['version'], 'openssl is not installed') ??
    lacking(
      'python3',
      ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'],
      'Python 3.11 or later is not installed',
    ) ??
    lacking('python3', ['-m', 'venv', '--clear', PYTHON_ENVIRONMENT], 'Python cannot make a virtual environment') ??
    lacking(
      pip,
      ['install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS],
      'the package ministack cannot be had',
    ) ??
    stamped(wanted)
  );
}

function lacking(program: string, args: readonly string[], otherwise: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  const said = error?.message ?? stderr.trim().split('\n').at(-1);
  return said === undefined || said === '' ? otherwise : `${otherwise} (${said})`;
}

function stamped(wanted: string): undefined {
  writeFileSync(STAMP, wanted);
}

/** Exit code of this file as a program where the test cannot be run here. */
const NOT_HERE = 3;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const reason = prepare();
  if (reason !== undefined) {
    process.stdout.write(`${reason}\n`);
    process.exitCode = NOT_HERE;
  }
}
