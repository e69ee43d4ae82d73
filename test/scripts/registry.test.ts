import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { meaningOf } from '../../lambdas/wire/options.ts';
import { codeBlock, integrationsPage, integrationsTable, withSection } from '../../scripts/local/integrations-page.ts';

const registry = await loadRegistry();
const { collectors, psas } = registry;

const repeated = <T>(values: readonly T[]): T[] => values.filter((value, place) => values.indexOf(value) !== place);

describe('the folders of collectors and PSAs', () => {
  it('hold declarations, collectors in the order of their columns', () => {
    const positions = collectors.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(collectors.length).toBeGreaterThan(0);
    expect(psas.length).toBeGreaterThan(0);
  });

  it.each([
    ['id of a collector', collectors.map(({ id }) => id)],
    ['name of a collector', collectors.map(({ name }) => name)],
    ['position', collectors.map(({ position }) => position)],
    ['column title', collectors.flatMap(({ columns }) => columns.map(({ title }) => title))],
    [
      'prefix of product columns',
      collectors.flatMap(({ products }) => (products === undefined ? [] : [products.prefix])),
    ],
    ['id of a PSA', psas.map(({ id }) => id)],
  ])('give no %s twice', (_, values: readonly (string | number)[]) => {
    expect(repeated<string | number>(values)).toEqual([]);
  });

  it('take no title that another vendor’s products could be given', () => {
    for (const { products, id } of collectors) {
      if (products === undefined) continue;
      const others = collectors.filter((other) => other.id !== id).flatMap(({ columns }) => columns);
      expect(others.filter(({ title }) => title.startsWith(`${products.prefix} `))).toEqual([]);
    }
  });

  it('say of every column in a sentence what it counts', () => {
    for (const { columns } of collectors)
      for (const { definition } of columns) expect(definition.length).toBeGreaterThan(8);
  });
});

/** Integrations whose options are not yet told with what they are for. None may be added; whoever declares one takes it out. */
const UNTOLD = new Set([
  ...['datto-rmm', 'connectwise-automate', 'connectwise-asio', 'immybot', 'microsoft-365', 'sentinelone', 'duo'],
  ...['it-glue', 'auvik', 'proofpoint-essentials', 'cork', 'dropsuite', 'sherweb', 'synnex-australia'],
  ...['td-synnex-stellr', 'td-synnex-streamone-ion'],
]);

describe('an option', () => {
  const unsaid = [...collectors, ...psas].map(({ id, secret, configuration }) => ({
    id,
    options: Object.entries({ ...secret.shape, ...configuration.shape }).flatMap(([name, form]) =>
      (meaningOf(form) ?? '') === '' ? [name] : [],
    ),
  }));

  it('says in a sentence what it is for', () => {
    expect(unsaid.filter(({ id, options }) => options.length > 0 && !UNTOLD.has(id))).toEqual([]);
  });

  it('is excused from that only where it is not yet told', () => {
    expect(unsaid.filter(({ id, options }) => options.length === 0 && UNTOLD.has(id))).toEqual([]);
  });
});

describe('the documentation', () => {
  const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

  it('lists what the declarations say (npm run docs)', async () => {
    expect(await read('docs/integrations.md')).toBe(integrationsPage(registry));
    const readme = await read('README.md');
    expect(readme).toBe(withSection(readme, 'integrations', integrationsTable(registry)));
    const adding = await read('docs/adding-a-vendor.md');
    expect(adding).toBe(withSection(adding, 'example', codeBlock(await read('test/example-vendor/acme-rmm.ts'))));
  });
});
