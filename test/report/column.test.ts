import { describe, expect, test } from 'vitest';
import { productTitle } from '../../lambdas/report/column.ts';

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
