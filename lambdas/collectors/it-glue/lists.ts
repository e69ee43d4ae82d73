import * as z from 'zod/mini';
import type { Fact, Piece } from '../../counting/facts.ts';
import { anyId } from '../../counting/ids.ts';
import { aside, figure, itself } from '../../counting/row-forms.ts';
import { isReportError } from '../../report/errors.ts';
import { maybe } from '../../wire/forms.ts';
import { pages } from '../../wire/list-paging.ts';
import { list, listOf, type RowOf } from '../../wire/lists.ts';

/** Rows to a page. The gateway gives up (504) on pages that take too long to make; smaller ones get through. */
const SIZES = [1000, 500, 250];

const paged = (size: number) =>
  pages('data', {
    page: ['page[number]', 1],
    size: ['page[size]', size],
    query: { sort: 'id' },
    total: 'meta.total-count',
    pages: 'meta.total-pages',
  });

/** The account's id is null where there is none; if the member were gone, every count would be an unseen 0. */
const organization = {
  id: itself(anyId),
  attributes: z.object({
    name: aside(z.string()),
    'organization-status-name': figure(maybe(z.string())),
    primary: figure(maybe(z.boolean())),
    'parent-id': figure(maybe(anyId)),
    'my-glue-account-id': figure(z.nullable(anyId)),
  }),
};

/** An account's id that cannot be read could be anybody's: such a user costs the collection. */
const user = z
  .object({
    id: anyId,
    attributes: z.object({
      name: aside(z.string()),
      'my-glue': figure(z.nullable(z.boolean())),
      'my-glue-account-id': maybe(anyId),
    }),
  })
  .check(
    z.refine(({ attributes }) => attributes['my-glue'] !== true || attributes['my-glue-account-id'] !== undefined, {
      path: ['attributes', 'my-glue-account-id'],
      error: 'a MyGlue user without this member',
    }),
  );

export const organizations = (size: number) => list('/organizations', organization, paged(size));
export const users = (size: number) => listOf('/users', user, paged(size));

export type Organization = RowOf<ReturnType<typeof organizations>>;
export type User = RowOf<ReturnType<typeof users>>;

/** Reads a list; where the gateway gave up, from its start again in smaller pages. Only a whole reading says anything. */
export async function* smallerAfter504(
  read: (size: number) => AsyncIterable<Fact | Piece>,
): AsyncGenerator<Fact | Piece> {
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
