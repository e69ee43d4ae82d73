import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { CollectionCheckpoint, collect } from '../../lambdas/counting/collect.ts';
import type { Detail, DetailSink } from '../../lambdas/counting/details.ts';
import type { Fact, Piece } from '../../lambdas/counting/facts.ts';
import { anyId } from '../../lambdas/counting/ids.ts';
import type { RunContext } from '../../lambdas/counting/run-context.ts';
import type { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import type { CustomerCount } from '../../lambdas/report/collection.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { anonymous } from '../../lambdas/wire/auth.ts';
import { ListUnsound } from '../../lambdas/wire/list.ts';
import { byPage, byToken, single } from '../../lambdas/wire/paging.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { number } from '../columns.ts';
import { count, customer, excluded, failed, note } from '../facts.ts';
import { collector, noConfiguration } from '../free-collector.ts';
import { session, type Wire, wire } from '../wire/wire.ts';

type Facts = AsyncIterable<Fact | Piece>;

const declared = (read: (api: VendorApi) => Facts) =>
  collector({
    id: 'acme',
    name: 'Acme',
    position: 1,
    customerId: { name: 'customer id', schema: anyId },
    secret: z.strictObject({ apiKey: z.string() }),
    configuration: noConfiguration,
    columns: [number('Acme Seats', 'seats')],
    setup: { create: 'a key', rights: 'read' },
    api: () => ({ name: 'Acme', base: 'https://api.acme.example', auth: anonymous, limit: { concurrency: 1 } }),
    collect: read,
  });

const context = (more: Partial<RunContext> = {}): RunContext => ({
  asOf: '2026-11-22T06:30:00Z',
  timeZone: 'UTC',
  mapped: ['1'],
  keepSecret: async () => {},
  lockSecret: () => Promise.reject(new Error('nothing to lock')),
  ...more,
});

type Options = {
  w?: Wire;
  checkpoint?: CollectionCheckpoint;
  about?: Partial<RunContext>;
  onCustomers?: (n: number) => void;
  details?: DetailSink;
};

function run(
  read: (api: VendorApi) => Facts,
  { w = wire({}), checkpoint, about, onCustomers = () => {}, details }: Options = {},
) {
  const life = session(w);
  const given = { secret: { apiKey: 'acme-key-0123456789' }, configuration: {} };
  const outcome = collect(declared(read), given, context(about), life, onCustomers, checkpoint, details);
  return { outcome, life };
}

/** The collection of a run that must end in one. */
async function collected(read: (api: VendorApi) => Facts, options?: Options) {
  const outcome = await run(read, options).outcome;
  if (outcome.outcome !== 'complete') throw new Error('the collection paused');
  return outcome.result;
}

async function paused(of: ReturnType<typeof collect>): Promise<CollectionCheckpoint> {
  const outcome = await of;
  if (outcome.outcome !== 'paused') throw new Error('the collection did not pause');
  return z.parse(CollectionCheckpoint, JSON.parse(JSON.stringify(outcome.checkpoint)));
}

const seats = (customers: readonly CustomerCount[]) =>
  customers.map(({ id, counts }) => [id, Object.values(counts)[0]]);

const two = async function* (): Facts {
  yield customer('1', 'One');
  yield count('1', 'Acme Seats', 4);
  yield customer('2', 'Two');
  yield count('2', 'Acme Seats', 2);
  yield count('2', 'Acme Seats', 3);
};

describe('a collection', () => {
  it('records its vendor, its time, and what was counted', async () => {
    expect(await collected(two)).toMatchObject({
      integration: 'acme',
      asOf: '2026-11-22T06:30:00Z',
      status: 'collected',
      columns: [],
      customers: [
        { id: '1', name: 'One', state: 'counted', counts: { 'Acme Seats': 4 } },
        { id: '2', name: 'Two', state: 'counted', counts: { 'Acme Seats': 5 } },
      ],
      notes: [],
    });
  });

  it('reports how many customers it has seen so far', async () => {
    const counts: number[] = [];
    await collected(two, { onCustomers: (customers) => counts.push(customers) });
    expect(counts).toEqual([1, 2]);
  });

  it('adds up in its receipt what each list needed', async () => {
    const w = wire({ json: [{ id: 1 }, { id: 2 }, { id: 2 }] }, { json: [{ id: 3 }] });
    const rows = z.array(z.object({ id: z.int() }));
    const list = { page: rows, rows: (page: z.output<typeof rows>) => page, key: (row: { id: number }) => row.id };
    const { receipt, notes } = await collected(
      async function* (api) {
        for (const path of ['/a', '/b'])
          for await (const { id } of api.pages(path, list, single())) yield customer(id, `n${id}`);
        yield count(1, 'Acme Seats', 1);
        yield* api.compare('seats', 1, 1);
      },
      { w },
    );
    expect(receipt).toMatchObject({ requests: 2, pages: 2, rows: 4, distinct: 3 });
    expect(receipt.lists.map(({ list: name, rows: taken }) => [name, taken])).toEqual([
      ['/a', 3],
      ['/b', 1],
    ]);
    expect(receipt.comparisons).toMatchObject([{ figure: 'seats', agrees: true }]);
    expect(notes).toEqual([]);
  });

  it('hides the secret before anything is sent', async () => {
    const { outcome, life } = run(two);
    await outcome;
    expect(life.redactor.clean('key acme-key-0123456789')).toBe('key [secret]');
  });

  it('is partial if one customer failed, and the other counts', async () => {
    const collection = await collected(async function* () {
      yield* two();
      yield failed('2', new ReportError('VendorAuthError', 'no consent'));
    });
    expect(collection.status).toBe('partial');
    expect(collection.customers.map(({ state }) => state)).toEqual(['counted', 'failed']);
  });

  it('is none if every customer failed that is not left out: the first one’s error represents all', async () => {
    const { outcome } = run(async function* () {
      yield customer('1', 'One');
      yield excluded('1', 'inactive');
      yield customer('2', 'Two');
      yield failed('2', new ReportError('VendorAuthError', 'no consent'));
      yield customer('3', 'Three');
      yield failed('3', new ReportError('VendorUnavailableError', 'down'));
    });
    await expect(outcome).rejects.toMatchObject({
      name: 'VendorAuthError',
      message: 'every customer of Acme failed; the first: no consent',
    });
  });

  it('without anybody is not believed if companies are mapped', async () => {
    const nobody = async function* (): Facts {};
    await expect(run(nobody).outcome).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/^Acme: no customers are listed/u),
    });
    expect((await collected(nobody, { about: { mapped: [] } })).customers).toEqual([]);
  });

  it('carries a remark on a list that repeats rows', async () => {
    const Page = z.object({ rows: z.array(z.object({ id: z.int() })) });
    const pages = [[1, 2], [2, 3], [4]].map((ids) => ({ json: { rows: ids.map((id) => ({ id })) } }));
    const paging = byPage<z.output<typeof Page>>({
      param: 'page',
      first: 1,
      size: { param: 'size', value: 2 },
      until: 'short',
    });
    const { outcome } = run(
      async function* (api) {
        const list = {
          page: Page,
          rows: (page: z.output<typeof Page>) => page.rows,
          key: (row: { id: number }) => row.id,
        };
        for await (const { id } of api.pages('/customers', list, paging)) yield customer(id, `Customer ${id}`);
        yield count(1, 'Acme Seats');
        yield note('its own');
      },
      { w: wire(...pages, ...pages) },
    );
    expect(await outcome).toMatchObject({
      result: {
        notes: [
          'its own',
          'Acme list /customers: page 2 repeats rows already read; a second reading has the same 4 rows',
        ],
      },
    });
  });

  it.each([
    ['customers', (id: number) => customer(id, 'O')],
    ['counts of customers that it does not list', (id: number) => count(String(id), 'Acme Seats', 1)],
  ])('of more than a hundred thousand %s is not believed', async (_, fact) => {
    let id = 0;
    const { outcome } = run(async function* () {
      for (;;) yield fact(++id);
    });
    await expect(outcome).rejects.toMatchObject({
      name: 'VendorContractError',
      message: 'Acme lists more than 100000 customers, which is not plausible',
    });
    expect(id).toBe(100_001);
  });

  it('that has shrunk carries a remark besides its own notes', async () => {
    const lastRun = { runId: 'october', asOf: '2026-10-22T06:30:00Z', customers: 40, units: 900 };
    const { notes } = await collected(
      async function* () {
        yield* two();
        yield note('trials are left out');
      },
      { about: { lastRun } },
    );
    expect(notes).toEqual(['trials are left out', expect.stringContaining('40 with 900 units')]);
  });
});

describe('a customer that has customers of its own', () => {
  const about = { mapped: ['1', '2', '9'] };
  const down = new ReportError('VendorUnavailableError', 'down');
  const reading = (...more: Fact[]) =>
    async function* (): Facts {
      yield* two();
      yield* more;
    };

  it('and failed leaves it open whose the ids are that no list has: they failed as it did', async () => {
    const hides: Fact = { fact: 'hides', customer: '2' };
    const { customers, status } = await collected(reading(hides, failed('2', down)), { about });
    expect(status).toBe('partial');
    expect(customers.map(({ id, state }) => [id, state])).toEqual([
      ['1', 'counted'],
      ['2', 'failed'],
      ['9', 'failed'],
    ]);
    expect(customers[2]).toEqual({
      ...{ id: '9', name: '9', aliases: [], counts: {}, gaps: {}, notes: [], state: 'failed' },
      error: 'VendorUnavailableError',
      reason: 'it may be, or be below, Two, which could not be read: down',
    });
  });

  it('is found among others that were read', async () => {
    const hiding = ['1', '2'].map((customer): Fact => ({ fact: 'hides', customer }));
    const { customers } = await collected(reading(...hiding, failed('2', down)), { about });
    expect(customers[2]).toMatchObject({ id: '9', reason: expect.stringContaining('below, Two,') });
  });

  it('leaves nothing open where it was read, or where another one failed', async () => {
    for (const facts of [
      [{ fact: 'hides', customer: '2' }],
      [{ fact: 'hides', customer: '1' }, failed('2', down)],
      [failed('2', down)],
    ] satisfies Fact[][]) {
      const { customers } = await collected(reading(...facts), { about });
      expect(customers.map(({ id }) => id)).toEqual(['1', '2']);
    }
  });

  it('is known as one after a pause too', async () => {
    let stop = true;
    const inPieces = async function* (api: VendorApi): Facts {
      yield* two();
      yield* api.each(['2'], String, () => [{ fact: 'hides', customer: '2' }, failed('2', down)]);
      if (stop) throw new Paused(30, 'the vendor limits the rate');
    };
    const checkpoint = await paused(run(inPieces, { about }).outcome);
    // A run can be paused while a new version is deployed.
    expect(JSON.stringify(checkpoint)).toContain('"partners":["2"]');
    stop = false;
    const { customers } = await collected(inPieces, { about, checkpoint });
    expect(customers.map(({ id }) => id)).toEqual(['1', '2', '9']);
  });
});

describe('a list that changed while it was read', () => {
  const shaky = (times: number) => {
    let reads = 0;
    return async function* (): Facts {
      reads += 1;
      yield* two();
      if (reads <= times) throw new ListUnsound('Acme list', 'it moved');
    };
  };

  it('is read once more, and nothing of the first reading is counted', async () => {
    expect(seats((await collected(shaky(1))).customers)).toEqual([
      ['1', 4],
      ['2', 5],
    ]);
  });

  it('a second time is an error', async () => {
    await expect(run(shaky(2)).outcome).rejects.toBeInstanceOf(ListUnsound);
  });

  it('is read once more if rows name a customer made since, who is listed by then', async () => {
    let reads = 0;
    const { customers } = await collected(async function* () {
      reads += 1;
      yield customer('1', 'One');
      if (reads > 1) yield customer('2', 'Two');
      yield count('2', 'Acme Seats', 3);
    });
    expect(seats(customers)).toEqual([
      ['1', undefined],
      ['2', 3],
    ]);
  });

  it('that never lists a customer whom rows name is an error', async () => {
    const strange = async function* (): Facts {
      yield* two();
      yield count('9', 'Acme Seats', 3);
    };
    await expect(run(strange).outcome).rejects.toThrow('rows name customer 9');
  });

  it('does not have finished customers read again', async () => {
    const asked: string[] = [];
    let reads = 0;
    const { customers } = await collected(async function* (api) {
      reads += 1;
      yield* [customer('1', 'One'), customer('2', 'Two')];
      yield* api.each(['1', '2'], String, async function* (id): AsyncGenerator<Fact> {
        asked.push(id);
        yield count(id, 'Acme Seats', 3);
      });
      if (reads === 1) throw new ListUnsound('Acme list', 'it moved');
    });
    expect(asked).toEqual(['1', '2']);
    expect(seats(customers)).toEqual([
      ['1', 3],
      ['2', 3],
    ]);
  });

  it('counts nothing of a customer who is not listed any more, though all of it was read', async () => {
    let listed = ['1', '2'];
    const { customers } = await collected(async function* (api) {
      const now = listed;
      for (const id of now) yield customer(id, `Number ${id}`);
      yield* api.each(now, String, async function* (id): AsyncGenerator<Fact> {
        yield count(id, 'Acme Seats', 3);
      });
      listed = ['1'];
      if (now.length === 2) throw new ListUnsound('Acme list', 'it moved');
    });
    expect(seats(customers)).toEqual([['1', 3]]);
  });
});

describe('a collection that has to pause', () => {
  /** Reads customer by customer and pauses at the first of `stops`. */
  const stopping = (stops: readonly string[], asked: string[] = []) =>
    async function* (api: VendorApi): Facts {
      for (const id of ['1', '2', '3']) yield customer(id, `n${id}`);
      yield* api.each(['1', '2', '3'], String, async function* (id): AsyncGenerator<Fact> {
        if (stops.includes(id)) throw new Paused(30, 'the vendor limits the rate');
        asked.push(id);
        await api.send('GET', `/${id}`);
        yield count(id, 'Acme Seats', Number(id));
      });
    };

  it('keeps whole pieces of work, says how long to wait, and continues where it stopped', async () => {
    const asked: string[] = [];
    const first = run(stopping(['3'], asked)).outcome;
    expect(await first).toMatchObject({ outcome: 'paused', waitSeconds: 30, reason: 'the vendor limits the rate' });
    const checkpoint = await paused(first);
    expect(checkpoint).toMatchObject({ requests: 2, idle: 0 });
    expect(checkpoint.done.map(([key]) => key)).toEqual(['customer 1', 'customer 2']);
    const { customers, receipt } = await collected(stopping([], asked), { checkpoint });
    expect(asked).toEqual(['1', '2', '3']);
    expect(seats(customers)).toEqual([
      ['1', 1],
      ['2', 2],
      ['3', 3],
    ]);
    expect(receipt.requests).toBe(3);
  });

  describe('in the middle of its lists', () => {
    const Row = z.object({ id: z.int(), seats: z.optional(z.int()) });
    const Page = z.object({ rows: z.array(Row), next: z.optional(z.string()) });
    type Page = z.output<typeof Page>;
    const list = { page: Page, rows: ({ rows }: Page) => rows, key: ({ id }: z.output<typeof Row>) => id };
    const paging = byToken<Page>({ param: 'cursor', next: ({ next }) => next });
    const page = (next: string | undefined, ...rows: [id: number, seats?: number][]) => ({
      json: { rows: rows.map(([id, seats]) => ({ id, seats })), ...(next === undefined ? {} : { next }) },
    });
    const COME_BACK = { status: 429, headers: { 'retry-after': '1200' }, json: {} };
    const reading = async function* (api: VendorApi): Facts {
      const known = new Set<number>();
      for await (const { id } of api.pages('/customers', list, paging)) {
        known.add(id);
        yield customer(id, `Customer ${id}`);
      }
      for await (const { id, seats } of api.pages('/seats', list, paging)) {
        if (known.has(id)) yield count(id, 'Acme Seats', seats);
      }
    };
    const CUSTOMERS = [page('a', [1], [2]), page(undefined, [3])];
    const SEATS = [page('b', [1, 4], [2, 5]), page(undefined, [3, 6])];
    const TRUTH = [
      ['1', 4],
      ['2', 5],
      ['3', 6],
    ];

    it('continues from the next page of the list, with what it knew of those before', async () => {
      const whole = await collected(reading, { w: wire(...CUSTOMERS, ...SEATS) });
      const calls = [...CUSTOMERS, ...SEATS];
      for (let nth = 1; nth < calls.length; nth += 1) {
        const first = run(reading, { w: wire(...calls.slice(0, nth), COME_BACK) });
        const checkpoint = await paused(first.outcome);
        expect(checkpoint).toMatchObject({ furthest: nth, idle: 0 });
        const w = wire(...calls.slice(nth));
        const { receipt, ...rest } = await collected(reading, { w, checkpoint });
        expect(seats(rest.customers)).toEqual(TRUTH);
        expect(receipt).toEqual({ ...whole.receipt, requests: calls.length + 1 });
        expect(w.sent).toHaveLength(calls.length - nth);
      }
    });

    it.each([
      ['an older build kept none', { answers: undefined, furthest: undefined }],
      ['they cannot be read', { answers: [['a', 1]] }],
      ['they were packed in another way', { answers: [['a', ['AAAA']]] }],
    ])('begins its lists again where %s', async (_, spoilt) => {
      const first = await paused(run(reading, { w: wire(...CUSTOMERS, COME_BACK) }).outcome);
      const checkpoint = z.parse(CollectionCheckpoint, JSON.parse(JSON.stringify({ ...first, ...spoilt })));
      const w = wire(...CUSTOMERS, ...SEATS);
      expect(seats((await collected(reading, { w, checkpoint })).customers)).toEqual(TRUTH);
      expect(w.sent).toHaveLength(4);
    });

    it('reads everything again if a list cannot be right, and nothing of what it kept', async () => {
      const checkpoint = await paused(run(reading, { w: wire(...CUSTOMERS, COME_BACK) }).outcome);
      const strange = async function* (api: VendorApi): Facts {
        for await (const fact of reading(api)) yield fact;
        if (api.evidence.lists.at(0)?.distinct === 3) throw new ListUnsound('Acme list', 'it moved');
      };
      const now = [page(undefined, [1], [2]), page(undefined, [1, 7])];
      const w = wire(...SEATS, ...now);
      expect(seats((await collected(strange, { w, checkpoint })).customers)).toEqual([
        ['1', 7],
        ['2', undefined],
      ]);
    });

    it('is at its end if one lifetime after another comes no further than before', async () => {
      // The cursor means nothing after a pause, so the list starts again, and pauses at the same place.
      const script = [{ status: 400, json: {} }, page('a', [1], [2]), COME_BACK];
      let checkpoint = await paused(run(reading, { w: wire(page('a', [1], [2]), COME_BACK) }).outcome);
      for (const idle of [1, 2]) {
        checkpoint = await paused(run(reading, { w: wire(...script), checkpoint }).outcome);
        expect(checkpoint.idle).toBe(idle);
      }
      await expect(run(reading, { w: wire(...script), checkpoint }).outcome).rejects.toThrow('3 attempts in a row');
    });

    it('keeps no answer of a piece of work: that starts again', async () => {
      const inPieces = async function* (api: VendorApi): Facts {
        yield customer('1', 'One');
        yield* api.each(['1'], String, async function* (id): AsyncGenerator<Fact> {
          for await (const row of api.pages('/seats', list, paging)) yield count(id, 'Acme Seats', row.seats);
        });
      };
      const checkpoint = await paused(run(inPieces, { w: wire(page('b', [1, 4]), COME_BACK) }).outcome);
      expect(checkpoint.answers).toEqual([]);
      const w = wire(page('b', [1, 4]), page(undefined, [2, 3]));
      expect(seats((await collected(inPieces, { w, checkpoint })).customers)).toEqual([['1', 7]]);
    });
  });

  it('counts nothing of a customer who is gone, or stands in another call, when it goes on', async () => {
    const inCalls = (calls: string[][], stop: boolean) =>
      async function* (api: VendorApi): Facts {
        for (const id of calls.flat()) yield customer(id, `n${id}`);
        yield* api.each(
          calls,
          (ids) => ids,
          async function* (ids): AsyncGenerator<Fact> {
            if (stop && ids.includes('3')) throw new Paused(30, 'the vendor limits the rate');
            for (const id of ids) yield count(id, 'Acme Seats', Number(id));
          },
        );
      };
    const checkpoint = await paused(run(inCalls([['1', '2'], ['3']], true)).outcome);
    const { customers } = await collected(inCalls([['2', '3']], false), { checkpoint });
    expect(seats(customers)).toEqual([
      ['2', 2],
      ['3', 3],
    ]);
  });

  it('for the third time without having finished anything is at its end', async () => {
    let checkpoint = await paused(run(stopping(['1'])).outcome);
    checkpoint = await paused(run(stopping(['1']), { checkpoint }).outcome);
    expect(checkpoint.idle).toBe(2);
    await expect(run(stopping(['1']), { checkpoint }).outcome).rejects.toMatchObject({
      name: 'VendorRateLimitError',
      message: expect.stringContaining('3 attempts in a row'),
    });
  });

  it('makes no progress either while every customer in turn is not answered', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `${index + 1}`);
    let lives = 0;
    const silent = async function* (api: VendorApi): Facts {
      lives += 1;
      let asked = 0;
      for (const id of ids) yield customer(id, `n${id}`);
      yield* api.each(ids, String, async function* (id): AsyncGenerator<Fact> {
        asked += 1;
        if (asked > 2) throw new Paused(1, 'the time is up');
        if (id !== '1') throw new ReportError('VendorUnavailableError', 'no complete answer within 60 s');
        yield count(id, 'Acme Seats', 1);
      });
    };
    let checkpoint = await paused(run(silent).outcome);
    expect(checkpoint.idle).toBe(0);
    for (let life = 0; life < 2; life += 1) checkpoint = await paused(run(silent, { checkpoint }).outcome);
    await expect(run(silent, { checkpoint }).outcome).rejects.toThrow('3 attempts in a row');
    expect(lives).toBe(4);
  });

  it('has all its attempts again once something was finished', async () => {
    let checkpoint = await paused(run(stopping(['1'])).outcome);
    checkpoint = await paused(run(stopping(['1']), { checkpoint }).outcome);
    checkpoint = await paused(run(stopping(['2']), { checkpoint }).outcome);
    expect(checkpoint.idle).toBe(0);
    checkpoint = await paused(run(stopping(['2']), { checkpoint }).outcome);
    expect(checkpoint.idle).toBe(1);
  });

  it.each([
    null,
    {},
    { done: [1], requests: 0, idle: 0 },
    { done: [['1', null]], requests: 0, idle: 0 },
    { done: [['1', 'x']], requests: 0, idle: 0 },
    { done: [], requests: 0 },
  ])('does not continue from %j, which is no checkpoint', (value) => {
    expect(() => z.parse(CollectionCheckpoint, value)).toThrow();
  });
});

describe('what was counted one by one', () => {
  const unit = (customerId: string, id = customerId): Fact => ({
    fact: 'count',
    customer: customerId,
    column: 'Acme Seats',
    value: 1,
    unit: { id, name: '' },
  });

  /**
   * Keeps details as a store would: those of the lists until they are read again, those of a piece until it comes
   * again.
   */
  function store() {
    const pieces = new Map<string, readonly Detail[]>();
    let lists: Detail[] = [];
    const sink: DetailSink = {
      add: async (details, piece) => {
        if (piece === undefined) lists.push(...details);
        else pieces.set(piece, details);
      },
      startAgain: async () => {
        lists = [];
      },
    };
    const ids = () =>
      [...lists, ...[...pieces.values()].flat()].flatMap((detail) => ('unit' in detail ? [detail.unit.id] : []));
    return { sink, ids };
  }

  it('is there once, however often the collection pauses or its lists are read again', async () => {
    const { sink, ids } = store();
    let reads = 0;
    const reading = (stop: string | undefined) =>
      async function* (api: VendorApi): Facts {
        reads += 1;
        for (const id of ['1', '2', '3']) yield customer(id, `n${id}`);
        yield unit('1', 'of the list');
        if (reads === 1) throw new ListUnsound('Acme list', 'it moved');
        yield* api.each(['2', '3'], String, async function* (id): AsyncGenerator<Fact> {
          yield unit(id);
          if (id === stop) throw new Paused(30, 'the vendor limits the rate');
        });
      };
    const checkpoint = await paused(run(reading('3'), { details: sink }).outcome);
    const { customers } = await collected(reading(undefined), { checkpoint, details: sink });
    expect(ids().sort()).toEqual(['2', '3', 'of the list']);
    expect(seats(customers).map(([, value]) => value)).toEqual([1, 1, 1]);
  });

  it('ends the collection if it cannot be kept', async () => {
    const details: DetailSink = {
      add: () => Promise.reject(new ReportError('ConfigurationError', 'the bucket is full')),
      startAgain: async () => {},
    };
    const counting = async function* (): Facts {
      yield customer('1', 'One');
      yield unit('1');
    };
    await expect(run(counting, { details }).outcome).rejects.toThrow('the bucket is full');
  });
});
