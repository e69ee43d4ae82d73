import { beforeEach, describe, expect, it } from 'vitest';
import { loadRegistry, type Registry } from '../../lambdas/registry.ts';
import { runKeys } from '../../lambdas/run/keys.ts';
import { proposeServices } from '../../scripts/local/services.ts';
import { readServicesOptions, SERVICES_HELP } from '../../scripts/local/services-options.ts';
import { collected, company, customer, MSP, product, reportJson, reportOf } from '../report/sample.ts';
import { breakVendor } from '../sandbox/demo-configuration.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import connectwise from '../sandbox/psa-apis/connectwise-psa.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxRequest, Server } from '../sandbox/vendor.ts';
import { START, type Stage, stage } from '../steps/stage.ts';
import { virtualClock } from '../virtual-clock.ts';

const registry = await loadRegistry();
const PREMIUM = 'PAX8 Microsoft 365 Business Premium';
const AGENTS = 'Huntress EDR Agents';

let on: Stage;
let asked: SandboxRequest[];

/** A run that counted at Pax8 and Huntress, and the PSA of `server`. */
async function begin(change: (server: Server) => Server = (server) => server): Promise<void> {
  const clock = virtualClock(START);
  const server = connectwise(demoMsp(), clock.now);
  asked = [];
  const before = (request: SandboxRequest) => {
    asked.push(request);
    return undefined;
  };
  on = await stage({ clock, transport: inProcess([change(server)], { before }) });
  on.configure('report.json', {
    managingOrganization: MSP,
    integrations: { pax8: {}, huntress: {}, [server.id]: server.configuration },
    delivery: { mechanism: 'none', psa: { integration: server.id } },
  });
  on.configure('organizations.json', { organizations: [] });
  on.configure(`secrets/${server.id}.json`, server.secret);
  const outcomes = [
    collected('pax8', [customer('1', { [PREMIUM]: 4 })], { columns: [product(PREMIUM)] }),
    collected('huntress', [customer('1', { [AGENTS]: 2 })]),
  ];
  const report = {
    ...reportOf([company('a', { pax8: ['1'], huntress: ['1'] })], outcomes, [...registry.collectors]),
    runId: 'r1',
  };
  const { objects } = on.platform;
  await objects.write(runKeys('r1').report, reportJson(report), 'application/json');
  const run = { runId: 'r1', asOf: report.asOf, organization: MSP.id };
  await objects.write(runKeys('r1').run, JSON.stringify(run), 'application/json');
}
beforeEach(() => begin());

const propose = (of: Registry = registry, runId?: string) =>
  proposeServices({ out: on.out, ...(runId === undefined ? {} : { runId }) }, of, on.platform);

const PREMIUM_SERVICE = {
  id: 'm365-bp',
  name: 'Microsoft 365 Business Premium',
  counts: [PREMIUM],
  products: ['M365-BP'],
};

it('joins what agrees exactly, and lists everything else', async () => {
  const { billing, remarks } = await propose();
  expect(billing.source).toEqual({ integration: 'connectwise-psa' });
  expect(billing.services).toEqual([PREMIUM_SERVICE]);
  expect(billing.unused.products).toContainEqual({ id: '95', code: 'MGD-EDR', name: 'Managed EDR' });
  expect(billing.unused.columns).toContain(AGENTS);
  expect(billing.unused.columns).not.toContain(PREMIUM);
  expect(remarks).toEqual([expect.stringMatching(/^1 service by exact agreement; 8 products and 1 column of run r1/u)]);
});

it('reads only the catalogue, and changes nothing', async () => {
  await propose();
  expect(new Set(asked.map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`))).toEqual(
    new Set(['GET companyinfo/northwind', 'GET procurement/catalog']),
  );
});

it('learns the products of a PSA without a catalogue from its lines', async () => {
  const sources = registry.sources.map((source) => ({
    ...source,
    open: (settings: Parameters<typeof source.open>[0]) => {
      const { products: _, ...open } = source.open(settings);
      return open;
    },
  }));
  const { billing } = await propose({ ...registry, sources });
  expect(billing.services).toEqual([PREMIUM_SERVICE]);
  expect(asked.some(({ path }) => path.endsWith('/additions'))).toBe(true);
});

describe('the source of billing.json', () => {
  it('is kept as it is', async () => {
    const source = { integration: 'connectwise-psa', currency: 'EUR' };
    on.configure('billing.json', {
      source,
      services: [{ id: 'edr', name: 'EDR', counts: [AGENTS], products: ['MGD-EDR'] }],
    });
    expect((await propose()).billing).toMatchObject({ source, services: [PREMIUM_SERVICE] });
  });

  it('can be a file of billed lines, whose products have no ids', async () => {
    const source = { file: 'billed.csv' };
    on.configure('billing.json', {
      source,
      services: [{ id: 'edr', name: 'EDR', counts: [AGENTS], products: ['MGD-EDR'] }],
    });
    on.configure('billed.csv', `Company Id,Product,Quantity\na,${AGENTS},3\na,Phone,2\n`);
    const { billing } = await propose();
    expect(billing).toMatchObject({ source, services: [{ counts: [AGENTS], products: [AGENTS] }] });
    expect(billing.unused.products).toEqual([{ name: 'Phone' }]);
    expect(asked).toEqual([]);
  });

  it('is the PSA of the delivery when the shell has emptied the file to write our output into it', async () => {
    on.configure('billing.json', '');
    expect((await propose()).billing.source).toEqual({ integration: 'connectwise-psa' });
  });

  it('is required', async () => {
    on.configure('report.json', {
      managingOrganization: MSP,
      integrations: { pax8: {} },
      delivery: { mechanism: 'none' },
    });
    await expect(propose()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^report\.json: delivery\.psa\.integration: .*connectwise-psa.*found none/u),
    });
  });
});

it('reports which run is missing, and which PSA refuses', async () => {
  await expect(propose(registry, 'r2')).rejects.toMatchObject({ message: expect.stringContaining('--run-id') });
  await on.platform.objects.remove(runKeys('r1').run);
  await expect(propose()).rejects.toMatchObject({
    message: expect.stringMatching(/holds no run of \S+; make one with .* --deliver none$/u),
  });
  await begin(breakVendor);
  await expect(propose()).rejects.toMatchObject({ name: 'VendorAuthError' });
});

describe('the command line', () => {
  it('is read', () => {
    expect(readServicesOptions(['--help'])).toBe('help');
    expect(readServicesOptions(['--config', 'c', '--run-id', 'r1'])).toMatchObject({
      config: 'c',
      out: 'out',
      runId: 'r1',
    });
  });

  it.each([[[]], [['--config', 'c', '--run-id', '../r1']], [['--config', 'c', 'x']]])('is refused: %j', (args) => {
    expect(() => readServicesOptions(args)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
  });

  it.each(['--config', '--run-id', '--out', '--sandbox', '--quiet', '--help'])('%s is in the help', (option) => {
    expect(SERVICES_HELP).toContain(option);
  });
});
