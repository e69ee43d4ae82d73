import type * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { byLink, nextLink } from '../../wire/paging.ts';
import type { Query } from '../../wire/request.ts';

/** A larger page is an error there, not a shorter page. */
const PAGE = 100;

/** All rows of a list. */
export const all = <R extends { id: number }>(
  api: Api,
  path: string,
  page: z.ZodMiniType<R[]>,
  query: Query = {},
): Promise<R[]> =>
  Array.fromAsync(
    api.pages(
      path,
      { page, rows: (rows) => rows, key: (row) => row.id },
      byLink({ query: { ...query, per_page: PAGE }, next: (_, headers) => nextLink(headers) }),
    ),
  );
