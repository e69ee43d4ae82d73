import { DEMO_PRODUCTS, demoAgreements, firstDayOfMonth, SOLD } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

const midnight = (day: string): string => `${day}T00:00:00Z`;
const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** The least that is between the id of an agreement and that of its child. */
const CHILD = 5000;

/** An RMM counts servers into the agreements of this type. */
const MANAGED = { id: 3, name: 'Managed Services' };

/**
 * Agreements and their additions as ConnectWise shapes them: days are midnights, numbers are doubles, open ends are
 * absent.
 */
export function financeOf(msp: DemoMsp, now: number, companies: readonly Row[]) {
  const agreements: Row[] = [];
  const additions = new Map<number, Row[]>();
  const recaps: Row[] = [];
  const nextInvoice = firstDayOfMonth(now, 1);
  const parents = demoAgreements(msp, now);
  // Beyond the last one, or a child would have another company's id.
  const beyond = Math.max(CHILD, ...parents.map(({ id }) => id));
  for (const { id, name, companyIndex, from, lines } of parents) {
    const company = companies.find((row) => row.id === 250 + companyIndex);
    const child = id + beyond;
    const billAmount = companyIndex % 11 === 3 ? 150 : 0;
    // The last line of some companies is on a separate agreement that is invoiced with the first.
    const onChild = companyIndex % 13 === 5 && lines.length > 1 ? lines.length - 1 : lines.length;
    const agreement = (fields: Row): Row => ({
      type: MANAGED,
      company: { id: company?.id, identifier: company?.identifier, name: company?.name },
      agreementStatus: 'Active',
      cancelledFlag: false,
      startDate: midnight(from),
      noEndingDateFlag: true,
      billingCycle: { id: 2, name: 'Monthly' },
      nextInvoiceDate: midnight(nextInvoice),
      prorateFlag: false,
      currency: { id: 7, currencyCode: 'USD', symbol: '$' },
      ...fields,
    });
    agreements.push(agreement({ id, name, billAmount }));
    const rows = lines.map(({ product, quantity, price, from: begins, to, free }, index) => ({
      id: id * 100 + index,
      agreementId: index < onChild ? id : child,
      product: { id: product.id, identifier: product.code },
      description: product.name,
      quantity,
      lessIncluded: 0,
      billedQuantity: quantity,
      unitPrice: Number(price),
      unitCost: Number(product.cost),
      extPrice: cents(Number(price) * quantity),
      billCustomer: free === true ? 'NoCharge' : 'Billable',
      effectiveDate: midnight(begins),
      ...(to === undefined ? {} : { cancelledDate: midnight(to) }),
      agreementStatus: 'Active',
    }));
    // The screen of a parent shows the lines of its children too, and so does this list.
    additions.set(id, rows);
    if (onChild < lines.length) {
      const parentAgreement = { id, name, type: MANAGED.name, chargeFirmFlag: false };
      agreements.push(agreement({ id: child, name: `${name} (child)`, billAmount: 0, parentAgreement }));
      additions.set(child, rows.slice(onChild));
    }
    const due = lines.filter(
      ({ from: begins, to, free }) => begins <= nextInvoice && (to ?? nextInvoice) >= nextInvoice && free !== true,
    );
    recaps.push({
      id,
      name,
      companyName: company?.name,
      agreementStatus: 'Active',
      adjustmentAmount: 0,
      nextInvoiceAmount: cents(due.reduce((sum, { price, quantity }) => sum + Number(price) * quantity, billAmount)),
      nextInvoiceDate: midnight(nextInvoice),
      lastInvoiceAmount: '0.00',
      unbilledPeriods: 1,
    });
  }
  // For some products this MSP wrote down what the vendor's side is called.
  const columnOf = new Map(SOLD.slice(2, 5).map(({ code, column }) => [code, column]));
  const catalog = DEMO_PRODUCTS.map(({ id, code, name, price, cost }) => ({
    id,
    identifier: code,
    description: name,
    productClass: 'Service',
    price: Number(price),
    cost: Number(cost),
    vendorSku: '',
    manufacturerPartNumber: null,
    ...(columnOf.has(code) ? { integrationXRef: columnOf.get(code) } : {}),
    inactiveFlag: false,
  }));
  const server = DEMO_PRODUCTS.find(({ code }) => code === 'MGD-SRV');
  const managedProducts = [
    {
      id: 1,
      agreementType: MANAGED,
      serverProduct: { id: server?.id, identifier: server?.code },
      workstationProduct: null,
    },
  ];
  return { agreements, additions, recaps, catalog, solutions: [{ id: 21, name: 'RMM' }], managedProducts };
}
