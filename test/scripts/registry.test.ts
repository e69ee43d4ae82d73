import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { meaningOf } from '../../lambdas/wire/options.ts';
import {
  codeBlock,
  integrationsPage,
  integrationsTable,
  sourcesSection,
  withSection,
} from '../../scripts/local/integrations-page.ts';

const registry = await loadRegistry();
const { collectors, psas } = registry;

const repeated = <T>(values: readonly T[]): T[] => values.filter((value, place) => values.indexOf(value) !== place);

describe('the folders of collectors and PSAs', () => {
  it('contain declarations, collectors in the order of their columns', () => {
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

  it('have no title that another vendor’s products could get', () => {
    for (const { products, id } of collectors) {
      if (products === undefined) continue;
      const others = collectors.filter((other) => other.id !== id).flatMap(({ columns }) => columns);
      expect(others.filter(({ title }) => title.startsWith(`${products.prefix} `))).toEqual([]);
    }
  });

  it('state for every column in a sentence what it counts', () => {
    for (const { columns } of collectors)
      for (const { definition } of columns) expect(definition.length).toBeGreaterThan(8);
  });
});

describe('an option', () => {
  const withoutSentence = [...collectors, ...psas].map(({ id, secret, configuration }) => ({
    id,
    options: Object.entries({ ...secret.shape, ...configuration.shape }).flatMap(([name, form]) =>
      (meaningOf(form) ?? '') === '' ? [name] : [],
    ),
  }));

  it('states in a sentence what it is for', () => {
    expect(withoutSentence.filter(({ options }) => options.length > 0)).toEqual([]);
  });
});

describe('the documentation', () => {
  const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

  it('agrees with the declarations (npm run docs)', async () => {
    expect(await read('docs/integrations.md')).toBe(integrationsPage(registry));
    const readme = await read('README.md');
    expect(readme).toBe(withSection(readme, 'integrations', integrationsTable(registry)));
    const adding = await read('docs/adding-a-vendor.md');
    expect(adding).toBe(withSection(adding, 'example', codeBlock(await read('test/example-vendor/acme-rmm.ts'))));
    const billing = await read('docs/billing.md');
    expect(billing).toBe(withSection(billing, 'sources', sourcesSection(registry)));
  });
});
