import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { billedRemarks } from '../../scripts/local/billed-sides.ts';
import type { ReportOptions } from '../../scripts/local/options.ts';
import { preflight } from '../../scripts/local/preflight.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { startSandbox } from '../sandbox/server.ts';

const registry = await loadRegistry();
const msp = demoMsp();
const demo = demoConfiguration(msp, await loadVendors(msp), await loadPsas(msp));

let folder: string;
let config: string;
let sent: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preflight-'));
  config = join(folder, 'config');
  sent = 0;
  await writeDemoConfiguration(config, demo);
});
afterEach(() => rm(folder, { recursive: true }));

const look = (options: Partial<ReportOptions> = {}) => {
  const out = join(folder, 'out');
  const transport = () => {
    sent += 1;
    return Promise.reject(new Error('a vendor was called'));
  };
  return preflight({ config, out, ...options }, registry, directoryPlatform({ config, out, transport }));
};

/** Changes the members of one of the configuration's files. */
async function edit(file: string, change: (content: Record<string, unknown>) => unknown): Promise<void> {
  const path = join(config, file);
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}

/** The fault that is found, after which no vendor was called. */
async function faultOf(options: Partial<ReportOptions> = {}): Promise<string> {
  try {
    await look(options);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    expect(sent).toBe(0);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('nothing was found');
}

it('maps a company to texts of billed.csv, whose faults are remarks: a run goes on without it', async () => {
  const source = { file: 'billed.csv' };
  await edit('billing.json', (billing) => ({ ...billing, source }));
  await edit('organizations.json', ({ organizations }) => ({
    organizations: (Array.isArray(organizations) ? organizations : []).map(({ integrationIds, ...company }, index) => ({
      ...company,
      integrationIds: index === 0 ? { 'billed-csv': ['Contoso Ltd'] } : {},
    })),
  }));
  const remarks = async (text: string) => {
    await writeFile(join(config, 'billed.csv'), text);
    await look();
    return billedRemarks(registry, directoryPlatform({ config, out: join(folder, 'out') }));
  };
  expect(await remarks('Company,Product,Quantity\nContoso Ltd,EDR,4\n')).toEqual([]);
  expect(
    await remarks(`Company,Product,Quantity\n${'Contoso Ltd,EDR,4\n'.repeat(5)}Contoso Ltd,EDR,"1.234,5"\n`),
  ).toEqual(['billed.csv: row 7: Quantity: expected a number with "." as the decimal sign, found "1.234,5"']);
  expect(await remarks('Company,Product,Anzahl\nContoso Ltd,EDR,4\n')).toEqual([
    'billed.csv: expected a column Quantity; nothing will be compared with it',
  ]);
});

it('remarks that billing.json must give a currency for a PSA without currencies', async () => {
  const remarks = async (source: Record<string, unknown>) => {
    await edit('billing.json', (billing) => ({ ...billing, source }));
    return billedRemarks(registry, directoryPlatform({ config, out: join(folder, 'out') }));
  };
  expect(await remarks({ integration: 'superops' })).toEqual([
    'billing.json: source: SuperOps gives no currency; expected "currency", such as "USD", or no difference is shown in money',
  ]);
  expect(await remarks({ integration: 'superops', currency: 'USD' })).toEqual([]);
  expect(await remarks({ integration: 'connectwise-psa' })).toEqual([]);
});

it('goes on without the secret of a PSA that is only read, with a remark', async () => {
  await edit('billing.json', (billing) => ({ ...billing, source: { integration: 'superops', currency: 'USD' } }));
  const remarks = () => billedRemarks(registry, directoryPlatform({ config, out: join(folder, 'out') }));
  expect(await remarks()).toEqual([]);
  await rm(join(config, 'secrets', 'superops.json'));
  await look();
  expect(await remarks()).toEqual([
    expect.stringMatching(/^secrets\/superops\.json is missing.*; nothing will be compared with SuperOps$/u),
  ]);
});

it('finds nothing wrong in the demo, and calls nobody', async () => {
  await look();
  expect(sent).toBe(0);
});

describe('one clear message for', () => {
  it('a configuration directory that is not there', async () => {
    expect(await faultOf({ config: join(folder, 'nowhere') })).toMatch(/--config: .*nowhere is not a directory/u);
  });

  it('mail that would be sent without its secret, or with a faulty one, when the report goes by mail', async () => {
    await edit('report.json', (report) => {
      const delivery: object = Object(report.delivery);
      const email = { from: 'a@b.example', recipients: ['c@d.example'], via: 'smtp', fallback: 'microsoft-365' };
      return { ...report, delivery: { ...delivery, mechanism: 'email', email } };
    });
    expect(await faultOf()).toMatch(/^secrets\/smtp\.json is missing/mu);
    const secret = { host: 'mail.example', port: 'smtp', username: 'user', password: 'password' };
    await writeFile(join(config, 'secrets', 'smtp.json'), JSON.stringify(secret));
    expect(await faultOf()).toMatch(/^secrets\/smtp\.json: port: expected a port/mu);
    await edit('secrets/smtp.json', (content) => ({ ...content, port: 587 }));
    await look();
    await rm(join(config, 'secrets', 'smtp.json'));
    await look({ deliver: 'none' });
  });

  it('each fault of billing.json, on its own line', async () => {
    await edit('billing.json', ({ services, ...billing }) => ({
      ...billing,
      services: [{ id: 'edr', name: 'EDR', counts: ['Huntress EDR Agent'], products: ['MGD-EDR'] }],
      exceptions: [{ company: 'nobody', service: 'edr', kind: 'ignore', reason: 'r', owner: 'o', until: '2027-01-01' }],
    }));
    const faults = (await faultOf()).split('\n');
    expect(faults).toEqual([
      expect.stringMatching(
        /^billing\.json: services\.0\.counts\.0 \("edr"\): .*nearest titles are "Huntress EDR Agents"/u,
      ),
      'billing.json: exceptions.0.company: expected a company\'s id in organizations.json, found "nobody"',
    ]);
  });

  it('a field that a source of billed lines does not have', async () => {
    await edit('billing.json', (billing) => ({ ...billing, source: { integration: 'superops', curency: 'USD' } }));
    expect(await faultOf()).toContain('source: unknown field "curency"; known: integration, currency');
  });

  it.each(['report.json', 'organizations.json', 'secrets/huntress.json'])('%s missing', async (file) => {
    await rm(join(config, file));
    expect(await faultOf()).toContain(`${file} is missing`);
  });

  it.each(['report.json', 'organizations.json', 'secrets/huntress.json'])('%s not JSON', async (file) => {
    await writeFile(join(config, file), '{ "half": ');
    expect(await faultOf()).toMatch(new RegExp(`${file.replaceAll('.', '\\.')} is not JSON`, 'u'));
  });

  it('an unknown integration', async () => {
    await edit('report.json', (report) => ({ ...report, integrations: { huntres: {} } }));
    const fault = await faultOf();
    expect(fault).toContain('integrations.huntres');
    expect(fault).toContain('known:');
  });

  it('a secret with a field too many, or one too few, without the values', async () => {
    await edit('secrets/huntress.json', (secret) => ({ ...secret, apiKye: 'hush-hush' }));
    await edit('secrets/duo.json', ({ secretKey: _, ...secret }) => secret);
    const fault = await faultOf();
    expect(fault).toContain('secrets/huntress.json: unknown field "apiKye"');
    expect(fault).toMatch(/secrets\/duo\.json: secretKey/u);
    expect(fault).not.toContain('hush-hush');
  });

  it('an unknown setting of an integration', async () => {
    await edit('report.json', (report) => ({
      ...report,
      integrations: { huntress: { exacd: true } },
      delivery: { mechanism: 'none' },
    }));
    expect(await faultOf()).toContain('report.json: integrations.huntress: unknown field "exacd"');
  });

  it('two organizations with one id', async () => {
    const twins = [
      { id: 'a', name: 'A' },
      { id: 'a', name: 'B' },
    ];
    await edit('organizations.json', () => ({ organizations: twins }));
    expect(await faultOf()).toMatch(/organizations\.json: .*"a" is already the id of A/u);
  });

  it('no integration that counts anything', async () => {
    await edit('report.json', (report) => ({ ...report, integrations: {}, delivery: { mechanism: 'none' } }));
    expect(await faultOf()).toContain('no vendor is installed');
  });

  it('a secret under a wrong name', async () => {
    await rename(join(config, 'secrets', 'huntress.json'), join(config, 'secrets', 'huntress.json.txt'));
    const fault = await faultOf();
    expect(fault).toContain('secrets/huntress.json is missing');
    expect(fault).toContain('secrets: holds huntress.json.txt, which no integration reads');
  });

  it('--only of what is not installed', async () => {
    expect(await faultOf({ only: ['huntress', 'nobody'] })).toMatch(
      /--only: report.json does not install nobody .*huntress/u,
    );
  });

  it('--deliver of a kind that does not exist', async () => {
    expect(await faultOf({ deliver: 'pigeon' })).toContain('"pigeon"');
  });

  it('the secret of the PSA that delivers', async () => {
    await rm(join(config, 'secrets/connectwise-psa.json'));
    expect(await faultOf()).toContain('secrets/connectwise-psa.json is missing');
    await look({ deliver: 'none' });
  });

  it('a sandbox that does not answer', async () => {
    const sandbox = await startSandbox([]);
    await look({ sandbox: sandbox.url });
    await sandbox.stop();
    expect(await faultOf({ sandbox: sandbox.url })).toContain(`--sandbox: nothing answers at ${sandbox.url.origin}`);
  });

  it('an output folder that cannot be written', async () => {
    const out = join(folder, 'a-file');
    await writeFile(out, '');
    expect(await faultOf({ out })).toMatch(/--out: cannot write into .*a-file/u);
  });
});

it('names every fault at once', async () => {
  await edit('report.json', (report) => ({ ...report, colour: 'red' }));
  await rm(join(config, 'organizations.json'));
  const fault = await faultOf({ out: join(config, 'report.json') });
  expect(fault.split('\n').length).toBeGreaterThanOrEqual(3);
});

it('names a mechanism that does not exist once, next to the other faults', async () => {
  await rm(join(config, 'secrets/duo.json'));
  const faults = (await faultOf({ deliver: 'fax' })).split('\n');
  expect(faults.filter((line) => line.startsWith('deliver: expected'))).toHaveLength(1);
  expect(faults.some((line) => line.startsWith('secrets/duo.json is missing'))).toBe(true);
});

it('ignores what this run does not use', async () => {
  await rm(join(config, 'secrets/duo.json'));
  await look({ only: ['huntress'] });
});
