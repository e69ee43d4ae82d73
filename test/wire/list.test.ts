import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ListReceipt } from '../../lambdas/report/collection.ts';
import { readList } from '../../lambdas/wire/list.ts';
import {
  afterId,
  byLink,
  byOffset,
  byPage,
  byToken,
  nextLink,
  type Paging,
  single,
} from '../../lambdas/wire/paging.ts';
import { Reader } from '../../lambdas/wire/reader.ts';
import type { WireRequest } from '../../lambdas/wire/transport.ts';
import { requestPath, session, wire } from './wire.ts';

const Page = z.object({
  rows: z.array(z.object({ id: z.int() })),
  next: z.optional(z.nullable(z.string())),
  total: z.optional(z.int()),
});
type Page = z.output<typeof Page>;

const size = { param: 'size', value: 3 };
const total = (page: Page) => ({ rows: page.total });

/** Each way of paging, and a server that pages so: it sees the query and answers a page of at most three rows. */
const KINDS: Record<string, { paging: Paging<Page>; serve: (all: number[], query: URLSearchParams) => Page }> = {
  token: {
    paging: byToken<Page>({ param: 'cursor', next: (page) => page.next }),
    serve: (all, query) => {
      const at = Number(query.get('cursor') ?? 0);
      return { ...slice(all, at), next: at + 3 < all.length ? String(at + 3) : null };
    },
  },
  link: {
    paging: byLink<Page>({ next: (page) => page.next }),
    serve: (all, query) => {
      const at = Number(query.get('at') ?? 0);
      return { ...slice(all, at), next: at + 3 < all.length ? `https://api.vendor.example/v1/list?at=${at + 3}` : '' };
    },
  },
  'page with a total': {
    paging: byPage<Page>({ param: 'page', first: 1, size, declared: total }),
    serve: (all, query) => ({ ...slice(all, (Number(query.get('page')) - 1) * 3), total: all.length }),
  },
  'page from 0 to an empty one': {
    paging: byPage<Page>({ param: 'page', first: 0, size }),
    serve: (all, query) => slice(all, Number(query.get('page')) * 3),
  },
  offset: {
    paging: byOffset<Page>({ param: 'offset', size, declared: total }),
    serve: (all, query) => ({ ...slice(all, Number(query.get('offset'))), total: all.length }),
  },
  'id after id': {
    paging: afterId({ param: 'after', size }),
    serve: (all, query) => ({
      rows: all
        .filter((id) => id > Number(query.get('after') ?? -1))
        .slice(0, 3)
        .map(row),
    }),
  },
};

const row = (id: number) => ({ id });
const slice = (all: number[], at: number): Page => ({ rows: all.slice(at, at + 3).map(row) });

async function read(paging: Paging<Page>, serve: (request: WireRequest, index: number) => Page) {
  const receipts: ListReceipt[] = [];
  let index = 0;
  const w = wire({});
  const served = {
    ...w,
    transport: async (request: WireRequest) => {
      w.sent.push(request);
      const page = serve(request, index);
      index += 1;
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(page)) };
    },
  };
  const path = requestPath(w, {}, session(served));
  const ids: number[] = [];
  const shape = { page: Page, rows: (page: Page) => page.rows, key: ({ id }: { id: number }) => id };
  for await (const { id } of readList('/list', shape, paging, new Reader(path), receipts)) ids.push(id);
  return { ids, receipts, requests: w.sent.length };
}

describe.each(Object.entries(KINDS))('paging by %s', (_, { paging, serve }) => {
  it('reads every row once, whatever the length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(), { maxLength: 20 }), async (numbers) => {
        const all = numbers.sort((a, b) => a - b);
        const { ids, receipts } = await read(paging, ({ url }) => serve(all, url.searchParams));
        expect(ids).toEqual(all);
        expect(receipts).toMatchObject([{ list: '/list', distinct: all.length, rows: all.length }]);
      }),
      { numRuns: 30 },
    );
  });

  it('does not believe a page that brings nothing new', async () => {
    const all = [1, 2, 3, 4, 5, 6, 7];
    const first = read(paging, () => ({
      ...serve(all, new URLSearchParams('page=1&offset=0')),
      next: 'https://api.vendor.example/v1/list?at=3',
    }));
    await expect(first).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/repeats|already read/u),
    });
  });
});

describe.each([
  ['numbered pages', byPage<Page>({ param: 'page', first: 1, size })],
  ['offsets', byOffset<Page>({ param: 'offset', size })],
])('%s without a total', (_, paging) => {
  const served = (pages: number[][]) => read(paging, (_, index) => ({ rows: (pages[index] ?? []).map(row) }));

  it('are read again if a row stands on two of them, and believed if both readings have the same rows', async () => {
    const pages = [[1, 2, 3], [3, 4, 5], [6], []];
    const { ids, requests, receipts } = await read(paging, (_, index) => ({
      rows: (pages[index % pages.length] ?? []).map(row),
    }));
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect(requests).toBe(8);
    expect(receipts).toEqual([
      {
        list: '/list',
        pages: 4,
        rows: 7,
        distinct: 6,
        end: 'an empty page',
        note: 'Vendor list /list: page 2 repeats rows already read; a second reading has the same 6 rows',
      },
    ]);
  });

  it.each([
    ['other ones', [[1, 2, 3], [3, 4, 7], [6], []]],
    ['more', [[1, 2, 3], [3, 4, 5], [6, 7], []]],
    ['fewer', [[1, 2, 3], [3, 4, 5], []]],
  ])(
    'are not believed where the second reading has %s: a row that moved may have hidden another',
    async (_, second) => {
      await expect(served([[1, 2, 3], [3, 4, 5], [6], [], ...second])).rejects.toMatchObject({
        name: 'VendorContractError',
        message:
          'Vendor list /list: page 2 repeats some rows already read, and a second reading differs: others may be missing',
      });
    },
  );

  it.each([
    ['not at the edge', [[1, 2, 3], [4, 3, 5], [6]]],
    [
      'of another page than the one before',
      [
        [1, 2, 3],
        [4, 5, 6],
        [3, 7],
      ],
    ],
    [
      'in another order',
      [
        [1, 2, 3],
        [3, 2, 4],
      ],
    ],
  ])('are not believed if rows come again %s: they changed places', async (_, pages) => {
    await expect(read(paging, (_, index) => ({ rows: (pages[index % 4] ?? []).map(row) }))).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/page \d repeats some rows already read: others may be missing$/u),
    });
  });

  it('are read once if no row stands on two of them', async () => {
    expect(await read(paging, (_, index) => ({ rows: [[1, 2, 3], [4]][index]?.map(row) ?? [] }))).toMatchObject({
      requests: 3,
      receipts: [expect.not.objectContaining({ note: expect.anything() })],
    });
  });

  it('may hold a row twice on one page', async () => {
    expect((await served([[1, 1, 2], [3, 4, 4], [5]])).ids).toEqual([1, 2, 3, 4, 5]);
  });

  it('are believed with a row on two of them if the declared total is reached', async () => {
    const pages = [[1, 2, 3], [3, 4, 5], [6]];
    const declaring: Paging<Page> = {
      first: { page: 1 },
      byPosition: true,
      declared: total,
      step: ({ index }) => (index === 2 ? { end: 'the third page' } : { next: { query: { page: index + 2 } } }),
    };
    const from = (first: number) =>
      read(declaring, (_, index) => ({ rows: (pages[index] ?? []).map(row), ...(index < first ? {} : { total: 6 }) }));
    expect((await from(0)).ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await from(1)).ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await from(2)).ids).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(from(99)).rejects.toThrow('page 2 repeats some rows');
  });

  it('that bring nothing new are for the way of paging to judge, if it does', async () => {
    const paging: Paging<Page> = {
      first: { page: 1 },
      byPosition: true,
      judgesRepeats: true,
      step: ({ fresh, index }) =>
        fresh === 0 ? { end: 'a page that brought nothing new' } : { next: { query: { page: index + 2 } } },
    };
    expect((await read(paging, () => ({ rows: [1, 2].map(row) }))).ids).toEqual([1, 2]);
  });
});

describe('a list with a declared total', () => {
  const paging = byOffset<Page>({ param: 'offset', size, declared: total });

  it('is not believed when it ends early', async () => {
    await expect(
      read(paging, (_, index) => ({ rows: index === 0 ? [1, 2, 3].map(row) : [], total: 7 })),
    ).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/of 7 declared|already read/u),
    });
  });

  it('is read on through one empty page that leads elsewhere, and not through two', async () => {
    const pages = [[1, 2, 3], [], [4, 5]];
    const paging = byToken<Page>({ param: 'cursor', next: (page) => page.next, declared: total });
    const served = (all: number[][]) => (_: WireRequest, index: number) => ({
      rows: (all[index] ?? []).map(row),
      total: 5,
      next: index + 1 < all.length ? String(index + 1) : null,
    });
    expect((await read(paging, served(pages))).ids).toEqual([1, 2, 3, 4, 5]);
    await expect(read(paging, served([[1, 2, 3], [], [], [4, 5]]))).rejects.toMatchObject({
      message: expect.stringContaining('an empty page after 3 of 5'),
    });
  });

  it('is not believed when it has more rows than declared', async () => {
    await expect(read(paging, () => ({ rows: [1, 2, 3].map(row), total: 2 }))).rejects.toMatchObject({
      message: expect.stringContaining('declares 2 rows but listed 3'),
    });
  });

  it('is not believed when the total falls: what moved up into a page already read was never seen', async () => {
    const pages = [
      { rows: [1, 2, 3], total: 7 },
      { rows: [5, 6, 7], total: 6 },
    ];
    const moved = read(paging, (_, index) => {
      const { rows = [], total: declared = 0 } = pages[index] ?? {};
      return { rows: rows.map(row), total: declared };
    });
    await expect(moved).rejects.toMatchObject({ message: expect.stringContaining('declared 7 rows, then 6') });
  });

  it('may grow while it is read', async () => {
    const grown = await read(paging, (_, index) => ({
      rows: (index === 0 ? [1, 2, 3] : [4, 5]).map(row),
      total: 4 + index,
    }));
    expect(grown.ids).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not count a row twice that moved to the next page', async () => {
    const pages = [[1, 2, 3], [3, 4, 5], [6]];
    await expect(read(paging, (_, index) => ({ rows: (pages[index] ?? []).map(row), total: 6 }))).rejects.toMatchObject(
      {
        name: 'VendorContractError',
      },
    );
  });
});

describe('a cursor', () => {
  it('that leads in a circle is an error, not an endless run', async () => {
    const circle = byToken<Page>({ param: 'cursor', next: (page) => page.next });
    await expect(
      read(circle, (_, index) => ({ rows: [row(index)], next: index % 2 === 0 ? 'a' : 'b' })),
    ).rejects.toMatchObject({ message: expect.stringContaining('already read') });
  });

  it.each([undefined, null, '', 'null'])('of %j is the end', async (next) => {
    const { ids } = await read(byToken<Page>({ param: 'cursor', next: () => next }), () => ({ rows: [row(1)] }));
    expect(ids).toEqual([1]);
  });
});

describe('an empty page that nothing announced', () => {
  const paging = afterId({ param: 'after', size });

  it('is asked for again: a hiccup ends no list', async () => {
    const pages = [[1, 2, 3], [4, 5, 6], [], [6, 7], []];
    const { ids, receipts } = await read(paging, (_, index) => ({ rows: (pages[index] ?? []).map(row) }));
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(receipts).toMatchObject([{ pages: 4, distinct: 7 }]);
  });

  it('may be the first one: a list has to be empty twice', async () => {
    const pages = [[], [1], []];
    expect((await read(paging, (_, index) => ({ rows: (pages[index] ?? []).map(row) }))).ids).toEqual([1]);
    expect(await read(paging, () => ({ rows: [] }))).toMatchObject({ ids: [], requests: 2 });
  });

  it('costs nothing after a short page, or if a total says that there is nothing', async () => {
    const short = await read(paging, (_, index) => ({ rows: index === 0 ? [1, 2].map(row) : [] }));
    expect(short).toMatchObject({ ids: [1, 2], requests: 2 });
    const declared = byPage<Page>({ param: 'page', first: 1, size, declared: total });
    expect((await read(declared, () => ({ rows: [], total: 0 }))).requests).toBe(1);
  });
});

describe('a last page as full as it was asked for', () => {
  const next = (page: Page) => page.next;
  const paging = byToken<Page>({ param: 'cursor', query: { size: 3 }, next });
  const served =
    (all: number[], nameOfCursor: 'next' | 'nextPage') =>
    ({ url }: WireRequest): Page => {
      const [from, most] = [Number(url.searchParams.get('cursor') ?? 0), Number(url.searchParams.get('size'))];
      const rest = all.length > from + most ? { [nameOfCursor]: String(from + most) } : {};
      return { rows: all.slice(from, from + most).map(row), ...rest };
    };

  it('is an error where the way to the next page was renamed', async () => {
    await expect(read(paging, served([1, 2, 3, 4, 5], 'nextPage'))).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('a full page (3 rows) names no next page'),
    });
  });

  it('is the end if the API names a next page for one row less, or keeps to its own size', async () => {
    const six = await read(paging, served([1, 2, 3, 4, 5, 6], 'next'));
    expect(six).toMatchObject({ ids: [1, 2, 3, 4, 5, 6], requests: 3, receipts: [{ pages: 2 }] });
    expect((await read(paging, () => ({ rows: [1, 2, 3].map(row) }))).ids).toEqual([1, 2, 3]);
  });

  it('is left alone if the collector has another figure to tell it by', async () => {
    const judging = { ...paging, judgesSilence: true };
    expect((await read(judging, served([1, 2, 3, 4], 'nextPage'))).requests).toBe(1);
  });
});

it('a short page is the end only if the API is declared so', async () => {
  const pages = [[1, 2], [3], []];
  const serve = (_: WireRequest, index: number): Page => ({ rows: (pages[index] ?? []).map(row) });
  expect((await read(byPage<Page>({ param: 'page', first: 1, size, until: 'short' }), serve)).ids).toEqual([1, 2]);
  expect((await read(byPage<Page>({ param: 'page', first: 1, size, until: 'empty' }), serve)).ids).toEqual([1, 2, 3]);
});

it('one answer is the whole list if the API has no pages, and its total is compared with it', async () => {
  expect((await read(single<Page>(), () => ({ rows: [1, 2].map(row) }))).requests).toBe(1);
  await expect(read(single<Page>(total), () => ({ rows: [1, 2].map(row), total: 3 }))).rejects.toMatchObject({
    name: 'VendorContractError',
  });
});

it('finds the next address among several in a Link header', () => {
  const link =
    '<https://a.example/x?p=1>; rel="first", <https://a.example/x?p=3,4>; rel="next", <https://a.example/x?p=9>; rel="last"';
  expect(nextLink({ link })).toBe('https://a.example/x?p=3,4');
  expect(nextLink({ link: '<https://a.example>; rel="prev"' })).toBeUndefined();
  expect(nextLink({})).toBeUndefined();
});

describe('a row on two pages', () => {
  const paging = byToken<Page>({ param: 'cursor', next: (page) => page.next });
  const pages = [
    { rows: [1, 2].map(row), next: 'a' },
    { rows: [2, 3, 3].map(row), next: null },
  ];

  it('is read once, and the receipt tells rows from distinct ones', async () => {
    const { ids, receipts } = await read(paging, (_, index) => pages[index] ?? { rows: [] });
    expect(ids).toEqual([1, 2, 3]);
    expect(receipts).toStrictEqual([{ list: '/list', pages: 2, rows: 5, distinct: 3, end: 'no further cursor' }]);
  });

  it('that brings nothing new is an error which names list and page, unless the way of paging judges that itself', async () => {
    const twice = (_: WireRequest, index: number): Page => ({ rows: [row(1)], next: index < 2 ? String(index) : null });
    await expect(read(paging, twice)).rejects.toThrow('Vendor list /list: page 2 repeats rows already read');
    expect((await read({ ...paging, judgesRepeats: true }, twice)).ids).toEqual([1]);
  });
});

describe('an end that is declared', () => {
  it('in pages is the end, and a full last page is not looked into', async () => {
    const declared = byPage<Page>({ param: 'page', first: 1, size, declared: () => ({ pages: 2 }) });
    const { ids, requests } = await read(declared, ({ url }) => {
      const [page, most] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('size'))];
      return slice([1, 2, 3, 4, 5, 6].slice(0, 3 + most), (page - 1) * 3);
    });
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect(requests).toBe(2);
  });

  it('by a total is the end, though a cursor is missing on a full page', async () => {
    const declared = byToken<Page>({ param: 'cursor', query: { size: 3 }, next: () => null, declared: total });
    const { requests, receipts } = await read(declared, ({ url }) => ({
      rows: [1, 2, 3].slice(0, Number(url.searchParams.get('size'))).map(row),
      total: 3,
    }));
    expect(requests).toBe(1);
    expect(receipts).toMatchObject([{ declaredTotal: 3 }]);
  });

  it('by a total may be followed by empty pages until the cursor is at its end', async () => {
    const declared = byToken<Page>({ param: 'cursor', next: (page) => page.next, declared: total });
    const { ids } = await read(declared, (_, index) => ({
      rows: index === 0 ? [1, 2, 3].map(row) : [],
      total: 3,
      next: index < 3 ? String(index) : null,
    }));
    expect(ids).toEqual([1, 2, 3]);
  });

  it('by a total on the first page alone is held to the end', async () => {
    const declared = byToken<Page>({ param: 'cursor', next: (page) => page.next, declared: total });
    const serve = (rows: number) => (_: WireRequest, index: number) =>
      index === 0 ? { rows: [row(1), row(2)], total: rows, next: 'a' } : { rows: [row(3)] };
    expect((await read(declared, serve(3))).ids).toEqual([1, 2, 3]);
    await expect(read(declared, serve(4))).rejects.toThrow('declares 4 rows but listed 3');
  });
});

describe('the size of a page', () => {
  const next = (page: Page) => page.next;
  const of = (value: number, query = {}) => byToken<Page>({ param: 'cursor', query: { size: value, ...query }, next });
  const lost =
    (all: number[]) =>
    ({ url }: WireRequest): Page => ({ rows: all.slice(0, Number(url.searchParams.get('size'))).map(row) });

  it('of 1 cannot be asked for one less: such a page is the end', async () => {
    expect(await read(of(1), lost([1]))).toMatchObject({ ids: [1], requests: 1 });
  });

  it('of 2 can', async () => {
    await expect(read(of(2), lost([1, 2, 3]))).rejects.toThrow('a full page (2 rows)');
  });

  it('is not looked into by its address if that leads on', async () => {
    const link = byLink<Page>({ query: { size: 3 }, next });
    await expect(read(link, lost([1, 2, 3, 4]))).rejects.toThrow('a full page (3 rows)');
  });
});

describe('an empty page', () => {
  const pagesOf =
    (...pages: number[][]) =>
    (_: WireRequest, index: number): Page => ({ rows: (pages[index] ?? []).map(row) });
  const paging = afterId({ param: 'after', size, query: { state: 'all' } });

  it('after one full page is asked for again', async () => {
    expect((await read(paging, pagesOf([1, 2, 3], [], [3, 4], []))).ids).toEqual([1, 2, 3, 4]);
  });

  it('after a full page is the end if that page’s last row comes again alone: one request, as before', async () => {
    expect(await read(paging, pagesOf([1, 2, 3], [], [3]))).toMatchObject({ ids: [1, 2, 3], requests: 3 });
  });

  it('is none if a wrong id led past the rows behind: the vendor does not have that row there', async () => {
    const all = Array.from({ length: 8 }, (_, index) => index + 1);
    for (const wrong of [1, 3, 6]) {
      const serve = ({ url }: WireRequest): Page => {
        const behind = all.filter((id) => id > Number(url.searchParams.get('after') ?? 0)).slice(0, 3);
        return { rows: behind.map((id) => row(id === wrong ? 2 ** 40 : id)) };
      };
      const name = 'VendorContractError';
      await expect(read(paging, serve)).rejects.toMatchObject({ name, message: expect.stringContaining('leads') });
    }
  });

  it('costs nothing after a first page shorter than the size beside its number and other words', async () => {
    const numbered = byPage<Page>({ param: 'page', first: 1, size, query: { state: 'all', active: true } });
    expect(await read(numbered, pagesOf([1, 2], []))).toMatchObject({ requests: 2 });
  });

  it('costs nothing after a page shorter than those before it, whatever size was asked for', async () => {
    const wide = afterId({ param: 'after', size: { param: 'size', value: 2 } });
    expect(await read(wide, pagesOf([1, 2, 3], [4, 5, 6], [7, 8], []))).toMatchObject({ requests: 4 });
  });
});

describe('two rows of one id', () => {
  const Named = z.object({ rows: z.array(z.object({ id: z.int(), seats: z.int(), names: z.array(z.string()) })) });
  type Named = z.output<typeof Named>;
  const entry = (seats: number, name: string) => ({ id: 1, seats, names: [name], lastSeen: Math.random() });
  const readAll = async (paging: Paging<Named>, ...pages: object[][]) => {
    const w = wire(...pages.map((rows) => ({ json: { rows } })));
    const list = { page: Named, rows: (page: Named) => page.rows, key: ({ id }: { id: number }) => id };
    const seats: number[] = [];
    for await (const found of readList('/list', list, paging, new Reader(requestPath(w)), [])) seats.push(found.seats);
    return seats;
  };
  const paging = byPage<Named>({ param: 'page', first: 1, size, until: 'short' });

  it('that say the same are one row, whatever is in the members that nobody reads', async () => {
    expect(await readAll(paging, [entry(5, 'a'), entry(5, 'a')])).toEqual([5]);
  });

  it.each([
    ['a number', entry(7, 'a')],
    ['a text within', entry(5, 'b')],
  ])('that differ in %s are refused: the first is no truer than the second', async (_, other) => {
    const contradiction = {
      name: 'VendorContractError',
      message: 'Vendor list /list: two rows of id 1 contradict each other',
    };
    await expect(readAll(paging, [entry(5, 'a'), other])).rejects.toMatchObject(contradiction);
    const pages = [[entry(5, 'a'), { ...entry(5, 'a'), id: 2 }, { ...entry(5, 'a'), id: 3 }], [other]];
    await expect(readAll(paging, ...pages)).rejects.toMatchObject(contradiction);
  });
});
