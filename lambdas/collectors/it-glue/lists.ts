import type { Fact, Piece, Reading } from '../../counting/facts.ts';
import { isReportError } from '../../report/errors.ts';
import { type ListPaging, pages } from '../../wire/list-paging.ts';

/** Rows per page. The gateway times out (504) on pages that take too long; smaller ones get through. */
const SIZES = [1000, 500, 250];

export const paged = (size: number): ListPaging =>
  pages('data', {
    page: ['page[number]', 1],
    size: ['page[size]', size],
    query: { sort: 'id' },
    total: 'meta.total-count',
    pages: 'meta.total-pages',
  });

/** Reads a list; if the gateway gives up, again from its start in smaller pages. Only a whole reading counts. */
export async function* smallerAfter504(read: (size: number) => AsyncIterable<Fact | Piece>): Reading {
  for (const size of SIZES) {
    try {
      const facts: (Fact | Piece)[] = [];
      for await (const fact of read(size)) facts.push(fact);
      yield* facts;
      return;
    } catch (error) {
      if (size === SIZES.at(-1) || !isReportError(error) || error.cause !== 'HTTP 504') throw error;
    }
  }
}
