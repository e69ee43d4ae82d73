import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOrganizations } from '../../lambdas/configuration/organizations-json.ts';
import { directoryPlatform } from '../../lambdas/platform/directory.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { mappingOf } from '../../scripts/local/first-organizations.ts';
import { firstOrganizations, readOrganizationsOptions } from '../../scripts/local/organizations.ts';
import { listAt } from '../sandbox/client.ts';
import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { loadPsas, loadVendors } from '../sandbox/registry.ts';
import { startSandbox } from '../sandbox/server.ts';
import { inProcess } from '../sandbox/transport.ts';
import { virtualClock } from '../virtual-clock.ts';

const managing = { id: 'northwind-msp', name: 'Northwind MSP' };

/** The mapping of these companies, for a file that reads `organizations`. */
function mapped(companies: { id: string; name: string }[], organizations?: unknown[]) {
  const file = organizations === undefined ? undefined : { organizations };
  const read = file === undefined ? [] : readOrganizations(file, [], ['acme', 'other']);
  const mapping = mappingOf('acme', companies, { file, organizations: read }, managing);
  return { ...mapping, ids: mapping.file.organizations.map((each) => Object(each).id) };
}

describe('companies become organizations', () => {
  it('each with an id that reads like its name, after the managing organization', () => {
    const { file, ids } = mapped([
      { id: '7', name: 'Café Zoë & Söhne' },
      { id: '8', name: '株式会社' },
      { id: '9', name: ' ' },
    ]);
    expect(ids).toEqual(['northwind-msp', 'cafe-zoe-sohne', 'company-8', 'company-9']);
    expect(file.organizations.slice(0, 2)).toEqual([
      { ...managing, enabled: true, integrationIds: {} },
      { id: 'cafe-zoe-sohne', name: 'Café Zoë & Söhne', enabled: true, integrationIds: { acme: '7' } },
    ]);
    expect(file.organizations[3]).toMatchObject({ name: 'Company 9' });
  });

  it('never by name: namesakes are added under their own ids, and named', () => {
    const { ids, namesakes } = mapped(
      [
        { id: '1', name: 'Contoso' },
        { id: '2', name: 'contoso' },
        { id: '3', name: 'Northwind MSP' },
      ],
      [{ id: 'contoso', name: 'Contoso', integrationIds: { other: '1' } }],
    );
    expect(ids).toEqual(['contoso', 'northwind-msp', 'contoso-1', 'contoso-2', 'northwind-msp-3']);
    expect(namesakes.map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it('once: what is mapped is unchanged, even if renamed, disabled, with several ids, or mapped twice', () => {
    const organizations = [
      { id: 'a', name: 'Old Name', integrationIds: { acme: 1, other: ['x'] } },
      { id: 'b', name: 'B', enabled: false, integrationIds: { acme: ['2', '3'] } },
      { id: 'c', name: 'C', integrationIds: { acme: '3' } },
      { id: 'northwind-msp', name: 'Northwind MSP' },
    ];
    const companies = ['1', '2', '3'].map((id) => ({ id, name: `Company ${id}` }));
    const { file, added, mapped: count } = mapped(companies, organizations);
    expect(file).toEqual({ organizations });
    expect([count, added]).toEqual([3, []]);
  });

  it('and nothing is removed: what the PSA no longer lists is kept and reported', () => {
    const organizations = [{ id: 'a', name: 'A', integrationIds: { acme: ['1', '2'] } }];
    const { file, unlisted } = mapped([{ id: '2', name: 'A' }], organizations);
    expect(file.organizations[0]).toEqual(organizations[0]);
    expect(unlisted).toEqual([{ organization: 'A', id: '1' }]);
  });

  it('repeatedly: a second pass over the output changes nothing', () => {
    const company = fc.record({
      id: fc.stringMatching(/^[a-z0-9]{1,4}$/u),
      name: fc.oneof(fc.constantFrom('Contoso', 'contoso', 'Northwind MSP', '', 'constructor'), fc.string()),
    });
    const companies = fc.uniqueArray(company, { selector: ({ id }) => id, maxLength: 12 });
    fc.assert(
      fc.property(companies, companies, (first, later) => {
        const once = mapped(first);
        const twice = mapped(first, once.file.organizations);
        expect(twice.file).toEqual(once.file);
        const grown = mapped(later, once.file.organizations);
        expect(grown.file.organizations.slice(0, once.file.organizations.length)).toEqual(once.file.organizations);
        expect(new Set(grown.ids).size).toBe(grown.ids.length);
        const listedIds = [...first.map(({ id }) => id), ...later.map(({ id }) => id)];
        const claimed = readOrganizations(grown.file, [], ['acme']).flatMap(
          (each) => each.integrationIds.get('acme') ?? [],
        );
        expect(claimed.sort()).toEqual([...new Set(listedIds)].sort());
      }),
      { numRuns: 100 },
    );
  });
});

describe('from a configuration', async () => {
  const registry = await loadRegistry();
  const msp = demoMsp();
  const psas = await loadPsas(msp);
  const demo = demoConfiguration(msp, await loadVendors(msp), psas);
  let config: string;

  beforeEach(async () => {
    config = await mkdtemp(join(tmpdir(), 'organizations-'));
    await writeDemoConfiguration(config, demo);
  });
  afterEach(() => rm(config, { recursive: true }));

  const edit = async (file: string, change: (content: Record<string, unknown>) => unknown) => {
    const path = join(config, file);
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
  };
  const deliverTo = (integration: string) =>
    edit('report.json', (report) => ({ ...report, delivery: { mechanism: 'none', psa: { integration } } }));
  const print = async () => {
    const clock = virtualClock();
    const servers = [...(await loadVendors(msp, clock.now)), ...(await loadPsas(msp, clock.now))];
    const platform = directoryPlatform({ config, out: config, clock, transport: inProcess(servers) });
    const { json, notes } = await firstOrganizations(registry, platform);
    const printed: unknown = JSON.parse(json);
    return { printed, notes };
  };

  it.each(psas.map(({ id }) => id))('every company of %s, each once, behind all that was mapped', async (id) => {
    await deliverTo(id);
    const { printed, notes } = await print();
    const before = listAt(demo.organizations, 'organizations');
    const after = listAt(printed, 'organizations');
    expect(after.slice(0, before.length)).toEqual(before);
    const [, listed, mapped, added] =
      /(\d+) active companies: (\d+) mapped already, (\d+) added/u.exec(notes[0] ?? '') ?? [];
    expect(Number(mapped) + Number(added)).toBe(Number(listed));
    expect(after.length - before.length).toBe(Number(added));
    expect(Number(listed)).toBeGreaterThan(20);
    const organizations = readOrganizations(
      printed,
      registry.collectors,
      registry.psas.map((psa) => psa.id),
    );
    const claims = organizations.flatMap((each) => each.integrationIds.get(id) ?? []);
    expect(new Set(claims).size).toBe(claims.length);
    const isVendorToo = registry.collectors.some((collector) => collector.id === id);
    const names = new Set(organizations.filter((each) => each.integrationIds.has(id)).map(({ name }) => name));
    // A vendor that is a PSA too has the customers that it serves, not every company.
    if (!isVendorToo) expect(msp.companies.filter(({ name }) => !names.has(name))).toEqual([]);
    await writeFile(join(config, 'organizations.json'), JSON.stringify(printed));
    expect((await print()).printed).toEqual(printed);
  });

  it('without an organizations.json it makes the first one', async () => {
    await deliverTo('datto-psa');
    await rm(join(config, 'organizations.json'));
    const { printed, notes } = await print();
    expect(listAt(printed, 'organizations')[0]).toEqual({ ...msp.managing, enabled: true, integrationIds: {} });
    expect(listAt(printed, 'organizations')).toHaveLength(msp.companies.length + 2);
    expect(notes).toEqual([
      `Datto PSA: ${msp.companies.length + 1} active companies: 0 mapped already, ${msp.companies.length + 1} added`,
      expect.stringMatching(/"Northwind MSP" \(0\) has the name of an organization that has no id for it/u),
    ]);
  });

  it('without a PSA, or with one that is not installed, it reports what report.json lacks', async () => {
    await edit('report.json', (report) => ({ ...report, delivery: { mechanism: 'none' } }));
    await expect(print()).rejects.toThrow('report.json: delivery.psa.integration: expected the PSA whose companies');
    await edit('report.json', (report) => ({
      ...report,
      integrations: {},
      delivery: { mechanism: 'none', psa: { integration: 'halopsa' } },
    }));
    await expect(print()).rejects.toThrow(
      'report.json: delivery.psa.integration: expected an installed integration; add "halopsa"',
    );
  });

  it('refuses a faulty file rather than print less than was in it', async () => {
    await edit('organizations.json', () => ({ organizations: [{ id: 'a' }] }));
    await expect(print()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('organizations.json: organizations.0.name'),
    });
  });

  it('reports refused credentials without showing them', async () => {
    await deliverTo('servicenow');
    await edit('secrets/servicenow.json', (secret) => ({ ...secret, password: 'wrong-but-still-secret' }));
    const failed = await print().catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'VendorAuthError' });
    expect(String(failed)).not.toContain('wrong-but-still-secret');
  });

  it('as a command: only JSON on stdout, the rest on stderr, exit codes as everywhere', async () => {
    await deliverTo('freshdesk');
    const sandbox = await startSandbox(psas);
    try {
      const run = async (...args: string[]) => {
        const child = spawn(process.execPath, ['scripts/organizations.ts', ...args], {
          cwd: new URL('../../', import.meta.url).pathname,
        });
        const [stdout, stderr, [code]] = await Promise.all([
          text(child.stdout),
          text(child.stderr),
          once(child, 'exit'),
        ]);
        return { stdout, stderr, code };
      };
      const there = ['--config', config, '--sandbox', sandbox.url.origin];
      const printed = await run(...there);
      expect(printed).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Freshdesk: 41 active companies/u) });
      expect(listAt(JSON.parse(printed.stdout), 'organizations').length).toBeGreaterThan(41);
      await edit('secrets/freshdesk.json', (secret) => ({ ...secret, apiKey: 'no-such-key' }));
      expect(await run(...there)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^VendorAuthError: /u),
      });
      expect(await run()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--config: expected') });
      expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('never by their names') });
    } finally {
      await sandbox.stop();
    }
  });
});

it('the command line accepts a directory and an address', () => {
  expect(readOrganizationsOptions(['--config', 'c', '--sandbox', 'http://127.0.0.1:9'])).toEqual({
    config: 'c',
    sandbox: new URL('http://127.0.0.1:9'),
  });
  expect(() => readOrganizationsOptions(['--config', 'c', '--colour'])).toThrow('--colour');
});
