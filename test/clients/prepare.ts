import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lacking, preparePython } from '../python-environment.ts';

const folder = (name: string): string => fileURLToPath(new URL(`../../dist/clients/${name}/`, import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const NODE_CLIENTS = ['connectwise-rest@1.3.0'];

/** The Python of the clients' own environment. */
export const PYTHON = join(folder('python'), 'bin', 'python');
/** Where Node's clients are installed, one folder for each set of versions. */
export const NODE_FOLDER = folder(NODE_CLIENTS.join('+'));

/** Installs the public clients, unless they are there already. Returns why they cannot be had on this machine. */
export const prepare = (): string | undefined =>
  lacking('openssl', ['version'], 'openssl is not installed') ??
  preparePython(folder('python'), REQUIREMENTS, 'the clients in test/clients/requirements.txt cannot be had') ??
  (existsSync(NODE_FOLDER) ? undefined : installNodeClients());

function installNodeClients(): string | undefined {
  const options = ['--silent', '--no-audit', '--no-fund', '--prefix', NODE_FOLDER];
  return lacking('npm', ['install', ...options, ...NODE_CLIENTS], `${NODE_CLIENTS.join(', ')} cannot be had`);
}
