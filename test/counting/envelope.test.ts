import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moreAnnounced, refuseSharedIds, rowsIn, totalIn, withoutBlanks } from '../../lambdas/counting/envelope.ts';

describe('the rows of an unknown envelope', () => {
  test('are the first array at one of the paths', () => {
    expect(rowsIn([{ a: 1 }], ['', 'data'], 'Acme list')).toEqual([{ a: 1 }]);
    expect(rowsIn({ data: { content: [{ a: 1 }] } }, ['', 'data', 'data.content'], 'Acme list')).toEqual([{ a: 1 }]);
  });

  test('that are not there are an error with the members seen, never an empty list', () => {
    expect(() => rowsIn({ ok: true, data: { rows: [] } }, ['data', 'data.items'], 'Acme list')).toThrow(
      'Acme list: no list at data or data.items (members seen: ok, data {rows})',
    );
    expect(() => rowsIn(null, ['data'], 'Acme list')).toThrow('the answer is null');
    expect(() => rowsIn({}, [''], 'Acme list')).toThrow('no list at the top (it has no members)');
    const foundIn = (row: unknown) => () => rowsIn({ data: [row] }, ['data'], 'Acme list');
    expect(foundIn('x')).toThrow('Acme list, row 1: expected an object, found a string');
    expect(foundIn(null)).toThrow('found null');
    expect(foundIn([])).toThrow(
      expect.objectContaining({ name: 'VendorContractError', message: expect.stringContaining('found an array') }),
    );
  });

  test('may be left out where 0 are declared', () => {
    expect(rowsIn({ total: 0 }, ['data'], 'Acme list', 0)).toEqual([]);
    expect(() => rowsIn({ total: 3 }, ['data'], 'Acme list', 3)).toThrow('no list at data');
  });

  test('are not found in what every object inherits', () => {
    fc.assert(
      fc.property(fc.constantFrom('constructor', '__proto__', 'toString.length', 'constructor.name'), (path) => {
        expect(() => rowsIn({}, [path], 'Acme list')).toThrow(/no list/u);
        expect(totalIn({}, [path])).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  test('that differ under one id are an error, the same row twice is not', () => {
    const idOf = (row: Record<string, unknown>) => String(row.id);
    expect(refuseSharedIds([{ id: 1 }, { id: 1 }], idOf, 'Acme list')).toHaveLength(2);
    expect(() => refuseSharedIds([{ id: 1 }, { id: 1, n: 2 }], idOf, 'Acme list')).toThrow(
      expect.objectContaining({ name: 'VendorContractError' }),
    );
    expect(() => refuseSharedIds([{ id: 1 }, { id: 1, n: 2 }], idOf, 'Acme list')).toThrow(
      /same id \(members seen: id, n\)/u,
    );
  });
});

test.each([
  [{ data: [], totalPages: 3 }, 'totalPages'],
  [{ data: [], totalPage: 2 }, 'totalPage'],
  [{ data: [], isLastPage: false }, 'isLastPage'],
  [{ data: { content: [], page_count: '2' } }, 'page_count'],
  [{ data: [], meta: { pagination: { hasNextPage: true } } }, 'hasNextPage'],
  [{ content: [], last: false }, 'last'],
  [{ data: [], next: 'https://api.acme.example/?page=2' }, 'next'],
  [{ value: [], '@odata.nextLink': 'https://api.acme.example/?$skip=9' }, '@odata.nextLink'],
  [{ data: [], links: { next: { href: '/list?page=2' } } }, 'next'],
  [{ data: [], paging: { next_page: 2 } }, 'next_page'],
])('%j says by %s that there is more', (answer, name) => {
  expect(moreAnnounced(answer)).toBe(name);
});

test.each([
  [[]],
  [[{ hasNext: true }]],
  [{ data: [{ totalPages: 3 }], totalPages: 1, hasNext: false, last: true, next: null }],
  [{ data: [], links: { next: '' }, pageCount: 0, lastPage: 1, nextPage: 0 }],
  [{ data: [], nextBillingDate: '2026-12-01', hasErrors: true, pageSize: 100, currentPage: 1 }],
  [{ subtotalPages: 2, totalPagesRead: 2, totalPages: [2] }],
  [{ whetherHasNext: true, hasMoreErrors: true, blast: false, lastPageShown: false }],
  [{ context: 'now', next: {}, nextPage: [2] }],
])('%j does not say that there is more', (answer) => {
  expect(moreAnnounced(answer)).toBeUndefined();
});

test('a blank text says nothing: the row is read as if it had no such member', () => {
  expect(withoutBlanks({ a: '', b: ' ', c: 0, d: null, e: 'x' })).toEqual({ c: 0, d: null, e: 'x' });
});

test('a declared total is a whole number, also as text; anything else is none', () => {
  expect(totalIn({ data: { total: 12 } }, ['total', 'data.total'])).toBe(12);
  expect(totalIn({ total: '12' }, ['total'])).toBe(12);
  for (const total of [null, -1, 1.5, 'twelve', 'x12', '12x', '-12', '', true, [], ['12'], {}])
    expect(totalIn({ total }, ['total'])).toBeUndefined();
});

test('of an answer with many members twelve are named, of each object in it too', () => {
  const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1]));
  const twelve = 'm0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11';
  expect(() => rowsIn({ data: members(13) }, ['x'], 'Acme list')).toThrow(`(members seen: data {${twelve}})`);
  expect(() => rowsIn(members(13), ['x'], 'Acme list')).toThrow(`(members seen: ${twelve})`);
});
