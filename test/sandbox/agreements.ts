import type { Company, DemoMsp } from './demo-msp.ts';
import type { SandboxVendor, VendorFactory } from './vendor.ts';
import auvik from './vendor-apis/auvik.ts';
import dropsuite from './vendor-apis/dropsuite.ts';
import duo from './vendor-apis/duo.ts';
import huntress from './vendor-apis/huntress.ts';
import ninjaone from './vendor-apis/ninjaone.ts';
import pax8 from './vendor-apis/pax8.ts';
import proofpoint from './vendor-apis/proofpoint-essentials.ts';

/** What the demo MSP sells, month by month. Prices in USD. */
export type DemoProduct = { id: number; code: string; name: string; price: string; cost: string };

/** One line of an agreement, before any PSA gives it a shape. Days are inclusive, `YYYY-MM-DD`. */
export type DemoLine = {
  product: DemoProduct;
  quantity: number;
  price: string;
  from: string;
  to?: string;
  /** It is on the agreement and costs nothing. */
  free?: true;
};

/** What one company has agreed to pay for every month. */
export type DemoAgreement = {
  id: number;
  name: string;
  company: Company;
  companyIndex: number;
  from: string;
  lines: DemoLine[];
};

/** A product, the vendor by whose count it should be billed, and that column of the report. */
export const SOLD: readonly (DemoProduct & { vendor: VendorFactory; column: string })[] = [
  {
    id: 88,
    code: 'MGD-WKS',
    name: 'Managed workstation',
    price: '38.00',
    cost: '9.00',
    vendor: ninjaone,
    column: 'NinjaOne Workstations',
  },
  {
    id: 89,
    code: 'MGD-SRV',
    name: 'Managed server',
    price: '85.00',
    cost: '21.00',
    vendor: ninjaone,
    column: 'NinjaOne Servers',
  },
  {
    id: 91,
    code: 'MAIL-SEC',
    name: 'E-mail security',
    price: '1.95',
    cost: '0.90',
    vendor: proofpoint,
    column: 'Proofpoint User Licenses',
  },
  {
    id: 92,
    code: 'MFA',
    name: 'Multi-factor authentication',
    price: '2.25',
    cost: '1.10',
    vendor: duo,
    column: 'Duo Users',
  },
  {
    id: 93,
    code: 'M365-BACKUP',
    name: 'Microsoft 365 backup',
    price: '2.80',
    cost: '1.20',
    vendor: dropsuite,
    column: 'Dropsuite Used Seats',
  },
  {
    id: 94,
    code: 'NET-MON',
    name: 'Network monitoring',
    price: '6.00',
    cost: '2.50',
    vendor: auvik,
    column: 'Auvik Billable Devices',
  },
  {
    id: 95,
    code: 'MGD-EDR',
    name: 'Managed EDR',
    price: '3.50',
    cost: '2.10',
    vendor: huntress,
    column: 'Huntress EDR Agents',
  },
  {
    id: 97,
    code: 'M365-BP',
    name: 'Microsoft 365 Business Premium',
    price: '22.00',
    cost: '19.80',
    vendor: pax8,
    column: 'PAX8 Microsoft 365 Business Premium',
  },
];

/** Sold by the MSP, counted by nobody. */
const HANDSET: DemoProduct = { id: 99, code: 'VOIP', name: 'Phone handset', price: '9.90', cost: '4.00' };

/** All that the PSA has in its catalogue. */
export const DEMO_PRODUCTS: readonly DemoProduct[] = [...SOLD, HANDSET];

/** Companies that nobody has written an agreement for. */
const UNBILLED = new Set([12, 33]);

/**
 * What the demo MSP bills: near what its vendors count, with the drift of real life. Seats that were added and never
 * billed, some that are billed and gone, a product that was forgotten, one that ended, one that is free, one that
 * begins next month. What changed since last month is not in it yet.
 */
export function demoAgreements(msp: DemoMsp, now: number): DemoAgreement[] {
  const vendors = new Map<VendorFactory, SandboxVendor>();
  const counted = (product: (typeof SOLD)[number], company: string): number => {
    const vendor = vendors.get(product.vendor) ?? product.vendor(msp.since?.lastMonth ?? msp);
    vendors.set(product.vendor, vendor);
    return vendor.customers
      .filter((customer) => customer.company === company && customer.state === 'counted')
      .reduce((sum, { cells }) => sum + Number(cells[product.column] ?? 0), 0);
  };
  return msp.companies.flatMap((company, companyIndex) => {
    if (UNBILLED.has(companyIndex)) return [];
    const lines = SOLD.flatMap((product) =>
      linesOf(msp, company, product, Math.floor(counted(product, company.id)), now),
    );
    if (msp.draw(4, company.id, 'handsets') === 0) {
      lines.push({
        product: HANDSET,
        quantity: 2 + msp.draw(9, company.id, 'phones'),
        price: HANDSET.price,
        from: '2025-02-01',
      });
    }
    if (lines.length === 0) return [];
    return dealt(lines, msp.agreementsEach ?? 1).map((share, index) => ({
      id: 310 + companyIndex + index * Math.max(FURTHER, msp.companies.length),
      name: `${company.name} Managed Services${index === 0 ? '' : ` ${index + 1}`}`.slice(0, 100),
      company,
      companyIndex,
      from: '2024-01-01',
      lines: share,
    }));
  });
}

/** The least that is between the ids of two agreements of one company. */
const FURTHER = 10_000;

/** Lines over that many agreements, each in turn; who has too few of them has handsets besides. */
const dealt = (lines: readonly DemoLine[], agreements: number): DemoLine[][] =>
  Array.from({ length: agreements }, (_, index) => {
    const share = lines.filter((_, place) => place % agreements === index);
    return share.length > 0 ? share : [{ product: HANDSET, quantity: 1, price: HANDSET.price, from: '2025-02-01' }];
  });

function linesOf(msp: DemoMsp, company: Company, product: DemoProduct, count: number, now: number): DemoLine[] {
  const draw = (below: number, what: string) => msp.draw(below, company.id, product.code, what);
  const line = (quantity: number, more: Partial<DemoLine> = {}): DemoLine => ({
    product,
    quantity,
    price: product.price,
    from: '2024-01-01',
    ...more,
  });
  const fate = draw(40, 'fate');
  if (count === 0) return fate < 4 ? [line(1 + draw(4, 'gone'))] : [];
  if (fate === 0) return [];
  if (fate === 1) return [line(count, { to: lastDayOfMonth(now, -2) })];
  if (fate === 2) return [line(count, { free: true, price: '0.00' })];
  if (fate === 3) return [line(count, { from: firstDayOfMonth(now, 1) })];
  if (fate === 4 && count > 3) return [line(count - 3), line(3, { from: '2026-03-01', price: product.price })];
  if (fate < 10) return [line(Math.max(1, count - 1 - draw(6, 'unbilled')))];
  if (fate < 13) return [line(count + 1 + draw(3, 'leavers'))];
  return [line(count)];
}

/** The first day of the month `months` after that of `now`. */
export function firstDayOfMonth(now: number, months: number): string {
  const at = new Date(now);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString().slice(0, 10);
}

const lastDayOfMonth = (now: number, months: number): string => {
  const at = new Date(now);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0)).toISOString().slice(0, 10);
};
