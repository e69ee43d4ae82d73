import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import type { Conversation } from '../../scripts/local/conversation.ts';
import { readSetupOptions, setUp } from '../../scripts/local/setup.ts';
import { secretSkeleton } from '../../scripts/local/setup-secrets.ts';
import { listAt } from '../sandbox/client.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas } from '../sandbox/registry.ts';
import { inProcess } from '../sandbox/transport.ts';
import huntress from '../sandbox/vendor-apis/huntress.ts';
import { virtualClock } from '../virtual-clock.ts';

const registry = await loadRegistry();
const msp = demoMsp();
let config: string;

beforeEach(async () => {
  config = join(await mkdtemp(join(tmpdir(), 'setup-')), 'my-msp');
});
afterEach(() => rm(join(config, '..'), { recursive: true }));

const write = (name: string, value: unknown) => writeFile(join(config, name), JSON.stringify(value));
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(config, name), 'utf8'));

/** What a person types, one line an answer; a function is what they do before they press Enter. */
async function setup(...typed: (string | (() => Promise<void>))[]) {
  const shown: string[] = [];
  const done: string[] = [];
  const talk: Conversation = {
    say: (text) => shown.push(text),
    ask: async (question) => {
      shown.push(question);
      const next = typed.shift();
      if (typeof next !== 'function') return next;
      await next();
      return '';
    },
    end: () => undefined,
  };
  const clock = virtualClock();
  const transport = inProcess([...(await loadPsas(msp, clock.now)), huntress(msp, clock.now)]);
  const platform = directoryPlatform({ config, out: config, clock, transport });
  const code = await setUp({ config, quiet: false }, registry, platform, talk, (line) => done.push(line));
  return { code, done, spoken: shown.join('\n') };
}

const WITHOUT_PSA = ['Northwind MSP', '', '7', '-', ''];
const huntressKeys = () => write('secrets/huntress.json', huntress(msp).secret);

describe('a first configuration', () => {
  it('with one vendor and no PSA takes five answers and the keys', async () => {
    const first = await setup(...WITHOUT_PSA);
    expect(first).toMatchObject({
      code: 1,
      done: [
        'report.json: written',
        'secrets.md: written',
        'secrets/huntress.json: written',
        'organizations.json: written',
      ],
      spoken: expect.stringContaining('Still to do:\nsecrets/huntress.json: apiKey: still a placeholder'),
    });
    expect(await read('report.json')).toEqual({
      managingOrganization: { id: 'northwind-msp', name: 'Northwind MSP' },
      integrations: { huntress: {} },
      delivery: { mechanism: 'none' },
    });
    expect(await read('secrets/huntress.json')).toEqual({ apiKey: '<apiKey>', apiSecret: '<apiSecret>' });
    expect((await stat(join(config, 'secrets/huntress.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(config, 'secrets.md'), 'utf8')).toContain('portal menu > API Credentials');
    expect(await read('organizations.json')).toEqual({ organizations: [] });
    await huntressKeys();
    expect((await setup()).spoken).toContain(`Next: npm run report -- --config ${config} --deliver none`);
  });

  it('gets its companies from the PSA, once its secret is filled in', async () => {
    const psa = (await loadPsas(msp)).find(({ id }) => id === 'freshdesk');
    const { spoken, code } = await setup(
      ...['Northwind MSP', 'nw', 'huntress', 'freshdesk', 'none'],
      async () => undefined,
      async () => {
        await write('secrets/freshdesk.json', psa?.secret);
        await huntressKeys();
      },
    );
    expect(spoken).toContain('secrets/freshdesk.json: domain: still a placeholder');
    expect(spoken).toContain(`Freshdesk: ${msp.companies.length + 1} active companies`);
    expect(code).toBe(0);
    expect(listAt(await read('organizations.json'), 'organizations')).toHaveLength(msp.companies.length + 2);
  });

  it('asks for what a vendor or the delivery requires, and again after a wrong answer', async () => {
    const { spoken } = await setup(
      ...['Northwind MSP', '', '15, no-such', 'dropsuite', 'connectwise-psa', '', 'https://dropsuite.us'],
      ...[
        'pigeon',
        'email',
        'reports',
        'billing@northwind.example',
        'email',
        'reports@northwind.example',
        'a@b.example, c@d.example',
      ],
    );
    expect(spoken).toContain('"15, no-such" does not answer this question');
    expect(spoken).toContain('"" does not answer this question');
    expect(spoken).toContain('"pigeon" does not answer this question');
    expect(spoken).toContain('report.json: delivery.email.from: expected one e-mail address');
    expect(await read('report.json')).toMatchObject({
      integrations: { dropsuite: { baseUrl: 'https://dropsuite.us' }, 'connectwise-psa': {} },
      delivery: {
        mechanism: 'email',
        psa: { integration: 'connectwise-psa' },
        email: { from: 'reports@northwind.example' },
      },
    });
  });

  it('asks for the ticket in the PSA’s own words', async () => {
    await setup('Northwind MSP', '', '7', '3', 'psa', '5', 'Billing', ...Array(4).fill('-'));
    const { delivery } = Object(await read('report.json'));
    expect(delivery.mechanism).toBe('psa');
    expect(delivery.psa.ticket).toMatchObject({ companyId: '5', board: 'Billing' });
  });
});

describe('a second call', () => {
  it('overwrites nothing, and continues where the first was left', async () => {
    const left = await setup('Northwind MSP', '', '7', '1', '');
    expect(left).toMatchObject({ code: 1, spoken: expect.stringContaining('again to continue from here') });
    await write('secrets/huntress.json', { mine: true });
    const before = await Promise.all(
      ['report.json', 'secrets.md', 'secrets/huntress.json'].map((name) => readFile(join(config, name))),
    );
    const again = await setup();
    expect(again.done).toEqual([
      'report.json: already there, left as it is',
      'secrets.md: already there, left as it is',
      'secrets/connectwise-psa.json: already there, left as it is',
      'secrets/huntress.json: already there, left as it is',
    ]);
    const after = await Promise.all(
      ['report.json', 'secrets.md', 'secrets/huntress.json'].map((name) => readFile(join(config, name))),
    );
    expect(after).toEqual(before);
  });

  it('left before the last question writes nothing at all', async () => {
    expect(await setup('Northwind MSP', '', '7')).toMatchObject({ code: 1, done: [] });
    expect(await readdir(join(config, '..'))).toEqual([]);
  });

  it('refuses a faulty report.json rather than continue from it', async () => {
    await setup(...WITHOUT_PSA);
    await write('report.json', {});
    await expect(setup()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('report.json:'),
    });
  });
});

it.each([...registry.collectors, ...registry.psas].map((integration) => [integration.id, integration] as const))(
  'the skeleton of %s has a placeholder for each member, which nobody takes for a key',
  (_, integration) => {
    const skeleton = secretSkeleton(integration);
    expect(Object.keys(skeleton).length).toBeGreaterThan(0);
    for (const [member, value] of Object.entries(skeleton)) {
      expect(Object.keys(integration.secret.shape)).toContain(member);
      expect(value).toBe(`<${member}>`);
    }
  },
);

it('the command line accepts a directory and an address', () => {
  expect(readSetupOptions(['--config', 'c', '--sandbox', 'http://127.0.0.1:9'])).toEqual({
    config: 'c',
    sandbox: new URL('http://127.0.0.1:9'),
    quiet: false,
  });
  expect(() => readSetupOptions([])).toThrow('--config: expected the directory to write to');
});
