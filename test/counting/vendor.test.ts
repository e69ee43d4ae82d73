import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { number, numberWhenUsed, text } from '../../lambdas/counting/columns.ts';
import { type Fact, flat } from '../../lambdas/counting/facts.ts';
import { anyId } from '../../lambdas/counting/ids.ts';
import { checkRights, sees } from '../../lambdas/counting/rights.ts';
import { Unread } from '../../lambdas/counting/row-forms.ts';
import type { RunContext } from '../../lambdas/counting/run-context.ts';
import { vendor } from '../../lambdas/counting/vendor.ts';
import { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { type Verbs, verbs } from '../../lambdas/counting/verbs.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { anonymous } from '../../lambdas/wire/auth.ts';
import { eitherOf, flag, required } from '../../lambdas/wire/options.ts';
import { requestPath, type Scripted, session, wire } from '../wire/wire.ts';

const run: RunContext = {
  asOf: '2026-11-22T06:30:00Z',
  timeZone: 'UTC',
  mapped: [],
  keepSecret: async () => {},
  lockSecret: () => Promise.reject(new Error('nothing to lock')),
};

const COLUMNS = {
  servers: number('Servers', 'servers', ['server', 'SERVER_CORE']),
  other: numberWhenUsed('Other', 'the rest'),
  plan: text('Plan', 'plan'),
};

const acme = vendor({
  ...{ id: 'acme', name: 'Acme RMM', prefix: 'Acme', position: 1, customerId: { name: 'id', schema: anyId } },
  secret: {
    apiKey: required('the key'),
    ...eitherOf({ region: required('region') }, { baseUrl: required('address') }),
  },
  configuration: { deep: flag('reads more') },
  columns: COLUMNS,
  classes: { called: 'class', otherwise: 'other' },
  check: ({ deep, region }) => (deep && region === 'moon' ? ['deep: not on the moon'] : []),
  setup: {
    create: 'a key',
    rights: [
      { right: 'read sites', where: 'Settings > API', check: (api) => api.send('GET', '/sites') },
      { right: 'read users', where: 'Settings > API', check: (api, { apiKey }) => api.send('GET', `/users/${apiKey}`) },
      { right: 'read plans', where: 'Billing', check: (api) => api.send('GET', '/plans') },
    ],
  },
  api: () => ({ base: 'https://api.acme.example', auth: anonymous, limit: { concurrency: 1 } }),
  async *collect({ customer }, { deep }) {
    yield customer(1, 'One', { servers: deep ? 2 : 1 });
  },
});

const given = (secret: object, configuration: object = {}) => ({ secret: { apiKey: 'key', ...secret }, configuration });

describe('a declared vendor', () => {
  it('has its columns under its prefix, and its name once', () => {
    expect(acme.columns).toEqual([
      { title: 'Acme Servers', type: 'number', appears: 'always', definition: 'servers' },
      { title: 'Acme Other', type: 'number', appears: 'when-used', definition: 'the rest' },
      { title: 'Acme Plan', type: 'text', appears: 'always', definition: 'plan' },
    ]);
    expect(acme.open(given({ region: 'eu' }), run).api.name).toBe('Acme RMM');
  });

  it('goes by its name where it declares no prefix, and hands on what else it declares', async () => {
    const shop = vendor({
      ...{ id: 'shop', name: 'Shop', position: 2, customerId: { name: 'id', schema: anyId } },
      ...{ secret: {}, configuration: {}, columns: { plan: COLUMNS.plan }, products: 'seats', credentials: 'end' },
      ...{ names: { units: 'subscriptions' }, setup: { create: 'a key', rights: 'read all' } },
      api: () => ({ base: 'https://shop.example', auth: anonymous, limit: { concurrency: 1 } }),
      async *collect({ seats }) {
        yield [...seats(1, [4], (row) => ({ product: 'Backup', seats: row }))];
      },
    });
    expect(shop).toMatchObject({
      ...{ columns: [{ title: 'Shop Plan' }], products: { prefix: 'Shop', definition: 'seats' }, credentials: 'end' },
      ...{ names: { units: 'subscriptions' }, setup: { create: 'a key', rights: 'read all' } },
    });
    const opened = shop.open({ secret: {}, configuration: {} }, run);
    expect(opened.rights).toEqual([]);
    const facts: Fact[] = [];
    for await (const fact of opened.collect(new VendorApi(requestPath(wire({}))))) {
      if (fact.fact !== 'piece') facts.push(fact);
    }
    expect(facts).toMatchObject([
      { fact: 'product', column: { title: 'Shop Backup', definition: 'seats' } },
      { fact: 'count', customer: '1', column: 'Shop Backup', value: 4 },
    ]);
    for (const undeclared of ['products', 'credentials', 'names']) expect(acme).not.toHaveProperty(undeclared);
  });

  it('says what it needs to be allowed to do, the place once if it is the same', () => {
    expect(acme.setup.rights).toBe('read sites, read users (Settings > API); read plans (Billing)');
  });

  it.each([
    [{}, {}, 'acme: region or baseUrl: expected one of the two'],
    [{ region: 'eu', baseUrl: 'x' }, {}, 'acme: region or baseUrl: expected one of the two'],
    [{ region: 'moon' }, { deep: true }, 'acme: deep: not on the moon'],
    [
      { region: 'moon', baseUrl: 'x' },
      { deep: true },
      'acme: region or baseUrl: expected one of the two\nacme: deep: not on the moon',
    ],
    [{ region: 'eu', apiKye: 'x' }, {}, 'unknown field "apiKye"; known: apiKey, region, baseUrl'],
    [{ region: 'eu' }, { deap: true }, 'unknown field "deap"; known: enabled, deep'],
  ])('is not opened with %j and %j', (secret, configuration, message) => {
    expect(() => acme.open(given(secret, configuration), run)).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', wide: true, message: expect.stringContaining(message) }),
    );
  });

  it('collects with its settings', async () => {
    const opened = acme.open(given({ region: 'eu' }, { deep: true }), run);
    const facts: unknown[] = [];
    for await (const fact of opened.collect(new VendorApi(requestPath(wire({}))))) facts.push(fact);
    expect(facts).toEqual([
      { fact: 'customer', id: '1', name: 'One', aliases: [] },
      { fact: 'count', customer: '1', column: 'Acme Servers', value: 2 },
    ]);
  });
});

describe('the rights of a vendor', () => {
  const tried = async (...answers: Scripted[]) => {
    const of = wire(...answers);
    const found: [string, string | undefined][] = [];
    for await (const { right, refusal } of checkRights(acme.open(given({ region: 'eu' }), run), session(of))) {
      found.push([right, refusal?.name]);
    }
    return { found, paths: of.sent.map(({ url }) => url.pathname) };
  };

  it('are tried one by one, and the one that is missing is named', async () => {
    expect(await tried({ json: {} }, { status: 403 }, { json: {} })).toEqual({
      found: [
        ['read sites', undefined],
        ['read users', 'VendorAuthError'],
        ['read plans', undefined],
      ],
      paths: ['/sites', '/users/key', '/plans'],
    });
  });

  it('that lists prove are tried with every list', async () => {
    const of = wire({ json: {} }, { json: {} }, { json: {} });
    const api = new VendorApi(requestPath(of));
    const right = sees('read devices', 'Settings > API', ['/sites', '/devices'], { size: 1 });
    expect([right.right, right.where]).toEqual(['read devices', 'Settings > API']);
    await right.check(api, {});
    await sees('read plans', 'Billing', '/plans').check(api, {});
    expect(of.sent.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
      'GET /v1/sites?size=1',
      'GET /v1/devices?size=1',
      'GET /v1/plans',
    ]);
  });
});

describe('what a collector says', () => {
  const say = (): Verbs<keyof typeof COLUMNS> =>
    verbs(new VendorApi(requestPath(wire({}))), {
      ...{ prefix: 'Acme', columns: COLUMNS, classes: { called: 'class', otherwise: 'other' } },
    });
  const facts = async (collected: Parameters<typeof flat>[0]): Promise<unknown[]> => {
    const all: unknown[] = [];
    for await (const fact of flat(collected)) all.push(fact);
    return all;
  };
  const counted = (column: string, more: object = {}) => ({ fact: 'count', customer: '1', column, value: 1, ...more });

  it('counts a class if a column has it, in any spelling', () => {
    for (const kind of ['server', ' SERVER', 'server-core', 'Server Core'])
      expect(say().classed(1, kind)).toEqual([counted('Acme Servers')]);
  });

  it('counts any other class apart, and names it', () => {
    expect(say().classed(1, 'toaster')).toEqual([
      counted('Acme Other'),
      { fact: 'note', note: 'class toaster is not known: counted in "Acme Other"' },
    ]);
    expect(say().classGap(1, 'toaster', 'odd')).toMatchObject({ column: 'Acme Other', gap: { reason: 'odd' } });
  });

  it('says what was counted, and counts the same key once', () => {
    const unit = { id: 7, name: ' srv-1 ' };
    expect(say().count(1, 'servers', 1, unit, 7)).toEqual(
      counted('Acme Servers', { key: '7', unit: { id: '7', name: 'srv-1' } }),
    );
    expect(say().count(1, 'servers', 1, { id: 7 })).toEqual(counted('Acme Servers', { unit: { id: '7', name: '' } }));
    expect(say().count(1, 'servers')).toEqual(counted('Acme Servers'));
    expect(say().count(1, 'servers', 1, undefined, 0)).toEqual(counted('Acme Servers', { key: '0' }));
  });

  it('is a piece of work for each customer, or for each batch of them', async () => {
    // One at a time, so that they come in order.
    const api = new VendorApi(requestPath(wire({}), { limit: { concurrency: 1 } }));
    const { each, inBatches, count } = verbs(api, { prefix: 'Acme', columns: COLUMNS });
    expect(await facts(each(new Set([1, 2]).entries(), (id) => count(id, 'servers')))).toMatchObject([
      { fact: 'piece', key: 'customer 1', facts: [{ customer: '1' }] },
      { fact: 'piece', key: 'customer 2', facts: [{ customer: '2' }] },
    ]);
    const counting = (ids: readonly string[]) => ids.map((id) => count(id, 'servers'));
    expect(await facts(inBatches(['1', '2', '3'], 2, counting, 'devices'))).toMatchObject([
      { fact: 'piece', key: 'devices 1,2', facts: [{ customer: '1' }, { customer: '2' }] },
      { fact: 'piece', key: 'devices 3', facts: [{ customer: '3' }] },
    ]);
  });

  it('is the same through an API with other credentials', () => {
    const other = new VendorApi(requestPath(wire({})));
    const through = say().through(other);
    expect(through.api).toBe(other);
    expect(through.count(1, 'servers')).toEqual(counted('Acme Servers'));
  });

  it('opens a cell for what could not be read, whoever reports it', async () => {
    const unread = new Unread([]);
    const gap = (column: string): Fact => ({
      ...{ fact: 'gap', customer: '1', column },
      gap: { state: 'failed', reason: 'it could not be read' },
    });
    expect(say().count(1, 'servers', unread)).toEqual(gap('Acme Servers'));
    expect(say().text(1, 'plan', unread)).toEqual(gap('Acme Plan'));
    expect(say().text(1, 'plan', ' ')).toMatchObject({
      ...{ fact: 'gap', column: 'Acme Plan' },
      gap: { state: 'failed', reason: 'the vendor leaves it blank' },
    });
    expect(say().text(1, 'plan', ' Pro ')).toEqual({ fact: 'text', customer: '1', column: 'Acme Plan', value: 'Pro' });
    expect((await facts(say().customer(1, 'One', { servers: unread, other: 0 }))).slice(1)).toEqual([
      gap('Acme Servers'),
      counted('Acme Other', { value: 0 }),
    ]);
    expect(say().gap(1, 'plan', 'none', 'excluded')).toMatchObject({ gap: { state: 'excluded', reason: 'none' } });
  });

  it('opens the cells of which two figures of the vendor disagree, with both', async () => {
    const cells = { id: 1, columns: ['servers', 'other'] as const };
    const open = await facts(say().compare('devices of site 1', 12, 14, { cells }));
    expect(open).toEqual(
      ['Acme Servers', 'Acme Other'].map((column) => ({
        ...{ fact: 'gap', customer: '1', column },
        gap: { state: 'failed', reason: 'devices of site 1: counted 12, the vendor declares 14' },
      })),
    );
    expect(await facts(say().compare('devices', 12, 12, { cells }))).toEqual([]);
    await expect(facts(say().compare('devices', 12, 14))).rejects.toThrow('Vendor: devices: counted 12');
  });

  it('may differ by as much as is allowed, either way, and no further', async () => {
    const api = new VendorApi(requestPath(wire({})));
    const { compare } = verbs(api, { prefix: 'Acme', columns: COLUMNS });
    for (const declared of [10, 12, 14])
      expect(await facts(compare('devices', 12, declared, { tolerance: 2 }))).toEqual([]);
    for (const declared of [9, 15]) {
      await expect(facts(compare('devices', 12, declared, { tolerance: 2 }))).rejects.toMatchObject({
        name: 'VendorContractError',
        message: `Vendor: devices: counted 12, the vendor declares ${declared}`,
      });
    }
    expect(api.evidence.comparisons.map(({ declared, tolerance, agrees }) => [declared, tolerance, agrees])).toEqual([
      [10, 2, true],
      [12, 2, true],
      [14, 2, true],
      [9, 2, false],
      [15, 2, false],
    ]);
  });

  it('notes both figures where their difference can be harmless', async () => {
    const api = new VendorApi(requestPath(wire({})));
    const { compare } = verbs(api, { prefix: 'Acme', columns: COLUMNS });
    expect(await facts(compare('devices', 12, 14, { loose: 'its page is a day old' }))).toEqual([
      { fact: 'note', note: 'Vendor: devices: counted 12, the vendor declares 14 (its page is a day old)' },
    ]);
    expect(api.evidence.comparisons).toEqual([
      { figure: 'devices', counted: 12, declared: 14, tolerance: 0, agrees: false },
    ]);
  });

  it('has seats and classes only if they are declared', () => {
    const bare = verbs(new VendorApi(requestPath(wire({}))), { prefix: 'Acme', columns: {} });
    expect(() => bare.classed(1, 'server')).toThrow('no classes');
    expect(() => [...bare.seats(1, [{}], () => undefined)]).toThrow('no products');
  });

  it('is said of an excluded or failed customer with its reason', () => {
    expect(say().excluded(1, 'suspended')).toEqual({ fact: 'excluded', customer: '1', reason: 'suspended' });
    expect(say().failed(1, 'its status is "Odd"')).toMatchObject({
      failure: { error: 'VendorContractError', message: 'its status is "Odd"' },
    });
    expect(say().failed(1, new ReportError('VendorAuthError', 'no consent'))).toEqual({
      ...{ fact: 'failed', customer: '1' },
      failure: { error: 'VendorAuthError', message: 'no consent' },
    });
    const leftOut = { fact: 'left-out', things: 'node', why: 'retired', count: 1 };
    expect(say().leftOut('node', 'retired', 1)).toEqual({ ...leftOut, customer: '1' });
    expect(say().leftOut('node', 'retired')).toEqual(leftOut);
    expect(say().note('n')).toEqual({ fact: 'note', note: 'n' });
    expect(say().note('n', 1)).toEqual({ fact: 'note', note: 'n', customer: '1' });
    expect(say().hides(1)).toEqual({ fact: 'hides', customer: '1' });
    expect(say().identity(1, { domains: ['Acme.example', ' '], references: [null] })).toEqual([
      { fact: 'identity', customer: '1', identity: { domains: ['acme.example'], ids: [], references: [] } },
    ]);
    expect(say().identity(1, { domains: [''] })).toEqual([]);
  });
});

it('a column that is not declared does not compile', () => {
  const counting = ({ count, customer }: Verbs<keyof typeof COLUMNS>) => [
    // @ts-expect-error: no such column
    count(1, 'serverss'),
    // @ts-expect-error: no such column
    customer(1, 'One', { serverss: 1 }),
  ];
  expect(counting).toBeTypeOf('function');
});

it('a setting that is not declared does not compile', () => {
  const declare = () =>
    vendor({
      ...{ id: 'a', name: 'A', position: 1, customerId: { name: 'id', schema: anyId } },
      secret: { apiKey: required('the key', z.string()) },
      ...{ configuration: {}, columns: {}, setup: { create: 'c', rights: 'r' } },
      // @ts-expect-error: no such option
      api: ({ apiKye }) => ({ base: apiKye, auth: anonymous, limit: { concurrency: 1 } }),
      async *collect() {},
    });
  expect(declare().columns).toEqual([]);
});
