import type { Day } from '../report/day.ts';
import { byName, byText, distinct } from '../report/order.ts';
import type { Subscription } from '../report/subscription.ts';
import { type Joined, joinedWithDistributor, type Owner, type TermSource } from './joined.ts';
import { earliestReduction } from './reduction.ts';
import type { TermRow } from './term-row.ts';
import { actionOn } from './to-act-on.ts';

export type { Owner, TermSource } from './joined.ts';

/**
 * The rows of terms.csv, by company and product; customers without a company last. Two subscriptions of one product
 * remain two rows, whatever their terms. The order of the facts does not matter. `notBilledOf` gives the seats of a row
 * that no customer is billed for.
 */
export function termRows(
  sources: readonly TermSource[],
  today: Day,
  notBilledOf: (rows: readonly TermRow[]) => (row: TermRow) => number = () => () => 0,
): TermRow[] {
  const rows = joinedWithDistributor(sources)
    .map((sold) => termRow(sold, today))
    .sort(byOwnerAndProduct);
  const notBilled = notBilledOf(rows);
  return rows.map((row) => {
    const act = actionOn(row, today, notBilled(row));
    return act === undefined ? row : { ...row, act };
  });
}

function termRow({ vendor, ...sold }: Joined, today: Day): TermRow {
  const sellers = vendor === undefined ? [sold] : [sold, vendor];
  const { subscription, remarks } = vendor === undefined ? { ...sold, remarks: [] } : agreed(sold, vendor);
  const { customer: _, column: __, seller: ___, joins: ____, ...facts } = subscription;
  const reduction = earliestReduction(subscription, today);
  return {
    ...facts,
    owner: sold.owner,
    integrations: sellers.map(({ integration, name }) => ({ id: integration, name })),
    columns: distinct(sellers.flatMap((seller) => seller.subscription.column ?? [])),
    reduction,
    basis: [reduction.basis, ...remarks].filter((text) => text !== '').join('; '),
  };
}

/** The distributor's facts, completed by the vendor's. A number on which they disagree stays open. */
function agreed(sold: Joined, vendor: Joined): { subscription: Subscription; remarks: string[] } {
  const subscription: Subscription = { ...vendor.subscription, ...sold.subscription };
  const remarks: string[] = [];
  for (const [member, title] of SHARED_NUMBERS) {
    const [ours, theirs] = [sold.subscription[member], vendor.subscription[member]];
    if (ours === undefined || theirs === undefined || ours === theirs) continue;
    delete subscription[member];
    remarks.push(`${title}: ${ours} by ${sold.name}, ${theirs} by ${vendor.name}`);
  }
  return { subscription, remarks };
}

const SHARED_NUMBERS = [
  ['quantity', 'Quantity'],
  ['assigned', 'Assigned'],
] as const;

const sellersOf = ({ integrations }: TermRow): string => integrations.map(({ name }) => name).join('; ');

const byOwnerAndProduct = (a: TermRow, b: TermRow): number =>
  Number(a.owner.company === undefined) - Number(b.owner.company === undefined) ||
  byName(ownerName(a.owner), ownerName(b.owner)) ||
  byText(a.owner.company?.id ?? '', b.owner.company?.id ?? '') ||
  byText(sellersOf(a), sellersOf(b)) ||
  byName(a.product, b.product) ||
  byText(a.id, b.id);

/** The company, or the vendor's customer if no company is known. */
export const ownerName = ({ company, customer }: Owner): string => company?.name ?? `(no company) ${customer}`;
