import { byPage, type Paging } from '../../wire/paging.ts';
import type { Query } from '../../wire/request.ts';

/** Numbered pages, to the total that Halo declares. */
export const numbered = (rows: number, query: Query): Paging<{ record_count: number }> =>
  byPage({
    param: 'page_no',
    first: 1,
    size: { param: 'page_size', value: rows },
    query: { pageinate: true, ...query },
    declared: ({ record_count }) => ({ rows: record_count }),
  });
