import * as z from 'zod/mini';
import { isRecord } from '../../report/record.ts';
import { maybe } from '../../wire/forms.ts';
import { type ListPaging, whole } from '../../wire/list-paging.ts';
import { valueAt } from '../../wire/place.ts';

/** The largest page is not documented; this is what every client asks for. */
const PAGE_SIZE = 100;

const number = maybe(z.int());

const Page = z.pipe(
  z.transform(unwrapped),
  z.object({
    rows: z.array(z.unknown()),
    pagination: maybe(
      z.object({ current_page: number, total_pages: number, total_entries: number, next_page: number }),
    ),
  }),
);

/**
 * Deployments wrap the same rows differently: not at all, as `result_set` or `data`, or as a list of `result_set`s.
 * `rows` is what this function itself returns.
 */
function unwrapped(answer: unknown): unknown {
  if (Array.isArray(answer)) {
    const parts: unknown[] = answer;
    const wrapped = parts.filter(isRecord).filter(({ result_set }) => Array.isArray(result_set));
    if (wrapped.length === 0 || wrapped.length < parts.length) return { rows: parts };
    return { rows: wrapped.flatMap(({ result_set }) => result_set), pagination: wrapped.at(-1)?.pagination };
  }
  if (!isRecord(answer)) return answer;
  return { rows: answer.rows ?? answer.result_set ?? answer.data, pagination: answer.pagination };
}

/**
 * Pages by number, to the end as this deployment shows it. One that ignores the number sends the same rows again;
 * `onRepeat` is called because those may be all rows or only the first ones.
 */
export const numbered = (onRepeat: () => void): ListPaging => ({
  ...whole('rows'),
  envelope: Page,
  paging: {
    first: { page: 1, per_page: PAGE_SIZE },
    judgesRepeats: true,
    byPosition: true,
    declared: (body) => ({ rows: figureOf(body, 'total_entries') }),
    step: ({ body, keys, index, received, fresh }) => {
      if (keys.length === 0) return { end: 'an empty page' };
      if (fresh === 0) {
        // More rows than requested are the whole list.
        if (keys.length <= PAGE_SIZE) onRepeat();
        return { end: 'a page that brought nothing new' };
      }
      const [nextPage, page, pages] = ['next_page', 'current_page', 'total_pages'].map((name) => figureOf(body, name));
      const next = { next: { query: { page: nextPage ?? index + 2, per_page: PAGE_SIZE } } };
      if (nextPage !== undefined) return next;
      if (page !== undefined && pages !== undefined) return page < pages ? next : { end: 'the last declared page' };
      return isFull(keys.length, index, received) ? next : { end: 'a page that is not full' };
    },
  },
});

function figureOf(body: unknown, name: string): number | undefined {
  const value = valueAt(body, ['pagination', name]);
  return typeof value === 'number' ? value : undefined;
}

/**
 * A server that gives fewer rows than asked for gives a round number of them on each page, so a first page of any other
 * size is the whole list, and a later one that is shorter than those before it is the last.
 */
const isFull = (rows: number, index: number, received: number): boolean =>
  rows >= PAGE_SIZE || (index === 0 ? rows % 5 === 0 : rows * index >= received - rows);
