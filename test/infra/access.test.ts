import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { pipelineFunctions } from '../../infra/functions.ts';
import { MAIL_SERVICES } from '../../lambdas/configuration/delivery.ts';
import { Examined } from '../../lambdas/doctor/finding.ts';
import { installedUses } from '../../lambdas/doctor/uses.ts';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import type { Platform, Step } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { type Access, waysOut } from '../../lambdas/steps/access.ts';
import { execute } from '../../scripts/local/engine.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { wholeConfiguration } from '../../scripts/local/whole-configuration.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { inProcess } from '../sandbox/transport.ts';

/*
 * The whole demo run, each step confined to what the role of its function allows. What a role lacks fails here and not
 * in somebody's account at the end of the month.
 */

const registry = await loadRegistry();
const msp = demoMsp();
const access = new Map(pipelineFunctions(registry).map((planned) => [planned.name, planned.access]));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'));
  await writeDemoConfiguration(
    join(folder, 'config'),
    demoConfiguration(msp, await loadVendors(msp), await loadPsas(msp)),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Those that a deployment with every service of mail lets its one function read. */
const mailSecrets = MAIL_SERVICES.filter((service) => service !== 'ses').map(String);

/** What an S3 resource pattern matches: a star is anything, including slashes. */
const matches = (pattern: string, key: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '[.]').replaceAll('*', '.*')}$`, 'u').test(key);

function confined(name: string, platform: Platform, allowed: Access, refused: string[]): Platform {
  const touch = (act: 'read' | 'write' | 'remove', key: string): void => {
    if (allowed[act]?.some((pattern) => matches(pattern, key)) !== true) refuse(`${act} ${key}`);
  };
  const refuse = (what: string): never => {
    refused.push(`${name}: ${what}`);
    throw new Error(`AccessDenied: ${name} may not ${what}`);
  };
  const { objects, secrets, mail, transport, connect } = platform;
  return {
    ...platform,
    objects: {
      ...objects,
      async read(key) {
        touch('read', key);
        return objects.read(key);
      },
      async write(key, ...rest) {
        touch('write', key);
        return objects.write(key, ...rest);
      },
      async createOnce(key, body) {
        touch('write', key);
        // One that meets another's claim looks whose it is.
        touch('read', key);
        return objects.createOnce(key, body);
      },
      async remove(key) {
        touch('remove', key);
        return objects.remove(key);
      },
    },
    secrets: {
      read: async (integration) =>
        allowed.secret?.integration === integration || (allowed.mail === true && mailSecrets.includes(integration))
          ? secrets.read(integration)
          : refuse(`read the secret of ${integration}`),
      write: async (integration, secret) =>
        allowed.secret?.integration === integration && allowed.secret.rotate
          ? secrets.write(integration, secret)
          : refuse(`write the secret of ${integration}`),
    },
    mail: {
      send: async (letter, key) => (allowed.mail === true ? mail.send(letter, key) : refuse('send mail')),
    },
    // Its bundle holds no more than this.
    transport: async (wire, signal) =>
      waysOut(allowed).includes('transport') ? transport(wire, signal) : refuse(`call ${wire.url.host}`),
    connect: async (...to) => (waysOut(allowed).includes('connect') ? connect(...to) : refuse(`connect to ${to[0]}`)),
  };
}

async function run(name: string, input: Parameters<typeof execute>[0]['input'], instead: Partial<Platform> = {}) {
  const refused: string[] = [];
  const steps = new Map(
    [...stepsOf(registry)].map(([function_, step]): [string, Step] => {
      const allowed = access.get(function_);
      if (allowed === undefined) throw new Error(`${function_} has no role`);
      return [
        function_,
        (value, platform, invocation) => step(value, confined(function_, platform, allowed, refused), invocation),
      ];
    }),
  );
  const servers = [...(await loadVendors(msp)), ...(await loadPsas(msp))];
  const execution = await execute({
    definition: loadDefinition(),
    steps,
    platform: {
      ...directoryPlatform({
        config: join(folder, 'config'),
        out: join(folder, 'out'),
        transport: inProcess(servers),
      }),
      ...instead,
    },
    name,
    input,
    pace: 'immediate',
  });
  return { execution, refused };
}

describe('each step within its role', () => {
  it('makes the report and delivers it to the PSA, and delivers it again', async () => {
    const first = await run('confined', { deliver: 'psa' });
    expect(first.refused).toEqual([]);
    expect(first.execution.status).toBe('succeeded');
    const again = await run('confined', { deliver: 'psa' });
    expect(again.refused).toEqual([]);
    expect(again.execution.status).toBe('succeeded');
  });

  it('sends it by e-mail', async () => {
    const { execution, refused } = await run('confined', { deliver: 'email' });
    expect(refused).toEqual([]);
    expect(execution.status).toBe('succeeded');
  });

  it('releases a mail that was refused, so that the next attempt sends it', async () => {
    const refusing = { send: () => Promise.reject(new MailRefused('the sender is not verified', undefined)) };
    const first = await run('refused-mail', { deliver: 'email' }, { mail: refusing });
    expect(first.refused).toEqual([]);
    expect(first.execution.status).toBe('failed');
    expect((await run('refused-mail', { deliver: 'email' })).execution.status).toBe('succeeded');
  });

  it('checks whether it could do its work', async () => {
    const { objects } = directoryPlatform({ config: join(folder, 'config'), out: join(folder, 'out') });
    const { uses } = installedUses(registry, await wholeConfiguration(registry, objects));
    expect(uses.length).toBeGreaterThan(registry.collectors.length);
    const check = uses.map((use) => JSON.parse(JSON.stringify({ function: use.function, check: use.check })));
    const { execution, refused } = await run('checked', { check });
    expect(refused).toEqual([]);
    const answers = z.parse(z.array(Examined), execution.status === 'succeeded' ? execution.output : execution);
    expect(answers.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict === 'FAIL')).toEqual([]);
  });

  it('logs a run that was refused at its start', async () => {
    const { execution, refused } = await run('refused', { deliver: 'pigeon' });
    expect(refused).toEqual([]);
    expect(execution).toMatchObject({ status: 'failed', error: 'ConfigurationError' });
  });
});
