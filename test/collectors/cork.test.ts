import { describe, expect, it } from 'vitest';
import cork from '../../lambdas/collectors/cork.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { asTruth, bench, collection, failure, firstOf, type RunOptions } from './run.ts';

type Row = Record<string, unknown>;

const UUID = '5f0c1f7e-2222-4b1a-8c3d-000000000001';
const CLIENT: Row = { uuid: UUID, name: 'Larch & Sons Ltd', warranty_status: 'warranted' };

/** One client with these rows, served in the way of `page`. */
function world(
  lists: { clients?: readonly Row[]; devices?: readonly Row[]; inboxes?: readonly Row[] },
  page: (rows: readonly Row[], number: number, size: number) => object = honest,
) {
  return ({ path, query }: SandboxRequest): SandboxResponse => {
    const kind = path.endsWith('/devices') ? 'devices' : path.endsWith('/inboxes') ? 'inboxes' : 'clients';
    const rows = lists[kind] ?? (kind === 'clients' ? [CLIENT] : []);
    return { status: 200, body: page(rows, Number(query.get('page')), Number(query.get('page_size'))) };
  };
}

const slice = (rows: readonly Row[], number: number, size: number) => rows.slice((number - 1) * size, number * size);
const honest = (rows: readonly Row[], number: number, size: number) => ({
  data: slice(rows, number, size),
  page: number,
  page_size: size,
  total: rows.length,
});

const machines = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id: `d-${id}`, hostname: `H${id}` }));
const inboxes = (count: number, more: Row = {}): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id: `i-${id}`, inbox_type: 'user', ...more }));

async function larch(before: RunOptions['before'], configuration: Row = {}) {
  const of = await bench(cork);
  const { customers, receipt } = await collection(of, {
    mapped: [UUID],
    credentials: { configuration },
    ...(before === undefined ? {} : { before }),
  });
  return { ...firstOf(customers), receipt, asked: of.asked };
}

describe('the devices of Cork', () => {
  it('are the declared total of a list of which one row is asked for', async () => {
    const { counts, asked } = await larch(world({ devices: machines(241), inboxes: inboxes(1) }));
    expect(counts).toMatchObject({ 'Cork Devices': 241 });
    expect(asked.filter(({ path }) => path.endsWith('/devices')).map(({ query }) => String(query))).toEqual([
      'page=1&page_size=1',
    ]);
  });

  it('are all read if the total is not trusted or not there', async () => {
    const devices = machines(241);
    const untrusted = await larch(world({ devices, inboxes: inboxes(1) }), { trustTotal: false });
    expect(untrusted.counts).toMatchObject({ 'Cork Devices': 241 });
    expect(untrusted.asked.filter(({ path }) => path.endsWith('/devices'))).toHaveLength(3);
    const silent = world({ devices, inboxes: inboxes(1) }, (rows, number, size) => ({
      data: slice(rows, number, size),
    }));
    expect((await larch(silent)).counts).toMatchObject({ 'Cork Devices': 241 });
  });

  it('take one call per client if no total is ever declared and a longer page of devices was seen', async () => {
    const clients = Array.from({ length: 60 }, (_, at) => ({ ...CLIENT, uuid: UUID.replace(/01$/u, String(at + 10)) }));
    const silent = (rows: readonly Row[], number: number, size: number) => ({ data: slice(rows, number, size) });
    const largest = world({ devices: machines(42), inboxes: inboxes(8) }, silent);
    const others = world({ clients, devices: machines(41), inboxes: inboxes(7) }, silent);
    const { asked } = await larch((request) => (request.path.includes('0010/') ? largest : others)(request));
    // The list of clients and its empty page; for the first four clients at once, the search for a total and the empty
    // pages.
    expect(asked.length).toBeLessThanOrEqual(2 + 4 * 3 + 60 * 2);
  });

  it('are read to the end if only the pages of the clients are longer', async () => {
    const clients = Array.from({ length: 60 }, (_, at) => ({ ...CLIENT, uuid: UUID.replace(/01$/u, String(at + 10)) }));
    const capped = (rows: readonly Row[], number: number, size: number) => ({
      data: slice(rows, number, rows === clients ? size : Math.min(size, 50)),
    });
    const { counts } = await larch(world({ clients, devices: machines(140), inboxes: inboxes(130) }, capped));
    expect(counts).toEqual({ 'Cork Devices': 140, 'Cork Users': 130, 'Cork Warranty Status': 'warranted' });
  });

  it('are an error, never a small number, if the total is only the page’s own', async () => {
    const before = world({ devices: machines(241), inboxes: inboxes(1) }, (rows, number, size) => {
      const data = slice(rows, number, size);
      return { data, total: data.length };
    });
    const error = await failure(await bench(cork), { mapped: [UUID], before });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('listed 241') });
  });

  it('are read if the total is 0 and a device is listed anyway', async () => {
    const before = world({ devices: machines(3), inboxes: inboxes(1) }, (rows, number, size) => ({
      ...honest(rows, number, size),
      ...(size === 1 ? { total: 0 } : {}),
    }));
    expect((await larch(before)).counts).toMatchObject({ 'Cork Devices': 3 });
  });

  it('of a client with one device, or a full last page, are still counted right', async () => {
    for (const count of [0, 1, 2, 99, 100, 101, 200]) {
      const lists = { devices: machines(count), inboxes: inboxes(count) };
      for (const trustTotal of [true, false]) {
        const { counts } = await larch(world({ ...lists, inboxes: inboxes(count + 1) }), { trustTotal });
        // A missing number of a listed client is a true 0.
        expect({ 'Cork Devices': 0, ...counts }).toMatchObject({ 'Cork Devices': count, 'Cork Users': count + 1 });
      }
    }
  });

  it('declared but not listed are an error for that client', async () => {
    const { state, reason } = await larch(
      world(
        { clients: [CLIENT, { ...CLIENT, uuid: UUID.replace(/1$/u, '2') }], inboxes: inboxes(40) },
        (rows, number, size) => ({
          ...honest(rows, number, size),
          ...(rows.length === 40 ? { total: 50 } : {}),
        }),
      ),
    ).catch((error) => ({ state: 'failed', reason: error.message }));
    expect(state).toBe('failed');
    expect(reason).toContain('50');
  });
});

describe('the users of Cork', () => {
  const users = async (rows: readonly Row[], configuration: Row = {}) => {
    const { counts, notes } = await larch(world({ inboxes: rows, devices: machines(2) }), configuration);
    return { users: counts?.['Cork Users'], notes };
  };

  it('are the inboxes that are not shared, whatever the member is called', async () => {
    for (const shared of [
      { inbox_type: 'shared' },
      { inbox_type: undefined, type: 'SharedMailbox' },
      { inbox_type: undefined, is_shared: true },
      { inbox_type: 'mailbox', is_shared: 'true' },
    ]) {
      const rows = [...inboxes(5), { ...inboxes(1)[0], id: 's', ...shared }];
      expect((await users(rows)).users).toBe(5);
    }
    expect((await users([...inboxes(5), { id: 'n', inbox_type: 'non-shared' }])).users).toBe(6);
    expect((await users([...inboxes(5), { id: 'n', inbox_type: undefined, is_shared: false }])).users).toBe(6);
    expect(
      (await users([...inboxes(5), { id: 'n', sort: 'shared' }], { members: { inboxType: ['sort', 'inbox_type'] } }))
        .users,
    ).toBe(5);
  });

  it('are not known if the word for a kind is not: the cell of that client names it', async () => {
    for (const [odd, word] of [
      [{ inbox_type: 'room' }, 'room'],
      [{ inbox_type: undefined, type: 'm365' }, 'm365'],
      [{ inbox_type: 'partly shared' }, 'partly shared'],
    ] as const) {
      const { gaps } = await larch(world({ inboxes: [...inboxes(5), { id: 'r', ...odd }], devices: machines(2) }));
      expect(gaps).toEqual({
        'Cork Users': { state: 'failed', reason: `its inbox type is "${word}", which is not known` },
      });
    }
    const plain = [
      { inbox_type: 'user' },
      { inbox_type: 'UserMailbox' },
      { inbox_type: undefined, is_shared: false },
      // One field can hold a known word where another holds an unknown one.
      { inbox_type: 'm365', is_shared: false },
      { inbox_type: 'room', is_shared: true },
    ];
    expect(await users(plain.map((kind, id) => ({ id: `p-${id}`, ...kind })))).toEqual({ users: 4, notes: [] });
  });

  it('are never fewer because what was taken for their id is none', async () => {
    const rows = inboxes(7).map((row, index) => ({ ...row, id: 'tenant-1', email: `u${index}@larch.example` }));
    const silent = world({ inboxes: rows, devices: machines(2) }, (all, number, size) => ({
      data: slice(all, number, size),
    }));
    const error = await failure(await bench(cork), { mapped: [UUID], before: silent });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('name it in members.id'),
    });
    const { counts } = await larch(silent, { members: { id: ['email', 'uuid', 'id'] } });
    expect(counts).toMatchObject({ 'Cork Users': 7 });
  });

  it('of a list longer than 100 are read to the end although the list of clients comes uncut', async () => {
    const clients = Array.from({ length: 130 }, (_, at) => ({
      ...CLIENT,
      uuid: UUID.replace(/001$/u, String(at + 100)),
    }));
    const before = world({ clients, devices: machines(2), inboxes: inboxes(140) }, (rows, number, size) =>
      rows === clients ? { data: number === 1 ? rows : [] } : { data: slice(rows, number, size) },
    );
    const { customers } = await collection(await bench(cork), { mapped: [UUID], before });
    expect(new Set(customers.map(({ counts }) => counts['Cork Users']))).toEqual(new Set([140]));
  });

  it('are all inboxes if none says what it is, with a remark', async () => {
    const rows = inboxes(5, { inbox_type: undefined });
    expect(await users(rows)).toEqual({
      users: 5,
      notes: ['5 inboxes not marked as shared or not shared: counted as users'],
    });
  });

  it('are not known if one inbox does not say what the others say', async () => {
    const rows = [...inboxes(5), ...inboxes(1, { id: 'odd', uuid: 'odd', inbox_type: null })];
    const { gaps } = await larch(world({ inboxes: rows, devices: machines(2) }));
    expect(gaps).toEqual({
      'Cork Users': {
        state: 'failed',
        reason: '1 inbox not marked as shared or not shared, unlike others',
      },
    });
  });

  it('are not guessed from a member of another form', async () => {
    const error = await failure(await bench(cork), {
      mapped: [UUID],
      before: world({ inboxes: inboxes(1, { inbox_type: { code: 3 } }) }),
    });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('fields seen: id, inbox_type'),
    });
  });
});

describe('the clients of Cork', () => {
  it('who are unwarranted are reported, hidden ones are not', async () => {
    const of = await bench(cork);
    const { customers } = await collection(of);
    expect(customers.some(({ counts }) => counts['Cork Warranty Status'] === 'unwarranted')).toBe(true);
    expect(of.asked[0]?.query.get('show_hidden')).toBe('false');
    expect(of.asked[0]?.query.get('partner_uuid')).toBeNull();
  });

  it('of one partner alone, for the key of a distributor', async () => {
    const of = await bench(cork);
    await collection(of, { credentials: { configuration: { partnerUuid: '0a4de1b2-5b1e-4c0f-9f0a-7d5d3f8b2c11' } } });
    expect(of.asked[0]?.query.get('partner_uuid')).toBe('0a4de1b2-5b1e-4c0f-9f0a-7d5d3f8b2c11');
  });

  it('whose name or status is under no known field: the fields seen are named, their values are not', async () => {
    for (const renamed of [
      { uuid: UUID, title: 'Larch & Sons Ltd', warranty_status: 'warranted' },
      { uuid: UUID, name: 'Larch & Sons Ltd', coverage: 'warranted' },
      { key: UUID, name: 'Larch & Sons Ltd', warranty_status: 'warranted' },
    ]) {
      const error = await failure(await bench(cork), { mapped: [UUID], before: world({ clients: [renamed] }) });
      expect(error.name).toBe('VendorContractError');
      expect(error.message).toContain(`fields seen: ${Object.keys(renamed).join(', ')}`);
      expect(error.message).not.toContain('Larch');
    }
    const before = world({ clients: [{ uuid: UUID, title: 'Larch', coverage: 'gold' }], devices: machines(2) });
    const { name, counts } = await larch(before, { members: { clientName: ['title'], warrantyStatus: ['coverage'] } });
    expect({ name, counts }).toMatchObject({ name: 'Larch', counts: { 'Cork Warranty Status': 'gold' } });
  });

  it('who have no name or no status take nobody else along', async () => {
    for (const lacking of [
      { name: undefined, warranty_status: undefined },
      { name: '', warranty_status: '' },
    ]) {
      const other = { ...CLIENT, uuid: UUID.replace(/1$/u, '2'), ...lacking };
      const before = world({ clients: [CLIENT, other], devices: machines(2), inboxes: inboxes(1) });
      const { customers } = await collection(await bench(cork), { mapped: [UUID], before });
      expect(customers).toMatchObject([
        { name: 'Larch & Sons Ltd', counts: { 'Cork Warranty Status': 'warranted', 'Cork Users': 1 }, gaps: {} },
        { name: other.uuid, counts: { 'Cork Users': 1 }, gaps: { 'Cork Warranty Status': { state: 'excluded' } } },
      ]);
    }
  });

  it('whose status is not a text lose only that cell', async () => {
    const other = { ...CLIENT, uuid: UUID.replace(/1$/u, '2'), name: { en: 'Larch' }, warranty_status: { code: 3 } };
    const before = world({ clients: [CLIENT, other], devices: machines(2), inboxes: inboxes(1) });
    const { customers } = await collection(await bench(cork), { mapped: [UUID], before });
    expect(customers).toMatchObject([
      { name: 'Larch & Sons Ltd', gaps: {} },
      { name: other.uuid, counts: { 'Cork Users': 1 }, gaps: { 'Cork Warranty Status': { state: 'failed' } } },
    ]);
  });

  it('in an envelope of another name: what is there is named', async () => {
    const error = await failure(await bench(cork), {
      before: () => ({ status: 200, body: { clients: [CLIENT], meta: { count: 1 } } }),
    });
    expect(error.message).toContain('/clients: the whole: no list at data (fields seen: clients, meta {count})');
  });

  it('whose reading is refused fail alone', async () => {
    const { status, customers } = await collection(await bench(cork));
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toMatchObject([{ error: 'VendorAuthError' }]);
  });
});

it('says that a key ends after 180 days when it is refused', async () => {
  const error = await failure(await bench(cork), { credentials: { secret: { apiKey: 'cork_live_of_last_year' } } });
  expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('180 days') });
});

it('takes a mapping by uuid only', () => {
  expect(cork.customerId.schema.safeParse('Larch & Sons').success).toBe(false);
});

it('takes no more calls than the plan for 500 clients and 50,000 devices', async () => {
  const of = await bench(cork, demoMsp(500, 2));
  const { receipt, customers } = await collection(of, { latency: 0.3 });
  const devices = customers.reduce((sum, { counts }) => sum + Number(counts['Cork Devices'] ?? 0), 0);
  const pages = receipt.lists
    .filter(({ list }) => list.endsWith('/inboxes'))
    .reduce((sum, { rows }) => sum + Math.max(1, Math.ceil(rows / 100)), 0);
  const plan = Math.ceil(customers.length / 100) + customers.length + pages;
  expect(devices).toBeGreaterThan(20_000);
  expect(receipt.requests).toBeLessThanOrEqual(plan * 1.02);
  expect(customers.map(asTruth)).toHaveLength(customers.length);
});
