import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endOf } from '../../scripts/local/command.ts';
import { report } from '../../scripts/local/report.ts';
import { start } from '../../scripts/local/start.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { type RunningSandbox, startSandbox } from '../sandbox/server.ts';
import type { Server } from '../sandbox/vendor.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Runs a command as npm does: the Node that came with the installation, nothing in between. */
function launch(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [join('scripts', script), ...args], { cwd: ROOT });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { child, ended: ended.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code })) };
}
const run = (script: string, ...args: string[]) => launch(script, ...args).ended;

/**
 * The same within this process, which has loaded it all already. Each command is launched for itself once or twice as
 * well.
 */
async function here(main: (args: readonly string[]) => Promise<number>, ...args: string[]) {
  const output = { stdout: '', stderr: '' };
  const hear = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      output[stream] += String(chunk);
      return true;
    });
  const heard = [hear('stdout'), hear('stderr')];
  try {
    const code = await endOf(() => main(args));
    return { ...output, code };
  } finally {
    for (const spy of heard) spy.mockRestore();
  }
}

let folder: string;
let out: string;
let config: string;
let sandbox: RunningSandbox;
/** Integrations that were asked anything, in order. */
const asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commands-'));
  out = join(folder, 'out');
  config = join(folder, 'config');
  const msp = demoMsp();
  const [vendors, psas] = await Promise.all([loadVendors(msp), loadPsas(msp)]);
  await writeDemoConfiguration(config, demoConfiguration(msp, vendors, psas));
  const watched = [...vendors, ...psas].map(
    (server): Server => ({
      id: server.id,
      answers: server.answers,
      handle: (request) => {
        asked.push(server.id);
        return server.handle(request);
      },
    }),
  );
  sandbox = await startSandbox(watched);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

const withSandbox = (...args: string[]) => ['--config', config, '--out', out, '--sandbox', sandbox.url.origin, ...args];
const launched = (...args: string[]) => run('report.ts', ...withSandbox(...args));
const reported = (...args: string[]) => here(report, ...withSandbox(...args));

describe('npm start', () => {
  it('makes the report of the demo and delivers it, progress on stderr, the result on stdout', async () => {
    const { stdout, stderr, code } = await run('start.ts', '--out', out, '--run-id', 'demo');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^Huntress: collected, \d+ customers$/mu),
    });
    expect(stdout).toMatch(/Delivery +ticket \d+, files attached/u);
    expect(await readdir(join(out, 'demo'))).toEqual(
      expect.arrayContaining([
        'automation-log.json',
        'collections',
        'report.csv',
        'report.json',
        'result.json',
        'unmapped.csv',
      ]),
    );
  });

  it('--month next shows what changed since the last report, and nothing changed within a month', async () => {
    const months = join(folder, 'months');
    const changed = async (runId: string, ...args: string[]) => {
      const { code } = await here(start, '--out', months, '--run-id', runId, '--quiet', ...args);
      expect(code).toBe(0);
      return (await readFile(join(months, runId, 'changes.csv'), 'utf8')).trim().split('\r\n').slice(1);
    };
    expect(await changed('first')).toEqual([]);
    const changes = await changed('next', '--month', 'next');
    expect(changes).toContainEqual(
      expect.stringMatching(/^Hazelwood Accounting,NinjaOne,.*\(to Hazelwood Accounting Group\)/u),
    );
    expect(await changed('again', '--month', 'next')).toEqual([]);
  });

  it('--break shows what a refusing vendor does: its cells are blank, the rest arrives', async () => {
    const { stdout, stderr, code } = await here(start, '--out', out, '--run-id', 'broken', '--break', 'duo', '--quiet');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✗ Duo +- +0 +[1-9]/mu);
    expect(stdout).toContain('  - Duo refuses these credentials or does not let them read this');
    expect(await readFile(join(out, 'broken', 'report.csv'), 'utf8')).toContain('Duo: failed (VendorAuthError)');
  });

  it('does not wait for the lock that a killed demo left behind', async () => {
    const stale = join(out, 'demo-config', 'secrets', 'locks', 'td-synnex-streamone-ion');
    await mkdir(stale, { recursive: true });
    const { default: ion } = await import('../sandbox/vendor-apis/td-synnex-streamone-ion.ts');
    const fingerprint = createHash('sha256')
      .update(String(ion(demoMsp()).secret.refreshToken))
      .digest('hex');
    const ticket = { owner: 'run killed', since: '2026-11-22T06:30:00Z', expires: '2999-01-01T00:00:00Z' };
    await writeFile(join(stale, `${fingerprint.slice(0, 32)}-1.json`), JSON.stringify(ticket));
    const only = ['--only', 'td-synnex-streamone-ion', '--deliver', 'none', '--quiet'];
    expect(await here(start, '--out', out, '--run-id', 'after-kill', ...only)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ TD SYNNEX StreamOne ION/mu),
    });
  });

  it('--break of every installed vendor makes the run fail, with a message', async () => {
    const { stdout, code } = await here(start, '--out', out, '--only', 'duo', '--break', 'duo', '--quiet');
    expect(code).toBe(1);
    expect(stdout).toMatch(/Failed +every installed integration failed/u);
    expect(stdout).toMatch(/Delivery +NOT done \(psa\)/u);
  });
});

describe('npm run report', () => {
  it('exits with 2 and one message if it was called wrongly', async () => {
    const { stdout, stderr, code } = await launched('--colour');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^[^\n]*--colour[^\n]*\n/u);
    expect(stderr).not.toContain('    at ');
  });

  it('repeated under one id delivers the existing report: same bytes, no second ticket, no vendor called', async () => {
    const first = await reported('--run-id', 'twice');
    const made = await readFile(join(out, 'twice', 'report.csv'));
    asked.length = 0;
    const second = await reported('--run-id', 'twice');
    expect([first.code, second.code]).toEqual([0, 0]);
    const note = /Note +run twice was made before, as of .*(?=Delivery)/su;
    expect(second.stdout).toMatch(note);
    const withoutTimes = first.stdout.replaceAll(/ +(?:Time|[\d.]+ s)$/gmu, '');
    expect(second.stdout.replace(note, '')).toBe(withoutTimes);
    expect(await readFile(join(out, 'twice', 'report.csv'))).toEqual(made);
    expect(asked.filter((id) => id !== 'connectwise-psa')).toEqual([]);
  });

  it('for another organization calls nobody and exits with 1', async () => {
    asked.length = 0;
    const { stdout, code } = await reported('--run-id', 'foreign', '--organization', 'contoso');
    expect(code).toBe(1);
    expect(stdout).toMatch(/Failed +.*only the managing organization/u);
    expect(asked).toEqual([]);
    expect(await readdir(join(out, 'foreign'))).toContain('result.json');
  });

  it('--json prints the whole output and nothing else', async () => {
    const { stdout, code } = await launched(
      '--json',
      '--quiet',
      '--deliver',
      'return',
      '--only',
      'huntress',
      '--run-id',
      'json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(join(out, 'json', 'result.json'), 'utf8')));
  });

  it.each([
    [['--colour'], /--colour/u],
    [['--run-id', '../elsewhere'], /^--run-id/u],
    [['--since', '../elsewhere'], /^--since/u],
    [['--since', 'never-made'], /^--since: there is no run never-made; expected it at .*never-made.run\.json$/mu],
    [['--only', 'nobody'], /--only: .*nobody/u],
    [['--deliver', 'pigeon'], /"pigeon"/u],
    [['--out', join(ROOT, 'package.json')], /--out: cannot write/u],
  ])('with %j exits with 2 and one message, before anybody is asked', async (args, message) => {
    asked.length = 0;
    const { stdout, stderr, code } = await reported(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(asked).toEqual([]);
  });
});

it('npm run sandbox serves until it is stopped, with a configuration that fits', async () => {
  const { child, ended } = launch('sandbox.ts', '--out', out);
  const [greeting] = await once(child.stdout, 'data');
  const address = /http:\/\/127\.0\.0\.1:\d+/u.exec(String(greeting))?.[0] ?? '';
  const made = await run(
    'report.ts',
    '--config',
    join(out, 'demo-config'),
    '--out',
    out,
    '--sandbox',
    address,
    '--only',
    'huntress',
    '--quiet',
  );
  child.kill('SIGTERM');
  expect(made.code).toBe(0);
  expect((await ended).code).toBe(0);
});

it('npm run sandbox on a port in use exits with 2 and names the option', async () => {
  const { stderr, code } = await run('sandbox.ts', '--out', join(folder, 'taken'), '--port', sandbox.url.port);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^--port: .*EADDRINUSE.*\n$/u) });
});

it('npm run doctor shows its findings on stdout and its progress on stderr, and exits with 1 if something is missing', async () => {
  const args = ['--config', config, '--sandbox', sandbox.url.origin, '--only', 'huntress'];
  expect(await run('doctor.ts', ...args)).toEqual({
    code: 0,
    stdout: 'ok    Huntress  credentials accepted, 1 right, api.huntress.io\n',
    stderr: '1 of 1: Huntress\n',
  });
  const elsewhere = await run('doctor.ts', '--config', join(folder, 'nowhere'), '--quiet');
  expect(elsewhere).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('is not a directory') });
});
