import type { Subscription } from '../../lambdas/report/subscription.ts';
import type { TermRow } from '../../lambdas/terms/term-row.ts';
import { type TermSource, termRows } from '../../lambdas/terms/terms.ts';

export const TODAY = '2026-11-22';

export const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  customer: 'c1',
  id: 's1',
  product: 'Microsoft 365 Business Premium',
  seller: 'distributor',
  joins: [],
  ...more,
});

/** Customers c1 and c2 belong to Contoso and Fabrikam; all others to nobody. */
const ownerOf: TermSource['ownerOf'] = (customer) => {
  const company = { c1: { id: 'contoso', name: 'Contoso' }, c2: { id: 'fabrikam', name: 'Fabrikam' } }[customer];
  return company === undefined ? { customer: `Customer ${customer}` } : { customer, company };
};

export const sourceOf = (integration: string, name: string, ...subscriptions: Subscription[]): TermSource => ({
  integration,
  name,
  subscriptions,
  ownerOf,
});

export const rowsOf = (...subscriptions: Subscription[]): TermRow[] =>
  termRows([sourceOf('pax8', 'Pax8', ...subscriptions)], TODAY);
