import { cursor, type ListPaging } from '../../wire/list-paging.ts';

/** Largest pages, and an order that does not change while they are read. */
export const byToken = (at: string): ListPaging =>
  cursor(at, 'page_token', 'pagination.next_page_token', {
    query: { limit: 500, sort_field: 'id', sort_direction: 'asc' },
  });
