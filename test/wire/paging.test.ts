import { describe, expect, it } from 'vitest';
import {
  afterId,
  byLink,
  byOffset,
  byPage,
  byPageUnknown,
  byToken,
  type Declared,
  nextLink,
  type PageRead,
  type Paging,
  type Step,
  single,
} from '../../lambdas/wire/paging.ts';

type Body = { next?: string | null } & Declared;

/** What follows after pages of these lengths, one answer a page. */
function steps(paging: Paging<Body>, ...pages: (Body & { length: number })[]): Step[] {
  let received = 0;
  return pages.map(({ length, ...body }, index) => {
    const keys = Array.from({ length }, (_, row) => received + row + 1);
    received += length;
    const page: PageRead<Body> = { body, headers: {}, keys, index, received, fresh: length };
    return paging.step(page);
  });
}

const size = { param: 'limit', value: 3 };
const declared = ({ rows, pages }: Body): Declared => ({ rows, pages });
const query = { state: 'all' };

describe('pages by number', () => {
  it('begin with the first number and go on with the next, each time with size and query', () => {
    for (const first of [0, 1] as const) {
      const paging = byPage<Body>({ param: 'page', first, size, query });
      expect(paging.first).toEqual({ state: 'all', page: first, limit: 3 });
      expect(steps(paging, { length: 3 }, { length: 3 })).toMatchObject([
        { next: { query: { state: 'all', page: first + 1, limit: 3 } } },
        { next: { query: { state: 'all', page: first + 2, limit: 3 } } },
      ]);
    }
  });

  it('end at the last declared page, however full it is, and not before', () => {
    const paging = byPage<Body>({ param: 'page', first: 1, size, declared });
    const [first, second] = steps(paging, { length: 1, pages: 2 }, { length: 3, pages: 2 });
    expect(first).toHaveProperty('next');
    expect(second).toEqual({ end: 'the last declared page' });
    expect(steps(paging, { length: 0, pages: 0 })).toEqual([{ end: 'the last declared page' }]);
  });

  it('end once all declared rows were received', () => {
    const paging = byPage<Body>({ param: 'page', first: 1, size, declared });
    expect(steps(paging, { length: 2, rows: 3 }, { length: 1, rows: 3 })).toEqual([
      expect.objectContaining({ next: expect.anything() }),
      { end: 'all declared rows received' },
    ]);
  });

  it('end at an empty page if nothing is declared, or at a short one if the API is declared so', () => {
    const toEmpty = byPage<Body>({ param: 'page', first: 1, size, until: 'empty' });
    expect(steps(toEmpty, { length: 2 }, { length: 0 })).toEqual([
      expect.objectContaining({ next: expect.anything() }),
      { end: 'an empty page' },
    ]);
    const toShort = byPage<Body>({ param: 'page', first: 1, size, until: 'short' });
    expect(steps(toShort, { length: 3 }, { length: 2 })).toEqual([
      expect.objectContaining({ next: expect.anything() }),
      { end: 'a page that is not full' },
    ]);
  });
});

describe('pages by number of an undocumented API', () => {
  const carefulOf = () => byPageUnknown<Body>({ param: 'page', first: 1, size, declared });
  const careful = () => carefulOf()('list');
  const next = expect.objectContaining({ next: expect.anything() });

  it('do not end at a total that a full page reaches: it may be the total of that page', () => {
    expect(steps(careful(), { length: 3, rows: 3 }, { length: 0 })).toEqual([next, { end: 'an empty page' }]);
  });

  it('end at a total that a page reaches which is not full', () => {
    const end = { end: 'all declared rows received, on a page that is not full' };
    expect(steps(careful(), { length: 3, rows: 5 }, { length: 2, rows: 5 })).toEqual([next, end]);
    expect(steps(careful(), { length: 2, rows: 5 })).toEqual([next]);
    expect(steps(careful(), { length: 2, rows: 2 })).toEqual([end]);
  });

  it('end without a total at a page shorter than one before it, not at one as short as all of them', () => {
    const end = { end: 'a page that is not full' };
    expect(steps(careful(), { length: 2 }, { length: 2 }, { length: 1 })).toEqual([next, next, end]);
    expect(steps(careful(), { length: 1 }, { length: 2 }, { length: 1 })).toEqual([next, next, end]);
    expect(steps(careful(), { length: 2 }, { length: 0 })).toEqual([next, { end: 'an empty page' }]);
    expect(steps(careful(), { length: 3, rows: 9 }, { length: 2, rows: 9 })).toEqual([next, next]);
  });

  it('do not end at a full page because another list, which is not cut into pages, was longer', () => {
    const end = { end: 'a page that is not full' };
    expect(steps(careful(), { length: 9 }, { length: 3 }, { length: 2 })).toEqual([next, next, end]);
  });

  it('know of each kind of list by itself how long its pages are, however often that kind is read', () => {
    const pagesOf = carefulOf();
    expect(steps(pagesOf('clients'), { length: 3 })).toEqual([next]);
    expect(steps(pagesOf('devices'), { length: 2 })).toEqual([next]);
    expect(steps(pagesOf('clients'), { length: 2 })).toEqual([{ end: 'a page that is not full' }]);
  });
});

describe('pages by offset', () => {
  it('go on with the number of rows received, so that a page cut short leaves no hole', () => {
    const paging = byOffset<Body>({ param: 'offset', size, query });
    expect(paging.first).toEqual({ state: 'all', offset: 0, limit: 3 });
    expect(steps(paging, { length: 3 }, { length: 1 })).toMatchObject([
      { next: { query: { state: 'all', offset: 3, limit: 3 } } },
      { next: { query: { state: 'all', offset: 4, limit: 3 } } },
    ]);
  });
});

describe('the pages behind the next one', () => {
  /** The queries or addresses to at most nine of them, after each page. */
  const laterOf = (paging: Paging<Body>, ...pages: (Body & { length: number })[]) =>
    steps(paging, ...pages).map((step) => ('next' in step && step.later ? step.later(9) : []));

  it('are known by the declared number of pages, or by the total', () => {
    const paging = byPage<Body>({ param: 'page', first: 1, size, declared });
    const fourth = { query: { page: 4, limit: 3 } };
    expect(laterOf(paging, { length: 3, pages: 4 })).toEqual([[{ query: { page: 3, limit: 3 } }, fourth]]);
    expect(laterOf(paging, { length: 3, rows: 10 }, { length: 3, rows: 10 })).toEqual([
      [{ query: { page: 3, limit: 3 } }, fourth],
      [fourth],
    ]);
    expect(laterOf(paging, { length: 3, rows: 6 })).toEqual([[]]);
  });

  it('are as many as are asked for', () => {
    const [step] = steps(byPage<Body>({ param: 'page', first: 1, size, declared }), { length: 3, rows: 100_000 });
    expect(step).toHaveProperty('later');
    if (step !== undefined && 'later' in step) expect(step.later?.(2)).toHaveLength(2);
  });

  it('are not known where nothing is declared', () => {
    expect(laterOf(byPage<Body>({ param: 'page', first: 1, size }), { length: 3 })).toEqual([[]]);
    expect(laterOf(byOffset<Body>({ param: 'offset', size }), { length: 3 })).toEqual([[]]);
  });

  it('by offset are known as long as pages are full', () => {
    const paging = byOffset<Body>({ param: 'offset', size, declared });
    expect(laterOf(paging, { length: 3, rows: 8 })).toEqual([[{ query: { offset: 6, limit: 3 } }]]);
    expect(laterOf(paging, { length: 2, rows: 8 })).toEqual([[]]);
  });

  it('by address are known where that says which page it is', () => {
    const to = (next: string) =>
      byLink<Body>({ next: () => next, numbered: { param: 'page', size: 3, total: ({ rows }) => rows } });
    const address = 'https://api.vendor.example/list?max=3&page=1&state=all';
    expect(laterOf(to(address), { length: 3, rows: 10 })).toEqual([
      [{ url: address.replace('=1', '=2') }, { url: address.replace('=1', '=3') }],
    ]);
    const second = [{ url: address.replace('=1', '=2') }];
    expect(laterOf(to(address), { length: 3, rows: 10 }, { length: 3, rows: 10 }).at(-1)).toEqual(second);
    expect(laterOf(to(address), { length: 3 })).toEqual([[]]);
    expect(laterOf(to('https://api.vendor.example/list?at=x'), { length: 3, rows: 10 })).toEqual([[]]);
    expect(laterOf(byLink<Body>({ next: () => address }), { length: 3, rows: 10 })).toEqual([[]]);
  });
});

describe('pages after an id', () => {
  it('go on after the largest id of the page that is a number, and end at an empty one', () => {
    const paging = afterId({ param: 'after', size, query });
    expect(paging.first).toEqual({ state: 'all', limit: 3 });
    const page = { body: {}, headers: {}, index: 0, received: 3, fresh: 3 };
    for (const keys of [
      [7, 9, 8],
      [7, 9, '9007199254740994'],
    ])
      expect(paging.step({ ...page, keys })).toEqual({ next: { query: { state: 'all', limit: 3, after: 9 } } });
    expect(paging.step({ ...page, keys: [] })).toEqual({ end: 'an empty page' });
  });

  it('look again from the second largest id, where there is one', () => {
    const paging = afterId({ param: 'after', size, query });
    const again = { way: { query: { state: 'all', limit: 3, after: 8 } }, row: 9 };
    expect(paging.again?.([7, 9, 9, '12', 8])).toEqual(again);
    for (const keys of [[], [9], [9, 9, '8']]) expect(paging.again?.(keys)).toBeUndefined();
  });
});

describe('pages by cursor or by link', () => {
  const next = (body: Body) => body.next;

  it('go on with the cursor beside the query; if there is none, nothing but silence is the end', () => {
    const paging = byToken<Body>({ param: 'cursor', query, next });
    expect(paging.first).toEqual(query);
    expect(steps(paging, { length: 3, next: 'c1' }, { length: 1 })).toEqual([
      { next: { query: { state: 'all', cursor: 'c1' } } },
      { end: 'no further cursor', bySilence: true },
    ]);
    expect(byToken<Body>({ param: 'cursor', next }).first).toEqual({});
  });

  it('go on at the address as it stands; if there is none, nothing but silence is the end', () => {
    const paging = byLink<Body>({ query, next });
    expect(paging.first).toEqual(query);
    expect(steps(paging, { length: 3, next: 'https://a.example/2' }, { length: 1, next: null })).toEqual([
      { next: { url: 'https://a.example/2' } },
      { end: 'no next link', bySilence: true },
    ]);
    expect(byLink<Body>({ next }).first).toEqual({});
  });

  it('lead on by what the vendor remembers, and no other way of paging does', () => {
    const byMemory = [byToken<Body>({ param: 'cursor', next }), byLink<Body>({ next })];
    const others = [
      ...[single<Body>(), byPage<Body>({ param: 'page', first: 1, size }), byOffset<Body>({ param: 'offset', size })],
      afterId({ param: 'after', size }),
    ];
    expect(byMemory.map(({ byCursor }) => byCursor)).toEqual([true, true]);
    for (const { byCursor } of others) expect(byCursor).not.toBe(true);
  });

  it('accept a cursor of 0', () => {
    expect(byToken<Body>({ param: 'cursor', next: () => 0 }).step(page0)).toEqual({ next: { query: { cursor: 0 } } });
  });
});

const page0: PageRead<Body> = { body: {}, headers: {}, keys: [1], index: 0, received: 1, fresh: 1 };

it('every way of paging passes on what the vendor declares', () => {
  const next = () => null;
  const ways: Paging<Body>[] = [
    single(declared),
    byToken({ param: 'cursor', next, declared }),
    byLink({ next, declared }),
    byPage({ param: 'page', first: 1, size, declared }),
    byPageUnknown({ param: 'page', first: 1, size, declared })('list'),
    byOffset({ param: 'offset', size, declared }),
  ];
  for (const way of ways) expect(way.declared?.({ rows: 7 }, {})).toMatchObject({ rows: 7 });
  expect(single<Body>().step(page0)).toEqual({ end: 'the API has one page' });
});

describe('the next address in a Link header', () => {
  it.each([
    ['<https://a.example/2>; rel="next"', 'https://a.example/2'],
    ['  <https://a.example/2>;rel=next', 'https://a.example/2'],
    ['<https://a.example/2>; title="x";  rel="next"', 'https://a.example/2'],
    ['<https://a.example/1>; rel="prev",<https://a.example/2>; REL="NEXT"', 'https://a.example/2'],
    ['<https://a.example/1>; rel="prev",   <https://a.example/2,3>; rel="next"', 'https://a.example/2,3'],
    ['<https://a.example/1>; rel="first"', undefined],
    ['<https://a.example/1>', undefined],
    ['https://a.example/2; rel="next"', undefined],
    ['see <https://a.example/2>; rel="next"', undefined],
    ['', undefined],
  ])('%s is %j', (link, address) => {
    expect(nextLink({ link })).toBe(address);
  });
});
