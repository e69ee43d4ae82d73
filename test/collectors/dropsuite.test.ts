import { describe, expect, it } from 'vitest';
import dropsuite from '../../lambdas/collectors/dropsuite.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type Bench, bench, collection, failure, lifetime, tooFastOnce } from './run.ts';

type Row = { [member: string]: unknown };

/** The bench with every answer of `/users` made from its rows by `make`. */
async function remade(make: (rows: Row[], query: URLSearchParams) => unknown, msp = demoMsp()): Promise<Bench> {
  const of = await bench(dropsuite, msp);
  const { handle } = of.vendor;
  const changed = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const response = await handle(request);
    if (response.status !== 200) return response;
    return { status: 200, body: JSON.stringify(make(JSON.parse(JSON.stringify(response.body)), request.query)) };
  };
  return { ...of, vendor: { ...of.vendor, handle: changed } };
}

const row = (id: string, more: Row = {}): Row => ({
  id,
  organization_id: Number(id.split('-')[0]) + 5,
  organization_name: `Customer ${id}`,
  authentication_token: `token-of-${id}-that-nobody-may-keep`,
  admin: true,
  customer_deactivated: false,
  flg_suspended: false,
  active_seats: 24,
  seats_used: 25,
  seats_available: 30,
  paid_shared_mailboxes: 2,
  free_shared_mailboxes: 9,
  ...more,
});

/** The customers as counted from these rows, all on one page. */
const customersOf = async (...rows: Row[]) => (await collection(await remade(() => rows))).customers;

const many = (count: number): Row[] => Array.from({ length: count }, (_, index) => row(`${1_000 + index * 10}-1`));

describe('Dropsuite', () => {
  it('carries both tokens and asks for pages of 100', async () => {
    const of = await bench(dropsuite);
    await collection(of);
    expect(of.asked[0]?.headers).toMatchObject({
      'x-reseller-token': of.vendor.secret.resellerToken,
      'x-access-token': of.vendor.secret.authenticationToken,
    });
    expect([...(of.asked[0]?.query ?? [])]).toEqual([
      ['page', '1'],
      ['per_page', '100'],
    ]);
  });

  it.each<[string, (rows: Row[], page: number, pages: number, all: number) => unknown]>([
    ['a bare array', (rows) => rows],
    [
      'result_set with a pagination',
      (rows, page, pages, all) => ({
        result_set: rows,
        pagination: { current_page: page, total_pages: pages, total_entries: all },
      }),
    ],
    ['a list of result_sets', (rows) => [{ result_set: rows.slice(0, 7) }, { result_set: rows.slice(7) }]],
    ['one result_set in a list', (rows) => [{ result_set: rows }]],
    [
      'data with the next page',
      (rows, page, pages) => ({
        data: rows,
        pagination: { current_page: page, per_page: 100, next_page: page < pages ? page + 1 : null },
      }),
    ],
    [
      'data with counted pages',
      (rows, page, pages) => ({ data: rows, pagination: { current_page: page, total_pages: pages } }),
    ],
    ['data alone', (rows) => ({ data: rows })],
  ])('reads %s, page by page to its end', async (_, wrap) => {
    const all = many(250);
    const of = await remade((__, query) => {
      const page = Number(query.get('page'));
      return wrap(all.slice((page - 1) * 100, page * 100), page, 3, all.length);
    });
    const { customers, receipt } = await collection(of);
    expect(customers).toHaveLength(250);
    expect(receipt).toMatchObject({ requests: 3, distinct: 250 });
  });

  it('reads on after exactly 100 rows', async () => {
    const all = many(200);
    const of = await remade((_, query) =>
      all.slice((Number(query.get('page')) - 1) * 100, Number(query.get('page')) * 100),
    );
    const { receipt } = await collection(of);
    expect(receipt.lists[0]).toMatchObject({ distinct: 200, pages: 3, end: 'an empty page' });
  });

  it.each<[string, (rows: Row[], page: number) => unknown]>([
    ['a bare array', (rows) => rows],
    [
      'a pagination that names neither a next page nor how many there are',
      (rows, page) => ({ data: rows, pagination: { current_page: page, per_page: 30 } }),
    ],
  ])('reads on if a server gives 30 a page whatever it is asked for: %s', async (_, wrap) => {
    const all = many(85);
    const of = await remade((__, query) => {
      const page = Number(query.get('page'));
      return wrap(all.slice((page - 1) * 30, page * 30), page);
    });
    const { customers, receipt } = await collection(of);
    expect(customers).toHaveLength(85);
    expect(receipt.requests).toBe(3);
  });

  it('asks once if the only page has no size that a server would cut at', async () => {
    expect((await collection(await remade(() => many(37)))).receipt.requests).toBe(1);
  });

  it('stops at a server that ignores the page number, with all that it sent', async () => {
    const { customers, receipt, notes } = await collection(await remade(() => many(137)));
    expect(customers).toHaveLength(137);
    expect(receipt.lists[0]).toMatchObject({ pages: 2, end: 'a page that brought nothing new' });
    expect(notes).toEqual([]);
  });

  it('reads pages that overlap once more, and believes them with a remark if both readings agree', async () => {
    const all = many(250);
    const of = await remade((_, query) => {
      const from = (Number(query.get('page')) - 1) * 100;
      return all.slice(from === 0 ? 0 : from - 1, from + 100);
    });
    const { customers, notes, receipt } = await collection(of);
    expect(customers).toHaveLength(250);
    expect(receipt.lists).toMatchObject([{ rows: 252, distinct: 250, pages: 3 }]);
    expect(receipt.requests).toBe(6);
    expect(notes).toEqual([
      'Dropsuite list /users: page 2 repeats rows already read; a second reading has the same 250 rows',
    ]);
  });

  it('does not believe two rows of one id that differ in a number, and minds no member that it does not read', async () => {
    const twice = (other: object) => remade(() => [row('7-1'), { ...row('7-1'), ...other }]);
    expect((await collection(await twice({ last_seen: 'today' }))).customers).toHaveLength(1);
    expect(await failure(await twice({ active_seats: 99 }))).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('two rows of id "7-1" contradict each other'),
    });
  });

  it('does not believe pages whose rows change places: for each organization that came twice another may not have come', async () => {
    const all = many(250);
    const of = await remade((_, query) => {
      const from = (Number(query.get('page')) - 1) * 100;
      return from === 0 ? all.slice(0, 100) : [...all.slice(from, from + 99), ...all.slice(0, 1)];
    });
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('page 2 repeats some rows'),
    });
  });

  it.each([20, 100])('says that it cannot know, if the same %i rows come again', async (size) => {
    const { customers, notes } = await collection(await remade(() => many(size)));
    expect(customers).toHaveLength(size);
    expect(notes).toEqual([expect.stringContaining('ignores page numbers')]);
  });

  it('fails when the entries do not add up to the declared total', async () => {
    const of = await remade((rows) => ({
      result_set: rows,
      pagination: { current_page: 1, total_pages: 1, total_entries: rows.length + 1 },
    }));
    expect((await failure(of)).name).toBe('VendorContractError');
  });

  it('keeps nothing of the tokens that every row holds: not in what it returns, keeps for later, says or logs', async () => {
    const tokens: string[] = [];
    const withStray = ([first, ...rows]: Row[]) => [{ ...first, id: null }, ...rows];
    const of = await remade((rows) => {
      tokens.push(...rows.map(({ authentication_token }) => String(authentication_token)));
      return withStray(rows);
    });
    const kept = JSON.stringify(await collection(of));
    const broken = await remade((rows) => rows.map(({ customer_deactivated: _, ...rest }) => rest));
    const { message, stack } = await failure(broken);
    const paused = await lifetime(await remade(withStray), { latency: 1, lifetime: 1 });
    expect(paused.outcome).toBe('paused');
    expect(tokens.length).toBeGreaterThan(10);
    for (const token of tokens) {
      expect(kept).not.toContain(token);
      expect(`${message} ${stack}`).not.toContain(token);
      expect(JSON.stringify(paused)).not.toContain(token);
    }
    expect(message).toContain('customer_deactivated');
  });

  it('shows what was bought as available, and keeps the three kinds of seats apart', async () => {
    expect((await customersOf(row('7-1')))[0]?.counts).toEqual({
      'Dropsuite Active Seats': 24,
      'Dropsuite Used Seats': 25,
      'Dropsuite Available Seats': 30,
      'Dropsuite Paid Shared Mailboxes': 2,
      'Dropsuite Free Shared Mailboxes': 9,
    });
  });

  it.each(['active_seats', 'seats_used', 'seats_available', 'paid_shared_mailboxes', 'free_shared_mailboxes'])(
    'leaves the one cell blank where %s is missing, and shows no 0',
    async (member) => {
      const { [member]: _, ...rest } = row('7-1');
      const [customer] = await customersOf(rest, row('8-1'));
      expect(Object.values(customer?.gaps ?? {})).toMatchObject([
        { state: 'failed', reason: expect.stringContaining(`rows.0.${member}: expected number or string`) },
      ]);
      expect(Object.keys(customer?.counts ?? {})).toHaveLength(4);
    },
  );

  it.each([-1, 2.5, 'many', true, {}])('leaves the one cell blank if the seats are %o', async (active_seats) => {
    const [odd, whole] = await customersOf(row('7-1', { active_seats }), row('8-1'));
    expect(odd?.gaps).toHaveProperty('Dropsuite Active Seats');
    expect(odd?.counts).toMatchObject({ 'Dropsuite Used Seats': 25 });
    expect(whole?.counts).toMatchObject({ 'Dropsuite Active Seats': 24 });
  });

  it('reads seats that came as text', async () => {
    expect((await customersOf(row('7-1', { active_seats: '24' })))[0]?.counts).toMatchObject({
      'Dropsuite Active Seats': 24,
    });
  });

  it.each([null, 'no', undefined])(
    'fails the customer whose customer_deactivated is %o, and it alone',
    async (deactivated) => {
      const of = await remade(() => [row('7-1', { customer_deactivated: deactivated }), row('8-1')]);
      const { customers, status } = await collection(of);
      expect(status).toBe('partial');
      expect(customers.map(({ state }) => state)).toEqual(['failed', 'counted']);
      expect(customers[0]?.reason).toContain('customer_deactivated');
    },
  );

  it('fails the vendor if no user at all has a figure: it may have been renamed', async () => {
    const of = await remade((rows) => rows.map(({ seats_used: _, ...rest }) => rest));
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('rows.0.seats_used'),
    });
  });

  it('fails an organization of several users if one of them does not say whether it is an administrator', async () => {
    const shared = { organization_id: 90_001 };
    const customers = await customersOf(
      row('7-1', { ...shared, admin: 'yes' }),
      row('8-1', { ...shared, admin: false, seats_used: 99 }),
      row('9-1', { admin: 'yes' }),
    );
    expect(customers).toMatchObject([
      { id: '8-1', state: 'failed', reason: expect.stringContaining('rows.0.admin') },
      { id: '9-1', state: 'counted' },
    ]);
  });

  it('fails an organization of several users, none of them an administrator, where one of them does not say so', async () => {
    const shared = { organization_id: 90_001, admin: false };
    const customers = await customersOf(
      row('7-1', { ...shared, admin: null }),
      row('8-1', { ...shared, seats_used: 99 }),
      row('9-1', { admin: null }),
    );
    expect(customers.map(({ id, state }) => [id, state])).toEqual([
      ['8-1', 'failed'],
      ['9-1', 'counted'],
    ]);
  });

  it('fails a user that names no organization where others do, and the organizations that it may be the administrator of', async () => {
    const customers = await customersOf(
      row('7-1', { organization_id: null }),
      row('8-1', { organization_id: 90_001, admin: false }),
      row('9-1'),
    );
    expect(customers.map(({ id, state }) => [id, state])).toEqual([
      ['7-1', 'failed'],
      ['8-1', 'failed'],
      ['9-1', 'counted'],
    ]);
  });

  it.each([undefined, null, {}, ' '])(
    'fails a customer whose user id is %o and that has an organization, and it alone',
    async (id) => {
      const unmapped = async (...rows: Row[]) => (await collection(await remade(() => rows), { mapped: [] })).customers;
      expect(await unmapped(row('7-1', { id }), row('8-1'))).toMatchObject([
        { id: '12', name: 'Customer 7-1', state: 'failed', reason: expect.stringContaining('rows.0.id: ') },
        { id: '8-1', state: 'counted', counts: { 'Dropsuite Active Seats': 24 } },
      ]);
      const [lost, ...others] = await unmapped(
        row('7-1', { id, organization_id: 90_001 }),
        row('8-1', { organization_id: 90_001, admin: false }),
        row('9-1'),
      );
      expect(lost).toMatchObject({ id: '8-1', aliases: ['90001'], state: 'failed' });
      expect(others).toMatchObject([{ id: '9-1', state: 'counted' }]);
    },
  );

  it('does not say that the customer of a company is gone if a user that shows no id may be it', async () => {
    const of = await remade(() => [row('7-1', { id: null }), row('8-1')]);
    const { customers } = await collection(of, { mapped: ['7-1', '8-1'] });
    expect(customers.map(({ id, state }) => `${id} ${state}`)).toEqual(['12 failed', '8-1 counted', '7-1 failed']);
    expect(customers[2]?.reason).toMatch(/^it may be, or be below, Customer 7-1, which could not be read: /u);
  });

  it('fails the vendor over a user that shows neither its id nor its organization: it may be anybody', async () => {
    const of = await remade(() => [row('7-1', { id: null, organization_id: null }), row('8-1')]);
    expect(await failure(of)).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('id') });
  });

  it('passes on what the reseller wrote as external id, for the mapping', async () => {
    const [first, second] = await customersOf(
      row('7-1', { external_id: ' PSA-19 ' }),
      row('8-1', { external_id: null }),
    );
    expect(first?.identity?.references).toEqual(['PSA-19']);
    expect(second).not.toHaveProperty('identity');
  });

  it('lets no deactivated user speak for an organization that has a live one', async () => {
    const shared = { organization_id: 90_001 };
    const [customer] = await customersOf(
      row('7-1', { ...shared, customer_deactivated: true, seats_used: 99 }),
      row('8-1', { ...shared, admin: false, seats_used: 20 }),
    );
    expect(customer).toMatchObject({ id: '8-1', state: 'counted', counts: { 'Dropsuite Used Seats': 20 } });
  });

  it('takes the figures of an organization once: the administrator first, then the most seats', async () => {
    const shared = { organization_id: 90_001 };
    const [customer, ...others] = await customersOf(
      row('7-1', { ...shared, admin: false, seats_used: 99 }),
      row('8-1', { ...shared, seats_used: 20 }),
      row('9-1', { ...shared, seats_used: 25 }),
    );
    expect(others).toEqual([]);
    expect(customer).toMatchObject({ id: '9-1', aliases: ['7-1', '8-1', '90001'] });
    expect(customer?.counts['Dropsuite Used Seats']).toBe(25);
  });

  it('lets a company claim a customer by its organization_id too', async () => {
    expect((await customersOf(row('7-1', { organization_id: 90_001 })))[0]?.aliases).toEqual(['90001']);
    const { schema } = dropsuite.customerId;
    expect(schema.safeParse('1788161-14').success).toBe(true);
    expect(schema.safeParse('90001').success).toBe(true);
    expect(schema.safeParse('Larch & Sons').success).toBe(false);
  });

  it('takes the marker off a name', async () => {
    expect((await customersOf(row('7-1', { organization_name: 'Larch & Sons [a1b2]' })))[0]?.name).toBe('Larch & Sons');
  });

  it('leaves out who is deactivated; counts who is suspended with a remark, or leaves them out on request', async () => {
    const rows = [row('7-1', { customer_deactivated: true }), row('8-1', { flg_suspended: true })];
    expect(await customersOf(...rows)).toMatchObject([
      { state: 'excluded', reason: 'it is deactivated' },
      { state: 'counted', notes: ['it is suspended, and counted'] },
    ]);
    const of = await remade(() => [...rows, row('9-1')]);
    const configuration = { ...of.vendor.configuration, excludeSuspended: true };
    const { customers } = await collection(of, { credentials: { configuration } });
    expect(customers.map(({ state }) => state)).toEqual(['excluded', 'excluded', 'counted']);
  });

  it('says which kind of token was refused', async () => {
    const of = await bench(dropsuite);
    const secret = { ...of.vendor.secret, authenticationToken: 'token-of-one-customer' };
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringContaining('not the token of one customer'),
    });
  });

  it('waits a minute if a refusal for speed names no time', async () => {
    const of = await bench(dropsuite);
    await collection(of, { before: tooFastOnce() });
    expect(of.clock.elapsed()).toBe(60_000);
  });

  it.each([
    ['https://dropsuite.us', 'dropsuite.us/api/users'],
    ['https://dropsuite.us/', 'dropsuite.us/api/users'],
    ['https://dropsuite.uk/api/', 'dropsuite.uk/api/users'],
    ['https://na-saas-npp.backup.ninjarmm.com/api', 'na-saas-npp.backup.ninjarmm.com/api/users'],
  ])('asks %s at %s', async (baseUrl, address) => {
    const of = await bench(dropsuite);
    of.vendor = { ...of.vendor, answers: () => true };
    await collection(of, { credentials: { configuration: { baseUrl } } });
    expect(`${of.asked[0]?.host}${of.asked[0]?.path}`).toBe(address);
  });

  it.each([undefined, 'http://dropsuite.us/api', 'https://user:word@dropsuite.us/api', 'dropsuite.us'])(
    'refuses the address %s before anything is sent',
    async (baseUrl) => {
      const of = await bench(dropsuite);
      const configuration = JSON.parse(JSON.stringify({ baseUrl }));
      expect(await failure(of, { credentials: { configuration } })).toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringContaining('baseUrl'),
      });
      expect(of.asked).toEqual([]);
    },
  );

  it('makes one call for each 100 entries, for 500 companies', async () => {
    const of = await bench(dropsuite, demoMsp(500, 25));
    const { receipt, customers } = await collection(of);
    const seats = customers.reduce((sum, { counts }) => sum + Number(counts['Dropsuite Active Seats'] ?? 0), 0);
    expect(seats).toBeGreaterThan(50_000);
    expect(receipt.requests).toBe(Math.ceil(receipt.distinct / 100));
  });
});
