import { byPage, type Paging } from '../../wire/paging.ts';
import type { Query } from '../../wire/request.ts';

/** Numbered pages, to the total that Halo declares; some instances answer with a plain array, which declares none. */
export const numbered = (rows: number, query: Query): Paging<{ record_count: number } | readonly unknown[]> =>
  byPage({
    param: 'page_no',
    first: 1,
    size: { param: 'page_size', value: rows },
    query: { pageinate: true, ...query },
    declared: (body) => ('record_count' in body ? { rows: body.record_count } : {}),
  });
