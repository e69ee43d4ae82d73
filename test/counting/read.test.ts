import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { number, text } from '../../lambdas/counting/columns.ts';
import { type Fact, type Facts, flat } from '../../lambdas/counting/facts.ts';
import { lowerCase } from '../../lambdas/counting/ids.ts';
import { aside, figure, itself, owner, usual } from '../../lambdas/counting/row-forms.ts';
import { Tally } from '../../lambdas/counting/tally.ts';
import { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { type Verbs, verbs } from '../../lambdas/counting/verbs.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { guessedPages } from '../../lambdas/wire/guessed-paging.ts';
import { ListUnsound } from '../../lambdas/wire/list.ts';
import { cursor, pages, whole } from '../../lambdas/wire/list-paging.ts';
import { list } from '../../lambdas/wire/lists.ts';
import { requestPath, type Scripted, wire } from '../wire/wire.ts';

const COLUMNS = { seats: number('Seats', 'seats'), plan: text('Plan', 'plan') };
type Key = keyof typeof COLUMNS;

const sites = list('/sites', { id: itself(z.int()), name: z.string(), seats: figure(z.int()) }, whole('rows'));
const devices = list(
  '/devices',
  { id: z.int(), site: owner(z.int()), kind: z.string(), host: aside(z.string()) },
  whole('rows'),
);

type Said = (verbs: Verbs<Key>) => Facts;

/** What is collected where the vendor answers so. */
async function tallied(answers: Scripted[], collect: Said) {
  const of = wire(...answers);
  const api = new VendorApi(requestPath(of));
  const tally = new Tally();
  for await (const fact of flat(collect(verbs(api, { prefix: 'Acme', columns: COLUMNS })))) {
    for (const part of fact.fact === 'piece' ? fact.facts : [fact]) tally.add(part);
  }
  return { ...tally.result(), sent: of.sent, receipts: api.evidence.lists };
}

const rows = (...given: unknown[]): Scripted => ({ json: { rows: given } });
const census: Said = ({ read, customer }) => read(sites, ({ id, name, seats }) => customer(id, name, { seats }));
const fleet: Said = async function* ({ read, customer, count }) {
  yield customer(1, 'One');
  yield customer(2, 'Two');
  yield* read(devices, ({ site }) => count(site, 'seats'));
};

const first = { id: 1, name: 'One', seats: 4 };
const second = { id: 2, name: 'Two', seats: 5 };

it('the first page of a list is asked for while the one before is read, and no second time', async () => {
  const seen: string[] = [];
  const { sent } = await tallied(
    [rows({ id: 7, site: 1, kind: 'server' }), rows(first, second)],
    async function* (verbs) {
      const counted = census(verbs);
      yield* verbs.prefetching(
        devices,
        (async function* () {
          seen.push('sites');
          yield* flat(counted);
        })(),
      );
      yield* verbs.read(devices, ({ site }) => {
        seen.push(`device of ${site}`);
        return verbs.count(site, 'seats');
      });
    },
  );
  expect(seen).toEqual(['sites', 'device of 1']);
  expect(sent.map(({ url }) => url.pathname)).toEqual(['/v1/devices', '/v1/sites']);
});

describe('a row that is not as declared', () => {
  it('costs the customer that it is, and nobody else', async () => {
    const { customers } = await tallied([rows({ ...first, name: 7 }, second)], census);
    expect(customers).toMatchObject([
      { id: '1', name: '1', aliases: [], state: 'failed', reason: expect.stringContaining('rows.0.name') },
      { id: '2', state: 'counted', counts: { 'Acme Seats': 5 } },
    ]);
    expect(customers[0]).toMatchObject({ error: 'VendorContractError' });
  });

  it('still tells the name of the customer that it is', async () => {
    const orgs = list('/orgs', { id: itself(z.string()), name: z.string(), kind: z.string() }, whole('rows'));
    const { customers } = await tallied(
      [rows({ id: 'a', name: 'Alder', kind: 'x' }, { id: 'b', name: 'Birch' })],
      ({ read, customer }) => read(orgs, ({ id, name }) => customer(id, name)),
    );
    expect(customers.map(({ name, state }) => [name, state])).toEqual([
      ['Alder', 'counted'],
      ['Birch', 'failed'],
    ]);
  });

  it('is told with its first three faults', async () => {
    const form = { id: itself(z.int()), a: z.string(), b: z.string(), c: z.string(), d: z.string() };
    const sound = { id: 2, a: '', b: '', c: '', d: '' };
    const { customers } = await tallied([rows({ id: 1 }, sound)], ({ read, customer }) =>
      read(list('/four', form, whole('rows')), ({ id }) => customer(id, 'x')),
    );
    const fault = (field: string) => `rows.0.${field}: expected string, found nothing (fields seen: id)`;
    expect(customers[0]?.reason).toBe(`Vendor list /four: ${['a', 'b', 'c'].map(fault).join('; ')}`);
  });

  it('costs one cell where its figure cannot be a number of things', async () => {
    const { customers } = await tallied([rows({ ...first, seats: -1 }, second)], census);
    expect(customers).toMatchObject([
      { id: '1', state: 'counted', gaps: { 'Acme Seats': { reason: 'the vendor reports -1' } } },
      { id: '2', counts: { 'Acme Seats': 5 } },
    ]);
  });

  it('costs the customer that it names, though that one has other rows', async () => {
    const device = { id: 1, site: 1, kind: 'server' };
    const { customers } = await tallied([rows(device, { id: 2, site: 1 }, { ...device, id: 3, site: 2 })], fleet);
    expect(customers.map(({ state }) => state)).toEqual(['failed', 'counted']);
    expect(customers[0]?.reason).toBe(
      'Vendor list /devices: rows.1.kind: expected string, found nothing (fields seen: id, site)',
    );
  });

  it.each([{ id: 3, kind: 'server' }, null, 'row', [1]])('costs the vendor if it names nobody: %j', async (row) => {
    const known = { id: 1, site: 1, kind: 'server' };
    await expect(tallied([rows(known, row)], fleet)).rejects.toMatchObject({ name: 'VendorContractError' });
  });

  it('costs nobody if it names a customer that the vendor does not list', async () => {
    const device = { id: 1, site: 1, kind: 'server' };
    const { customers, notes } = await tallied([rows(device, { id: 2, site: 99 })], fleet);
    expect(customers.map(({ id, state }) => [id, state])).toEqual([
      ['1', 'counted'],
      ['2', 'counted'],
    ]);
    expect(notes).toEqual(['a row that cannot be read names customer 99, which the vendor does not list']);
  });

  it('costs the vendor if every row is so: then its API has changed', async () => {
    const renamed = ({ name, ...rest }: typeof first) => ({ ...rest, title: name });
    await expect(tallied([rows(renamed(first), renamed(second))], census)).rejects.toThrow(
      'Vendor list /sites: rows.0.name: expected string, found nothing (fields seen: id, seats, title)',
    );
  });

  it('that onRow can make no sense of costs its customer too', async () => {
    const { customers } = await tallied([rows(first, second)], ({ read, customer }) =>
      read(sites, ({ id, name }) => {
        if (id === 1) throw new ReportError('VendorContractError', 'no such date');
        return customer(id, name);
      }),
    );
    expect(customers.map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'no such date'],
      ['counted', undefined],
    ]);
  });

  it.each(['no such date', 'Vendor list /sites: no such date'])(
    'that onRow can make no sense of costs the vendor if every row is so: %s',
    async (fault) => {
      const senseless = tallied([rows(first, second)], ({ read }) =>
        read(sites, () => {
          throw new ReportError('VendorContractError', fault);
        }),
      );
      await expect(senseless).rejects.toMatchObject({
        name: 'VendorContractError',
        message: 'Vendor list /sites: no such date',
      });
    },
  );

  it('without an id explains more than that rows repeat', async () => {
    const paging = pages('rows', { page: ['page', 1], size: ['size', 100], total: 'total?' });
    const reading = (...given: unknown[]) =>
      tallied([{ json: { rows: given, total: given.length } }], ({ read }) =>
        read({ ...devices, paging }, () => undefined),
      );
    const nameless = { site: 1, kind: 'server' };
    await expect(reading(nameless, nameless)).rejects.toThrow('rows.0.id: expected number, found nothing');
    await expect(reading(nameless, nameless, { ...nameless, id: 1 })).rejects.toBeInstanceOf(ListUnsound);
  });

  it('does not explain why a later page is refused', async () => {
    const paged = { ...sites, paging: cursor('rows', 'after', 'next') };
    const reading = tallied([{ json: { rows: [{ id: 1 }], next: 'a' } }, { status: 403 }], ({ read }) =>
      read(paged, () => undefined),
    );
    await expect(reading).rejects.toMatchObject({ name: 'VendorAuthError' });
  });

  it.each([
    new ReportError('VendorUnavailableError', 'down'),
    new ReportError('VendorContractError', 'all of it', { wide: true }),
    new TypeError('ours'),
  ])('is not what another fault is taken for: %s', async (fault) => {
    const reading = tallied([rows(first, second)], ({ read }) =>
      read(sites, () => {
        throw fault;
      }),
    );
    await expect(reading).rejects.toBe(fault);
  });

  it('is an error if everybody depends on the list', async () => {
    const strict: Said = async function* ({ rows: read, customer }) {
      for await (const { id, name } of read(sites)) yield customer(id, name);
    };
    await expect(tallied([rows(first, { ...second, name: null })], strict)).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/^Vendor list \/sites: rows\.1\.name: /u),
    });
  });

  it('is the same row on two pages, however often it comes', async () => {
    const paged = { ...sites, paging: cursor('rows', 'after', 'next') };
    const bad = { id: 2, name: null, seats: 1 };
    const { customers, receipts } = await tallied(
      [{ json: { rows: [first, bad], next: 'a' } }, { json: { rows: [bad, { ...second, id: 3 }] } }],
      ({ read, customer }) => read(paged, ({ id, name, seats }) => customer(id, name, { seats })),
    );
    expect(customers.map(({ state }) => state)).toEqual(['counted', 'failed', 'counted']);
    expect(receipts).toMatchObject([{ rows: 4, distinct: 3 }]);
  });
});

describe('a list', () => {
  it('is asked for as it is declared, and goes by its name', async () => {
    const options = { headers: { 'x-site': 'all' }, query: { deep: 1 }, name: 'fleet' };
    const searched = list('/search', { id: z.int() }, whole('rows'), {
      ...options,
      method: 'POST',
      json: { all: true },
    });
    const { sent, receipts } = await tallied([rows({ id: 1 })], ({ read }) => read(searched, () => undefined));
    expect(sent.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual(['POST /v1/search?deep=1']);
    expect(sent[0]?.headers).toMatchObject({ 'x-site': 'all' });
    expect(String(sent[0]?.body)).toBe('{"all":true}');
    expect(receipts.map(({ list: name }) => name)).toEqual(['fleet']);
    const byForm = { ...searched, json: undefined, form: { all: '1' } };
    const collect: Said = ({ read }) => read(byForm, () => undefined);
    expect(String((await tallied([rows({ id: 1 })], collect)).sent[0]?.body)).toBe('all=1');
    await expect(tallied([rows({ id: 'x' })], collect)).rejects.toThrow('Vendor list fleet: rows.0.id');
  });

  it('may be refused where that says that it is empty', async () => {
    const none = { ...sites, acceptWhere: ({ status }: { status: number }) => status === 404 };
    const reading = tallied([{ status: 404, json: { rows: [] } }], ({ read }) => read(none, () => undefined));
    expect((await reading).customers).toEqual([]);
  });

  it('tells its rows apart by what a function makes of them, odd ones as a whole', async () => {
    const form = { site: itself(z.int()), no: z.int(), kind: z.string() };
    const paging = cursor('rows', 'after', 'next');
    const numbered = list('/numbered', form, paging, { key: ({ site, no }) => `${site}/${no}` });
    const row = { site: 1, no: 1, kind: 'x', lastSeen: 'noon' };
    const odd = { site: 2, no: 1 };
    const { customers, receipts } = await tallied(
      [
        { json: { rows: [row, { ...row, no: 2 }, odd], next: 'a' } },
        { json: { rows: [{ ...row, lastSeen: 'later' }, odd, { ...row, no: 3 }] } },
      ],
      ({ read, customer, count }) => read(numbered, ({ site }) => [customer(site, 'x'), count(site, 'seats')]),
    );
    expect(customers.map(({ state, counts }) => [state, counts])).toEqual([
      ['counted', { 'Acme Seats': 3 }],
      ['failed', {}],
    ]);
    expect(receipts).toMatchObject([{ rows: 6, distinct: 4 }]);
  });
});

describe('two rows of one id', () => {
  const paged = { ...devices, paging: cursor('rows', 'after', 'next') };
  const device = { id: 1, site: 1, kind: 'server', lastSeen: 'noon' };
  const twice = (change: object): Scripted[] => [
    { json: { rows: [device, { ...device, id: 2 }], next: 'a' } },
    {
      json: {
        rows: [
          { ...device, ...change },
          { ...device, id: 3 },
        ],
      },
    },
  ];
  const collect: Said = async function* ({ read, customer, count }) {
    yield customer(1, 'One');
    yield* read(paged, ({ site }) => count(site, 'seats'));
  };

  it('count once if they spell it in two ways that the form makes one', async () => {
    const form = { id: lowerCase(z.string()), site: owner(z.int()), kind: z.string() };
    const spelt = list('/devices', form, whole('rows'));
    const { customers } = await tallied(
      [rows({ ...device, id: 'A7' }, { ...device, id: 'a7' }, { ...device, id: 'b7' })],
      async function* ({ read, customer, count }) {
        yield customer(1, 'One');
        yield* read(spelt, ({ site }) => count(site, 'seats'));
      },
    );
    expect(customers[0]?.counts).toEqual({ 'Acme Seats': 2 });
  });

  it('count once if they agree in what is looked at', async () => {
    expect((await tallied(twice({ lastSeen: 'later' }), collect)).customers[0]?.counts).toEqual({ 'Acme Seats': 3 });
  });

  it('are refused if they do not: neither is believed', async () => {
    await expect(tallied(twice({ kind: 'laptop' }), collect)).rejects.toThrow(
      /^Vendor list \/devices: two rows of id 1 contradict each other$/u,
    );
  });
});

describe('a figure that is not as declared', () => {
  it.each([{ seats: 'many' }, { seats: null }, { seats: undefined }])('opens its own cell alone: %j', async (odd) => {
    const { customers } = await tallied([rows({ ...first, ...odd }, second)], census);
    expect(customers).toMatchObject([
      {
        id: '1',
        state: 'counted',
        counts: {},
        gaps: { 'Acme Seats': { state: 'failed', reason: expect.stringContaining('rows.0.seats: expected number') } },
      },
      { id: '2', counts: { 'Acme Seats': 5 }, gaps: {} },
    ]);
  });

  it('opens it with all that is wrong', async () => {
    const even = figure(z.int().check(z.minimum(5), z.multipleOf(2)));
    const sized = list('/sized', { id: itself(z.int()), seats: even }, whole('rows'));
    const { customers } = await tallied([rows({ id: 1, seats: 3 }, { id: 2, seats: 6 })], ({ read, customer }) =>
      read(sized, ({ id, seats }) => customer(id, 'x', { seats })),
    );
    expect(customers[0]?.gaps['Acme Seats']?.reason).toMatch(/^rows\.0\.seats: .+; rows\.0\.seats: .+$/u);
  });

  it('that no row has is a change of the API', async () => {
    const { seats: _, ...bare } = first;
    await expect(tallied([rows(bare, { ...bare, id: 2 })], census)).rejects.toThrow('rows.0.seats');
  });

  it('opens the cell of a text too', async () => {
    const plans = list('/plans', { id: itself(z.int()), plan: figure(z.string()) }, whole('rows'));
    const { customers } = await tallied(
      [rows({ id: 1, plan: 7 }, { id: 2, plan: 'Pro' })],
      ({ read, customer, text: say }) => read(plans, ({ id, plan }) => [customer(id, 'x'), say(id, 'plan', plan)]),
    );
    expect(customers.map(({ counts, gaps }) => [counts, Object.keys(gaps)])).toEqual([
      [{}, ['Acme Plan']],
      [{ 'Acme Plan': 'Pro' }, []],
    ]);
  });
});

describe('a member that no number depends on', () => {
  it('can be anything', async () => {
    const device = { id: 1, site: 1, kind: 'server' };
    const given = [device, { ...device, id: 2, host: 7 }, { ...device, id: 3, host: 'srv' }];
    const { customers } = await tallied([rows(...given)], fleet);
    expect(customers[0]?.counts).toEqual({ 'Acme Seats': 3 });
  });
});

describe('a member that hardly every row lacks', () => {
  const users = list('/users', { id: itself(z.int()), admin: usual(z.boolean(), 'nobody leads') }, whole('rows'));
  const named: Said = ({ read, customer }) => read(users, ({ id }) => customer(id, 'x'));

  it('is noted if none has it, and not if one has', async () => {
    expect((await tallied([rows({ id: 1 }, { id: 2, admin: null })], named)).notes).toEqual([
      'none of 2 users has "admin": nobody leads',
    ]);
    expect((await tallied([rows({ id: 1 }, { id: 2, admin: false })], named)).notes).toEqual([]);
    expect((await tallied([rows()], named)).notes).toEqual([]);
  });

  it('is named by its path, and how many rows have it is said', async () => {
    const form = { id: itself(z.int()), contact: z.object({ admin: usual(z.boolean(), 'nobody leads') }) };
    const nested = list('/users', form, whole('rows'), { called: 'people' });
    const collect: Said = ({ read, customer }) => read(nested, ({ id }) => customer(id, 'x'));
    const { notes } = await tallied([rows({ id: 1, contact: {} })], collect);
    expect(notes).toEqual(['none of 1 people has "contact.admin": nobody leads']);
    const api = new VendorApi(requestPath(wire(rows({ id: 1, contact: {} }, { id: 2, contact: { admin: true } }))));
    const facts: unknown[] = [];
    for await (const fact of flat(collect(verbs(api, { prefix: 'Acme', columns: COLUMNS })))) facts.push(fact);
    expect(facts.at(-1)).toEqual({
      ...{ fact: 'usual', rows: 'people', member: 'contact.admin', meaning: 'nobody leads' },
      ...{ read: 2, met: 1 },
    });
  });

  it('is looked for in all pieces of work together', async () => {
    const subscriptions = list(
      '/x/subscriptions',
      { id: z.int(), trial: usual(z.boolean(), 'trials count') },
      whole('rows'),
    );
    const collect: Said = ({ each, read, customer }) =>
      each(new Set([1, 2]).entries(), async function* (id) {
        yield customer(id, 'x');
        yield* read({ ...subscriptions, path: `/${id}/subscriptions`, of: id }, () => undefined);
      });
    expect((await tallied([rows({ id: 1 }), rows({ id: 2, trial: true })], collect)).notes).toEqual([]);
    expect((await tallied([rows({ id: 1 }), rows({ id: 2 })], collect)).notes).toEqual([
      'none of 2 subscriptions has "trial": trials count',
    ]);
  });
});

describe('a list that is read for one customer', () => {
  const ofOne: Said = async function* ({ read, customer, count }) {
    yield customer(1, 'One');
    yield* read({ ...devices, of: 1 }, () => count(1, 'seats'));
  };

  it('costs that customer if a row is odd, or names another customer', async () => {
    const device = { id: 1, site: 1, kind: 'server' };
    for (const [row, reason] of [
      [{ id: 2, site: 1 }, 'rows.1.kind'],
      [{ ...device, id: 2, site: 2 }, 'rows.1: it belongs to customer 2, not to 1'],
    ] as const) {
      const { customers } = await tallied([rows(device, row)], ofOne);
      expect(customers).toMatchObject([{ id: '1', state: 'failed', reason: expect.stringContaining(reason) }]);
    }
  });

  it('costs that customer alone if none of its rows can be read, also where they name nobody', async () => {
    const nameless = list('/plans', { id: z.int(), kind: z.string() }, whole('rows'));
    for (const plans of [
      ({ read }: Verbs<Key>) => read({ ...nameless, of: 2 }, () => undefined),
      ({ read }: Verbs<Key>) => read({ ...sites, of: 2 }, () => undefined),
    ]) {
      const { customers } = await tallied([rows({ id: 2, name: 7 })], async function* (acme) {
        yield* [acme.customer(1, 'One'), acme.customer(2, 'Two')];
        yield* plans(acme);
      });
      expect(customers.map(({ name, state }) => [name, state])).toEqual([
        ['One', 'counted'],
        ['Two', 'failed'],
      ]);
    }
  });

  it('is of one customer in whatever case its id is written', async () => {
    const named = list('/seats', { id: z.int(), site: owner(z.string()) }, whole('rows'));
    const { customers } = await tallied([rows({ id: 1, site: 'aB' })], async function* ({ read, customer, count }) {
      yield customer('Ab', 'One');
      yield* read({ ...named, of: 'Ab' }, () => count('Ab', 'seats'));
    });
    expect(customers).toMatchObject([{ state: 'counted', counts: { 'Acme Seats': 1 } }]);
  });
});

describe('the length of a list by its own word', () => {
  const paged = { ...devices, paging: pages('rows', { page: ['page', 1], size: ['size', 100], total: 'total?' }) };
  const total = async (json: unknown, of: typeof devices = paged) => {
    const answers = wire({ json });
    const api = new VendorApi(requestPath(answers));
    const answer = await verbs(api, { prefix: 'Acme', columns: COLUMNS }).declaredTotal(of);
    return { answer, url: String(answers.sent[0]?.url), receipts: api.evidence.lists };
  };

  it('is asked for with one row, and leaves a receipt', async () => {
    const { answer, url, receipts } = await total({ rows: [{}], total: 17 });
    expect(answer).toBe(17);
    expect(url).toContain('page=1&size=1');
    expect(receipts).toEqual([{ list: '/devices', pages: 1, rows: 1, distinct: 1, end: 'its declared total of 17' }]);
    expect((await total({ rows: [], total: 0 })).receipts).toMatchObject([{ declaredTotal: 0, distinct: 0 }]);
  });

  it('is no word if there is none, and a doubtful one if it may be that page’s own', async () => {
    expect((await total({ rows: [{}] })).answer).toBe('undeclared');
    expect((await total({ rows: [{}], total: 17 }, devices)).answer).toBe('undeclared');
    expect((await total({ rows: [{}], total: 1 })).answer).toBe('doubtful');
    await expect(total({ total: 17 })).rejects.toThrow('rows: expected');
  });
});

describe('a list whose path is a matter of configuration', () => {
  const paging = guessedPages({ at: ['rows'], total: ['total'], page: ['page', 1], size: ['size', 2] })('a');
  const guessed = { ...sites, paging, configured: { path: 'customersPath', id: 'members.id' } };
  const collect: Said = ({ read, customer }) => read(guessed, ({ id, name }) => customer(id, name));

  it('says which option is wrong', async () => {
    await expect(tallied([{ status: 404 }], collect)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('customersPath'),
    });
    await expect(
      tallied([{ json: { rows: [first], total: 2 } }, { json: { rows: [], total: 2 } }], collect),
    ).rejects.toThrow(
      /^Vendor list \/sites: (?!Vendor list).+; if another field identifies its rows, name it in members\.id$/u,
    );
  });

  it('and no other has options to name where it cannot be read', async () => {
    await expect(tallied([{ status: 404 }], census)).rejects.toMatchObject({ name: 'VendorContractError' });
  });
});

describe('a cursor list that announces a page without a cursor', () => {
  it('is not believed', async () => {
    const paged = { ...sites, paging: cursor('rows', 'after', 'next') };
    const collect: Said = ({ read, customer }) => read(paged, ({ id, name }) => customer(id, name));
    await expect(tallied([{ json: { rows: [first], has_more: true } }], collect)).rejects.toThrow(
      'Vendor list /sites: has_more announces another page, without next',
    );
  });
});

it('what is said may be nothing, one fact, many, or a stream of them', async () => {
  const note: Fact = { fact: 'note', note: 'n' };
  const stream = async function* () {
    yield note;
    yield [note, [note]];
  };
  const count = async (collected: Facts) => {
    let facts = 0;
    for await (const _ of flat(collected)) facts += 1;
    return facts;
  };
  expect(await Promise.all([undefined, note, [note, note], stream()].map(count))).toEqual([0, 1, 2, 3]);
});
