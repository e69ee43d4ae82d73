import { demoAgreements, firstDayOfMonth } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

/**
 * Agreements with their products. What the vendor answers is not published: this is one shape of several that it may
 * have. What NinjaOne counts itself has no number.
 */
export function agreementsOf(msp: DemoMsp, now: number, idOfOrganization: (index: number) => number): Row[] {
  return demoAgreements(msp, now).map(({ id, name, companyIndex, from, lines }) => ({
    id,
    name,
    organizationId: idOfOrganization(companyIndex),
    status: 'ACTIVE',
    interval: 'MONTHLY',
    startDate: Date.parse(from) / 1000,
    endDate: null,
    nextBillDate: firstDayOfMonth(now, 1),
    products: lines.map(({ product, quantity, price, from: begins, to }, index) => ({
      id: 7000 + index,
      productId: product.id,
      name: product.code,
      quantityType: 'MANUAL',
      quantity,
      unitPrice: Number(price),
      cost: Number(product.cost),
      startDate: begins,
      endDate: to ?? null,
    })),
  }));
}
