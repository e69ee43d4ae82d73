import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeCertificate } from '../certificate.ts';
import { PYTHON_ENVIRONMENT } from './prepare.ts';

const PROJECT = new URL('../../', import.meta.url).pathname;
const BIN = join(PROJECT, 'node_modules', '.bin');
const fileOf = (name: string): string => new URL(name, import.meta.url).href;

export const REGION = 'eu-central-1';
export const ACCOUNT = '000000000000';
const HOST = '127.0.0.1';
const READY_MILLISECONDS = 60_000;

export type Emulator = {
  /** What a command needs to speak with the emulator and with nobody else. */
  environment: Record<string, string>;
  /** An AWS call; throws what AWS refuses. */
  aws: (service: string, operation: string, args?: object) => unknown;
  stop: () => Promise<void>;
};

/**
 * Starts MiniStack on 127.0.0.1: over TLS, because our buckets refuse anything else, and with roles enforced. Its
 * Lambdas reach the sandbox at `sandboxPort` instead of every vendor, and its SES hands mails on to the mailbox.
 */
export async function startEmulator(folder: string, sandboxPort: number, mailboxPort: number): Promise<Emulator> {
  const port = await freePort();
  const certificate = makeCertificate(folder, [`IP:${HOST}`]);
  const home = join(folder, 'emulator');
  mkdirSync(home, { recursive: true });
  const environment = {
    PATH: `${BIN}:${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: home,
    AWS_ENDPOINT_URL: `https://${HOST}:${port}`,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CA_BUNDLE: certificate.file,
    NODE_EXTRA_CA_CERTS: certificate.file,
    NODE_OPTIONS: `--import ${fileOf('sync-host.ts')}`,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
  const child = spawn(join(PYTHON_ENVIRONMENT, 'bin', 'ministack'), [], {
    cwd: home,
    env: {
      PATH: `${sandboxedNode(folder)}:${environment.PATH}`,
      HOME: home,
      TMPDIR: home,
      BIND_HOST: HOST,
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificate.file,
      MINISTACK_SSL_KEY: certificate.key,
      NODE_EXTRA_CA_CERTS: certificate.file,
      SANDBOX_PORT: String(sandboxPort),
      SMTP_HOST: `${HOST}:${mailboxPort}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, 'emulator.log'));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  await ready(child, port, readFileSync(certificate.file, 'utf8'));
  return {
    environment,
    aws: (service, operation, args = {}) => call(environment, service, operation, args),
    stop: () => ended(child),
  };
}

/** A directory with a `node` that leads to the sandbox, whatever options a function's own environment gives. */
function sandboxedNode(folder: string): string {
  const directory = join(folder, 'bin');
  mkdirSync(directory, { recursive: true });
  const program = `#!/bin/sh\nexec '${process.execPath}' --import '${fileOf('to-sandbox.ts')}' "$@"\n`;
  writeFileSync(join(directory, 'node'), program, { mode: 0o755 });
  return directory;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() =>
        address === null || typeof address === 'string' ? reject(new Error('no port')) : resolve(address.port),
      );
    });
  });
}

async function ready(child: ChildProcess, port: number, ca: string): Promise<void> {
  const until = Date.now() + READY_MILLISECONDS;
  while (Date.now() < until && child.exitCode === null) {
    if (await answers(port, ca)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await ended(child);
  throw new Error('the emulator did not start; look into emulator.log');
}

const answers = (port: number, ca: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host: HOST, port, path: '/_ministack/health', ca, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}

function call(environment: Record<string, string>, service: string, operation: string, args: object): unknown {
  const { status, stdout, stderr } = spawnSync(
    join(PYTHON_ENVIRONMENT, 'bin', 'python'),
    [new URL('aws.py', import.meta.url).pathname, service, operation, JSON.stringify(args)],
    { env: environment, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`${service} ${operation}: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout);
}
