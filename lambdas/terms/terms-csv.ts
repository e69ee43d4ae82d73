import { csv } from '../report/csv.ts';
import type { TermRow } from './term-row.ts';
import { ownerName } from './terms.ts';

/** terms.csv: one line per subscription; blank = not read. Only the header if no vendor sells by term. */
export const termsCsv = (rows: readonly TermRow[]): string =>
  csv(
    [...rows],
    [
      { label: 'Company', value: ({ owner }) => ownerName(owner) },
      { label: 'Integration', value: ({ integrations }) => integrations.map(({ name }) => name).join('; ') },
      { label: 'Product', value: ({ product }) => product },
      { label: 'Subscription Id', value: ({ id }) => id },
      { label: 'Quantity', value: ({ quantity }) => quantity ?? null },
      { label: 'Assigned', value: ({ assigned }) => assigned ?? null },
      { label: 'Unit Cost', value: ({ unitCost }) => unitCost ?? null },
      { label: 'Currency', value: ({ currency }) => currency ?? null },
      { label: 'Billing Term', value: ({ billingTerm }) => billingTerm ?? null },
      { label: 'Commitment', value: ({ commitment }) => commitment ?? null },
      { label: 'Term End', value: ({ termEnd }) => termEnd ?? null },
      { label: 'Auto-renew', value: ({ autoRenew }) => (autoRenew === undefined ? null : autoRenew ? 'yes' : 'no') },
      { label: 'Scheduled Quantity', value: ({ scheduledQuantity }) => scheduledQuantity ?? null },
      { label: 'Reducible Now', value: ({ reduction }) => reduction.now ?? null },
      { label: 'Earliest Reduction', value: ({ reduction }) => reduction.earliest ?? null },
      { label: 'Last Day To Act', value: ({ reduction }) => reduction.lastDay ?? null },
      { label: 'Basis', value: ({ basis }) => (basis === '' ? null : basis) },
    ],
  );
