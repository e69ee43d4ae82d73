import { fileURLToPath, pathToFileURL } from 'node:url';
import { lacking, preparePython } from '../python-environment.ts';

/** The emulator's own Python environment. */
export const PYTHON_ENVIRONMENT = fileURLToPath(new URL('../../dist/ministack/', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/**
 * Installs MiniStack, unless it is there already. Returns why it cannot be had on this machine; undefined if it is
 * ready.
 */
export const prepare = (): string | undefined =>
  lacking('openssl', ['version'], 'openssl is not installed') ??
  preparePython(PYTHON_ENVIRONMENT, REQUIREMENTS, 'the package ministack cannot be had');

/** Exit code of this file as a program where the test cannot be run here. */
const NOT_HERE = 3;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const reason = prepare();
  if (reason !== undefined) {
    process.stdout.write(`${reason}\n`);
    process.exitCode = NOT_HERE;
  }
}
