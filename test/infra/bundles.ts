import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, interceptors, request } from 'undici';
import requestPart from 'undici/lib/api/api-request.js';
import AgentPart from 'undici/lib/dispatcher/agent.js';
import decompressPart from 'undici/lib/interceptor/decompress.js';
import { describe, expect, it } from 'vitest';
import type { Bundle } from '../../infra/bundle.ts';
import { type PlannedFunction, pipelineFunctions, upkeepFunctions } from '../../infra/functions.ts';
import { waysOut } from '../../lambdas/steps/access.ts';
import { stepFunctions } from '../../lambdas/steps/index.ts';
import { bundles, registry } from './synthesized.ts';

const planned = [...pipelineFunctions(registry), ...upkeepFunctions(registry)];
const functions = planned.map((plan) => {
  const built = bundles.get(plan.name);
  if (built === undefined) throw new Error(`${plan.name} was not bundled`);
  return [plan.name, plan, built] as const;
});

/** What a function holds for each thing that it may reach. */
const CLIENTS: readonly [pkg: string, isNamed: (of: PlannedFunction['access']) => boolean][] = [
  ['@aws-sdk/client-s3', (of) => waysOut(of).includes('objects')],
  ['@aws-sdk/client-secrets-manager', (of) => waysOut(of).includes('secrets')],
  ['@aws-sdk/client-ses', (of) => waysOut(of).includes('mail')],
  ['@aws-sdk/client-sfn', ({ runs }) => runs !== undefined],
  ['undici', (of) => waysOut(of).includes('transport')],
  ['nodemailer', (of) => waysOut(of).includes('connect')],
];

const KIBIBYTE = 1024;
/** What is loaded when a function starts: undici is half of what those hold that call somebody at once. */
const limitOf = (ways: readonly string[], { mail }: PlannedFunction['access']): number =>
  ways.includes('transport') && mail !== true ? 1_020 : 500;

describe('a bundle', () => {
  it.each(functions)(
    'of %s contains the clients that its access names, and no other',
    (_, { access }, { packages }) => {
      const held = CLIENTS.map(([pkg]) => pkg).filter((pkg) => packages.has(pkg));
      expect(held).toEqual(CLIENTS.filter(([, isNamed]) => isNamed(access)).map(([pkg]) => pkg));
    },
  );

  it.each(functions)('of %s is no larger than its work requires', (_, { access }, { bytes }) => {
    expect(bytes / KIBIBYTE).toBeLessThan(limitOf(waysOut(access), access));
  });

  it.each(functions)('of %s contains no search for credentials, which Lambda provides', (_, __, { packages }) => {
    const searching = (pkg: string) => /credential-provider|nested-clients|token-providers/u.test(pkg);
    expect([...packages.keys()].filter(searching)).toEqual([]);
  });

  it.each(
    stepFunctions(registry).flatMap(({ name, madeOf }) =>
      madeOf !== 'nothing' && 'collectors' in madeOf ? [[name, madeOf.collectors]] : [],
    ),
  )('of %s knows the collectors (%s), and starts without their code', (name, knowledge) => {
    const { source } = planned.find((plan) => plan.name === name) ?? { source: '' };
    expect(source).not.toMatch(/ from "[^"]*lambdas\/collectors\//u);
    expect(source.includes('lambdas/collectors/')).toBe(knowledge === 'settings');
    expect(source).toContain('huntress');
  });

  it('starts: its module is loaded and has a handler', async () => {
    for (const name of ['create-csv', 'consolidate', 'collector-huntress', 'report-age']) {
      const { handler } = await loaded(bundles.get(name));
      expect(handler, name).toBeTypeOf('function');
    }
  });

  it.each([...bundles].filter(([, { laterBytes }]) => laterBytes > 0))(
    'of %s has next to it what it loads only when it needs it',
    (_, { directory }) => {
      const parts = readdirSync(directory).filter((file) => file !== 'index.mjs');
      const importing = parts.map((file) => `await import(${JSON.stringify(join(directory, file))});`).join('');
      const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', importing], {
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    60_000,
  );

  it('waits for what is needed by some runs alone: mail domains, the mail library, undici for mail, settings, CSV', () => {
    const waiting = functions.filter(([, , { laterBytes }]) => laterBytes > 0).map(([name]) => name);
    expect(waiting).toEqual(['get-integration-ids', 'consolidate', 'send-email-with-attachment']);
  });

  it('holds of a client of AWS only the operations that it calls', () => {
    const held = readFileSync(join(bundles.get('create-csv')?.directory ?? '', 'index.mjs'), 'utf8');
    expect(held).toContain('x-id=GetObject"');
    expect(held).not.toMatch(/x-id=(ListBuckets|GetObjectAttributes)/u);
  });
});

async function loaded(built: Bundle | undefined): Promise<{ handler?: unknown }> {
  const before = { ...process.env };
  Object.assign(process.env, { REPORT_BUCKET: 'a-bucket', AWS_REGION: 'eu-central-1', STATE_MACHINE_ARN: 'arn:aws:x' });
  try {
    return await import(join(built?.directory ?? '', 'index.mjs'));
  } finally {
    process.env = before;
  }
}

it('the parts of undici that are bundled are those of its entry', () => {
  expect(AgentPart).toBe(Agent);
  expect(decompressPart).toBe(interceptors.decompress);
  // The entry's own takes a URL and finds a dispatcher; both are given here.
  expect([request.name, requestPart.name]).toEqual(['', 'request']);
});
