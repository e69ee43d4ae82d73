import { quantity } from '../../report/quantity.ts';
import { ListUnsound } from '../../wire/list.ts';
import { type ListPaging, whole } from '../../wire/list-paging.ts';
import type { Paging } from '../../wire/paging.ts';
import { valueAt } from '../../wire/place.ts';

const PAGE_SIZE = 1000;

const query = { Page: 1, PageSize: PAGE_SIZE };

/**
 * Lists without a total. A page can be shorter than requested, so the end is an empty page, or two in a row that bring
 * nothing new (a server that answers every page number with the same page). A single such page, with more rows after
 * it, has hidden a page.
 */
export function untilNothingNew(): ListPaging {
  let stale = 0;
  const paging: Paging<unknown> = {
    first: query,
    judgesRepeats: true,
    byPosition: true,
    step: ({ keys, fresh, index }) => {
      if (index === 0) stale = 0;
      if (keys.length === 0) return { end: 'an empty page' };
      if (fresh === 0 && keys.length >= PAGE_SIZE) throw new ListUnsound('ImmyBot', 'a full page repeats rows');
      if (fresh > 0 && stale > 0) throw new ListUnsound('ImmyBot', 'a page repeated rows, and more pages followed');
      stale = fresh === 0 ? stale + 1 : 0;
      return stale > 1 ? { end: 'no new rows' } : { next: { query: { ...query, Page: index + 2 } } };
    },
  };
  return { ...whole(''), paging };
}

/**
 * In order of their ids, because other orders lose records between pages. Offline computers are left out unless asked
 * for.
 */
const inOrder = { take: PAGE_SIZE, sort: 'id', sortDesc: false, includeOffline: true };

/** The query for the number of one tenant's computers, with the smallest page. */
export const ofTenant = (tenantId: number) => ({ ...inOrder, skip: 0, take: 1, tenantId });

/** `heard` gets the declared number; it is compared afterwards, because the list is known to lack a few. */
export function untilDeclared(heard: (total: number) => void): ListPaging {
  let before = 0;
  const paging: Paging<unknown> = {
    first: { ...inOrder, skip: 0 },
    step: ({ body, keys, received }) => {
      const count = Number(valueAt(body, 'count'));
      // A computer that was removed while we read moved the later ones up, past the next page's beginning.
      if (count < before)
        throw new ListUnsound('ImmyBot /computers/paged', `${quantity(before, 'row')} became ${count}`);
      before = count;
      heard(count);
      if (keys.length === 0) return { end: 'an empty page' };
      if (received >= count) return { end: 'all declared rows received' };
      return { next: { query: { ...inOrder, skip: received } } };
    },
  };
  return { ...whole('results', { total: 'count' }), paging };
}
