import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, interceptors, request } from 'undici';
import requestPart from 'undici/lib/api/api-request.js';
import AgentPart from 'undici/lib/dispatcher/agent.js';
import decompressPart from 'undici/lib/interceptor/decompress.js';
import { describe, expect, it } from 'vitest';
import { type Bundle, bundle } from '../../infra/bundle.ts';
import { type PlannedFunction, pipelineFunctions, upkeepFunctions } from '../../infra/functions.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { waysOut } from '../../lambdas/steps/access.ts';
import { stepFunctions } from '../../lambdas/steps/index.ts';

const registry = await loadRegistry();
const planned = [...pipelineFunctions(registry), ...upkeepFunctions(registry)];
const bundles = bundle(planned, mkdtempSync(join(tmpdir(), 'bundles-')));
const functions = planned.map((one) => {
  const built = bundles.get(one.name);
  if (built === undefined) throw new Error(`${one.name} was not bundled`);
  return [one.name, one, built] as const;
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
const limitOf = (name: string, { access }: PlannedFunction): number => {
  if (access.mail === true) return 1_200;
  if (access.secret !== undefined) return 1_020;
  // The library that writes workbooks; the settings of every collector or source, which these check; shared mail domains and public suffixes.
  return (
    { 'create-workbook': 560, 'get-integration-ids': 700, reconcile: 540, 'find-changes': 560, consolidate: 700 }[
      name
    ] ?? 500
  );
};

describe('a bundle', () => {
  it.each(functions)(
    'of %s contains the clients that its access names, and no other',
    (_, { access }, { packages }) => {
      const held = CLIENTS.map(([pkg]) => pkg).filter((pkg) => packages.has(pkg));
      expect(held).toEqual(CLIENTS.filter(([, isNamed]) => isNamed(access)).map(([pkg]) => pkg));
    },
  );

  it.each(functions)('of %s is no larger than its work requires', (name, plan, { bytes }) => {
    expect(bytes / KIBIBYTE).toBeLessThan(limitOf(name, plan));
  });

  it.each(functions)('of %s contains no search for credentials, which Lambda provides', (_, __, { packages }) => {
    const searching = (pkg: string) => /credential-provider|nested-clients|token-providers/u.test(pkg);
    expect([...packages.keys()].filter(searching)).toEqual([]);
  });

  it.each(
    stepFunctions(registry).flatMap(({ name, madeOf }) =>
      madeOf !== 'nothing' && 'collectors' in madeOf && madeOf.collectors !== 'declarations' ? [name] : [],
    ),
  )('of %s knows the collectors without their code', (name) => {
    const { source } = planned.find((one) => one.name === name) ?? { source: '' };
    expect(source).not.toMatch(/lambdas\/collectors\//u);
    expect(source).toContain('huntress');
  });

  it('starts: its module is loaded and has a handler', async () => {
    for (const name of ['create-csv', 'consolidate', 'collector-huntress', 'report-age']) {
      const { handler } = await loaded(bundles.get(name));
      expect(handler, name).toBeTypeOf('function');
    }
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
