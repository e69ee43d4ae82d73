import { type BillingConfiguration, readBillingConfiguration } from '../../lambdas/billing/configuration.ts';
import type { BilledLine, BilledSide, CustomerRef, ReadSide } from '../../lambdas/billing/line.ts';
import { reconcile } from '../../lambdas/billing/reconcile.ts';
import type { Reconciliation, ReconciliationRow } from '../../lambdas/billing/reconciliation.ts';
import type { CountingIntegration } from '../../lambdas/billing/titles.ts';
import type { Outcome } from '../../lambdas/report/collection.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { catalog, collected, customer, MSP, product, receipt, reportOf } from '../report/sample.ts';

export const PSA = 'connectwise-psa';
export const W = 'Agents Workstations';
export const LICENCE = 'Shop Licence';

/** The report's made-up vendors, one of which names columns by its products. */
export const counting: CountingIntegration[] = catalog.map((entry) =>
  entry.id === 'shop' ? { ...entry, products: { prefix: 'Shop' } } : entry,
);

/** A line of a customer as ConnectWise PSA would bill it: monthly, charged, open. */
export const line = (
  id: string,
  of: string,
  code: string,
  quantity: number,
  more: Partial<BilledLine> = {},
): BilledLine => ({
  id,
  billedFrom: PSA,
  agreement: { id: '310', name: 'Managed' },
  product: { id: `id-${code}`, code, name: `${code} by name` },
  customer: customerRef(of),
  quantity: { value: String(quantity) },
  included: '0',
  price: { amount: '4.00', months: 1 },
  currency: 'USD',
  from: '2024-01-01',
  to: null,
  billable: true,
  kind: 'recurring',
  quantitySource: 'fixed',
  notes: [],
  ...more,
});

const customerRef = (id: string): CustomerRef => ({ id, name: `PSA customer ${id}` });

/** What the PSA shows for November 2026: these lines, and these customers besides those of the lines. */
export const side = (
  lines: BilledLine[],
  customers: string[] = [],
  more: Partial<BilledSide & ReadSide> = {},
): BilledSide => ({
  source: PSA,
  label: PSA,
  asOf: '2026-11-22T06:00:00Z',
  status: 'collected',
  day: '2026-11-01',
  lines,
  customers: customers.map((id) => ({ ...customerRef(id), aliases: [] })),
  receipt,
  notes: [],
  ...more,
});

export const failedSide: BilledSide = {
  source: PSA,
  label: PSA,
  asOf: '2026-11-22T06:00:00Z',
  status: 'failed',
  error: 'VendorAuthError',
  message: 'refused',
};

/** billing.json with one service for workstations, billed as EDR. */
export const settings = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  source: { integration: PSA },
  services: [{ id: 'edr', name: 'Managed EDR', counts: [W], products: ['EDR'] }],
  ...more,
});

/** The same with a rule, a price or the like in its only service. */
export const service = (more: Record<string, unknown>): Record<string, unknown> =>
  settings({ services: [{ id: 'edr', name: 'Managed EDR', counts: [W], products: ['EDR'], ...more }] });

export const exception = (more: Record<string, unknown>): Record<string, unknown> => ({
  company: 'a',
  service: 'edr',
  reason: 'as agreed',
  owner: 'anna@northwind.example',
  until: '2027-05-01',
  ...more,
});

export const read = (value: unknown, organizations: readonly Organization[] = []): BillingConfiguration =>
  readBillingConfiguration(value, {
    sources: [
      { id: PSA, name: 'ConnectWise PSA' },
      { id: 'halopsa', name: 'HaloPSA' },
      { id: 'freshdesk', name: 'Freshdesk', experimental: true },
    ],
    catalog: counting,
    organizations,
    managingOrganization: MSP,
  });

/** Workstations by vendor customer, as the made-up vendor counts them. */
export const workstations = (counts: Record<string, number>): Outcome =>
  collected(
    'agents',
    Object.entries(counts).map(([id, value]) => customer(id, { [W]: value })),
  );

export const licences = (counts: Record<string, number>): Outcome =>
  collected(
    'shop',
    Object.entries(counts).map(([id, value]) => customer(id, { [LICENCE]: value })),
    { columns: [product(LICENCE)] },
  );

export type Situation = {
  organizations: Organization[];
  outcomes: Outcome[];
  sides: BilledSide[];
  billing?: Record<string, unknown>;
  timeZone?: string;
  /** Integrations that the run left out. */
  notAsked?: string[];
};

export const compared = ({
  organizations,
  outcomes,
  sides,
  billing = settings(),
  timeZone = 'UTC',
  notAsked = [],
}: Situation): Reconciliation =>
  reconcile({
    report: { ...reportOf(organizations, outcomes), notAsked },
    organizations,
    catalog: counting,
    configuration: read(billing, organizations),
    sides,
    timeZone,
  });

/** The row of a company and service. */
export function rowOf({ rows }: Reconciliation, companyId: string, serviceId = 'edr'): ReconciliationRow {
  const row = rows.find((each) => each.companyId === companyId && each.serviceId === serviceId);
  if (row === undefined) throw new Error(`no row of ${companyId} and ${serviceId}`);
  return row;
}
