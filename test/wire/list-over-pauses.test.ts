import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ListReceipt } from '../../lambdas/report/collection.ts';
import { KeptAnswers, KeptForm } from '../../lambdas/wire/kept-answers.ts';
import { askFirstPage, type List, ListLost, ListUnsound, readList } from '../../lambdas/wire/list.ts';
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
import { Paused } from '../../lambdas/wire/session.ts';
import type { WireRequest, WireResponse } from '../../lambdas/wire/transport.ts';
import { requestPath, session, wire } from './wire.ts';

const Page = z.object({
  rows: z.array(z.object({ id: z.int(), seats: z.optional(z.int()) })),
  next: z.optional(z.nullable(z.string())),
  total: z.optional(z.int()),
});
type Page = z.output<typeof Page>;

const list = { page: Page, rows: (page: Page) => page.rows, key: ({ id }: { id: number }) => id };
const size = { param: 'size', value: 3 };
const total = (page: Page) => ({ rows: page.total });
const next = (page: Page) => page.next;
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const part = (all: number[], at: number): Page => ({ rows: all.slice(at, at + 3).map((id) => ({ id })) });

/** A page, with a link in its header; or a refusal. */
type Answer = (Page & { link?: string }) | { status: number };

type Serve = (all: number[], query: URLSearchParams) => Answer;
const pageFrom = (all: number[], at: number): Page => ({
  ...part(all, at),
  next: at + 3 < all.length ? `${at + 3}` : null,
});

const KINDS: Record<string, { paging: () => Paging<Page>; serve: Serve }> = {
  cursors: {
    paging: () => byToken<Page>({ param: 'cursor', next }),
    serve: (all, query) => pageFrom(all, Number(query.get('cursor') ?? 0)),
  },
  links: {
    paging: () =>
      byLink<Page>({ next: (page) => (page.next ? `https://api.vendor.example/v1/list?at=${page.next}` : '') }),
    serve: (all, query) => pageFrom(all, Number(query.get('at') ?? 0)),
  },
  'links in a header': {
    paging: () => byLink<Page>({ next: (_, headers) => nextLink(headers) }),
    serve: (all, query) => {
      const at = Number(query.get('at') ?? 0);
      const link = `<https://api.vendor.example/v1/list?at=${at + 3}>; rel="next"`;
      return { ...part(all, at), ...(at + 3 < all.length ? { link } : {}) };
    },
  },
  'numbered pages': {
    paging: () => byPage<Page>({ param: 'page', first: 1, size }),
    serve: (all, query) => part(all, (Number(query.get('page')) - 1) * 3),
  },
  'offsets with a total': {
    paging: () => byOffset<Page>({ param: 'offset', size, declared: total }),
    serve: (all, query) => ({ ...part(all, Number(query.get('offset'))), total: all.length }),
  },
  'ids after ids': {
    paging: () => afterId({ param: 'after', size }),
    serve: (all, query) => ({
      rows: part(
        all.filter((id) => id > Number(query.get('after') ?? -1)),
        0,
      ).rows,
    }),
  },
};

/** Reads a list in lifetimes of so many answers each; both get the number of the lifetime, from 0. */
async function inLives(
  paging: () => Paging<Page>,
  answered: (life: number) => number,
  serve: (url: URL, life: number) => Answer,
) {
  const asked: string[] = [];
  let kept: KeptForm = [];
  for (let life = 0; life < 50; life += 1) {
    const before = asked.length;
    const transport = async ({ url }: WireRequest): Promise<WireResponse> => {
      if (asked.length - before >= answered(life))
        return { status: 429, headers: { 'retry-after': '3000' }, body: Buffer.of() };
      asked.push(url.search);
      const answer = serve(url, life);
      const status = 'status' in answer ? answer.status : 200;
      const headers: Record<string, string> = 'link' in answer ? { link: answer.link } : {};
      return { status, headers, body: Buffer.from(JSON.stringify(answer)) };
    };
    const path = requestPath(wire({}), {}, session({ sent: [], transport }));
    const answers = new KeptAnswers(path.session.redactor, kept);
    for (;;) {
      answers.begin();
      const ids: number[] = [];
      const receipts: ListReceipt[] = [];
      try {
        for await (const { id } of readList('/list', list, paging(), new Reader(path, answers), receipts)) ids.push(id);
        return { ids, receipts, asked, lives: life + 1, kept: answers.furthest };
      } catch (error) {
        if (error instanceof ListLost) continue;
        if (!(error instanceof Paused)) throw error;
        // What is kept goes through a file.
        kept = z.parse(KeptForm, JSON.parse(JSON.stringify(answers.snapshot())));
        break;
      }
    }
  }
  throw new Error('the list has no end');
}

describe.each(Object.entries(KINDS))('a list by %s', (_, { paging, serve }) => {
  it('reads the same over pauses, and no page twice but the last one of those cut by position', async () => {
    const looksBack = paging().byPosition === true ? 1 : 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 25 }), fc.integer({ min: 1, max: 4 }), async (length, pages) => {
        const answered = pages + looksBack;
        const all = numbers(1, length);
        const whole = await inLives(
          paging,
          () => 1000,
          ({ searchParams }) => serve(all, searchParams),
        );
        const paused = await inLives(
          paging,
          () => answered,
          ({ searchParams }) => serve(all, searchParams),
        );
        expect(paused).toMatchObject({ ids: whole.ids, receipts: whole.receipts });
        expect([...new Set(paused.asked)]).toEqual([...new Set(whole.asked)]);
        expect(paused.ids).toEqual(all);
        expect(paused.asked.length).toBeLessThanOrEqual(whole.asked.length + looksBack * (paused.lives - 1));
        expect(paused.lives).toBeLessThanOrEqual(Math.ceil(whole.asked.length / pages));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a list whose vendor forgets its cursors in the pause', () => {
  const paging = () => byToken<Page>({ param: 'cursor', next });
  const all = numbers(1, 8);
  /** Cursors of one lifetime mean nothing in the next: that is answered by `forgotten`. */
  const serving =
    (forgotten: Answer) =>
    ({ searchParams }: URL, life: number): Answer => {
      const [of, at] = (searchParams.get('cursor') ?? `${life}-0`).split('-').map(Number);
      if (of !== life) return forgotten;
      const page = pageFrom(all, at ?? 0);
      return { ...page, next: page.next ? `${life}-${page.next}` : null };
    };

  it.each<[string, Answer]>([
    ['and refuses them', { status: 400 }],
    ['and says that they are gone', { status: 410 }],
    ['and answers as if there were nothing more', { rows: [], next: null }],
    ['and begins from the first page', { ...pageFrom(all, 0), next: '1-3' }],
  ])('%s is read from its first page', async (_, forgotten) => {
    const { ids, receipts, asked } = await inLives(paging, (life) => (life === 0 ? 2 : 100), serving(forgotten));
    expect(ids).toEqual(all);
    expect(receipts).toEqual([{ list: '/list', pages: 3, rows: 8, distinct: 8, end: 'no further cursor' }]);
    // An empty page is asked for twice anyway.
    expect(asked.filter((search, at) => search !== asked[at - 1])).toEqual([
      '',
      '?cursor=0-3',
      '?cursor=0-6',
      '',
      '?cursor=1-3',
      '?cursor=1-6',
    ]);
  });

  it('is not read again if the empty answer declares that there is nothing more', async () => {
    const serve = ({ searchParams }: URL): Answer =>
      searchParams.has('cursor') ? { rows: [], total: 3 } : { ...part(all, 0), total: 3, next: '3' };
    const declared = () => byToken<Page>({ param: 'cursor', next, declared: total });
    expect(await inLives(declared, () => 1, serve)).toMatchObject({ ids: [1, 2, 3], asked: ['', '?cursor=3'] });
  });

  it('stays refused if the credentials are', async () => {
    const asked: string[] = [];
    const revoked = inLives(
      paging,
      (life) => (life === 0 ? 1 : 100),
      ({ search }, life) => {
        asked.push(search);
        return life === 0 ? pageFrom(all, 0) : { status: 403 };
      },
    );
    await expect(revoked).rejects.toMatchObject({ name: 'VendorAuthError' });
    expect(asked).toEqual(['', '?cursor=3']);
  });

  it('is refused if its first page is', async () => {
    const refusing = inLives(
      paging,
      (life) => (life === 0 ? 1 : 100),
      (_, life) => (life === 0 ? pageFrom(all, 0) : { status: 400 }),
    );
    await expect(refusing).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('400'),
    });
  });
});

describe('a list that moves in the pause', () => {
  const offsets = () => byOffset<Page>({ param: 'offset', size, declared: total });
  const lives = (life: number) => (life === 0 ? 2 : 100);
  const serving =
    (...states: number[][]) =>
    ({ searchParams }: URL, life: number): Answer => {
      const all = states[Math.min(life, states.length - 1)] ?? [];
      return { ...part(all, Number(searchParams.get('offset'))), total: all.length };
    };

  it('is read from its first page if the declared total fell: another row may never have come', async () => {
    const { ids } = await inLives(offsets, lives, serving(numbers(1, 9), numbers(2, 9)));
    expect(ids).toEqual(numbers(2, 9));
  });

  it('is read from its first page if its end does not meet the total', async () => {
    const moved = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const { ids } = await inLives(offsets, lives, serving(moved, [10, ...moved.slice(0, 8)]));
    expect(ids).toEqual([10, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each<[string, () => Paging<Page>, (query: URLSearchParams) => number, (all: number[]) => object]>([
    ['offsets with a total', offsets, (query) => Number(query.get('offset')), (all) => ({ total: all.length })],
    [
      'numbered pages without one',
      () => byPage<Page>({ param: 'page', first: 1, size }),
      (query) => (Number(query.get('page')) - 1) * 3,
      () => ({}),
    ],
  ])('by %s is read from its first page if a row that was read is gone: it would hide another', async (...kind) => {
    const [, paging, at, figures] = kind;
    const { ids } = await inLives(paging, lives, ({ searchParams }, life) => {
      // One went and another came, so that a total does not tell.
      const all = life === 0 ? numbers(1, 9) : numbers(2, 10);
      return { ...part(all, at(searchParams)), ...figures(all) };
    });
    expect(ids).toEqual(numbers(2, 10));
  });

  it('goes on if it grew at its end', async () => {
    const { ids, asked } = await inLives(offsets, lives, serving(numbers(1, 8), numbers(1, 10)));
    expect(ids).toEqual(numbers(1, 10));
    expect(asked.map((search) => new URLSearchParams(search).get('offset'))).toEqual(['0', '3', '6', '3', '9']);
  });

  it('is read from its first page if a row differs from before', async () => {
    const seats = (life: number) => (life === 0 ? 4 : 5);
    const { ids } = await inLives(
      () => byToken<Page>({ param: 'cursor', next }),
      (life) => (life === 0 ? 1 : 100),
      ({ searchParams }, life) =>
        searchParams.has('cursor')
          ? { rows: [{ id: 2 }, { id: 1, seats: seats(life) }], next: null }
          : { rows: [{ id: 1, seats: seats(life) }], next: 'a' },
    );
    expect(ids).toEqual([1, 2]);
  });

  it('and is not better in one lifetime stays an error', async () => {
    const broken = inLives(offsets, lives, ({ searchParams }) => ({
      ...part(numbers(1, 9), Number(searchParams.get('offset'))),
      total: 20,
    }));
    await expect(broken).rejects.toBeInstanceOf(ListUnsound);
  });
});

it('a list that repeats rows is read a second time, over pauses too', async () => {
  const pages = [[1, 2, 3], [3, 4, 5], [6], []];
  const serve = ({ searchParams }: URL): Answer => ({
    rows: (pages[Number(searchParams.get('page')) - 1] ?? []).map((id) => ({ id })),
  });
  const paging = () => byPage<Page>({ param: 'page', first: 1, size });
  const whole = await inLives(paging, () => 100, serve);
  const paused = await inLives(paging, () => 2, serve);
  expect(whole.receipts).toMatchObject([{ note: expect.stringContaining('a second reading has the same 6 rows') }]);
  expect(paused).toMatchObject({ ids: whole.ids, receipts: whole.receipts });
  expect(new Set(paused.asked)).toEqual(new Set(whole.asked));
});

it('what was kept of a list is not given to a list of which other fields are read', async () => {
  const read = async (changes: Partial<List<Page, Page['rows'][number]>>, onFile: KeptForm) => {
    const of = wire({ json: part([1, 2], 0) });
    const path = requestPath(of);
    const answers = new KeptAnswers(path.session.redactor, onFile);
    for await (const _ of readList('/list', { ...list, ...changes }, single<Page>(), new Reader(path, answers), []));
    return { sent: of.sent.length, kept: answers.snapshot() };
  };
  const { kept } = await read({}, []);
  expect((await read({}, kept)).sent).toBe(0);
  expect((await read({ page: z.object({ rows: Page.shape.rows }) }, kept)).sent).toBe(1);
  const of = (mark: string) => ({ kept: { mark, part: (body: Page) => body } });
  const marked = await read(of('seats'), []);
  expect((await read(of('seats'), marked.kept)).sent).toBe(0);
  expect((await read(of('names'), marked.kept)).sent).toBe(1);
});

it('a first page asked for ahead can be kept over a pause that comes before its turn', async () => {
  const ahead = async (answer: Answer) => {
    const of = wire({ json: answer, ...('status' in answer ? answer : {}) });
    const path = requestPath(of);
    const answers = new KeptAnswers(path.session.redactor);
    await askFirstPage('/list', list, single<Page>(), new Reader(path, answers))();
    return [of.sent.length, answers.furthest];
  };
  expect(await ahead(part([1, 2], 0))).toEqual([1, 1]);
  // Whoever reads the list hears of it.
  expect(await ahead({ status: 400 })).toEqual([1, 0]);
});

it('a full last page is checked, and an empty page requested twice, over pauses too', async () => {
  const paging = () => byToken<Page>({ param: 'cursor', query: { size: 3 }, next });
  const silent = ({ searchParams }: URL): Answer => {
    const [from, most] = [Number(searchParams.get('cursor') ?? 0), Number(searchParams.get('size'))];
    const all = numbers(1, 6);
    return {
      rows: all.slice(from, from + most).map((id) => ({ id })),
      next: from + most < 6 ? `${from + most}` : null,
    };
  };
  expect(await inLives(paging, () => 1, silent)).toMatchObject({ ids: numbers(1, 6), lives: 3, kept: 3 });
  let empty = 0;
  const hiccup = ({ searchParams }: URL): Answer => {
    const from = Number(searchParams.get('after') ?? 0);
    empty += from === 3 ? 1 : 0;
    return from === 3 && empty === 1 ? { rows: [] } : { rows: part(numbers(from + 1, 7), 0).rows };
  };
  expect(
    (
      await inLives(
        () => afterId({ param: 'after', size }),
        () => 1,
        hiccup,
      )
    ).ids,
  ).toEqual(numbers(1, 7));
});
