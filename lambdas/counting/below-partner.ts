import type { CustomerCount } from '../report/collection.ts';
import type { CatalogEntry } from '../report/column.ts';
import { ListedCustomers } from '../report/listed-customers.ts';

/**
 * Mapped customers that no list has, if a partner's own list could not be read: they may be in that one, so they are
 * not "not found". They fail like the partner.
 */
export function belowPartner(
  entry: CatalogEntry,
  customers: readonly CustomerCount[],
  partners: ReadonlySet<string>,
  mapped: readonly string[],
): CustomerCount[] {
  const unread = customers.find(({ id, state }) => state === 'failed' && partners.has(id));
  if (unread?.state !== 'failed') return [];
  const reason = `it may be a customer of ${unread.name}, whose customers could not be read: ${unread.reason}`;
  const listed = new ListedCustomers(entry, customers);
  const lost = mapped.filter((id) => listed.placesOf(id).length === 0);
  return lost.map((id) => ({
    ...{ id, name: id, aliases: [], counts: {}, gaps: {}, notes: [] },
    ...{ state: 'failed', error: unread.error, reason },
  }));
}
