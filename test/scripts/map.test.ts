import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { mapCustomers } from '../../scripts/local/map.ts';
import { readMapOptions } from '../../scripts/local/map-options.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { startSandbox } from '../sandbox/server.ts';
import { virtualClock } from '../virtual-clock.ts';

const managing = { id: 'northwind-msp', name: 'Northwind MSP' };
const TENANT = '0b1c0000-0000-4000-8000-000000000001';

const ORGANIZATIONS = [
  { id: 'contoso', name: 'Contoso Ltd', integrationIds: { huntress: '1', 'microsoft-365': TENANT } },
  { id: 'fabrikam', name: 'Fabrikam' },
  { id: 'uk', name: 'Tailspin UK' },
];

const registry = await loadRegistry();
let config: string;
let out: string;

beforeEach(async () => {
  config = await mkdtemp(join(tmpdir(), 'map-'));
  out = join(config, 'out');
  await write('report.json', {
    managingOrganization: managing,
    integrations: { huntress: {}, duo: {}, auvik: {} },
    delivery: { mechanism: 'none' },
  });
  await write('organizations.json', { organizations: ORGANIZATIONS });
  await makeRun('first', '2026-11-20T06:30:00Z', { huntress: [], duo: [] });
  await makeRun('second', '2026-11-22T06:30:00Z', {
    huntress: [customer('1', 'Contoso', 30), customer('2', 'Fabrikam', 12), customer('3', 'Tailspin US', 40)],
    duo: [
      { ...customer('DA1', 'HQ', 7), identity: { ids: [{ integration: 'microsoft-365', id: TENANT }] } },
      customer('DA2', 'Fabrikam', 5),
      customer('DA3', 'Ghost', 2),
    ],
  });
});
afterEach(() => rm(config, { recursive: true }));

const write = (name: string, value: unknown) => writeFile(join(config, name), JSON.stringify(value));
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(config, name), 'utf8'));

const customer = (id: string, name: string, units: number) => ({
  ...{ id, name, aliases: [], state: 'counted', gaps: {}, notes: [] },
  counts: { Units: units },
});

async function makeRun(
  runId: string,
  asOf: string,
  collections: Record<string, unknown[]>,
  organization = managing.id,
) {
  const folder = join(out, runId);
  await mkdir(join(folder, 'collections'), { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify({ runId, asOf, organization }));
  for (const [integration, customers] of Object.entries(collections)) {
    const receipt = { requests: 1, pages: 1, rows: 1, distinct: 1, lists: [], comparisons: [] };
    const collection = { integration, asOf, status: 'collected', columns: [], customers, notes: [], receipt };
    await writeFile(join(folder, 'collections', `${integration}.json`), JSON.stringify(collection));
  }
}

/** Runs the command; `typed`: what a person types at a terminal, or nothing where there is none. */
async function map(args: readonly string[] = [], typed?: readonly string[]) {
  const options = readMapOptions(['--config', config, '--out', out, ...args]);
  if (options === 'help') throw new Error('help is no run');
  const input = new PassThrough();
  const [output, errors] = [new PassThrough(), new PassThrough()];
  input.end((typed ?? []).map((line) => `${line}\n`).join(''));
  const platform = directoryPlatform({ config, out, clock: virtualClock() });
  const code = await mapCustomers(options, registry, platform, {
    input,
    output,
    errors,
    isTerminal: typed !== undefined,
  });
  output.end();
  errors.end();
  const [printed, remarks] = await Promise.all([text(output), text(errors)]);
  return { code, printed, remarks };
}

/** Runs a command as npm does, without a terminal. */
async function script(name: string, ...args: string[]) {
  const child = spawn(process.execPath, [join('scripts', name), ...args], {
    cwd: new URL('../../', import.meta.url).pathname,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, code };
}

const idsNow = async (file = 'organizations-new.json') => {
  const content = Object(await read(file));
  return Object.fromEntries(
    content.organizations.map((each: { id: string; integrationIds?: unknown }) => [each.id, each.integrationIds]),
  );
};

describe('without a terminal', () => {
  it('prints one line per suggestion from the last run, and remarks separately', async () => {
    const { code, printed, remarks } = await map();
    expect(code).toBe(0);
    expect(printed.split('\n')).toEqual([
      'certain  duo       HQ (DA1)         Contoso Ltd (contoso)  same id Microsoft 365 0b1c0000-0000-4000-8000-000000000001',
      'likely   huntress  Fabrikam (2)     Fabrikam (fabrikam)    same name',
      'likely   duo       Fabrikam (DA2)   Fabrikam (fabrikam)    same name',
      'unclear  huntress  Tailspin US (3)  -                      no evidence',
      'unclear  duo       Ghost (DA3)      -                      no evidence',
      '',
    ]);
    expect(remarks.split('\n')).toEqual([
      'Auvik: run second did not count it, so its customers are not looked at',
      'Run second of 2026-11-22: 5 customers are not mapped to a company',
      'No id at any vendor: Fabrikam, Tailspin UK, Northwind MSP',
      '',
    ]);
    expect(await readdir(config)).not.toContain('organizations-new.json');
    expect(await map(['--quiet'])).toEqual({ code: 0, printed, remarks: '' });
  });

  it('--accept certain writes the existing entries and only the certain links', async () => {
    expect((await map(['--accept', 'certain'])).code).toBe(0);
    expect(await idsNow()).toEqual({
      contoso: { huntress: '1', 'microsoft-365': TENANT, duo: 'DA1' },
      fabrikam: undefined,
      uk: undefined,
    });
    expect(await read('organizations.json')).toEqual({ organizations: ORGANIZATIONS });
  });

  it('--accept certain with nothing to link writes the existing entries', async () => {
    expect((await map(['--accept', 'certain', '--run-id', 'first'])).code).toBe(0);
    expect(await read('organizations-new.json')).toEqual(await read('organizations.json'));
  });

  it('an earlier organizations-new.json is kept next to the new one', async () => {
    await write('organizations-new.json', { mine: true });
    await map(['--accept', 'certain']);
    expect(await read('organizations-new.previous.json')).toEqual({ mine: true });
    await map(['--accept', 'certain']);
    expect(await read('organizations-new.previous.json')).toEqual({ mine: true });
  });

  it.each([
    ['a run that is not there', ['--run-id', 'third'], '--run-id: there is no run third; expected it at '],
    ["another organization's run", ['--run-id', 'other'], '--run-id: run other belongs to "fabrikam-msp"'],
    [
      'a folder without runs',
      ['--out', 'no-such-folder'],
      'no-such-folder holds no run of northwind-msp; make one with npm run report -- --config DIR --deliver none, or run this with --fresh',
    ],
  ])('refuses %s', async (_, args, message) => {
    await makeRun('other', '2027-01-01T00:00:00Z', {}, 'fabrikam-msp');
    await expect(map(args)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    });
  });
});

describe('at a terminal', () => {
  it('accepts certain links together, asks about the largest first, and offers the same answer for the same name', async () => {
    const { printed, remarks } = await map([], ['y', 'y', 'y', '', 'q']);
    expect(printed).toBe('');
    expect(remarks).toContain('Take this link? y, Enter for no > ');
    expect(remarks).toContain('2 left · Huntress: Fabrikam (2) · 12 Units\n  1  Fabrikam (fabrikam): same name');
    expect(remarks).toContain('Also that name at Duo (DA2)? y, Enter for no > y');
    expect(remarks).toContain('2 more without clear evidence. Go through them? y, Enter for no > \n');
    expect(remarks).toContain('organizations-new.json: 3 links added. Review it');
    expect(await idsNow()).toEqual({
      contoso: { huntress: '1', 'microsoft-365': TENANT, duo: 'DA1' },
      fabrikam: { huntress: '2', duo: 'DA2' },
      uk: undefined,
    });
    expect(remarks).toContain('No id at any vendor: Tailspin UK, Northwind MSP');
  });

  it('never proposes a look-alike: the person searches, chooses, or answers that it is nobody’s', async () => {
    const { remarks } = await map([], ['y', 'y', 'y', 'y', 'y', 'tailspin', '1', '-']);
    expect(remarks).toContain('2 left · Huntress: Tailspin US (3) · 40 Units\n  words, -, b, q, ? > y\n');
    expect(remarks).toContain('  1  Tailspin UK (uk)\n');
    expect(await idsNow()).toMatchObject({ uk: { huntress: '3' } });
    expect((await map()).printed).toBe('');
  });

  it('can be left at any time and resumed, and nothing confirmed is asked twice', async () => {
    const first = await map([], ['y', 'n']);
    expect(first.remarks).toContain('Left for another time: 1 likely, 3 unclear');
    const second = await map([], []);
    expect(second.remarks).not.toContain('Take this link?');
    expect(second.remarks).toContain('1 left · Duo: Fabrikam (DA2)');
    expect(await idsNow()).toMatchObject({ contoso: { duo: 'DA1' } });
  });

  it('withdraws the last answer', async () => {
    const { remarks } = await map([], ['y', 'y', '', 'b', 'n', 'q']);
    expect(remarks.match(/Huntress: Fabrikam \(2\)/gu)).toHaveLength(2);
    expect(await idsNow()).toMatchObject({ fabrikam: undefined });
  });

  it('withdraws it for every customer that it decided about', async () => {
    const { remarks } = await map([], ['y', 'y', 'y', 'y', 'b', 'q']);
    expect(remarks).toContain('Also that name at Duo (DA2)?');
    expect(remarks).toContain('Left for another time: 2 likely, 2 unclear');
    expect(await idsNow()).toMatchObject({ contoso: { duo: 'DA1' }, fabrikam: undefined });
  });

  it('asks again if an answer contradicts organizations.json, and keeps a link that is confirmed anyway', async () => {
    await write('organizations.json', {
      organizations: [...ORGANIZATIONS.slice(0, 1), { ...ORGANIZATIONS[1], integrationIds: { huntress: [] } }],
    });
    const refused = await map([], ['y', '', 'y', '', '1', '', '', 'q']);
    expect(refused.remarks).toContain(
      'Fabrikam (fabrikam) is recorded as having nothing at Huntress. Is that wrong, and is this its customer?',
    );
    await map([], ['', 'y', '', 'fabrikam', '1', 'y', 'q']);
    expect(await idsNow()).toMatchObject({ fabrikam: { huntress: '2' } });
  });

  it('reports an answer that the files now contradict, and asks again', async () => {
    await map([], ['y', 'y', '', 'q']);
    await write('organizations.json', { organizations: ORGANIZATIONS.filter(({ id }) => id !== 'fabrikam') });
    const { remarks } = await map([], []);
    expect(remarks).toMatch(
      /An answer of \S+ \(huntress 2\) no longer fits: organizations.json has no company fabrikam/u,
    );
  });

  it('writes an empty list if a person answers that a company has nothing there', async () => {
    const { remarks } = await map([], ['y', 'y', 'y', '', 'o', 'y', '', 'y']);
    expect(remarks).toContain('Duo: no id, and no customer there that matches: Tailspin UK, Northwind MSP');
    expect(await idsNow()).toMatchObject({ uk: { huntress: [], duo: [] }, 'northwind-msp': { duo: [] } });
  });
});

describe('the journal of answers', () => {
  const journal = () => join(config, 'map-answers.jsonl');

  it('of a session that was killed in the middle of an answer lacks only that answer', async () => {
    await map([], ['y']);
    await appendFile(journal(), '{"answer":"is","integration":"hunt');
    const { remarks } = await map([], ['y', 'y']);
    expect(remarks).toContain('the last answer was cut off in the middle and is asked again');
    const lines = (await readFile(journal(), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => Object(JSON.parse(line)).customer)).toEqual(['DA1', '2', 'DA2']);
  });

  it('with other content is set aside completely', async () => {
    await writeFile(journal(), '{"answer":"is"}\nnonsense\n');
    const { remarks } = await map();
    expect(remarks).toMatch(
      /cannot be read as answers; it was set aside as \S+\.aside, and its questions are asked again/u,
    );
    const aside = (await readdir(config)).filter((name) => name.endsWith('.aside'));
    expect(await readFile(join(config, aside[0] ?? ''), 'utf8')).toContain('nonsense');
    expect((await map()).remarks).not.toContain('aside');
  });
});

describe('--fresh', () => {
  it('counts again and links by the mail domains that the PSA lists, each link a true one', async () => {
    const msp = demoMsp();
    const [vendors, psas] = await Promise.all([loadVendors(msp), loadPsas(msp)]);
    const proofpoint = vendors.filter(({ id }) => id === 'proofpoint-essentials');
    const demo = demoConfiguration(msp, proofpoint, psas);
    await writeDemoConfiguration(config, demo);
    await write('report.json', { ...demo.report, delivery: { mechanism: 'none', psa: { integration: 'freshdesk' } } });
    await rm(join(config, 'organizations.json'));
    const sandbox = await startSandbox([...proofpoint, ...psas]);
    try {
      const there = ['--config', config, '--sandbox', sandbox.url.origin];
      const { stdout } = await script('organizations.ts', ...there);
      await writeFile(join(config, 'organizations.json'), stdout);
      const mapped = await script('map.ts', ...there, '--out', out, '--fresh', '--accept', 'certain');
      expect(mapped.code).toBe(0);
    } finally {
      await sandbox.stop();
    }
    const linked = Object.entries(await idsNow()).flatMap(([company, ids]) =>
      [Object(ids)['proofpoint-essentials'] ?? []].flat().map((id: unknown) => ({ company, id })),
    );
    const truth = new Map(proofpoint.flatMap(({ customers }) => customers.map(({ id, company }) => [id, company])));
    expect(linked.length).toBeGreaterThan(20);
    expect(linked.filter(({ company, id }) => truth.get(String(id)) !== company)).toEqual([]);
  });
});

it('as a command: suggestions on stdout, exit codes as everywhere', async () => {
  const run = (...args: string[]) => script('map.ts', ...args);
  expect(await run('--config', config, '--out', out)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^certain {2}duo /u),
  });
  expect(await run('--config', config, '--accept', 'likely')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--accept: expected certain, because a person must confirm everything else'),
  });
  expect(await run('--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('A similar name alone never makes a link'),
  });
});
