import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreeingWithSeveral, firstServices, type PsaProduct } from '../../lambdas/billing/first-services.ts';
import { serviceFinder } from '../../lambdas/billing/services.ts';
import { collected, company, customer, product, reportOf } from '../report/sample.ts';
import { counting, LICENCE, licences, PSA, read, W, workstations } from './sample.ts';

const organizations = [company('a', { agents: ['1'], shop: ['5'] })];
const report = reportOf(organizations, [workstations({ 1: 12 }), licences({ 5: 3 })]);
const first = (products: PsaProduct[], of = report) => firstServices({ integration: PSA }, products, of, counting);

test('a service is made if name or code is a column’s, with or without its prefix, whatever the case and spaces', () => {
  expect(first([{ id: '1', code: 'LIC', name: ' licence ' }]).services).toEqual([
    { id: 'lic', name: ' licence ', counts: [LICENCE], products: ['LIC'] },
  ]);
  expect(first([{ id: '1', name: 'SHOP  Licence' }]).services).toMatchObject([{ products: [{ id: '1' }] }]);
  expect(first([{ id: '1', code: W, name: 'Managed' }]).services).toMatchObject([{ counts: [W], products: [W] }]);
});

test('a service is made if the catalogue’s vendor SKU is a column, and the SKU is not printed', () => {
  const sold = { id: '1', code: 'X', name: 'Managed', skus: [W] };
  expect(first([sold]).services).toEqual([{ id: 'x', name: 'Managed', counts: [W], products: ['X'] }]);
  expect(first([{ ...sold, skus: ['none'] }]).unused.products).toEqual([{ id: '1', code: 'X', name: 'Managed' }]);
});

test('everything else is left unused: nothing is guessed', () => {
  const similar = { id: '1', code: 'LIC', name: 'Shop Licences' };
  expect(first([similar])).toEqual({
    source: { integration: PSA },
    services: [],
    unused: { products: [similar], columns: [W, 'Agents Servers', LICENCE] },
  });
});

test('several columns with one name are left to people: two vendors can count the same seats', () => {
  const twice = reportOf(organizations, [
    licences({ 5: 3 }),
    collected('agents', [customer('1', { Licence: 1 })], { columns: [product('Licence')] }),
  ]);
  const products = [{ id: '1', name: 'Licence' }];
  expect(first(products, twice)).toMatchObject({ services: [], unused: { products: [{ id: '1' }] } });
  expect(agreeingWithSeveral(products, twice, counting).map(({ titles }) => titles)).toEqual([
    twice.columns.map(({ title }) => title).filter((title) => title.endsWith('Licence')),
  ]);
});

test('two products with one name are one service, each by what only it has', () => {
  const products = [
    { id: '1', code: 'X', name: 'Licence' },
    { id: '2', code: 'X', name: 'Licence' },
  ];
  expect(first(products).services).toEqual([
    { id: 'x', name: 'Licence', counts: [LICENCE], products: [{ id: '1' }, { id: '2' }] },
  ]);
});

test('one product that lines call by two names is named once', () => {
  const names = ['Licence', 'Licence (branch)'];
  const [named, again] = [
    names.map((name) => ({ id: '88', code: 'LIC', name })),
    names.map((name) => ({ code: 'LIC', name })),
  ];
  for (const products of [named, again, named.toReversed()]) {
    expect(first(products)).toMatchObject({ services: [{ products: ['LIC'] }], unused: { products: [] } });
  }
});

test('whatever the products are, the result is valid, and its services take their own products alone', () => {
  const word = fc.constantFrom('Licence', ' licence', 'Servers', W, 'X', 'x', '88');
  const sold = fc.record(
    { id: fc.constantFrom('1', '2', '88'), code: word, name: word, skus: fc.array(word, { maxLength: 2 }) },
    { requiredKeys: ['name'] },
  );
  fc.assert(
    fc.property(fc.array(sold, { maxLength: 6 }), (products) => {
      const { services, unused } = first(products);
      const serviceOf = serviceFinder(read(JSON.parse(JSON.stringify({ ...first(products) }))).services);
      for (const product of unused.products) expect(serviceOf(product)).toBeUndefined();
      const taken = products.filter((product) => serviceOf(product) !== undefined);
      expect(taken.length > 0).toBe(services.length > 0);
    }),
  );
});

test('a product without an id, as in files of billed lines, is identified by its name', () => {
  expect(first([{ name: 'Licence' }]).services).toMatchObject([{ counts: [LICENCE], products: ['Licence'] }]);
});

test('services with the same code have different ids', () => {
  const apart = [
    { id: '1', code: 'A-1', name: LICENCE },
    { id: '2', code: 'a 1', name: W },
  ];
  expect(first(apart).services.map(({ id }) => id)).toEqual(['a-1', 'a-1-2']);
});

test('the result is a valid billing.json', () => {
  const made = first([
    { id: '1', code: 'LIC', name: 'Licence' },
    { id: '2', name: 'Printer' },
  ]);
  expect(read(JSON.parse(JSON.stringify(made)))).toMatchObject({ services: [{ id: 'lic', counts: [LICENCE] }] });
});
