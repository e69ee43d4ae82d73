import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { NODE_FOLDER, PYTHON } from './prepare.ts';
import type { TlsFront } from './tls-front.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Runs `readers/<reader>` with the secret on its standard input and returns the JSON that it prints. Whatever it would
 * send to a vendor goes to the sandbox. Errors: it failed; the message is what it printed.
 */
export async function read(reader: string, secret: object, front: TlsFront, sandboxPort: number): Promise<unknown> {
  const file = path(`readers/${reader}`);
  const [program, args] = reader.endsWith('.py')
    ? [PYTHON, [file]]
    : [process.execPath, ['--import', new URL('../deploy/to-sandbox.ts', import.meta.url).href, file]];
  const child = spawn(program, args, {
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: path('to-sandbox'),
      PYTHONDONTWRITEBYTECODE: '1',
      FRONT_PORT: String(front.port),
      SSL_CERT_FILE: front.certificate,
      REQUESTS_CA_BUNDLE: front.certificate,
      SANDBOX_PORT: String(sandboxPort),
      NODE_CLIENTS: NODE_FOLDER,
    },
  });
  child.stdin.end(JSON.stringify(secret));
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${reader} ended with ${code}:\n${errors}`);
  return JSON.parse(output);
}
