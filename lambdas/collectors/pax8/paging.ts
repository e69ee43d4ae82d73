import { type ListPaging, pages } from '../../wire/list-paging.ts';

/** Pages from 0, of the largest size, in an order that does not change while they are read. */
export const paged = (sort: string): ListPaging =>
  pages('content', {
    page: ['page', 0],
    size: ['size', 200],
    query: { sort },
    total: 'page.totalElements',
    pages: 'page.totalPages',
  });
