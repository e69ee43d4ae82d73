import { GetIdentityVerificationAttributesCommand } from '@aws-sdk/client-ses';
import { SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { findingLines } from '../../../lambdas/doctor/finding.ts';
import { loadRegistry } from '../../../lambdas/registry.ts';
import { askFunctions, lookAtSes } from '../../../scripts/aws/doctor.ts';
import { lookAtAll, runDoctor } from '../../../scripts/local/doctor.ts';
import { execute } from '../../../scripts/local/engine.ts';
import { stepsOf } from '../../../scripts/local/steps.ts';
import { loadDefinition } from '../../../statemachine/definition.ts';
import { demoConfiguration, writeDemoConfiguration } from '../../sandbox/demo-configuration.ts';
import { demoMsp } from '../../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../../sandbox/registry.ts';
import { withoutRight } from '../../sandbox/rights.ts';
import { inProcess } from '../../sandbox/transport.ts';
import { START, stage } from '../../steps/stage.ts';
import { virtualClock } from '../../virtual-clock.ts';

const registry = await loadRegistry();
const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:billing-count-report-sync';

/** A real client whose answers come from here. */
function clientWith(answer: (command: unknown) => unknown): SFNClient {
  const client = new SFNClient({ region: 'eu-central-1' });
  vi.spyOn(client, 'send').mockImplementation(async (command: unknown) => answer(command));
  return client;
}

/** The demo, whose Duo application lacks a right, and Step Functions with `steps` in front of it. */
async function installation(steps = stepsOf(registry)) {
  const msp = demoMsp();
  const clock = virtualClock(START);
  const [vendors, psas] = [await loadVendors(msp, clock.now), await loadPsas(msp, clock.now)];
  const lacking = vendors.map((vendor) =>
    vendor.id === 'auvik' ? { ...vendor, handle: withoutRight(vendor, 'view of billing').handle } : vendor,
  );
  const { config, platform } = await stage({ clock, transport: inProcess([...lacking, ...psas]) });
  await writeDemoConfiguration(config, demoConfiguration(msp, vendors, psas));
  const client = clientWith(async (command) => {
    if (!(command instanceof StartSyncExecutionCommand)) throw new Error('not asked for');
    expect(command.input.stateMachineArn).toBe(MACHINE);
    const { name = '', input = '' } = command.input;
    const order = { definition: loadDefinition(), steps, platform, name, input: JSON.parse(input) };
    const execution = await execute({ ...order, pace: 'immediate' });
    return execution.status === 'succeeded'
      ? { status: 'SUCCEEDED', output: JSON.stringify(execution.output) }
      : { status: 'FAILED', error: execution.error, cause: execution.cause };
  });
  return { config, platform, client };
}

it('the functions, called by the state machine, find the same as a check on this machine', async () => {
  const { config, platform, client } = await installation();
  const there = await lookAtAll(undefined, registry, platform.objects, {
    look: (uses) => askFunctions(client, MACHINE, uses),
    ownMail: async () => [],
  });
  const here: string[] = [];
  const streams = { result: (line: string) => here.push(line), progress: () => {} };
  expect(await runDoctor({ config }, registry, platform, streams)).toBe(1);
  expect(here[0]).toMatch(/^FAIL {2}Auvik +right "view of billing" is missing; grant it at: /u);
  expect(findingLines(there)).toEqual(here.filter((line) => !line.includes('e-mail (SES)')));
});

it('a function that cannot check is a finding by itself, and does not affect the others', async () => {
  const steps = new Map(stepsOf(registry));
  steps.set('collector-duo', () => Promise.reject(new Error('no memory')));
  steps.delete('collector-cork');
  const { platform, client } = await installation(steps);
  const lines = findingLines(
    await lookAtAll(['duo', 'cork', 'huntress'], registry, platform.objects, {
      look: (uses) => askFunctions(client, MACHINE, uses),
      ownMail: async () => [],
    }),
  );
  expect(lines).toEqual([
    expect.stringMatching(/^FAIL {2}Duo +its function collector-duo cannot check: .*no memory/u),
    expect.stringMatching(/^FAIL {2}Cork +its function collector-cork cannot check: .*Function not found/u),
    expect.stringMatching(/^ok {4}Huntress +credentials accepted/u),
  ]);
});

it('no secret goes to Step Functions', async () => {
  const { platform, client } = await installation();
  await lookAtAll(['huntress'], registry, platform.objects, {
    look: (uses) => askFunctions(client, MACHINE, uses),
    ownMail: async () => [],
  });
  const secret = z.parse(z.looseObject({ apiSecret: z.string() }), await platform.secrets.read('huntress'));
  const sent = JSON.stringify(vi.mocked(client.send).mock.calls);
  expect(sent).toContain('collector-huntress');
  expect(sent).not.toContain(secret.apiSecret);
});

it('a check that could not be started is reported as an error', async () => {
  const client = clientWith(() => ({ status: 'TIMED_OUT' }));
  await expect(askFunctions(client, MACHINE, [])).rejects.toThrow(
    'the check ended with States.Timeout: it did not finish within 5 minutes; check fewer at once with --only',
  );
});

const FROM = 'reports@northwind.example';
const ses = (status: string, quota: object = { Max24HourSend: 200, SentLast24Hours: 3 }) => ({
  send: async (command: unknown) =>
    command instanceof GetIdentityVerificationAttributesCommand
      ? { VerificationAttributes: { 'northwind.example': { VerificationStatus: status } } }
      : quota,
});

it('SES is asked whether the sender is verified, and how much of the quota is left', async () => {
  expect(await lookAtSes(ses('Success'), FROM)).toEqual([
    {
      ...{ verdict: 'ok', subject: 'e-mail (SES)' },
      sentence: `SES may send as ${FROM}; 3 of 200 mails went out in the last 24 hours`,
    },
  ]);
  expect(await lookAtSes(ses('Pending'), FROM)).toMatchObject([
    { verdict: 'FAIL', sentence: `neither ${FROM} nor northwind.example is verified in SES in this region` },
  ]);
});

it('a person without the right to read SES gets a note', async () => {
  const refused = Object.assign(new Error('not authorized to perform ses:GetSendQuota'), {
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  expect(await lookAtSes({ send: () => Promise.reject(refused) }, FROM)).toMatchObject([
    { verdict: 'note', sentence: expect.stringContaining('AWS does not let you read SES (AccessDenied') },
  ]);
});
