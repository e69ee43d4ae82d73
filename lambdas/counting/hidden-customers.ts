import type { CustomerCount } from '../report/collection.ts';
import type { CatalogEntry } from '../report/column.ts';
import { ListedCustomers } from '../report/listed-customers.ts';

/**
 * Mapped customers that no list has, if one that may hide them could not be read: they may be that one or below it, so
 * they are not "not found". They fail like it.
 */
export function hiddenCustomers(
  entry: CatalogEntry,
  customers: readonly CustomerCount[],
  hiding: ReadonlySet<string>,
  mapped: readonly string[],
): CustomerCount[] {
  const unread = customers.find(({ id, state }) => state === 'failed' && hiding.has(id));
  if (unread?.state !== 'failed') return [];
  const reason = `it may be, or be below, ${unread.name}, which could not be read: ${unread.reason}`;
  const listed = new ListedCustomers(entry, customers);
  const lost = mapped.filter((id) => listed.placesOf(id).length === 0);
  return lost.map((id) => ({
    ...{ id, name: id, aliases: [], counts: {}, gaps: {}, notes: [] },
    ...{ state: 'failed', error: unread.error, reason },
  }));
}
