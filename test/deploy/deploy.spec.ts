import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { runDoctor } from '../../scripts/local/doctor.ts';
import { execute } from '../../scripts/local/engine.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { type RunningSandbox, startSandbox } from '../sandbox/server.ts';
import { inProcess } from '../sandbox/transport.ts';
import { bootstrap } from './bootstrap.ts';
import { cdk, type Finished, script } from './command.ts';
import { ACCOUNT, type Emulator, REGION, startEmulator } from './emulator.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { prepare } from './prepare.ts';

/*
 * The real app, deployed into an emulator by the commands of the README, with roles enforced and TLS demanded, against
 * the demo MSP's vendors. One story from the first bootstrap to the last destroy.
 */

const STACK = 'BillingCountReport';
const SENDER = 'reports@northwind.example';
const ROTATING = 'td-synnex-streamone-ion';
const STANDARD = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:billing-count-report`;

const msp = demoMsp();
let folder: string;
let config: string;
let sandbox: RunningSandbox;
let mailbox: Mailbox;
let emulator: Emulator;
let run: (name: string, ...args: string[]) => Promise<Finished>;
let deployment: (act: string, ...args: string[]) => Promise<Finished>;

beforeAll(async () => {
  const reason = prepare();
  if (reason !== undefined) throw new Error(`the deploy test cannot be run here: ${reason}`);
  folder = await mkdtemp(join(tmpdir(), 'deploy-'));
  config = join(folder, 'config');
  const [vendors, psas] = [await loadVendors(msp), await loadPsas(msp)];
  await writeDemoConfiguration(config, demoConfiguration(msp, vendors, psas));
  sandbox = await startSandbox([...vendors, ...psas]);
  mailbox = await openMailbox();
  emulator = await startEmulator(folder, Number(sandbox.url.port), mailbox.port);
  run = script(emulator.environment);
  deployment = (act, ...args) =>
    run(
      'deploy',
      act,
      '--output',
      join(folder, 'cdk.out'),
      '-c',
      `sender=${SENDER}`,
      '-c',
      'alarmEmail=noc@northwind.example',
      ...args,
    );
});

let failed = false;
afterEach(({ task }) => {
  failed ||= task.result?.state === 'fail';
});

afterAll(async () => {
  await emulator?.stop();
  await sandbox?.stop();
  mailbox?.close();
  if (failed) process.stderr.write(`What the test left behind, the emulator's log included: ${folder}\n`);
  else if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const Execution = z.object({ name: z.string(), status: z.string() });
const Executions = z.object({ executions: z.array(Execution) });

const executions = () =>
  z.parse(Executions, emulator.aws('stepfunctions', 'list_executions', { stateMachineArn: STANDARD })).executions;

async function until<T>(look: () => T | undefined, seconds: number): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`nothing came within ${seconds} seconds`);
}

const BucketList = z.object({ Buckets: z.array(z.object({ Name: z.string() })) });

const Answer = z.object({ Payload: z.string() });
const invoke = (name: string, event: object): unknown =>
  JSON.parse(
    z.parse(
      Answer,
      emulator.aws('lambda', 'invoke', {
        FunctionName: `billing-count-report-${name}`,
        Payload: JSON.stringify(event),
      }),
    ).Payload,
  );

const Secret = z.object({ SecretString: z.string() });
const secretOf = (integration: string): unknown =>
  JSON.parse(
    z.parse(
      Secret,
      emulator.aws('secretsmanager', 'get_secret_value', { SecretId: `billing-count-report/${integration}` }),
    ).SecretString,
  );

const Configuration = z.object({ Role: z.string() });
const roleNameOf = (functionName: string): string | undefined =>
  z
    .parse(Configuration, emulator.aws('lambda', 'get_function_configuration', { FunctionName: functionName }))
    .Role.split('/')
    .at(-1);

/**
 * The emulator sees neither the identity that a mail is sent by nor its address: the role's narrow right is none to it.
 */
function allowAnyMail(): void {
  emulator.aws('iam', 'put_role_policy', {
    RoleName: roleNameOf('billing-count-report-send-email-with-attachment'),
    PolicyName: 'Emulator',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'ses:SendRawEmail', Resource: '*' }],
    }),
  });
}

/**
 * The emulator's threads share a dictionary: of collectors that run at once, one now and then fails with "dictionary
 * changed size during iteration". How many run at once is not what is tested here.
 */
function collectOneByOne(): void {
  const { definition } = z.parse(
    z.looseObject({ definition: z.string() }),
    emulator.aws('stepfunctions', 'describe_state_machine', { stateMachineArn: STANDARD }),
  );
  const oneByOne = definition.replaceAll(/"MaxConcurrency":\s*\d+/gu, '"MaxConcurrency":1');
  expect(oneByOne).not.toBe(definition);
  emulator.aws('stepfunctions', 'update_state_machine', { stateMachineArn: STANDARD, definition: oneByOne });
}

const pulled = async (runId: string, file: string): Promise<Buffer> => {
  expect(await run('pull', '--run-id', runId, '--out', join(folder, 'pulled'))).toMatchObject({ code: 0 });
  return readFile(join(folder, 'pulled', runId, file));
};

const jsonFile = async (runId: string, file: string): Promise<unknown> =>
  JSON.parse((await pulled(runId, file)).toString());

describe('an installation', () => {
  it('is not made without a region', async () => {
    const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...nowhere } = emulator.environment;
    const { code, stderr } = await script(nowhere)('deploy', 'deploy');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('no AWS region is set') });
  });

  it('is not made for an unknown schedule', async () => {
    const { code, stderr } = await deployment('deploy', '-c', 'schedule=fortnightly');
    expect(code).not.toBe(0);
    expect(stderr).toContain('schedule: expected daily, weekly, monthly, or cron(');
  });

  it('cannot be pushed to before it exists', async () => {
    const { code, stderr } = await run('push', '--config', config);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`there is no stack ${STACK}`) });
  });

  it('is bootstrapped and deployed', async () => {
    const prepared = await bootstrap(cdk(emulator.environment), folder);
    expect(prepared, prepared.stderr).toMatchObject({ code: 0 });
    const deployed = await deployment('deploy', '--require-approval', 'never');
    expect(deployed, deployed.stderr).toMatchObject({ code: 0 });
    expect(deployed.stderr).toContain('collector-huntress');
    collectOneByOne();
  });
});

describe('the configuration', () => {
  it('is shown and not pushed in a dry run', async () => {
    const { code, stdout } = await run('push', '--config', config, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('create  secret billing-count-report/huntress');
    expect(stdout).toContain('Nothing was changed');
    expect(() => secretOf('huntress')).toThrow('ResourceNotFoundException');
  });

  it('is pushed, and shows no secret', async () => {
    const { code, stdout, stderr } = await run('push', '--config', config);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const secret = JSON.parse(await readFile(join(config, 'secrets', 'huntress.json'), 'utf8'));
    expect(secretOf('huntress')).toEqual(secret);
    for (const value of Object.values(secret)) expect(stdout).not.toContain(String(value));
  });

  it('is not touched when nothing changed', async () => {
    const { stdout } = await run('push', '--config', config);
    expect(stdout).toMatch(/\b0 of \d+ were changed/u);
  });
});

describe('a check', () => {
  const isPushed = (file: string): boolean => {
    const { Buckets } = z.parse(BucketList, emulator.aws('s3', 'list_buckets'));
    const bucket = Buckets.find(({ Name }) => Name.includes('reportbucket'))?.Name;
    const listed = emulator.aws('s3', 'list_objects_v2', { Bucket: bucket, Prefix: `config/${file}` });
    return z.parse(z.looseObject({ KeyCount: z.number() }), listed).KeyCount > 0;
  };
  const mailIsUnverified =
    /^FAIL {2}e-mail \(SES\) +neither reports@northwind\.example nor northwind\.example is verified/u;

  it('is made by every function with its own role and secret, and prints the same as on this machine', async () => {
    const { code, stdout, stderr } = await run('doctor', '--aws');
    const [first = '', ...lines] = stdout.trim().split('\n');
    expect({ code, first, stderr }).toMatchObject({ code: 1, first: expect.stringMatching(mailIsUnverified) });
    const { collectors } = await loadRegistry();
    for (const { name } of collectors) expect(lines).toContainEqual(expect.stringMatching(`^ok +${name} +credentials`));
    expect(lines.filter((line) => !/^(ok|note) /u.test(line))).toEqual([]);

    const here: string[] = [];
    const copy = join(folder, 'looked-at');
    await cp(config, copy, { recursive: true });
    if (!isPushed('billing.json')) await rm(join(copy, 'billing.json'));
    const servers = [...(await loadVendors(msp)), ...(await loadPsas(msp))];
    const platform = directoryPlatform({ config: copy, out: join(folder, 'out'), transport: inProcess(servers) });
    const streams = { result: (line: string) => here.push(line), progress: () => undefined };
    expect(await runDoctor({ config: copy }, await loadRegistry(), platform, streams)).toBe(0);
    // SES is looked at there alone; the columns are as wide as the names in them.
    const comparable = (all: readonly string[]) =>
      all
        .filter((line) => !line.includes('e-mail (SES)'))
        .map((line) => line.replace(/ +/gu, ' '))
        .sort();
    expect(comparable(lines)).toEqual(comparable(here));
  });

  it('shows whose secret is wrong', async () => {
    const SecretId = 'billing-count-report/huntress';
    const good = JSON.stringify(secretOf('huntress'));
    emulator.aws('secretsmanager', 'put_secret_value', { SecretId, SecretString: '{"apiKey":"x","apiSecret":"y"}' });
    const { code, stdout } = await run('doctor', '--aws', '--only', 'huntress,duo', '--quiet');
    emulator.aws('secretsmanager', 'put_secret_value', { SecretId, SecretString: good });
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^FAIL {2}Huntress +the credentials are refused/u),
      expect.stringMatching(/^ok {4}Duo +credentials accepted/u),
      '',
    ]);
  });

  it('is not a run', () => {
    expect(executions()).toEqual([]);
  });
});

describe('a run', () => {
  it('is started by hand and delivers to the PSA', async () => {
    const { code, stdout, stderr } = await run('invoke', '--run-id', 'by-hand');
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Compared with what is\s+billed\s+for \w+ \d+:\n {2}- USD a month: /u);
    expect(stdout).toMatch(/Delivery +ticket \d+, files attached/u);
    expect(executions()).toContainEqual({ name: 'by-hand', status: 'SUCCEEDED' });
  });

  it('made the same bytes as a run on this machine', async () => {
    const here = join(folder, 'here');
    await cp(config, here, { recursive: true });
    const servers = [...(await loadVendors(msp)), ...(await loadPsas(msp))];
    await execute({
      definition: loadDefinition(),
      steps: stepsOf(await loadRegistry()),
      platform: directoryPlatform({ config: here, out: join(folder, 'out'), transport: inProcess(servers) }),
      name: 'here',
      input: {},
      pace: 'immediate',
    });
    for (const file of ['report.csv', 'unmapped.csv']) {
      expect((await pulled('by-hand', file)).toString()).toBe(
        (await readFile(join(folder, 'out', 'here', file))).toString(),
      );
    }
  });

  it('kept the token that the vendor rotated, and a push does not restore the old one', async () => {
    const pushed = JSON.parse(await readFile(join(config, 'secrets', `${ROTATING}.json`), 'utf8'));
    const rotated = secretOf(ROTATING);
    expect(rotated).not.toEqual(pushed);
    const { stdout } = await run('push', '--config', config);
    expect(stdout).toContain(`keep    secret billing-count-report/${ROTATING}`);
    expect(secretOf(ROTATING)).toEqual(rotated);
  });

  it('is not started under an id in use', async () => {
    const { code, stderr } = await run('invoke', '--run-id', 'by-hand');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('by-hand is in use') });
    expect(executions()).toHaveLength(1);
  });

  it('is repeated on request, and makes no second ticket', async () => {
    const ticket = z.object({ delivery: z.object({ ticketId: z.string() }) });
    const first = z.parse(ticket, await jsonFile('by-hand', 'result.json'));
    const { code, stdout } = await run('invoke', '--run-id', 'by-hand', '--repeat', '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain(`ticket ${first.delivery.ticketId},`);
  });

  it('is refused for another organization, with a message', async () => {
    const { code, stdout } = await run('invoke', '--organization', 'contoso', '--quiet');
    expect(code).toBe(1);
    expect(stdout).toMatch(/only the managing\s+organization/u);
  });

  it('can be called and waited for: the rows come back', async () => {
    const { code, stdout, stderr } = await run(
      'invoke',
      '--sync',
      '--run-id',
      'called',
      '--deliver',
      'return',
      '--json',
    );
    expect(code, stdout + stderr).toBe(0);
    const output = z.parse(
      z.object({
        success: z.literal(true),
        data: z.nullable(z.array(z.unknown())),
        report: z.object({ csv: z.string() }),
      }),
      JSON.parse(stdout),
    );
    expect(output).toEqual(expect.objectContaining({ success: true }));
    expect((await pulled('called', 'report.csv')).toString()).toBe((await pulled('by-hand', 'report.csv')).toString());
    expect(output.report.csv).toMatch(/^s3:\/\/.+\/runs\/called\/report\.csv$/u);
  });

  it('is sent by e-mail, once the sender is verified', async () => {
    allowAnyMail();
    const refused = await run('invoke', '--run-id', 'mailed', '--deliver', 'email', '--quiet');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/is\s+not\s+verified\s+in\s+SES/u) });
    emulator.aws('ses', 'verify_email_identity', { EmailAddress: SENDER });
    const sent = await run('invoke', '--run-id', 'mailed', '--repeat', '--deliver', 'email', '--quiet');
    expect(sent.code, sent.stdout).toBe(0);

    const mail = await simpleParser(await until(() => mailbox.messages.at(0), 30));
    expect(mail.from?.text).toBe(SENDER);
    expect(mail.subject).toMatch(/^Billing Reconciliation - \w+ \d{4}$/u);
    const attached = mail.attachments.find(({ filename }) => filename === 'report.csv');
    expect(attached?.content).toEqual(await pulled('mailed', 'report.csv'));
  });
});

describe('the schedules', () => {
  const scheduledAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000).toISOString().replace('.000Z', 'Z');
  const runId = scheduledAt.replace(/[-:]/gu, '');

  /**
   * The emulator knows no placeholder for the scheduled time, so it is put in here, and the schedule calls every
   * minute.
   */
  function due(name: string): void {
    const listed = z.parse(
      z.looseObject({ Target: z.looseObject({ Input: z.string() }), FlexibleTimeWindow: z.unknown() }),
      emulator.aws('scheduler', 'get_schedule', { Name: name }),
    );
    expect(listed.Target.Input).toContain('<aws.scheduler.scheduled-time>');
    emulator.aws('scheduler', 'update_schedule', {
      Name: name,
      FlexibleTimeWindow: listed.FlexibleTimeWindow,
      ScheduleExpression: 'rate(1 minute)',
      Target: { ...listed.Target, Input: listed.Target.Input.replace('<aws.scheduler.scheduled-time>', scheduledAt) },
    });
  }

  const finished = (name: string) => () =>
    executions().find((execution) => execution.name === name && execution.status !== 'RUNNING');

  it('start the run, named by the scheduled time', async () => {
    due('billing-count-report-report');
    expect(await until(finished(runId), 200)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await jsonFile(runId, 'run.json')).toMatchObject({ runId });
  });

  it('start it once if they call twice', () => {
    expect(invoke('start-run', { purpose: 'report', scheduledAt })).toEqual({ runId, started: false });
  });

  it('keep rotating credentials alive', async () => {
    const before = z.parse(z.looseObject({ refreshToken: z.string() }), secretOf(ROTATING));
    // A week later the access token, which is kept while it is good, has ended.
    const { accessToken: _, accessTokenExpiresAt: __, ...aWeekLater } = before;
    emulator.aws('secretsmanager', 'put_secret_value', {
      SecretId: `billing-count-report/${ROTATING}`,
      SecretString: JSON.stringify(aWeekLater),
    });
    due('billing-count-report-keep-alive');
    expect(await until(finished(`keep-alive-${runId}`), 200)).toMatchObject({ status: 'SUCCEEDED' });
    expect(secretOf(ROTATING)).not.toMatchObject({ refreshToken: before.refreshToken });
    const { integrations } = z.parse(
      z.object({ integrations: z.array(z.object({ integration: z.string(), status: z.string() })) }),
      await jsonFile(`keep-alive-${runId}`, 'report.json'),
    );
    const { collectors } = await loadRegistry();
    const kept = collectors.filter(({ credentials }) => credentials !== undefined).map(({ id }) => id);
    expect(
      integrations.filter(({ status }) => status !== 'not-installed').map(({ integration }) => integration),
    ).toEqual(kept);
  });

  it('measure the age of the last report', () => {
    expect(invoke('report-age', {})).toEqual({ hours: expect.closeTo(0, 0) });
  });
});

describe('the roles', () => {
  it('are enforced: a collector with the rights of another reads nothing', async () => {
    const [duo, huntress] = ['duo', 'huntress'].map((id) => roleNameOf(`billing-count-report-collector-${id}`));
    const theirs = z.parse(
      z.object({ PolicyDocument: z.unknown() }),
      emulator.aws('iam', 'get_role_policy', { RoleName: huntress, PolicyName: 'Access' }),
    );
    emulator.aws('iam', 'put_role_policy', {
      RoleName: duo,
      PolicyName: 'Access',
      PolicyDocument: JSON.stringify(theirs.PolicyDocument),
    });
    const only = ['--only', 'duo,huntress', '--deliver', 'none', '--quiet'];
    expect((await run('doctor', '--aws', '--only', 'duo,huntress', '--quiet')).stdout).toMatch(
      /^FAIL {2}Duo +cannot read the secret .*AccessDenied/u,
    );
    await run('invoke', '--run-id', 'wrong-role', ...only);
    expect(await jsonFile('wrong-role', 'report.json')).toMatchObject({
      integrations: expect.arrayContaining([
        expect.objectContaining({ integration: 'duo', status: 'failed', message: expect.stringContaining('may not') }),
        expect.objectContaining({ integration: 'huntress', status: 'collected' }),
      ]),
    });
  });
});

describe('its end', () => {
  it('takes everything but the bucket', async () => {
    const { code, stderr } = await deployment('destroy', '--force');
    expect(code, stderr).toBe(0);
    expect(emulator.aws('lambda', 'list_functions')).toMatchObject({ Functions: [] });
    const { Buckets } = z.parse(BucketList, emulator.aws('s3', 'list_buckets'));
    const bucket = Buckets.find(({ Name }) => Name.includes('reportbucket'))?.Name;
    expect(emulator.aws('s3', 'list_objects_v2', { Bucket: bucket, Prefix: 'runs/by-hand/report.csv' })).toMatchObject({
      KeyCount: 1,
    });
  });
});
