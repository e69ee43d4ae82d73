import { DEMO_PRODUCTS, demoAgreements, firstDayOfMonth } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

const midnight = (day: string): string => `${day}T00:00:00Z`;

/** Agreements and their additions as ConnectWise shapes them: days are midnights, numbers are doubles, open ends are absent. */
export function financeOf(msp: DemoMsp, now: number, companies: readonly Row[]) {
  const agreements: Row[] = [];
  const additions = new Map<number, Row[]>();
  for (const { id, name, companyIndex, from, lines } of demoAgreements(msp, now)) {
    const company = companies.find((row) => row.id === 250 + companyIndex);
    agreements.push({
      id,
      name,
      type: { id: 3, name: 'Managed Services' },
      company: { id: company?.id, identifier: company?.identifier, name: company?.name },
      agreementStatus: 'Active',
      cancelledFlag: false,
      startDate: midnight(from),
      noEndingDateFlag: true,
      billingCycle: { id: 2, name: 'Monthly' },
      nextInvoiceDate: midnight(firstDayOfMonth(now, 1)),
      billAmount: companyIndex % 11 === 3 ? 150 : 0,
      prorateFlag: false,
      currency: { id: 7, currencyCode: 'USD', symbol: '$' },
    });
    additions.set(
      id,
      lines.map(({ product, quantity, price, from: begins, to, free }, index) => ({
        id: id * 100 + index,
        agreementId: id,
        product: { id: product.id, identifier: product.code },
        description: product.name,
        quantity,
        lessIncluded: 0,
        billedQuantity: quantity,
        unitPrice: Number(price),
        unitCost: Number(product.cost),
        extPrice: Math.round(Number(price) * quantity * 100) / 100,
        billCustomer: free === true ? 'NoCharge' : 'Billable',
        effectiveDate: midnight(begins),
        ...(to === undefined ? {} : { cancelledDate: midnight(to) }),
        agreementStatus: 'Active',
      })),
    );
  }
  const catalog = DEMO_PRODUCTS.map(({ id, code, name, price, cost }) => ({
    id,
    identifier: code,
    description: name,
    productClass: 'Service',
    price: Number(price),
    cost: Number(cost),
    inactiveFlag: false,
  }));
  return { agreements, additions, catalog };
}
