import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { loadRegistry } from '../../lambdas/registry.ts';
import type { Collection, CustomerCount } from '../../lambdas/report/collection.ts';
import type { Column } from '../../lambdas/report/column.ts';
import { productTitle } from '../../lambdas/report/column.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';

/** Columns of the generated MSP. A company uses nine of ten vendors, and one of fifty customers failed. */
export const COLUMNS = 400;

export const RUN_ID = 'big';
export const AS_OF = '2026-11-22T06:30:00Z';

/** Products that one customer of a distributor has. */
const PRODUCTS_EACH = 8;

/** Devices of a company, unless another number is given for all. */
const DEVICES_EACH = 100;

/** Forms of ids that vendors use. */
const FORMS: readonly ((n: number) => string)[] = [
  String,
  (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  (n) => `DA${String(n).padStart(18, '0')}`,
  (n) => `customer-${n}.example`,
];

export type Made = { vendors: string[]; columns: number; units: number };

/**
 * Writes a configuration and the collections of every vendor into `config` and `out`, as collectors would have left
 * them. Returns what is in them in all, to be found again in the report.
 */
export async function generate(
  config: string,
  out: string,
  companies: number,
  devices = companies * DEVICES_EACH,
): Promise<Made> {
  const { collectors } = await loadRegistry();
  const msp = demoMsp(companies);
  const fixed = collectors.reduce((sum, { columns }) => sum + columns.length, 0);
  const shops = collectors.filter(({ products }) => products !== undefined);
  const productsOf = Math.ceil((COLUMNS - fixed) / shops.length);
  const folder = join(out, RUN_ID);
  await mkdir(join(folder, 'collections'), { recursive: true });
  await mkdir(join(config, 'secrets'), { recursive: true });

  const claims = new Map<string, Record<string, string>>(msp.companies.map(({ id }) => [id, {}]));
  let units = 0;
  let columns = fixed;
  for (const collector of collectors) {
    const titles = Array.from({ length: collector.products === undefined ? 0 : productsOf }, (_, index) =>
      productTitle(collector.products?.prefix ?? '', `Product ${index} Annual Commitment, billed monthly`),
    );
    columns += titles.length;
    const customers: CustomerCount[] = [];
    const form = FORMS.find((make) => z.safeParse(collector.customerId.schema, make(1)).success);
    if (form === undefined) throw new Error(`no form of id known that ${collector.id} would take`);
    for (const [index, { id, name }] of msp.companies.entries()) {
      if (msp.draw(10, collector.id, id) === 0) continue;
      const customer = customerOf(form(index + 1), collector, index, name, titles, devices / companies);
      const claimed = claims.get(id);
      if (claimed !== undefined && msp.draw(100, collector.id, id, 'claimed') > 1) claimed[collector.id] = customer.id;
      for (const value of Object.values(customer.counts)) if (typeof value === 'number') units += value;
      customers.push(customer);
    }
    const collection: Collection = {
      integration: collector.id,
      asOf: AS_OF,
      status: 'partial',
      columns: titles.map((title) => ({ title, type: 'number', appears: 'product', definition: 'licences of it' })),
      customers,
      notes: [],
      receipt: { requests: 500, pages: 500, rows: 500_000, distinct: 500_000, lists: [], comparisons: [] },
    };
    await writeFile(join(folder, 'collections', `${collector.id}.json`), JSON.stringify(collection));
  }
  const organizations = msp.companies.map(({ id, name }) => ({ id, name, integrationIds: claims.get(id) }));
  await writeFile(join(config, 'organizations.json'), JSON.stringify({ organizations }));
  const report = {
    managingOrganization: msp.managing,
    integrations: Object.fromEntries(collectors.map(({ id }) => [id, {}])),
    delivery: { mechanism: 'email', email: { from: 'a@northwind.example', recipients: ['b@northwind.example'] } },
  };
  await writeFile(join(config, 'report.json'), JSON.stringify(report));
  return { vendors: collectors.map(({ id }) => id), columns, units };
}

function customerOf(
  id: string,
  { id: vendor, columns }: { id: string; columns: readonly Column[] },
  index: number,
  name: string,
  products: readonly string[],
  devices: number,
): CustomerCount {
  const customer = { id, aliases: [], name, gaps: {}, notes: [] };
  if (index % 50 === 7) {
    const reason = `${vendor} GET /customers/${id}: these credentials are not allowed to read this (HTTP 403)`;
    return { ...customer, state: 'failed', error: 'VendorAuthError', reason, counts: {} };
  }
  const counts: Record<string, number | string> = {};
  for (const { title, type, appears } of columns) {
    if (type === 'text') counts[title] = 'Advanced';
    else if (appears === 'always') counts[title] = Math.round(devices / 3) + (index % 7);
    else if (index % 5 === 0) counts[title] = 1;
  }
  for (let each = 0; each < PRODUCTS_EACH && products.length > 0; each += 1) {
    const title = products[(index * 3 + each * 7) % products.length];
    if (title !== undefined) counts[title] = 5 + (index % 11);
  }
  return { ...customer, state: 'counted', counts };
}
