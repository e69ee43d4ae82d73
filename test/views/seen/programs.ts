import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { preparePython } from '../../python-environment.ts';

export const run = promisify(execFile);

const ENVIRONMENT = fileURLToPath(new URL('../../../dist/views-python/', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The readers' Python; undefined, with the reason on the screen, where it cannot be had. */
export function python(): string | undefined {
  const reason = preparePython(ENVIRONMENT, REQUIREMENTS, 'openpyxl and python-calamine cannot be had');
  return reason === undefined ? join(ENVIRONMENT, 'bin', 'python') : missing(reason);
}

/** Where the first of the programs is; undefined, with the reason on the screen, where there is none. */
export function installed(name: string, programs: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const browser = programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(existsSync);
  return browser ?? missing(`${name} is not installed`);
}

function missing(reason: string): undefined {
  console.warn(`Skipped: ${reason}`);
}
