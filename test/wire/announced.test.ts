import { describe, expect, it } from 'vitest';
import { moreAnnounced } from '../../lambdas/wire/announced.ts';

const read = { pages: 1, rows: 2 };

describe('an answer after which one page with two rows was read', () => {
  it.each([
    ...[{ totalPages: 2 }, { total_page: '2' }, { pageCount: 2 }, { numberOfPages: 2 }, { 'last-page': 2 }],
    ...[{ total: 3 }, { totalCount: '3' }, { TOTAL_RECORDS: 3 }, { count: 3 }, { '@odata.count': 3 }],
    ...[{ hasNext: true }, { has_more: true }, { hasNextPage: true }, { hasMorePages: true }],
    ...[{ last: false }, { isLast: false }, { is_last_page: false }, { lastPage: false }],
    ...[{ next: 'https://a.example/2' }, { nextPage: 2 }, { next_token: 'x' }, { nextPageToken: 'x' }],
    ...[{ nextLink: 'x' }, { '@odata.nextLink': 'x' }, { next: { href: 'x' } }],
  ])('announces more: %j', (answer) => {
    const [member] = Object.keys(answer);
    expect(moreAnnounced(answer, read)).toBe(member);
    expect(moreAnnounced({ rows: [], meta: { none: null, paging: answer } }, read)).toBe(member);
  });

  it.each([
    ...[{ totalPages: 1 }, { subTotalPages: 9 }, { totalPagesOfAll: 9 }, { totalPages: 'many' }, { totalPages: [2] }],
    ...[{ total: 2 }, { subtotal: 9 }, { totals: 9 }, { discount: 9 }, { counted: 9 }, { total: [3] }],
    ...[{ hasNext: false }, { hasNext: 'yes' }, { hadNext: true }, { wasHasMore: true }, { hasNextOfKin: true }],
    ...[{ last: true }, { last: null }, { blast: false }, { lastLogin: false }],
    ...[{ next: null }, { next: '' }, { next: 'null' }, { next: {} }, { next: [] }, { next: ['x'] }, { nextPage: 0 }],
    ...[{ context: 'x' }, { nextStep: 'x' }, { nextUrls: 'x' }, { rows: [{ total: 9, hasNext: true }] }],
    ...[null, 'total: 9', 9, [{ total: 9 }]],
  ])('announces no more: %j', (answer) => {
    expect(moreAnnounced(answer, read)).toBeUndefined();
  });
});

it('of a list without pages, whose length nothing declares, only pages are announced', () => {
  expect(moreAnnounced({ total: 1_000_000 })).toBeUndefined();
  expect(moreAnnounced({ totalPages: 1 })).toBeUndefined();
  expect(moreAnnounced({ totalPages: 2 })).toBe('totalPages');
});
