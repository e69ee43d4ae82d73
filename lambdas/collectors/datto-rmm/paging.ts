import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import type { ListPaging } from '../../wire/list-paging.ts';
import { byLink } from '../../wire/paging.ts';
import { valueAt } from '../../wire/place.ts';

const PAGE_SIZE = 250;

const PageDetails = z.object({
  totalCount: maybe(z.int()),
  nextPageUrl: z.nullable(z.string()),
});

/**
 * Follows `nextPageUrl` from a first request without a page number, because the first page has been 0 and 1; that
 * address contains its page number, so later pages are requested at the same time. The list must have as many rows as
 * it declares; with `heard`, the declared total goes there instead, to be judged later.
 */
export function paged(member: string, heard?: (total: number) => void): ListPaging {
  const totalIn = (answer: unknown): number | undefined => {
    const total = valueAt(answer, 'pageDetails.totalCount?');
    return typeof total === 'number' ? total : undefined;
  };
  return {
    at: member,
    envelope: z.object({ pageDetails: PageDetails, [member]: z.array(z.unknown()) }),
    rowsOf: (answer) => z.array(z.unknown()).parse(valueAt(answer, member)),
    paging: {
      ...byLink<unknown>({
        query: { max: PAGE_SIZE },
        next: (answer) => {
          const total = totalIn(answer);
          if (total !== undefined) heard?.(total);
          return withSize(valueAt(answer, 'pageDetails.nextPageUrl?'));
        },
        numbered: { param: 'page', size: PAGE_SIZE, total: totalIn },
        declared: heard === undefined ? (answer) => ({ rows: totalIn(answer) }) : undefined,
      }),
      judgesSilence: heard !== undefined,
    },
  };
}

/**
 * The next address with the size, which it sometimes lacks, always in the same place, so that the address after it can
 * be foreseen.
 */
function withSize(address: unknown): string | undefined {
  if (typeof address !== 'string' || address === '') return undefined;
  const bare = address.replace(/(?<=[?&])max=\d*&?/u, '').replace(/[?&]$/u, '');
  return `${bare}${bare.includes('?') ? '&' : '?'}max=${PAGE_SIZE}`;
}
