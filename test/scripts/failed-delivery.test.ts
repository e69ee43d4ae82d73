import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import type { Mail } from '../../lambdas/platform/platform.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { execute } from '../../scripts/local/engine.ts';
import { stepsOf } from '../../scripts/local/steps.ts';
import { loadDefinition } from '../../statemachine/definition.ts';
import { breakVendor, demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { nameInRun, type SandboxPsa } from '../sandbox/psa.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { inProcess } from '../sandbox/transport.ts';

const msp = demoMsp();
const steps = stepsOf(await loadRegistry());
const psas = await loadPsas<SandboxPsa>(msp);
const vendors = await loadVendors(msp);
const PSA = 'connectwise-psa';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failed-delivery-'));
  await writeDemoConfiguration(join(folder, 'config'), demoConfiguration(msp, vendors, psas));
});
afterAll(() => rm(folder, { recursive: true }));

/** One run of two vendors, by the real definition; `asked` are the hosts that were called. */
async function run(name: string, deliver: string, options: { mail?: Mail; broken?: string } = {}) {
  const asked: string[] = [];
  const servers = [...vendors, ...psas].map((server) => (server.id === options.broken ? breakVendor(server) : server));
  const transport = inProcess(servers, { after: ({ host }) => asked.push(host) });
  const out = join(folder, 'out');
  const execution = await execute({
    definition: loadDefinition(),
    steps,
    platform: directoryPlatform({
      config: join(folder, 'config'),
      out,
      transport,
      ...(options.mail === undefined ? {} : { mail: options.mail }),
    }),
    name,
    input: { runId: name, deliver, only: ['huntress', 'duo'] },
    pace: 'immediate',
  });
  const output = execution.status === 'succeeded' ? execution.output : undefined;
  return { output, asked, file: (which: string) => readFile(join(out, name, which)) };
}

test('a mail that was refused is sent by the same run id later, with the files that were made and without collecting', async () => {
  const letters: Uint8Array[] = [];
  const box = { refuses: true };
  const mail: Mail = {
    async send({ raw }) {
      if (box.refuses) throw new MailRefused('the mail was not sent: the sender is not verified');
      letters.push(raw);
      return { messageId: 'm-1' };
    },
  };
  const failed = await run('mailed', 'email', { mail });
  const result = JSON.parse((await failed.file('result.json')).toString());
  expect(result).toMatchObject({ success: false, error: 'DeliveryError', report: { csv: expect.any(String) } });
  expect(result.automationLog.warnings.join()).toContain('npm run report -- --run-id mailed');
  const csv = await failed.file('report.csv');
  expect(failed.asked.length).toBeGreaterThan(0);

  box.refuses = false;
  const again = await run('mailed', 'email', { mail });
  expect(again.output).toMatchObject({ success: true, delivery: { status: 'delivered', messageId: 'm-1' } });
  expect(again.asked).toEqual([]);
  const { attachments } = await simpleParser(Buffer.from(letters[0] ?? []));
  expect(attachments.find(({ filename }) => filename === 'report.csv')?.content.equals(csv)).toBe(true);
  expect(letters).toHaveLength(1);
});

test('a ticket that was refused is made by the same run id later, or the report goes another way', async () => {
  const failed = await run('ticketed', 'psa', { broken: PSA });
  const result = JSON.parse((await failed.file('result.json')).toString());
  expect(result).toMatchObject({ success: false, error: 'VendorAuthError', delivery: { status: 'not-delivered' } });
  const csv = await failed.file('report.csv');

  const again = await run('ticketed', 'psa');
  expect(again.output).toMatchObject({ success: true, delivery: { status: 'delivered', attached: true } });
  expect(new Set(again.asked)).toEqual(new Set(['api-na.myconnectwise.net']));
  const tickets = psas.flatMap((psa) => psa.tickets());
  expect(tickets).toHaveLength(1);
  const attached = tickets[0]?.attachments.find(({ name }) => nameInRun(name) === 'report.csv');
  expect(csv.equals(attached?.bytes ?? new Uint8Array())).toBe(true);

  const otherwise = await run('ticketed', 'email');
  expect(otherwise.output).toMatchObject({ success: true, delivery: { mechanism: 'email', status: 'delivered' } });
  expect(otherwise.asked).toEqual([]);
});

test('without a delivery the report is made, with a warning that it was not delivered', async () => {
  const { output, file } = await run('kept', 'none');
  expect(output).toMatchObject({ success: true, delivery: { mechanism: 'none', status: 'not-delivered' } });
  const log = JSON.parse((await file('automation-log.json')).toString());
  expect(log).toMatchObject({ status_code: 1001, succeeded: true });
  expect(log.warnings).toContain('the report was made but not delivered: no delivery is chosen');
  expect((await file('report.csv')).length).toBeGreaterThan(0);

  const returned = await run('returned', 'return');
  expect(returned.output).toMatchObject({ success: true, delivery: { mechanism: 'return', status: 'delivered' } });
});
