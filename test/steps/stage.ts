import { mkdtempSync, writeFileSync } from 'node:fs';
import { mkdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Fact, Piece } from '../../lambdas/counting/facts.ts';
import { guid } from '../../lambdas/counting/ids.ts';
import type { RunContext } from '../../lambdas/counting/run-context.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { type DirectoryOptions, directoryPlatform } from '../../lambdas/platform/directory.ts';
import type { Invocation, Platform, Step } from '../../lambdas/platform/platform.ts';
import type { Run } from '../../lambdas/run/input.ts';
import { knownIn } from '../../lambdas/run/known.ts';
import { headers } from '../../lambdas/wire/auth.ts';
import { number, text } from '../columns.ts';
import { count, customer } from '../facts.ts';
import { collector } from '../free-collector.ts';
import { virtualClock } from '../virtual-clock.ts';

/** A configuration and an output folder of their own, and the platform over them. */
export type Stage = {
  config: string;
  out: string;
  platform: Platform;
  /** Writes a file of the configuration. */
  configure(name: string, value: unknown): void;
  /** The parsed file of the run; undefined when there is none. */
  json(key: string): Promise<unknown>;
  text(key: string): Promise<string>;
  /** Puts another report.json in the place of the run's. It is dated so that every other file is older for certain. */
  replaceReport(value: unknown): Promise<void>;
  play(step: Step, input: unknown, invocation?: Partial<Invocation>): Promise<unknown>;
};

export const START = Date.UTC(2026, 10, 22, 6, 30);

export async function stage(options: Partial<DirectoryOptions> = {}): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'billing-count-'));
  const config = join(root, 'config');
  const out = join(root, 'out');
  await mkdir(join(config, 'secrets'), { recursive: true });
  const platform = directoryPlatform({
    config,
    out,
    clock: virtualClock(START),
    random: () => 0.5,
    transport: () => Promise.reject(new Error('no wire in this test')),
    ...options,
  });
  const text = async (key: string): Promise<string> => {
    const body = await platform.objects.read(key);
    if (body === undefined) throw new Error(`there is no ${key}`);
    return Buffer.from(body).toString('utf8');
  };
  return {
    config,
    out,
    platform,
    configure: (name, value) => {
      const body = typeof value === 'string' ? value : JSON.stringify(value);
      writeFileSync(join(config, name), body);
    },
    json: async (key) => {
      const body = await platform.objects.read(key);
      return body === undefined ? undefined : JSON.parse(Buffer.from(body).toString('utf8'));
    },
    text,
    replaceReport: async (value) => {
      await platform.objects.write('runs/r1/report.json', JSON.stringify(value), 'application/json');
      // Two files of one tick of the file system's clock would be as new as each other.
      const later = new Date(Date.now() + 10_000);
      await utimes(join(out, 'r1', 'report.json'), later, later);
    },
    // As between states: JSON in, JSON out.
    play: async (step, input, invocation) => {
      const deadline = invocation?.deadline ?? platform.clock.now() + 880_000;
      const answer = await step(JSON.parse(JSON.stringify(input)), platform, { deadline });
      return JSON.parse(JSON.stringify(answer));
    },
  };
}

export const RUN: Run = {
  runId: 'r1',
  asOf: '2026-11-22T06:30:00Z',
  mechanism: 'return',
  psa: null,
  only: null,
  since: null,
  timeZone: 'UTC',
  units: 'named',
};

export const REPORT_JSON = {
  managingOrganization: { id: 'northwind-msp', name: 'Northwind MSP' },
  integrations: { acme: {}, zenith: {} },
  delivery: {
    mechanism: 'return',
    email: { from: 'reports@northwind.example', recipients: ['billing@northwind.example', 'owner@northwind.example'] },
  },
};

export const CONTOSO = '0b8f3a52-4c1d-4f7e-9a51-1f2e3d4c5b6a';

export const ORGANIZATIONS_JSON = {
  organizations: [
    { id: 'contoso', name: 'Contoso Ltd', integrationIds: { acme: '11', zenith: CONTOSO } },
    { id: 'fabrikam', name: 'Fabrikam', integrationIds: { acme: ['12', 13] } },
    { id: 'gone', name: 'Gone Co', enabled: false, integrationIds: { acme: '99' } },
  ],
};

/** A vendor that exists here alone; `collect` is what its collector does. */
export const acme = (
  collect: (api: VendorApi, context: RunContext) => AsyncIterable<Fact | Piece> = counting,
  id = 'acme',
): Collector =>
  collector({
    id,
    name: 'Acme',
    position: 1,
    customerId: { name: 'customer number', schema: z.string() },
    secret: z.strictObject({ apiKey: z.string(), hint: z.optional(z.string()) }),
    configuration: z.strictObject({ region: z._default(z.enum(['us', 'eu']), 'eu') }),
    columns: [number('Acme Agents', 'all agents'), text('Acme Edition', 'the edition')],
    setup: { create: 'a key', rights: 'read' },
    api: ({ apiKey }) => ({
      name: 'Acme',
      base: 'https://api.acme.example',
      auth: headers({ 'x-api-key': apiKey }),
      limit: { concurrency: 2 },
    }),
    collect: (api, _, context) => collect(api, context),
  });

/** Another one, whose customer ids are guids. */
export const zenith = (
  collect: (api: VendorApi, context: RunContext) => AsyncIterable<Fact | Piece> = async function* () {
    yield customer(CONTOSO, 'Contoso');
    yield count(CONTOSO, 'Zenith Seats', 7);
  },
): Collector =>
  collector({
    id: 'zenith',
    name: 'Zenith',
    position: 2,
    customerId: { name: 'tenant id', schema: guid },
    secret: z.strictObject({ token: z.string() }),
    configuration: z.strictObject({}),
    columns: [number('Zenith Seats', 'all seats')],
    setup: { create: 'a token', rights: 'read' },
    api: ({ token }) => ({
      name: 'Zenith',
      base: 'https://api.zenith.example',
      auth: headers({ authorization: token }),
      limit: { concurrency: 1 },
    }),
    collect: (api, _, context) => collect(api, context),
  });

export async function* counting(): AsyncGenerator<Fact> {
  yield customer('11', 'Contoso');
  yield customer('12', 'Fabrikam');
  yield customer('13', 'Fabrikam Labs');
  yield customer('14', 'Nobody Knows');
  yield count('11', 'Acme Agents', 5);
  yield count('12', 'Acme Agents', 3);
  yield count('14', 'Acme Agents', 2);
}

export const KNOWN = knownIn({ collectors: [acme(), zenith()], psas: [{ id: 'desk' }], sources: [] });
