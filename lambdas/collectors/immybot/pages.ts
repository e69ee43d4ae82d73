import { ListUnsound } from '../../wire/list.ts';
import type { Paging } from '../../wire/paging.ts';

const PAGE_SIZE = 1000;

const query = { Page: 1, PageSize: PAGE_SIZE };

/**
 * Lists without a total: a page may be shorter than asked for, so only an empty one is the end, or two in a row that bring nothing
 * new (a server that answers the same whatever the page). A single one like that, with more behind it, has hidden a page.
 */
export function untilNothingNew(): Paging<unknown> {
  let stale = 0;
  return {
    first: query,
    judgesRepeats: true,
    byPosition: true,
    step: ({ keys, fresh, index }) => {
      if (index === 0) stale = 0;
      if (keys.length === 0) return { end: 'an empty page' };
      if (fresh === 0 && keys.length >= PAGE_SIZE) throw new ListUnsound('ImmyBot', 'a full page repeats rows');
      if (fresh > 0 && stale > 0)
        throw new ListUnsound('ImmyBot', 'a page repeated rows, and there were more behind it');
      stale = fresh === 0 ? stale + 1 : 0;
      return stale > 1 ? { end: 'no new rows' } : { next: { query: { ...query, Page: index + 2 } } };
    },
  };
}

/** In order of their ids, because other orders lose records between pages. Offline computers are left out unless asked for. */
const inOrder = { take: PAGE_SIZE, sort: 'id', sortDesc: false, includeOffline: true };

/** `told` hears the declared number; it is compared afterwards, because the list is known to lack a few. */
export function untilDeclared(told: (total: number) => void): Paging<{ count: number }> {
  let before = 0;
  return {
    first: { ...inOrder, skip: 0 },
    step: ({ body, keys, received }) => {
      // A computer that went away while we read moved those behind it up, past the next page's beginning.
      if (body.count < before) throw new ListUnsound('ImmyBot /computers/paged', `${before} rows became ${body.count}`);
      before = body.count;
      told(body.count);
      if (keys.length === 0) return { end: 'an empty page' };
      if (received >= body.count) return { end: 'all declared rows received' };
      return { next: { query: { ...inOrder, skip: received } } };
    },
  };
}
