import { describe, expect, it } from 'vitest';
import stellr from '../../lambdas/collectors/td-synnex-stellr.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { bench, collection, failure, firstOf, type RunOptions } from './run.ts';

type Row = Record<string, unknown>;

const NUMBER = '550101';
const PREMIUM = 'TD SYNNEX Stellr Microsoft 365 Business Premium';

const subscription = (more: Row = {}): Row => ({
  subscriptionId: '700001_1',
  contractNo: '700001',
  skuNo: '8800001',
  productName: 'Microsoft 365 Business Premium',
  seats: 27,
  status: 'ACTIVE',
  billingCycle: 'MONTHLY',
  ...more,
});

const envelope = (records: readonly Row[], total: number = records.length) => ({
  requestId: 'r',
  data: { total, records },
});

/** One customer with these rows; `wrap` puts rows into an envelope. */
function world(
  rows: readonly Row[],
  customer: Row = {},
  wrap: (rows: readonly Row[]) => object = (all) => envelope(all),
) {
  return ({ path, host }: SandboxRequest): SandboxResponse | undefined => {
    if (host.startsWith('sso')) return undefined;
    if (path.endsWith('/subscriptions')) return { status: 200, body: wrap(rows) };
    const row = { customerNo: NUMBER, companyName: 'Larch & Sons Ltd', state: 'ON', ...customer };
    return { status: 200, body: envelope([row]) };
  };
}

async function larch(before: RunOptions['before'], configuration: Row = {}) {
  const { customers, notes } = await collection(await bench(stellr), {
    mapped: [NUMBER],
    credentials: { configuration: { region: 'us', ...configuration } },
    ...(before === undefined ? {} : { before }),
  });
  return { ...firstOf(customers), general: notes };
}

const larchOf = async (rows: readonly Row[], configuration: Row = {}) => larch(world(rows), configuration);
const failing = async (before: RunOptions['before'], configuration: Row = {}) =>
  failure(await bench(stellr), {
    mapped: [NUMBER],
    credentials: { configuration: { region: 'us', ...configuration } },
    ...(before === undefined ? {} : { before }),
  });

describe('the subscriptions of Stellr', () => {
  it('are added up by product, of one SKU or of two', async () => {
    const { counts } = await larchOf([
      subscription(),
      subscription({ subscriptionId: '700001_2', seats: 3 }),
      subscription({ subscriptionId: '700002_1', skuNo: '8800017', seats: '2' }),
    ]);
    expect(counts).toEqual({ [PREMIUM]: 32 });
  });

  it('count while their state says active and nothing against it: INACTIVE is not active', async () => {
    const states = [
      'INACTIVE',
      'Cancelled',
      'CANCELED',
      'suspended',
      'EXPIRED',
      'Disabled',
      'PENDING_ACTIVE',
      'Failed',
    ];
    const { counts } = await larchOf([
      subscription({ status: 'Active' }),
      ...states.map((status, index) => subscription({ subscriptionId: `x_${index}`, status })),
    ]);
    expect(counts).toEqual({ [PREMIUM]: 27 });
  });

  it('in an unknown state leave the cell open and name the word; the configuration can say what it is', async () => {
    const rows = [subscription(), subscription({ subscriptionId: '2', productName: 'Visio', status: 'Provisioned' })];
    const open = await larchOf(rows);
    expect(open.counts).toHaveProperty([PREMIUM], 27);
    expect(open.gaps).toEqual({
      'TD SYNNEX Stellr Visio': {
        state: 'failed',
        reason: expect.stringMatching(/"Provisioned".*liveStates or endedStates/u),
      },
    });
    const live = await larchOf(rows, { liveStates: ['active', 'provisioned'] });
    expect(live.counts).toHaveProperty('TD SYNNEX Stellr Visio', 27);
  });

  it.each([
    ...['ACTIVE - PENDING CANCELLATION', 'Active (auto-renew disabled)'],
    ...['Pending renewal', 'Active (payment failed)'],
  ])('that are %s can be billed: the cell stays open, and the configuration can say that they are', async (status) => {
    const rows = [subscription({ seats: 3 }), subscription({ subscriptionId: '2', status })];
    expect((await larchOf(rows)).gaps).toHaveProperty([PREMIUM]);
    expect((await larchOf(rows, { liveStates: [status] })).counts).toEqual({ [PREMIUM]: 30 });
  });

  it('of another customer are refused', async () => {
    const { message } = await failing(world([subscription({ customerNo: '550107' })]));
    expect(message).toContain('belongs to 550107, not to 550101');
  });

  it('all count if none has a state, with a remark; one without among others does not', async () => {
    const bare = { status: undefined, subscriptionId: '2', productName: 'Visio' };
    const { counts, general } = await larchOf([subscription({ status: undefined }), subscription(bare)]);
    expect(counts).toEqual({ [PREMIUM]: 27, 'TD SYNNEX Stellr Visio': 27 });
    expect(general).toEqual(['some subscriptions have no state and were counted']);
    expect((await larchOf([subscription(), subscription(bare)])).gaps).toHaveProperty('TD SYNNEX Stellr Visio');
  });

  it.each([null, ''])('do not count with %j as their state, even if the customer has no others', async (status) => {
    expect(await larchOf([subscription({ status })])).toMatchObject({
      counts: {},
      gaps: { [PREMIUM]: {} },
      general: [],
    });
  });

  it('that have ended can lack everything else', async () => {
    const rows = [subscription(), { subscriptionId: '2', status: 'CANCELLED' }];
    expect((await larchOf(rows)).counts).toEqual({ [PREMIUM]: 27 });
  });

  it('as trials are left out, by flag or by name, unless they are wanted', async () => {
    const rows = [
      subscription(),
      subscription({ subscriptionId: '2', productName: 'Copilot', isTrial: true }),
      subscription({ subscriptionId: '3', productName: 'Sales Trial' }),
    ];
    expect((await larchOf(rows)).counts).toEqual({ [PREMIUM]: 27 });
    expect(Object.keys((await larchOf(rows, { includeTrials: true })).counts ?? {})).toHaveLength(3);
  });

  it('priced by usage are named, not counted: an Azure plan has no seats, Azure AD Premium has', async () => {
    const { counts, general } = await larchOf([
      subscription({ subscriptionId: '2', productName: 'Azure Plan', seats: 1 }),
      subscription({ subscriptionId: '3', productName: 'Azure Reserved Usage', seats: undefined }),
      subscription({ subscriptionId: '4', productName: 'Azure Active Directory Premium P1', seats: 8 }),
      subscription({ subscriptionId: '5', productName: 'Microsoft Azure Plan - Pay-as-you-go', seats: 1 }),
    ]);
    expect(counts).toEqual({ 'TD SYNNEX Stellr Azure Active Directory Premium P1': 8 });
    expect(general).toHaveLength(3);
  });

  it.each([
    ['quantity', 'quantity', 27],
    ['a text', 'seatQuantity', ' 27 '],
    ['short', 'qty', 27],
  ])('have their seats under another name (%s)', async (_, member, value) => {
    const { counts } = await larchOf([subscription({ seats: undefined, [member]: value })]);
    expect(counts).toEqual({ [PREMIUM]: 27 });
  });

  it('without seats under any name fail, and the members are named without a value', async () => {
    const { message, name } = await failing(world([subscription({ seats: undefined, licenceCount: 27 })]));
    expect(name).toBe('VendorContractError');
    expect(message).toMatch(/expected a number as seats or quantity.*fields seen: subscriptionId.*licenceCount/u);
    expect(message).not.toContain('Premium');
    const { counts } = await larchOf([subscription({ seats: undefined, licenceCount: 27 })], {
      members: { quantity: ['licenceCount'] },
    });
    expect(counts).toEqual({ [PREMIUM]: 27 });
  });

  it('that differ under one id are an error, for one of them would be lost; the configuration names the right one', async () => {
    const other = { id: 'x', subscriptionId: '700001_2', productName: 'Visio' };
    const rows = [subscription({ id: 'x' }), subscription(other)];
    expect(await failing(world(rows))).toMatchObject({
      message: expect.stringMatching(/id "x" contradict each other.*members\.subscriptionId/u),
    });
    const { counts } = await larchOf(rows, { members: { subscriptionId: ['subscriptionId'] } });
    expect(counts).toEqual({ [PREMIUM]: 27, 'TD SYNNEX Stellr Visio': 27 });
  });

  it('with blank texts are read as if these were not there: a product without a name goes by its SKU', async () => {
    const { counts } = await larchOf([subscription({ productName: '', id: '', description: ' ' })]);
    expect(counts).toEqual({ 'TD SYNNEX Stellr 8800001': 27 });
  });

  it('without an id of their own go by contract and line', async () => {
    const line = (lineNo: number) => subscription({ subscriptionId: undefined, lineNo });
    expect((await larchOf([line(1), line(2)])).counts).toEqual({ [PREMIUM]: 54 });
  });
});

describe('the lists of Stellr', () => {
  it('are always asked with page number and size, for without them nothing comes', async () => {
    const of = await bench(stellr);
    await collection(of);
    for (const { host, query } of of.asked.filter(({ host }) => host.startsWith('api'))) {
      expect([host, query.get('pageNo'), query.get('pageSize')]).toEqual(['api.us.tdsynnex.com', '1', '100']);
    }
  });

  it('that declare more than they hold fail', async () => {
    const error = await failing(world([subscription()], {}, (rows) => envelope(rows, 40)));
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/of 40|declares 40|repeats/u),
    });
  });

  it('without the records where they were expected fail, naming what is there', async () => {
    const moved = world([subscription()], {}, (rows) => ({ requestId: 'r', data: { total: 1, subscriptions: rows } }));
    expect(await failing(moved)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('no list at data.records (fields seen: requestId, data {total, subscriptions})'),
    });
    const nothing = world([], {}, () => ({ requestId: 'r', data: { total: 0 } }));
    expect((await larch(nothing)).counts).toEqual({});
  });

  it('in another envelope are found if the configuration says', async () => {
    const { counts } = await collection(await bench(stellr), {
      mapped: [NUMBER],
      credentials: { configuration: { region: 'us', recordsPath: 'content', totalPath: 'count' } },
      before: ({ host, path }) => {
        if (host.startsWith('sso')) return undefined;
        const row = path.endsWith('/subscriptions') ? subscription() : { customerNo: NUMBER, name: 'Larch' };
        return { status: 200, body: { content: [row], count: 1 } };
      },
    }).then(({ customers: [first] }) => ({ counts: first?.counts }));
    expect(counts).toEqual({ [PREMIUM]: 27 });
  });

  it('of subscriptions are read to the end if only the pages of customers are longer', async () => {
    const customers = Array.from({ length: 60 }, (_, at) => ({ customerNo: `${550101 + at}`, companyName: `C${at}` }));
    const subscriptions = Array.from({ length: 70 }, (_, at) => subscription({ subscriptionId: `s-${at}`, seats: 1 }));
    const { counts } = await larch(({ host, path, query }) => {
      if (host.startsWith('sso')) return undefined;
      const [rows, size] = path.endsWith('/subscriptions') ? [subscriptions, 50] : [customers, 100];
      const from = (Number(query.get('pageNo')) - 1) * size;
      return { status: 200, body: { data: { records: rows.slice(from, from + size) } } };
    });
    expect(counts).toEqual({ [PREMIUM]: 70 });
  });

  it('of customers may hold one without a name: it goes by its number, which is reported', async () => {
    const { name, counts, general } = await larch(world([subscription()], { companyName: null }));
    expect({ name, counts }).toEqual({ name: NUMBER, counts: { [PREMIUM]: 27 } });
    expect(general).toEqual([expect.stringMatching(/no companyName or name.*fields seen: customerNo/u)]);
  });

  it('of customers tell a province from a state, and leave out who is deleted', async () => {
    expect(await larch(world([subscription()], { state: 'DE' }))).toMatchObject({ state: 'counted' });
    const error = await failing(world([subscription()], { status: 'DELETED' }));
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('no customer') });
  });
});

describe('the configuration of Stellr', () => {
  it.each([
    ['us', false, 'sso.us.tdsynnex.com', 'api.us.tdsynnex.com'],
    ['us', true, 'sso.us.tdsynnex.com', 'api-uat.us.tdsynnex.com'],
    ['ca', false, 'sso.ca.tdsynnex.com', 'api.ca.tdsynnex.com'],
    ['ca', true, 'sso.ca.tdsynnex.com', 'api-uat.ca.tdsynnex.com'],
  ])('leads %s (sandbox: %s) to %s and %s', async (region, sandbox, sso, api) => {
    const of = await bench(stellr);
    await collection(
      { ...of, vendor: { ...of.vendor, answers: () => true } },
      {
        mapped: [NUMBER],
        credentials: { configuration: { region, sandbox } },
        before: ({ host, path }) => {
          if (host === sso) return { status: 200, body: { access_token: 'a-token-of-some-length', expires_in: 7200 } };
          return {
            status: 200,
            body: envelope([path.endsWith('/subscriptions') ? subscription() : { customerNo: NUMBER, name: 'L' }]),
          };
        },
      },
    );
    expect(new Set(of.asked.map(({ host }) => host))).toEqual(new Set([sso, api]));
  });

  it.each([
    [{ region: 'au' }, 'region'],
    [{}, 'region'],
    [{ region: 'us', pageSize: 500 }, 'pageSize'],
    [{ region: 'us', subscriptionsPath: '/api/v1/subscriptions' }, '{customerNo}'],
    [
      { region: 'us', liveStates: ['On hold'], endedStates: ['on-hold'] },
      'endedStates: "on-hold" is in liveStates too',
    ],
    [{ region: 'us', members: { quantity: [] } }, 'members.quantity'],
    [{ region: 'us', members: { quantities: ['x'] } }, 'quantities'],
  ])('%j is refused before anything is sent', async (configuration, named) => {
    const of = await bench(stellr);
    const error = await failure(of, { credentials: { configuration } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) });
    expect(of.asked).toEqual([]);
  });
});

it('a path that Stellr does not know is an error, never an empty list', async () => {
  const error = await failing(undefined, { customersPath: '/api/v1/cloud/clients' });
  expect(error).toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(/No static resource.*customersPath/u),
  });
});

it('takes no more calls than the plan: a token, the pages of customers, one per customer', async () => {
  const { receipt, customers } = await collection(await bench(stellr, demoMsp(500, 2)), { latency: 0.3 });
  const plan = 1 + Math.ceil(customers.length / 100) + customers.length;
  expect(receipt.requests).toBeLessThanOrEqual(plan * 1.02);
});
