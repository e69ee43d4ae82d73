import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ListReceipt } from '../../lambdas/report/collection.ts';
import { askFirstPage, readList } from '../../lambdas/wire/list.ts';
import { byLink, byOffset, byPage, type Paging } from '../../lambdas/wire/paging.ts';
import { Reader } from '../../lambdas/wire/reader.ts';
import type { WireRequest, WireResponse } from '../../lambdas/wire/transport.ts';
import { virtualClock } from '../virtual-clock.ts';
import { requestPath, session, wire } from './wire.ts';

/*
 * Pages that must be there, by what the first one declares, are asked for side by side; what is made of them is the
 * same as of pages asked for one after the other.
 */

const Page = z.object({ rows: z.array(z.object({ id: z.int() })), next: z.optional(z.string()), total: z.int() });
type Page = z.output<typeof Page>;

const SIZE = 3;
const size = { param: 'size', value: SIZE };
const declared = ({ total }: Page) => ({ rows: total });
const list = { page: Page, rows: ({ rows }: Page) => rows, key: ({ id }: { id: number }) => id };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const page = (all: readonly number[], from: number, to = from + SIZE): Page => ({
  rows: all.slice(from, to).map((id) => ({ id })),
  total: all.length,
});

type Serve = (all: readonly number[], query: URLSearchParams) => Page;

const KINDS: Record<string, { paging: Paging<Page>; serve: Serve }> = {
  numbers: {
    paging: byPage<Page>({ param: 'page', first: 0, size, declared }),
    serve: (all, query) => page(all, Number(query.get('page')) * SIZE),
  },
  offsets: {
    paging: byOffset<Page>({ param: 'offset', size, declared }),
    serve: (all, query) => page(all, Number(query.get('offset'))),
  },
  'numbered addresses': {
    paging: byLink<Page>({
      next: ({ next }) => next,
      declared,
      numbered: { param: 'page', size: SIZE, total: ({ total }) => total },
    }),
    serve: (all, query) => {
      const number = Number(query.get('page') ?? 0);
      const isLast = (number + 1) * SIZE >= all.length;
      const next = `https://api.vendor.example/v1/list?page=${number + 1}&size=3`;
      return { ...page(all, number * SIZE), ...(isLast ? {} : { next }) };
    },
  },
};

type Asked = { answered?: (url: URL) => Page | { status: number }; concurrency?: number };

/** A vendor that takes a second for each answer. */
function vendor({ answered = () => page([], 0), concurrency = 2 }: Asked) {
  const clock = virtualClock();
  const seen = { asked: [] as string[], underWay: 0 };
  const transport = async ({ url }: WireRequest): Promise<WireResponse> => {
    seen.asked.push(url.search);
    seen.underWay += 1;
    await clock.sleep(1000);
    seen.underWay -= 1;
    const answer = answered(url);
    const status = 'status' in answer ? answer.status : 200;
    return { status, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
  };
  const life = session({ ...wire({}), transport }, 880, clock);
  return { clock, seen, reader: new Reader(requestPath(wire({}), { limit: { concurrency } }, life)) };
}

async function read(paging: Paging<Page>, asked: Asked) {
  const { clock, seen, reader } = vendor(asked);
  const ids: number[] = [];
  const receipts: ListReceipt[] = [];
  let error: unknown;
  try {
    for await (const { id } of readList('/list', list, paging, reader, receipts)) ids.push(id);
  } catch (caught) {
    error = caught;
  }
  return { ids, receipts, error, ...seen, seconds: clock.elapsed() / 1000 };
}

describe.each(Object.entries(KINDS))('pages by %s', (_, { paging, serve }) => {
  it('say the same in as many requests, whatever the number of rows and however many are asked for at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.integer({ min: 2, max: 6 }), async (count, concurrency) => {
        const answered = ({ searchParams }: URL) => serve(numbers(count), searchParams);
        const { seconds: inTurn, ...alone } = await read(paging, { answered, concurrency: 1 });
        const { seconds, ...beside } = await read(paging, { answered, concurrency });
        expect(beside).toEqual(alone);
        expect(beside.ids).toEqual(numbers(count));
        const pages = alone.asked.length;
        expect([inTurn, seconds]).toEqual([pages, 1 + Math.ceil((pages - 1) / concurrency)]);
      }),
      { numRuns: 25 },
    );
  });

  it('are an error where one of them is, and nothing is under way any more when it is told', async () => {
    let asked = 0;
    const { error, underWay, ids } = await read(paging, {
      answered: ({ searchParams }) => {
        asked += 1;
        return asked === 4 ? { status: 400 } : serve(numbers(30), searchParams);
      },
      concurrency: 3,
    });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('HTTP 400') });
    expect(underWay).toBe(0);
    expect(ids).toEqual(numbers(9));
  });

  it('are an error where a row has moved back to a page that was read', async () => {
    const { error } = await read(paging, {
      answered: ({ searchParams }) => {
        const whole = serve(numbers(12), searchParams);
        return { ...whole, rows: whole.rows.map(({ id }) => ({ id: id === 10 ? 9 : id })) };
      },
    });
    expect(error).toMatchObject({ message: expect.stringContaining('declares 12 rows but listed 11') });
  });
});

it('addresses that are not those foreseen cost one call in vain, however many follow', async () => {
  const all = numbers(30);
  const { paging } = KINDS['numbered addresses'] ?? {};
  if (paging === undefined) throw new Error('no such kind');
  const { ids, asked } = await read(paging, {
    answered: ({ searchParams }) => {
      const number = Number(searchParams.get('page') ?? 0);
      const next = `https://api.vendor.example/v1/list?page=${number + 1}&after=${number}`;
      return { ...page(all, number * SIZE), ...(number === 9 ? {} : { next }) };
    },
  });
  expect(ids).toEqual(all);
  expect(asked).toHaveLength(11);
});

it('what was asked for ahead answers one call; the next one, or one after it was dropped, is made', async () => {
  const { reader, seen } = vendor({});
  reader.askAhead('GET', '/list', {});
  await reader.ask('GET', '/list', {});
  expect(seen.asked).toHaveLength(1);
  await reader.ask('GET', '/list', {});
  expect(seen.asked).toHaveLength(2);
  await reader.dropAhead([reader.askAhead('GET', '/list', {})]);
  await reader.ask('GET', '/list', {});
  expect(seen.asked).toHaveLength(4);
});

it('a first page asked for ahead of its turn is not asked for again', async () => {
  const { paging, serve } = KINDS.numbers ?? {};
  if (paging === undefined || serve === undefined) throw new Error('no such kind');
  const { reader, seen, clock } = vendor({ answered: ({ searchParams }) => serve(numbers(6), searchParams) });
  askFirstPage('/list', list, paging, reader);
  await clock.sleep(5000);
  expect(seen.asked).toEqual(['?page=0&size=3']);
  const ids: number[] = [];
  for await (const { id } of readList('/list', list, paging, reader, [])) ids.push(id);
  expect(ids).toEqual(numbers(6));
  expect(seen.asked).toHaveLength(2);
});
