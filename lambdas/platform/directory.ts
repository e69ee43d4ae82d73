import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, ReportError } from '../report/errors.ts';
import { systemClock } from '../wire/clock.ts';
import { directConnect } from '../wire/connect.ts';
import { directTransport } from '../wire/transport.ts';
import { jsonText, parseWrittenJson } from './json-text.ts';
import { MailRefused } from './mail-refused.ts';
import type { Mail, Objects, Platform, Secrets } from './platform.ts';
import { safeKey } from './safe-key.ts';
import { codeOf, createFile, replaceFile } from './whole-file.ts';

/** The settings of a local run; by default the real network and clock. */
export type DirectoryOptions = Pick<
  Partial<Platform>,
  'transport' | 'connect' | 'clock' | 'random' | 'progress' | 'mail'
> & {
  /**
   * The configuration directory: report.json, organizations.json, secrets/. Nothing but rotated secrets is written
   * there.
   */
  config: string;
  /** Runs are kept in `<out>/<runId>/`. */
  out: string;
};

/** Everything a step needs, on this machine, without AWS. */
export function directoryPlatform(options: DirectoryOptions): Platform {
  const objects = directoryObjects(options.config, options.out);
  return {
    objects,
    secrets: directorySecrets(join(options.config, 'secrets')),
    mail: options.mail ?? directoryMail(objects),
    transport: options.transport ?? directTransport,
    connect: options.connect ?? directConnect,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    timeZone: 'UTC',
    progress: options.progress ?? (() => {}),
  };
}

/**
 * `config/x` is `<config>/x`, read-only; `runs/<runId>/x` is `<out>/<runId>/x`; locks are next to the secrets they
 * guard. History is in `<out>/.history`, separate for each configuration: nobody is compared with the demo's size, or
 * another MSP's.
 */
export function directoryObjects(config: string, out: string): Objects {
  const whose = createHash('sha256').update(resolve(config)).digest('hex').slice(0, 16);
  const folders = { config, runs: out, history: join(out, '.history', whose) };
  const pathOf = (key: string): string => {
    const { root, rest } = safeKey(key);
    return root === 'locks'
      ? join(locksBeside(join(config, 'secrets'), rest[0] ?? ''), ...rest)
      : join(folders[root], ...rest);
  };
  const writable = (key: string): string => {
    const path = pathOf(key);
    if (safeKey(key).root !== 'config') return path;
    throw new ReportError('ConfigurationError', `refused to change ${path}: the configuration is read-only`);
  };
  return {
    read: async (key) => readIfThere(pathOf(key)),
    writtenAt: async (key) => (await ifThere(pathOf(key), stat))?.mtime.toISOString(),
    write: async (key, body) => explained(writable(key), (path) => replaceFile(path, body)),
    createOnce: async (key, body) => explained(writable(key), (path) => createFile(path, body)),
    remove: async (key) => explained(writable(key), (path) => rm(path, { force: true })),
    locate: pathOf,
  };
}

/** Two configurations that share a secret by a symbolic link share its lock. */
function locksBeside(secrets: string, integration: string): string {
  try {
    return join(dirname(realpathSync(join(secrets, `${integration}.json`))), 'locks');
  } catch {
    return join(secrets, 'locks');
  }
}

/** One file per secret, `<directory>/<integration>.json`; when we write it, only its owner can read it. */
export function directorySecrets(directory: string): Secrets {
  const pathOf = (integration: string): string => {
    const { rest } = safeKey(`config/${integration}.json`);
    return join(directory, ...rest);
  };
  return {
    async read(integration) {
      const path = pathOf(integration);
      const body = await readIfThere(path);
      return body === undefined ? undefined : parseWrittenJson(body, path);
    },
    write: async (integration, secret) =>
      explained(pathOf(integration), (path) => replaceFile(path, jsonText(secret), 0o600)),
  };
}

/** Keeps the message as a file instead of sending it; mail programs open it. Its id follows from its bytes. */
export function directoryMail(objects: Objects): Mail {
  return {
    repeatable: true,
    async send(letter, key) {
      await objects.write(key, letter.raw, 'message/rfc822').catch((error: unknown) => {
        throw new MailRefused(`the mail was not kept: ${messageOf(error)}`, error);
      });
      return { messageId: `file-${createHash('sha256').update(letter.raw).digest('hex').slice(0, 24)}` };
    },
  };
}

const readIfThere = (path: string): Promise<Uint8Array | undefined> => ifThere(path, (there) => readFile(there));

async function ifThere<T>(path: string, look: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    return await look(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw new ReportError('ConfigurationError', `cannot read ${path} (${codeOf(error)})`, { cause: error });
  }
}

/**
 * A read-only folder or a full disk is for this machine's owner to fix: no vendor is at fault. What fails while a body
 * is made is not the folder's fault, and stays as it is.
 */
async function explained<T>(path: string, write: (path: string) => Promise<T>): Promise<T> {
  try {
    return await write(path);
  } catch (error) {
    if (codeOf(error) === '') throw error;
    throw new ReportError('ConfigurationError', `cannot write ${path} (${codeOf(error)})`, { cause: error });
  }
}
