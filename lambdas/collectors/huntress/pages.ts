import * as z from 'zod/mini';
import { byToken } from '../../wire/paging.ts';

/** The API's older way announced pages by number: read so, a list would end after its first page without a word. */
export const Pagination = z
  .object({
    next_page_token: z.optional(z.nullable(z.string())),
    next_page_url: z.optional(z.nullable(z.string())),
    next_page: z.optional(z.nullable(z.int())),
  })
  .check(
    z.refine(
      ({ next_page_token, next_page_url, next_page }) => Boolean(next_page_token) || !(next_page_url || next_page),
      'another page is announced without a next_page_token',
    ),
  );

/** Largest pages, and an order that does not change while they are read. */
export const pages = <B extends { pagination: z.output<typeof Pagination> }>() =>
  byToken<B>({
    param: 'page_token',
    query: { limit: 500, sort_field: 'id', sort_direction: 'asc' },
    next: (page) => page.pagination.next_page_token,
  });
