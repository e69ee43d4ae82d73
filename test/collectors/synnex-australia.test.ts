import { describe, expect, it } from 'vitest';
import synnex from '../../lambdas/collectors/synnex-australia.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { bench, collection, failure, firstOf, type RunOptions } from './run.ts';

type Row = Record<string, unknown>;

const CODE = 'LARCH01';
const PREMIUM = 'Synnex AU Microsoft 365 Business Premium (Licence)';

const CUSTOMER: Row = { externalCustomerCompanyCode: CODE, companyName: 'Larch & Sons Pty Ltd', id: 301 };
const ACCOUNT: Row = { accountId: 9001, customerCompanyCode: CODE, serviceName: 'Microsoft CSP' };
const SUBSCRIPTION: Row = {
  subscriptionId: 70001,
  productName: 'Microsoft 365 Business Premium',
  quantity: 27,
  unit: 'Licence',
  status: 'ACTIVE',
};

const gap = (reason: string) => ({ state: 'failed', reason: expect.stringContaining(reason) });

type Lists = { customers?: readonly Row[]; accounts?: readonly Row[]; subscriptions?: readonly Row[] };

/** These rows, each list in the envelope that `wrap` makes. */
function world(
  { customers = [CUSTOMER], accounts = [ACCOUNT], subscriptions = [SUBSCRIPTION] }: Lists,
  wrap: (rows: readonly Row[], request: SandboxRequest) => object = (data) => ({ data }),
) {
  return (request: SandboxRequest): SandboxResponse => {
    const { path } = request;
    const rows = /customerCompany$/u.test(path) ? customers : /cloudAccount$/u.test(path) ? accounts : subscriptions;
    return { status: 200, body: wrap(rows, request) };
  };
}

async function run(before: RunOptions['before'], configuration: Row = {}) {
  const of = await bench(synnex);
  const anywhere = { ...of, vendor: { ...of.vendor, answers: () => true } };
  const { customers, notes } = await collection(anywhere, {
    mapped: [CODE],
    credentials: { configuration },
    ...(before === undefined ? {} : { before }),
  });
  return { ...firstOf(customers), customers, general: notes, asked: of.asked };
}

const failing = async (before: RunOptions['before'], configuration: Row = {}) =>
  failure(await bench(synnex), {
    mapped: [CODE],
    credentials: { configuration },
    ...(before === undefined ? {} : { before }),
  });

describe('the customers of Synnex Australia', () => {
  it('have the subscriptions of their accounts, of several providers and in several units', async () => {
    const { counts } = await run((request) => {
      const second = request.path.endsWith('/9002');
      return world({
        accounts: [ACCOUNT, { ...ACCOUNT, accountId: 9002, serviceName: 'Google' }],
        subscriptions: second
          ? [{ ...SUBSCRIPTION, subscriptionId: 2, unit: 'Month' }]
          : [SUBSCRIPTION, { ...SUBSCRIPTION, subscriptionId: 3 }],
      })(request);
    });
    expect(counts).toEqual({ [PREMIUM]: 54, 'Synnex AU Microsoft 365 Business Premium (Month)': 27 });
  });

  it('have a subscription once that two of their accounts list, and fail where the two rows differ', async () => {
    const accounts = [ACCOUNT, { ...ACCOUNT, accountId: 9002 }];
    const { counts, notes } = await run(world({ accounts }));
    expect(counts).toEqual({ [PREMIUM]: 27 });
    expect(notes).toEqual(['some subscriptions are in several of its lists and were counted once']);
    const differing = (request: SandboxRequest) =>
      world({
        accounts,
        subscriptions: [{ ...SUBSCRIPTION, quantity: request.path.endsWith('/9002') ? 30 : 27 }],
      })(request);
    expect((await failing(differing)).message).toContain('two lists contradict each other on 70001');
  });

  it.each([null, '', ' '])('with %j as the state of all of one account leave that cell open', async (status) => {
    const before = (request: SandboxRequest) =>
      world({
        accounts: [ACCOUNT, { ...ACCOUNT, accountId: 9002 }],
        subscriptions: request.path.endsWith('/9002')
          ? [{ ...SUBSCRIPTION, subscriptionId: 2, productName: 'Visio', status }]
          : [SUBSCRIPTION],
      })(request);
    const { counts, gaps, general } = await run(before);
    expect(counts).toEqual({ [PREMIUM]: 27 });
    expect(gaps).toEqual({ 'Synnex AU Visio (Licence)': gap('its state is missing') });
    expect(general).toEqual([]);
  });

  it('have a state or none as all their accounts together', async () => {
    const bare = { ...SUBSCRIPTION, subscriptionId: 2, productName: 'Visio', status: undefined };
    const before = (request: SandboxRequest) =>
      world({
        accounts: [ACCOUNT, { ...ACCOUNT, accountId: 9002 }],
        subscriptions: request.path.endsWith('/9002') ? [bare] : [SUBSCRIPTION],
      })(request);
    expect((await run(before)).gaps).toEqual({ 'Synnex AU Visio (Licence)': gap('its state is missing') });
  });

  it('have all their subscriptions if only the pages of other lists are longer', async () => {
    const customers = Array.from({ length: 60 }, (_, at) => ({ ...CUSTOMER, externalCustomerCompanyCode: `C${at}` }));
    const accounts = customers.map((_, at) => ({ accountId: at, customerCompanyCode: `C${at}` }));
    const subscriptions = Array.from({ length: 70 }, (_, at) => ({ ...SUBSCRIPTION, subscriptionId: at, quantity: 1 }));
    const before = world({ customers, accounts, subscriptions }, (rows, { query }) => {
      const size = rows === subscriptions ? 50 : 100;
      const from = (Number(query.get('pageNumber')) - 1) * size;
      return { data: rows.slice(from, from + size) };
    });
    expect((await run(before, { pagination: 'page' })).counts).toEqual({ [PREMIUM]: 70 });
  });

  it('are linked by code or by id, never by name', async () => {
    const byId = { accountId: 9001, customerCompanyId: 301 };
    expect((await run(world({ accounts: [byId] }))).counts).toEqual({ [PREMIUM]: 27 });
    const byName = { accountId: 9001, companyName: 'Larch & Sons Pty Ltd' };
    const error = await failing(world({ accounts: [byName] }));
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('fields seen: accountId, companyName'),
    });
    expect(error.message).not.toContain('Larch');
  });

  it('are linked by id if the account’s code is blank; an account with neither can be passed over', async () => {
    const accounts = [
      { accountId: 9001, customerCompanyCode: '', customerCompanyId: 301 },
      { accountId: 9002, customerCompanyCode: ' ' },
    ];
    const { counts, general } = await run(world({ accounts }), { ignoreUnlinkedAccounts: true });
    expect(counts).toEqual({ [PREMIUM]: 27 });
    expect(general).toEqual(['1 account left out: no listed customer owns it']);
  });

  it('may lack a name: they go by their code, which is reported', async () => {
    const { name, counts, general } = await run(world({ customers: [{ ...CUSTOMER, companyName: '' }] }));
    expect({ name, counts }).toEqual({ name: CODE, counts: { [PREMIUM]: 27 } });
    expect(general).toEqual([expect.stringContaining('members.companyName')]);
  });

  it('do not get accounts of a code that the list lacks: those are counted under that code, or left out', async () => {
    const lists = { accounts: [ACCOUNT, { ...ACCOUNT, accountId: 9002, customerCompanyCode: 'GONE01' }] };
    const { customers } = await run(world(lists));
    expect(customers.map(({ id, name, counts }) => ({ id, name, counts }))).toEqual([
      { id: 'GONE01', name: 'GONE01', counts: { [PREMIUM]: 27 } },
      { id: CODE, name: 'Larch & Sons Pty Ltd', counts: { [PREMIUM]: 27 } },
    ]);
    const { counts, general } = await run(world(lists), { ignoreUnlinkedAccounts: true });
    expect(counts).toEqual({ [PREMIUM]: 27 });
    expect(general).toEqual(['1 account left out: no listed customer owns it']);
  });

  it('are not in the list of accounts under codes of another kind: that is an error', async () => {
    const accounts = [{ ...ACCOUNT, customerCompanyCode: 'C-1' }];
    expect((await failing(world({ accounts }))).message).toContain('ignoreUnlinkedAccounts');
  });

  it('are linked by id if the account’s code is of another kind', async () => {
    const birch = { ...CUSTOMER, externalCustomerCompanyCode: 'BIRCH01', id: 302 };
    const accounts = [
      { accountId: 9001, customerCompanyCode: 'C-77', customerCompanyId: 301 },
      { accountId: 9002, customerCompanyCode: 'BIRCH01', customerCompanyId: 302 },
    ];
    const { customers } = await run(world({ customers: [CUSTOMER, birch], accounts }));
    expect(customers.map(({ id, counts }) => ({ id, counts }))).toEqual([
      { id: 'BIRCH01', counts: { [PREMIUM]: 27 } },
      { id: CODE, counts: { [PREMIUM]: 27 } },
    ]);
  });

  it('are not linked by an id that two of them have, such as the reseller’s', async () => {
    const customers = [CUSTOMER, { ...CUSTOMER, externalCustomerCompanyCode: 'BIRCH01' }];
    const accounts = [{ accountId: 9001, customerCompanyId: 301 }];
    expect((await failing(world({ customers, accounts }))).message).toContain('belongs to no listed customer');
  });

  it('whose codes differ only in case get no account that is spelled in a third way', async () => {
    const customers = [CUSTOMER, { ...CUSTOMER, externalCustomerCompanyCode: CODE.toLowerCase(), id: 302 }];
    const accounts = [
      { accountId: 9001, customerCompanyCode: CODE },
      { accountId: 9002, customerCompanyCode: 'Larch01' },
    ];
    const found = await run(world({ customers, accounts }));
    expect(found.customers.map(({ id, counts }) => [id, counts[PREMIUM]])).toEqual([
      ['LARCH01', 27],
      ['Larch01', 27],
      ['larch01', undefined],
    ]);
  });

  it('are linked by their code in any case', async () => {
    const accounts = [{ ...ACCOUNT, customerCompanyCode: ' larch01 ' }];
    expect((await run(world({ accounts }))).customers).toMatchObject([{ id: CODE, counts: { [PREMIUM]: 27 } }]);
  });

  it('fail alone where an account of theirs has no id', async () => {
    const { customers } = await run(
      world({
        customers: [CUSTOMER, { ...CUSTOMER, externalCustomerCompanyCode: 'B2', id: 2 }],
        accounts: [ACCOUNT, ...[null, {}].map((accountId) => ({ ...ACCOUNT, accountId, customerCompanyCode: 'B2' }))],
      }),
    );
    expect(customers).toMatchObject([
      { id: 'B2', state: 'failed', reason: expect.stringContaining('accountId or cloudAccountId or id') },
      { id: CODE, counts: { [PREMIUM]: 27 } },
    ]);
  });

  it('that only an account names fail alone too where that account has no id', async () => {
    const accounts = [ACCOUNT, { ...ACCOUNT, accountId: null, customerCompanyCode: 'GONE01' }];
    const { customers } = await run(world({ accounts }));
    expect(customers).toMatchObject([
      { id: 'GONE01', state: 'failed', reason: expect.stringContaining('accountId or cloudAccountId or id') },
      { id: CODE, counts: { [PREMIUM]: 27 } },
    ]);
  });

  it('without an account are a true 0', async () => {
    const { customers } = await run(
      world({ customers: [CUSTOMER, { ...CUSTOMER, externalCustomerCompanyCode: 'B2', id: 2 }] }),
    );
    expect(customers.find(({ id }) => id === 'B2')).toMatchObject({ state: 'counted', counts: {} });
  });

  it('may hold their accounts themselves', async () => {
    const customers = [{ ...CUSTOMER, cloudAccounts: [{ accountId: 9001 }] }];
    const { counts, asked } = await run(world({ customers }), { nestedAccounts: 'cloudAccounts' });
    expect(counts).toEqual({ [PREMIUM]: 27 });
    expect(asked.some(({ path }) => path.endsWith('/cloudAccount'))).toBe(false);
    const twice = ['Microsoft CSP', 'Google'].map((serviceName) => ({ accountId: 9001, serviceName }));
    const again = world({ customers: [{ ...CUSTOMER, cloudAccounts: twice }] });
    expect((await run(again, { nestedAccounts: 'cloudAccounts' })).counts).toEqual({ [PREMIUM]: 27 });
    const error = await failing(world({}), { nestedAccounts: 'cloudAccounts' });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('no list at cloudAccounts'),
    });
  });

  it.each([null, [{ accountId: null }], [7]])('whose own accounts are %j fail alone', async (cloudAccounts) => {
    const odd = { ...CUSTOMER, externalCustomerCompanyCode: 'B2', id: 2, cloudAccounts };
    const customers = [{ ...CUSTOMER, cloudAccounts: [{ accountId: 9001 }] }, odd];
    const read = await run(world({ customers }), { nestedAccounts: 'cloudAccounts' });
    expect(read.customers).toMatchObject([
      { id: 'B2', state: 'failed' },
      { id: CODE, counts: { [PREMIUM]: 27 } },
    ]);
  });

  it('that hold the same account fail, and no other: it would count for each of them', async () => {
    const holder = (code: string, accountId: number) => ({
      ...{ ...CUSTOMER, externalCustomerCompanyCode: code },
      cloudAccounts: [{ accountId }],
    });
    const customers = [holder(CODE, 9001), holder('BIRCH01', 9001), holder('CEDAR01', 9002)];
    const read = await run(world({ customers }), { nestedAccounts: 'cloudAccounts' });
    const reason = 'LARCH01 and BIRCH01 hold the same account 9001, which would count for each of them';
    expect(read.customers).toMatchObject([
      { id: 'BIRCH01', state: 'failed', reason },
      { id: 'CEDAR01', counts: { [PREMIUM]: 27 } },
      { id: 'LARCH01', state: 'failed', reason },
    ]);
  });

  it('whose accounts are refused fail alone', async () => {
    const { status, customers } = await collection(await bench(synnex));
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toMatchObject([{ error: 'VendorAuthError' }]);
  });
});

describe('the answers of Synnex Australia', () => {
  it.each<[string, (rows: readonly Row[]) => object]>([
    ['a bare array', (rows) => [...rows]],
    ['items', (items) => ({ items })],
    ['data.content', (content) => ({ success: true, data: { content, totalElements: content.length } })],
    ['result.records', (records) => ({ result: { records } })],
  ])('are understood as %s', async (_, wrap) => {
    expect((await run(world({}, wrap))).counts).toEqual({ [PREMIUM]: 27 });
  });

  it('in an unexpected form are an error that names what is there, or are found by rowsPath', async () => {
    const wrap = (rows: readonly Row[]) => ({ payload: { entries: rows }, ok: true });
    expect(await failing(world({}, wrap))).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('fields seen: payload {entries}, ok'),
    });
    expect((await run(world({}, wrap), { rowsPath: 'payload.entries' })).counts).toEqual({ [PREMIUM]: 27 });
  });

  it.each(['total', 'totalCount', 'totalElements', 'totalRecords'])(
    'that declare by %s more than came fail',
    async (name) => {
      for (const wrap of [
        (data: readonly Row[]) => ({ data, [name]: 120 }),
        (content: readonly Row[]) => ({ data: { content, [name]: '120' } }),
        (data: readonly Row[]) => ({ data, page: { [name]: 120 } }),
      ]) {
        const error = await failing(world({}, wrap));
        expect(error).toMatchObject({
          name: 'VendorContractError',
          message: expect.stringMatching(
            new RegExp(`${name} announces another page, .*the answer is paged, configure pagination`, 'u'),
          ),
        });
      }
    },
  );

  it('that say in another way that there is more fail too', async () => {
    const error = await failing(world({}, (data) => ({ data, pageNumber: 1, totalPages: 2 })));
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/totalPages.*the answer is paged, configure pagination/u),
    });
    const announcing = (data: readonly Row[]) => ({ data, total: data.length, hasNext: true });
    expect((await failing(world({}, announcing))).message).toContain('hasNext announces another page');
    const whole = (data: readonly Row[]) => ({ data, totalPages: 1, hasNext: false });
    expect((await run(world({}, whole))).counts).toEqual({ [PREMIUM]: 27 });
  });

  it('in pages are read to the end, with a total and without', async () => {
    const subscriptions = Array.from({ length: 250 }, (_, id) => ({
      ...SUBSCRIPTION,
      subscriptionId: id,
      quantity: 1,
    }));
    for (const total of [true, false]) {
      const wrap = (rows: readonly Row[], { query }: SandboxRequest) => {
        const [at, size] = [Number(query.get('no')), Number(query.get('pageSize'))];
        return { data: rows.slice(at * size, (at + 1) * size), ...(total ? { total: rows.length } : {}) };
      };
      const paged = { pagination: 'page', pageParam: 'no', firstPage: 0 };
      expect((await run(world({ subscriptions }, wrap), paged)).counts).toEqual({ [PREMIUM]: 250 });
    }
  });

  it('that ignore the pages asked for are an error', async () => {
    expect(await failing(world({}), { pagination: 'page' })).toMatchObject({ name: 'VendorContractError' });
  });

  it('without a quantity under any name fail, and name the fields', async () => {
    const bare = { ...SUBSCRIPTION, quantity: undefined, count: 27 };
    const { message } = await failing(world({ subscriptions: [bare] }));
    expect(message).toMatch(/quantity or seats.*fields seen: .*count/u);
    const { counts } = await run(world({ subscriptions: [bare] }), { members: { quantity: ['count'] } });
    expect(counts).toEqual({ [PREMIUM]: 27 });
  });

  it('of which a few are odd leave those cells open: an unknown state, a missing or negative quantity', async () => {
    const subscriptions = [
      SUBSCRIPTION,
      ...['Active - pending cancellation', 'Pending renewal'].map((status, at) => ({
        ...SUBSCRIPTION,
        ...{ subscriptionId: at, productName: `Product ${at}`, status },
      })),
      ...[null, 'many', -1].map((quantity, at) => ({
        ...SUBSCRIPTION,
        ...{ subscriptionId: 10 + at, productName: `Odd ${at}`, quantity },
      })),
    ];
    const { counts, gaps } = await run(world({ subscriptions }));
    expect(counts?.[PREMIUM]).toBe(27);
    expect(gaps).toEqual({
      'Synnex AU Product 0 (Licence)': gap('its state is "Active - pending cancellation"'),
      'Synnex AU Product 1 (Licence)': gap('its state is "Pending renewal"'),
      'Synnex AU Odd 0 (Licence)': gap('no quantity'),
      'Synnex AU Odd 1 (Licence)': gap('not a whole number'),
      'Synnex AU Odd 2 (Licence)': gap('-1'),
    });
  });

  it.each([
    ['another account', { accountId: 9002 }],
    ['another company', { customerCompanyCode: 'BIRCH01' }],
  ])('that hold a subscription of %s are refused', async (_, stranger) => {
    const { message } = await failing(world({ subscriptions: [{ ...SUBSCRIPTION, ...stranger }] }));
    expect(message).toMatch(/belongs to \w+, not to (9001|LARCH01)/u);
    const same = { accountId: '9001', customerCompanyCode: 'larch01' };
    expect((await run(world({ subscriptions: [{ ...SUBSCRIPTION, ...same }] }))).counts).toEqual({ [PREMIUM]: 27 });
  });

  it.each([null, ''])('without a unit (%j) have none in the title', async (unit) => {
    const { counts } = await run(world({ subscriptions: [{ ...SUBSCRIPTION, unit }] }));
    expect(counts).toEqual({ 'Synnex AU Microsoft 365 Business Premium': 27 });
  });
});

describe('the calls to Synnex Australia', () => {
  it('carry the key in the gateway’s header, or in another one, and further headers where wanted', async () => {
    const { asked } = await run(world({}));
    expect(asked[0]?.headers).toHaveProperty('ocp-apim-subscription-key');
    const other = await run(world({}), {
      keyHeader: 'X-API-Key',
      extraHeaders: { 'x-partner': 'NW' },
      sendCustomerKey: true,
    });
    expect(other.asked[0]?.headers).toMatchObject({ 'x-api-key': expect.any(String), 'x-partner': 'NW' });
    expect(other.asked[0]?.headers).not.toHaveProperty('x-customer-key');
    expect(other.asked.at(-1)?.headers).toMatchObject({ 'x-customer-key': CODE });
  });

  it.each([
    [{}, 'partnerapi.synnex.com.au'],
    [{ environment: 'staging' }, 'api-stage.synnexb2b.com.au'],
    [{ baseUrl: 'https://elsewhere.synnex.com.au' }, 'elsewhere.synnex.com.au'],
  ])('with %j go to %s', async (configuration, host) => {
    const { asked } = await run(world({}), configuration);
    expect(new Set(asked.map((request) => request.host))).toEqual(new Set([host]));
  });

  it('that meet a used-up quota wait until it is filled again, and give up if that is hours away', async () => {
    const refusing = (time: string) => {
      let refused = 0;
      return (request: SandboxRequest): SandboxResponse =>
        refused++ === 0
          ? {
              status: 403,
              body: { statusCode: 403, message: `Out of call volume quota. Quota will be replenished in ${time}.` },
            }
          : world({})(request);
    };
    const of = await bench(synnex);
    await collection(of, { mapped: [CODE], before: refusing('00:04:10') });
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(250_000);
    expect(await failing(refusing('09:00:00'))).toMatchObject({ name: 'VendorRateLimitError' });
    const denied = await failing(() => ({ status: 403, body: { statusCode: 403, message: 'No right to this.' } }));
    expect(denied.name).toBe('VendorAuthError');
  });

  it('to a path that does not exist are an error, never an empty list', async () => {
    const error = await failing(undefined, { customersPath: '/cloud-products/v2/marketplace/customerCompany' });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('customersPath') });
  });

  it.each([
    [{ environment: 'test' }, 'environment'],
    [{ subscriptionsPath: '/x' }, '{accountId}'],
    [{ firstPage: 2 }, 'firstPage'],
    [{ keyHeader: 'a b' }, 'keyHeader'],
    [{ members: { quantitty: ['x'] } }, 'quantitty'],
  ])('with %j are refused before anything is sent', async (configuration, named) => {
    const of = await bench(synnex);
    const error = await failure(of, { credentials: { configuration } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) });
    expect(of.asked).toEqual([]);
  });

  it('are no more than the plan: customers, accounts, one per account', async () => {
    const of = await bench(synnex, demoMsp(500, 2));
    const { receipt } = await collection(of, { latency: 0.5 });
    const accounts = receipt.lists.find(({ list }) => list === 'accounts')?.rows ?? Number.NaN;
    expect(receipt.requests).toBeLessThanOrEqual((2 + accounts) * 1.02);
  });
});

it('says that it is experimental, and takes no mapping by name', () => {
  expect(synnex.setup.create).toContain('Experimental');
  expect(synnex.customerId.schema.safeParse('Larch & Sons').success).toBe(false);
});
