import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { at, client, listAt } from './client.ts';
import { breakVendor, demoConfiguration, writeDemoConfiguration } from './demo-configuration.ts';
import { demoMsp } from './demo-msp.ts';
import { loadPsas, loadVendors } from './registry.ts';
import type { SandboxVendor } from './vendor.ts';

const msp = demoMsp();
const vendors = await loadVendors(msp);
const psas = await loadPsas(msp);
const demo = demoConfiguration(msp, vendors, psas);

const companyOf = (role: string) => msp.companies.filter((company) => company.role === role).map(({ id }) => id);
const idsOf = (company: string | undefined) =>
  at(
    listAt(demo.organizations, 'organizations').find((each) => at(each, 'id') === company),
    'integrationIds',
  );
const claimedBy = (vendor: SandboxVendor, company: string | undefined) =>
  vendor.customers.filter((customer) => customer.company === company || customer.alsoClaimedBy === company);

test('the same MSP is made every time, and vendors agree on it', async () => {
  expect(demoMsp().companies).toEqual(msp.companies);
  const again = await loadVendors(demoMsp());
  expect(again.map(({ customers }) => customers)).toEqual(vendors.map(({ customers }) => customers));
});

test('companies and customers have ids of their own, in a large MSP too', async () => {
  const large = demoMsp(500, 2);
  expect(new Set(large.companies.map(({ id }) => id)).size).toBe(500);
  for (const { customers } of await loadVendors(large)) {
    expect(new Set(customers.map(({ id }) => id)).size).toBe(customers.length);
  }
});

test('the folder is the list of vendors', async () => {
  const files = (await readdir(new URL('vendor-apis/', import.meta.url))).filter((name) =>
    /(?<!\.test)\.ts$/u.test(name),
  );
  expect(vendors.map(({ id }) => `${id}.ts`)).toEqual(files.sort());
});

test.each(vendors.map((vendor) => [vendor.id, vendor] as const))('%s has every kind of customer', (_, vendor) => {
  const [two] = companyOf('two-ids');
  const [dead] = companyOf('dead-id');
  const [without] = companyOf('without');
  const [disabled] = companyOf('disabled');
  expect(claimedBy(vendor, two)).toHaveLength(2);
  expect(claimedBy(vendor, dead).map(({ state }) => state)).toEqual(['gone']);
  expect(claimedBy(vendor, without)).toEqual([]);
  expect(claimedBy(vendor, disabled)).toHaveLength(1);
  const strays = vendor.customers.filter(({ company }) => company === undefined);
  expect(strays.length).toBeGreaterThanOrEqual(2);
  expect(strays.some(({ cells }) => Object.keys(cells).length > 0)).toBe(true);
  expect(vendor.customers.filter(({ state }) => state === 'counted').length).toBeGreaterThan(20);
});

test('one id is claimed by two companies, at one vendor', () => {
  const shared = vendors.filter(({ customers }) => customers.some(({ alsoClaimedBy }) => alsoClaimedBy !== undefined));
  expect(shared.map(({ id }) => id)).toEqual(['huntress']);
  const [first, second] = companyOf('rival');
  expect(at(idsOf(first), 'huntress')).toBe(at(idsOf(second), 'huntress'));
});

test('organizations.json holds one id as text, several as a list, and none for whom nobody serves', () => {
  const [two] = companyOf('two-ids');
  const [without] = companyOf('without');
  expect(listAt(idsOf(two), 'pax8')).toHaveLength(2);
  expect(vendors.filter(({ id }) => at(idsOf(without), id) !== undefined)).toEqual([]);
  expect(typeof at(idsOf('alder-dental'), 'pax8')).toBe('string');
  expect(listAt(demo.organizations, 'organizations')[0]).toMatchObject({ id: 'northwind-msp', enabled: true });
});

test('every vendor and PSA is installed and has its secret', () => {
  const ids = [...new Set([...vendors, ...psas].map(({ id }) => id))].sort();
  expect(Object.keys(demo.secrets).sort()).toEqual(ids);
  expect(Object.keys(Object(at(demo.report, 'integrations'))).sort()).toEqual(ids);
});

test('the configuration is written as a directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'demo-'));
  try {
    await writeDemoConfiguration(join(directory, 'config'), demo);
    const read = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(join(directory, 'config', name), 'utf8'));
    expect(await read('report.json')).toEqual(demo.report);
    expect(await read('organizations.json')).toEqual(demo.organizations);
    expect(await read('secrets/huntress.json')).toEqual(demo.secrets.huntress);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a broken vendor answers everything alike', async () => {
  const [vendor] = vendors;
  if (vendor === undefined) throw new Error('no vendor');
  const refusing = client(breakVendor(vendor));
  expect((await refusing('https://anything.example/at/all')).status).toBe(401);
  const failing = client(breakVendor(vendor, { status: 503 }));
  expect((await failing('https://anything.example/')).status).toBe(503);
});
