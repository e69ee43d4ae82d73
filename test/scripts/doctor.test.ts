import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { runDoctor } from '../../scripts/local/doctor.ts';
import { DOCTOR_HELP, readDoctorOptions } from '../../scripts/local/doctor-options.ts';
import { breakVendor, demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { Server } from '../sandbox/vendor.ts';
import { START, type Stage, stage } from '../steps/stage.ts';
import { virtualClock } from '../virtual-clock.ts';

const registry = await loadRegistry();
const msp = demoMsp();
const clock = virtualClock(START);

let broken: string | undefined;
let on: Stage;

beforeEach(async () => {
  broken = undefined;
  const [vendors, psas] = await Promise.all([loadVendors(msp, clock.now), loadPsas(msp, clock.now)]);
  const handle: Server['handle'] = (request) => {
    const server = [...vendors, ...psas].find(({ answers }) => answers(request.host, request.path));
    if (server === undefined) throw new Error(`nobody answers at ${request.host}`);
    return (server.id === broken ? breakVendor(server) : server).handle(request);
  };
  const all = { id: 'all', answers: () => true, handle };
  on = await stage({ clock, transport: inProcess([all]) });
  await writeDemoConfiguration(on.config, demoConfiguration(msp, vendors, psas));
});

/** What the command prints for the demo's configuration, and how it exits. */
async function doctor(only?: string[]) {
  const lines: string[] = [];
  const progress: string[] = [];
  const options = { config: on.config, quiet: false, ...(only === undefined ? {} : { only }) };
  const streams = { result: (line: string) => lines.push(line), progress: (line: string) => progress.push(line) };
  const code = await runDoctor(options, registry, on.platform, streams);
  return { code, lines, progress };
}

it('finds nothing wrong with the demo, and lists what it cannot check', async () => {
  const { code, lines, progress } = await doctor();
  expect(code).toBe(0);
  expect(lines.filter((line) => !/^(ok|note) {2}/u.test(line))).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^ok {4}Huntress +credentials accepted, .*api\.huntress\.io$/u));
  expect(lines).toContainEqual(expect.stringMatching(/^note {2}HaloPSA +not checked: nothing is delivered there/u));
  expect(lines).toContainEqual(
    expect.stringMatching(/^note {2}e-mail \(SES\) +not checked: .*reports@northwind\.example/u),
  );
  expect(progress.at(-1)).toMatch(/^(\d+) of \1: /u);
});

it('shows the vendor that refuses first, and exits with 1', async () => {
  broken = 'huntress';
  const { code, lines } = await doctor();
  expect(code).toBe(1);
  expect(lines[0]).toMatch(/^FAIL {2}Huntress +the credentials are refused/u);
  expect(lines.filter((line) => line.startsWith('FAIL'))).toHaveLength(1);
});

it('checks only the named ones', async () => {
  expect((await doctor(['duo', 'connectwise-psa'])).lines.map((line) => line.slice(6, 34).trim())).toEqual(
    expect.arrayContaining(['Duo', 'ConnectWise PSA (tickets)', 'ConnectWise PSA (agreements)']),
  );
  await expect(doctor(['duo', 'halopsa'])).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining('--only: a run does not call halopsa'),
  });
});

it('names files that a missing secret may be in', async () => {
  const secrets = join(on.config, 'secrets');
  await rename(join(secrets, 'huntress.json'), join(secrets, 'huntress.json.txt'));
  const { code, lines } = await doctor(['huntress']);
  expect(code).toBe(1);
  expect(lines[0]).toMatch(/^FAIL {2}Huntress +secrets\/huntress\.json is missing/u);
  expect(lines[1]).toMatch(/^note {2}secrets +secrets: holds huntress\.json\.txt/u);
});

it.each(['report.json', 'organizations.json'])('does not know what to check without %s', async (file) => {
  await rm(join(on.config, file));
  await expect(doctor()).rejects.toMatchObject({ name: 'ConfigurationError' });
  await writeFile(join(on.config, file), '{');
  await expect(doctor()).rejects.toMatchObject({ name: 'ConfigurationError' });
});

describe('the command line', () => {
  it('is read', () => {
    expect(readDoctorOptions(['--help'])).toBe('help');
    const args = ['--config', 'c', '--only', 'duo, pax8', '--quiet', '--sandbox', 'http://127.0.0.1:1'];
    expect(readDoctorOptions(args)).toMatchObject({ config: 'c', only: ['duo', 'pax8'], quiet: true });
  });

  it('is read for an installation in AWS, which has its configuration there', () => {
    expect(readDoctorOptions(['--aws'])).toEqual({ stack: 'BillingCountReport', quiet: false });
    const args = ['--aws', '--stack', 'Second', '--only', 'duo', '--quiet'];
    expect(readDoctorOptions(args)).toEqual({ stack: 'Second', only: ['duo'], quiet: true });
  });

  it.each([
    [[]],
    [['--config', 'c', '--only', 'duo,']],
    [['--config', 'c', '--aws']],
    [['--aws', '--sandbox', 'http://127.0.0.1:1']],
    [['--config', 'c', '--stack', 'Second']],
  ])('is refused: %j', (args) => {
    expect(() => readDoctorOptions(args)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
  });

  it.each(['--config', '--aws', '--stack', '--only', '--sandbox', '--quiet', '--help'])(
    '%s is in the help',
    (option) => {
      expect(DOCTOR_HELP).toContain(option);
    },
  );
});
