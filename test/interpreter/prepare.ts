import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePython } from '../python-environment.ts';

const ENVIRONMENT = fileURLToPath(new URL('../../dist/moto/', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The Python in which the interpreter is installed. */
export const PYTHON = join(ENVIRONMENT, 'bin', 'python');

/** Vitest's global setup: installs the interpreter, unless it is there already. */
export default function prepare(): void {
  const reason = preparePython(ENVIRONMENT, REQUIREMENTS, 'the package moto cannot be had');
  if (reason !== undefined) throw new Error(`the interpreter cannot be run here: ${reason}`);
}
