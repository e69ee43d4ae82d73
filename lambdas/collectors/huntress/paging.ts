import { cursor, type ListPaging } from '../../wire/list-paging.ts';
import type { Paging } from '../../wire/paging.ts';
import { valueAt } from '../../wire/place.ts';

/** Largest pages, and an order that does not change while they are read. */
const QUERY = { limit: 500, sort_field: 'id', sort_direction: 'asc' };

/** By token; by number if an answer has no token but the number of the next page, as older ones do. */
export function byToken(at: string): ListPaging {
  const tokens = cursor(at, 'page_token', 'pagination.next_page_token', { query: QUERY });
  const step: Paging<unknown>['step'] = (page) => {
    const [token, next] = ['next_page_token', 'next_page'].map((name) => valueAt(page.body, `pagination.${name}?`));
    return !token && typeof next === 'number'
      ? { next: { query: { ...QUERY, page: next } } }
      : tokens.paging.step(page);
  };
  const declared = (answer: unknown) => {
    const total = valueAt(answer, 'pagination.total_count?');
    return { rows: typeof total === 'number' ? total : undefined };
  };
  return { ...tokens, paging: { ...tokens.paging, step, declared } };
}
