import type { ReportData } from '../../lambdas/views/report-data.ts';
import type { ReconciliationRow } from '../../lambdas/views/rows.ts';
import { agents, collected, company, customer, edition, product, reportOf, shop, tenants } from '../report/sample.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';

/**
 * A report in which every state occurs: four vendors, of which one failed, and companies that are read, half read or
 * not.
 */
const read = reportOf(
  [
    company('contoso', { agents: ['1'], edition: ['10'], shop: ['100'], tenants: [TENANT] }),
    company('fabrikam', { agents: ['2'], edition: ['11'], shop: ['101'] }),
    company('ironbridge', { agents: ['404'], edition: ['12', '10'] }),
    company('msp'),
  ],
  [
    collected('agents', [
      customer('1', { 'Agents Workstations': 12, 'Agents Servers': 2 }),
      customer('2', {}, { state: 'failed', error: 'VendorAuthError', reason: 'Agents GET /customers/2: HTTP 403' }),
      customer('9', { 'Agents Workstations': 4 }, { name: 'Ghost Co' }),
      customer('8', {}, { name: 'Old Co', state: 'excluded', reason: 'deactivated' }),
    ]),
    collected('edition', [
      customer('10', { 'Edition Users': 3, 'Edition Plan': 'Business' }),
      customer('11', { 'Edition Users': 7, 'Edition Plan': 'Enterprise' }),
      customer('12', { 'Edition Users': 1 }),
    ]),
    collected(
      'shop',
      [
        customer('100', { 'Shop Archive (TB)': 3.3 }),
        customer('101', {}, { state: 'excluded', reason: 'suspended' }),
        customer('102', { 'Shop Archive (TB)': 1 }, { name: 'Unknown Ltd' }),
      ],
      { columns: [product('Shop Archive (TB)')] },
    ),
    {
      integration: 'tenants',
      outcome: 'failed',
      error: 'VendorUnavailableError',
      message: 'no answer after 4 attempts',
    },
  ],
  [agents, edition, shop, tenants],
);

export const report = {
  ...read,
  unmapped: read.unmapped.map((each) =>
    each.customerId === '9'
      ? {
          ...each,
          suggestion: {
            certainty: 'certain' as const,
            company: { id: 'ghost', name: 'GHOST' },
            evidence: 'same domain',
          },
        }
      : each,
  ),
};

const compared = (
  row: Partial<ReconciliationRow> & Pick<ReconciliationRow, 'state' | 'service'>,
): ReconciliationRow => ({
  company: 'CONTOSO',
  companyId: 'contoso',
  period: '2026-11',
  billedFrom: 'ConnectWise PSA',
  ...row,
});

export const rows: ReconciliationRow[] = [
  compared({
    state: 'under-billed',
    service: 'Managed EDR',
    counted: '12',
    billable: '12',
    billed: '10',
    difference: '2',
    unitPrice: '3.50',
    moneyDifference: '7.00',
    currency: 'USD',
    agreements: 'Gold',
  }),
  compared({
    state: 'counted-not-billed',
    service: 'Archive',
    company: 'FABRIKAM',
    companyId: 'fabrikam',
    counted: '3.3',
    billable: '3.3',
    billed: '0',
    difference: '3.3',
    unitPrice: '10',
    moneyDifference: '33.00',
    currency: 'USD',
  }),
  compared({
    state: 'over-billed',
    service: 'Users',
    counted: '3',
    billable: '3',
    billed: '8',
    difference: '-5',
    unitPrice: '4.00',
    moneyDifference: '-20.00',
    currency: 'EUR',
  }),
  compared({
    state: 'billed-not-counted',
    service: 'Servers',
    counted: '0',
    billable: '0',
    billed: '1',
    difference: '-1',
  }),
  compared({ state: 'not-compared', service: 'Seats', billed: '4', reason: 'failed (VendorUnavailableError)' }),
  compared({ state: 'matched', service: 'Backup', counted: '1', billable: '1', billed: '1', difference: '0' }),
];

/** Everything that a view can show. */
export const data: ReportData = {
  report,
  reconciliation: {
    period: '2026-11',
    rows,
    totals: [
      { currency: 'USD', underBilled: '7.00', countedNotBilled: '33.00', overBilled: '0.00', billedNotCounted: '0.00' },
      {
        currency: 'EUR',
        underBilled: '0.00',
        countedNotBilled: '0.00',
        overBilled: '-20.00',
        billedNotCounted: '0.00',
      },
    ],
  },
  changes: [
    {
      company: 'CONTOSO',
      companyId: 'contoso',
      integration: 'Agents',
      column: 'Agents Workstations',
      before: '10',
      now: '12',
      difference: '2',
      stateBefore: 'counted',
      stateNow: 'counted',
      added: 'PC-11; PC-12',
      since: '2026-10-22',
    },
    {
      company: 'FABRIKAM',
      companyId: 'fabrikam',
      integration: 'Edition',
      column: 'Edition Plan',
      before: 'Business',
      now: 'Enterprise',
      stateBefore: 'counted',
      stateNow: 'counted',
      since: '2026-10-22',
    },
  ],
  terms: [
    {
      company: 'CONTOSO',
      companyId: 'contoso',
      integration: 'Shop',
      product: 'Office',
      subscriptionId: '0012345678901234567890',
      quantity: '27',
      assigned: '20',
      unitCost: '19.50',
      currency: 'USD',
      billingTerm: 'Monthly',
      commitment: '1-Year',
      termEnd: '2026-12-20',
      autoRenew: true,
      earliestReduction: '2026-12-21',
      lastDayToAct: '2026-12-19',
      basis: 'commitment end',
      act: { units: '7', why: 'unused', from: '2026-12-21', lastDay: '2026-12-19' },
    },
  ],
};
