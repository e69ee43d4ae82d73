import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { type CatalogEntry, catalogEntry, foldedTitle, productTitle } from '../../lambdas/report/column.ts';
import { number } from '../columns.ts';

describe("the title of a product's column", () => {
  test.each([
    ['Microsoft 365', 'Business Premium', 'Microsoft 365 Business Premium'],
    ['Microsoft 365', 'Microsoft 365 Business Premium', 'Microsoft 365 Business Premium'],
    ['Microsoft 365', 'microsoft 365 Apps', 'Microsoft 365 Apps'],
    ['Microsoft 365', 'Office 365 E3', 'Microsoft 365 Office 365 E3'],
    ['PAX8', '  Acronis \n Backup ', 'PAX8 Acronis Backup'],
    ['PAX8', 'PAX8ish', 'PAX8 PAX8ish'],
  ])('%s and %j give %j', (prefix, product, title) => {
    expect(productTitle(prefix, product)).toBe(title);
  });
});

describe('the entry of a collector', () => {
  const entry: CatalogEntry = {
    ...{ id: 'acme', name: 'Acme', position: 1, columns: [number('Acme Users', 'users')] },
    customerId: { name: 'tenant id', schema: z.string() },
  };

  test('is all that a step knows which has the catalog: nothing that can reach the vendor', () => {
    const customerId = { ...entry.customerId, read: () => 'z' };
    const collector = { ...entry, customerId, products: { prefix: 'ACME', of: () => 'x' }, collect: () => 'y' };
    expect(catalogEntry(collector)).toStrictEqual({ ...entry, products: { prefix: 'ACME' } });
  });

  test('has no word on products if the vendor’s data brings no columns', () => {
    expect(catalogEntry({ ...entry, products: undefined })).toStrictEqual(entry);
  });
});

test('titles that differ in case, blanks or Unicode form alone are one column', () => {
  expect(foldedTitle('  SHOP \n Cafe\u0301 ')).toBe(foldedTitle('shop caf\u00e9'));
  expect(foldedTitle('SHOP Café')).toBe('shop café');
});
