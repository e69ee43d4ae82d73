import { describe, expect, it } from 'vitest';
import { type Subscription, seatOf } from '../../lambdas/collectors/pax8/subscription.ts';
import pax8 from '../../lambdas/collectors/pax8.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { asTruth, type Bench, bench, collection, failure, type RunOptions, tooFastOnce } from './run.ts';
import { spoil } from './spoil.ts';

type Row = Record<string, unknown>;
type List = { content: Row[]; page: { size: number; totalElements: number; totalPages: number; number: number } };

const SUBSCRIPTIONS = /\/v1\/subscriptions$/u;
const PREMIUM = 'PAX8 Microsoft 365 Business Premium';
const PRODUCT = '90aa0000-0000-4000-8000-00000000b001';

const truth = ({ vendor }: Bench) =>
  vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/**
 * The bench with these subscriptions, all of the first company, instead of those the vendor sold; filtered by status.
 */
async function withRows(rows: Row[]): Promise<{ of: Bench; company: string }> {
  const of = await bench(pax8);
  const company = of.vendor.customers[0]?.id ?? '';
  const all = rows.map((row, index) => ({
    id: `5d1a77aa-0000-4000-8000-00000000a00${index}`,
    companyId: company,
    productId: PRODUCT,
    productName: 'Microsoft 365 Business Premium',
    quantity: 1,
    status: 'Active',
    billingTerm: 'Annual',
    ...row,
  }));
  const served = spoil<List>(of, SUBSCRIPTIONS, (_, { query }) => {
    const content = all.filter(({ status }) => (status ?? 'Active') === query.get('status'));
    return { content, page: { size: 200, totalElements: content.length, totalPages: 1, number: 0 } };
  });
  return { of: { ...served, vendor: { ...served.vendor, configuration: {} } }, company };
}

async function first(rows: Row[], options: RunOptions = {}) {
  const { of, company } = await withRows(rows);
  const result = await collection(of, options);
  const customer = result.customers.find(({ id }) => id === company);
  return { counts: customer?.counts, notes: [...(customer?.notes ?? []), ...result.notes], asked: of.asked };
}

const usage = (...usageProducts: string[]): RunOptions => ({ credentials: { configuration: { usageProducts } } });

describe('the lists of Pax8', () => {
  it('are asked for from page 0, 200 a page, in a fixed order and never by company', async () => {
    const of = await bench(pax8);
    await collection(of);
    const lists = of.asked.filter(({ path }) => /companies|subscriptions/u.test(path));
    expect(lists[0]?.query.get('page')).toBe('0');
    for (const { query, path } of lists) {
      expect(query.get('size')).toBe('200');
      expect(query.get('sort')).toBe(path.endsWith('companies') ? 'name,asc' : 'createdDate,asc');
      expect(query.has('companyId')).toBe(false);
    }
  });

  it('are read to their last page, whose number is in the nested totals', async () => {
    const of = await bench(pax8, demoMsp(500));
    const { customers, receipt } = await collection(of);
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(receipt.lists.map(({ pages }) => pages > 2)).toEqual([true, true, false]);
    for (const list of receipt.lists) expect(list).toMatchObject({ declaredTotal: list.distinct });
  });

  it('are not believed when their first page is missing, as when a list from 0 is read from 1', async () => {
    const of = spoil<List>(await bench(pax8, demoMsp(500)), SUBSCRIPTIONS, (list) =>
      list.page.number === 0 ? { ...list, content: list.content.slice(1) } : list,
    );
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/declares \d+ rows but listed \d+/u),
    });
  });

  it('are not believed if the totals are elsewhere', async () => {
    const of = spoil<List>(await bench(pax8), SUBSCRIPTIONS, ({ content, page }) => ({ content, ...page }));
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('page'),
    });
  });

  it('are read again when a record slipped to another page meanwhile, and are right then', async () => {
    const of = await bench(pax8, demoMsp(500));
    let slips = 1;
    const slipping = spoil<List>(of, SUBSCRIPTIONS, (list) => {
      const [row] = list.content;
      if (list.page.number !== 1 || slips === 0 || row === undefined) return list;
      slips -= 1;
      return { ...list, content: list.content.slice(1) };
    });
    expect((await collection(slipping)).customers.map(asTruth)).toEqual(truth(of));
  });

  it('time out as errors, and a timed-out company list is not an empty one', async () => {
    const of = await bench(pax8);
    const error = await failure(of, {
      before: ({ path }) => (path.endsWith('/companies') ? { status: 0, fault: 'silence' } : undefined),
    });
    expect(error.name).toBe('VendorUnavailableError');
  });

  it('cost no more requests than the plan: a token, and a page for each 200 rows', async () => {
    const of = await bench(pax8, demoMsp(500, 3));
    const { receipt } = await collection(of);
    const rows = receipt.lists.map(({ declaredTotal = 0 }) => declaredTotal);
    const names = of.asked.filter(({ path }) => path.startsWith('/v1/products/')).length;
    expect(rows[1]).toBeGreaterThan(1_500);
    expect(of.asked).toHaveLength(1 + rows.reduce((sum, count) => sum + Math.ceil(count / 200), 0) + names);
    // One product comes without its name in the list.
    expect(names).toBe(1);
  });
});

describe('a company of Pax8', () => {
  it('without primary contacts is billed all the same, and one that is deleted is not listed', async () => {
    const of = await bench(pax8);
    const { customers } = await collection(of);
    const listed = new Set(customers.map(({ id }) => id));
    const gone = of.vendor.customers.filter(({ state }) => state === 'gone').map(({ id }) => id);
    expect(gone.length).toBeGreaterThan(0);
    for (const id of gone) expect(listed.has(id)).toBe(false);
    expect(customers.map(asTruth)).toEqual(truth(of));
  });

  it('is the same in any case of its id', async () => {
    const of = await bench(pax8);
    const loud = spoil<List>(of, SUBSCRIPTIONS, (list) => ({
      ...list,
      content: list.content.map((row) => ({ ...row, companyId: String(row.companyId).toUpperCase() })),
    }));
    expect((await collection(loud)).customers.map(asTruth)).toEqual(truth(of));
    expect(pax8.customerId.schema.parse('3B6C1F0E-0000-4000-8000-00000000C001')).toMatch(/^3b6c/u);
  });
});

describe('a subscription of Pax8', () => {
  it('of a product already counted is added, not written over', async () => {
    expect((await first([{ quantity: 14 }, { quantity: 2, billingTerm: 'Monthly' }])).counts).toEqual({
      [PREMIUM]: 16,
    });
  });

  it('of the same product name under another product adds up too', async () => {
    const productId = '90aa0000-0000-4000-8000-00000000b002';
    expect((await first([{ quantity: 1.1 }, { quantity: 2.2, productId }])).counts).toEqual({ [PREMIUM]: 3.3 });
  });

  it.each([
    ['2026-11-21', {}],
    ['2026-11-22', { [PREMIUM]: 1 }],
    ['2027-03-31', { [PREMIUM]: 1 }],
    ['2026-11-21T07:00:00Z', {}],
    ['2026-11-22T07:00:00Z', { [PREMIUM]: 1 }],
    ['2026-11-21T23:30:00.000-0600', { [PREMIUM]: 1 }],
    ['2026-11-22T00:30:00+0600', {}],
    ['2026-11-21T23:30:00', {}],
    [null, { [PREMIUM]: 1 }],
  ])('that is active and ends on %s counts as %j on 2026-11-22', async (endDate, counts) => {
    expect((await first([{ endDate }])).counts).toEqual(counts);
  });

  it('ends and begins by the calendar day in the report’s time zone', async () => {
    const old = { endDate: '2026-11-21', quantity: 14 };
    const renewed = { startDate: '2026-11-22', quantity: 9 };
    const at = async (timeZone: string) =>
      (await first([old, renewed], { asOf: '2026-11-21T19:30:00Z', timeZone })).counts;
    expect(await at('UTC')).toEqual({ [PREMIUM]: 14 });
    expect(await at('Australia/Sydney')).toEqual({ [PREMIUM]: 9 });
  });

  it.each([
    ...[{ endDate: '31/12/2027' }, { endDate: 'soon' }, { endDate: '2027-13-01' }, { endDate: 5 }],
    ...[{ startDate: '12/31/2025' }, { startDate: 'soon' }, { status: null }, { billingTerm: null }],
  ])('with %j leaves its own cell open, and no other: nothing is guessed', async (odd) => {
    const { of, company } = await withRows([{ quantity: 14, productName: 'Backup' }, odd]);
    const customer = (await collection(of)).customers.find(({ id }) => id === company);
    expect(customer).toMatchObject({ state: 'counted', counts: { 'PAX8 Backup': 14 } });
    const reason = expect.stringContaining(`content.1.${Object.keys(odd).join()}: `);
    expect(customer?.gaps).toEqual({ [PREMIUM]: { state: 'failed', reason } });
  });

  it.each([
    ['2026-11-22', 28, []],
    ['2026-11-23T07:00:00Z', 14, ['1 subscription left out: Microsoft 365 Business Premium begins on 2026-11-23']],
    ['0001-01-01T00:00:00Z', 28, []],
  ])('that begins on %s next to one of 14 makes %i on 2026-11-22', async (startDate, seats, notes) => {
    expect(await first([{ quantity: 14 }, { quantity: 14, startDate }])).toMatchObject({
      counts: { [PREMIUM]: seats },
      notes,
    });
  });

  it.each([
    [null, 'content.1.quantity: expected number, found null'],
    ['14', 'content.1.quantity: expected number, found string'],
    [-3, 'the vendor reports -3'],
  ])('with quantity %j leaves its own cell open, and no other', async (quantity, reason) => {
    const { of, company } = await withRows([{ quantity: 14, productName: 'Backup' }, { quantity }]);
    const customer = (await collection(of)).customers.find(({ id }) => id === company);
    expect(customer?.counts).toEqual({ 'PAX8 Backup': 14 });
    expect(customer?.gaps).toMatchObject({ [PREMIUM]: { state: 'failed', reason: expect.stringContaining(reason) } });
  });

  it('that is cancelled counts, with a remark, as long as its end is to come', async () => {
    const status = 'PendingCancel';
    const { counts, notes } = await first([
      { status, quantity: 4, endDate: '2026-12-31T07:00:00Z' },
      { status, quantity: 5, endDate: '2026-10-31' },
      { status, quantity: 6 },
    ]);
    expect(counts).toEqual({ [PREMIUM]: 4 });
    expect(notes).toEqual([
      '1 subscription left out: Microsoft 365 Business Premium is cancelled without an end date',
      '4 of Microsoft 365 Business Premium end on 2026-12-31',
    ]);
  });

  it('that is cancelled between the two passes counts once', async () => {
    const same = { id: '5d1a77aa-0000-4000-8000-00000000a009', quantity: 7, endDate: '2026-12-31' };
    expect((await first([same, { ...same, status: 'PendingCancel' }])).counts).toEqual({ [PREMIUM]: 7 });
  });

  it.each([
    [{ billingTerm: 'Trial' }, []],
    [{ billingTerm: 'trial ' }, []],
    [{ quantity: 0 }, []],
    [{ quantity: -3 }, []],
    [
      { billingTerm: 'One-Time' },
      ['1 subscription left out: Microsoft 365 Business Premium is bought once (One-Time)'],
    ],
    [
      { billingTerm: 'Activation' },
      ['1 subscription left out: Microsoft 365 Business Premium is bought once (Activation)'],
    ],
  ])('with %j is no seat of the month', async (row, notes) => {
    expect(await first([row, { quantity: 3 }])).toMatchObject({ counts: { [PREMIUM]: 3 }, notes });
  });

  it('of another status than was asked for is not counted, should the filter be ignored', async () => {
    const of = await bench(pax8);
    const { handle } = of.vendor;
    of.vendor.handle = (request) => {
      const query = new URLSearchParams(request.query);
      query.delete('status');
      return handle({ ...request, query });
    };
    expect((await collection(of)).customers.map(asTruth)).toEqual(truth(of));
  });

  it.each(['quantity', 'status', 'companyId', 'productId', 'billingTerm'])(
    'without %s fails and names the path',
    async (member) => {
      const { of } = await withRows([{ [member]: undefined }]);
      const rough = member === 'status' ? spoil<List>(of, SUBSCRIPTIONS, (list) => bare(list)) : of;
      expect(await failure(rough)).toMatchObject({
        name: 'VendorContractError',
        message: expect.stringContaining(`content.0.${member}`),
      });
    },
  );

  it('in a state that is in no document leaves its cell open; a known state may be written in any case', async () => {
    const of = await bench(pax8);
    const company = of.vendor.customers[0]?.id;
    const renamed = (status: string) =>
      spoil<List>(of, SUBSCRIPTIONS, (list) => ({
        ...list,
        content: list.content.map((row) => (row.status === 'Active' ? { ...row, status } : row)),
      }));
    expect((await collection(renamed('ACTIVE'))).customers.map(asTruth)).toEqual(truth(of));
    const customer = (await collection(renamed('Live'))).customers.find(({ id }) => id === company);
    expect(customer?.counts[PREMIUM]).toBeUndefined();
    expect(customer?.gaps[PREMIUM]).toMatchObject({ state: 'failed', reason: expect.stringContaining('"Live"') });
  });

  it('of a company that is not listed is left out with a remark, and the others are counted', async () => {
    const companyId = '77aa0000-0000-4000-8000-00000000ffff';
    const rows = [{ quantity: 3 }, { quantity: 9, companyId }];
    expect(await first(rows)).toMatchObject({
      counts: { [PREMIUM]: 3 },
      notes: [`company ${companyId} has subscriptions but is not listed, so they are left out`],
    });
  });

  const bare = (list: List) => ({
    page: { ...list.page, totalElements: 1, totalPages: 1 },
    content: [{ id: PRODUCT, companyId: PRODUCT, productId: PRODUCT, quantity: 1, billingTerm: 'Annual' }],
  });
});

describe('the name of a product of Pax8', () => {
  const unnamed = { productName: null };
  const catalogue = (answer: object, status = 200): RunOptions => ({
    before: ({ path }) => (path.startsWith('/v1/products/') ? { status, body: answer } : undefined),
  });

  it('is asked for once if the list does not say it', async () => {
    const rows = [
      { ...unnamed, quantity: 2 },
      { productName: undefined, quantity: 3 },
      { productName: '', quantity: 4 },
      { productName: ' ', quantity: 5 },
    ];
    const { counts, asked } = await first(rows, catalogue({ id: PRODUCT, name: 'Advanced Backup', sku: 'ACR-1' }));
    expect(counts).toEqual({ 'PAX8 Advanced Backup': 14 });
    expect(asked.filter(({ path }) => path === `/v1/products/${PRODUCT}`)).toHaveLength(1);
  });

  it('is its SKU if it has none', async () => {
    for (const name of [null, ' ']) {
      const { counts } = await first([unnamed], catalogue({ id: PRODUCT, name, sku: 'ACR-1' }));
      expect(counts).toEqual({ 'PAX8 ACR-1': 1 });
    }
  });

  it('is its id if the catalogue has forgotten it: the seats are still billed', async () => {
    const { counts } = await first([unnamed], catalogue({ message: 'Product not found' }, 404));
    expect(counts).toEqual({ [`PAX8 ${PRODUCT}`]: 1 });
  });

  it('does not repeat the prefix', async () => {
    const { counts } = await first([{ productName: 'Pax8 Security Awareness Bundle' }]);
    expect(counts).toEqual({ 'PAX8 Security Awareness Bundle': 1 });
  });

  it('may be the name of anything', async () => {
    const { counts } = await first([{ productName: 'constructor' }, { productName: '__proto__' }]);
    expect(Object.entries(counts ?? {}).sort()).toEqual([
      ['PAX8 __proto__', 1],
      ['PAX8 constructor', 1],
    ]);
  });
});

describe('usageProducts of Pax8', () => {
  it.each([
    ['Microsoft 365 Business Premium'],
    [' microsoft 365 business premium'],
    [PRODUCT],
    [PRODUCT.toUpperCase()],
  ])('names "%s" to leave it out, with a remark', async (named) => {
    const { counts, notes } = await first([{ quantity: 1 }], usage(named));
    expect(counts).toEqual({});
    expect(notes).toEqual(['1 subscription left out: Microsoft 365 Business Premium is priced by usage']);
  });

  it.each(['Azure Plan', 'Microsoft Azure Plan', 'Microsoft Azure Plan for DevTest', 'Microsoft Azure'])(
    'need not name "%s": nobody sells it by the seat',
    async (productName) => {
      const { counts, notes } = await first([{ productName }]);
      expect(counts).toEqual({});
      expect(notes).toEqual([`1 subscription left out: ${productName} is priced by usage`]);
    },
  );

  it('must name what is sold for Azure by the seat or the piece', async () => {
    const productName = 'Azure Information Protection Premium P1';
    expect((await first([{ productName }])).counts).toEqual({ [`PAX8 ${productName}`]: 1 });
  });

  it('says when a name fits nothing, because then something is counted that should not be', async () => {
    const { counts, notes } = await first([{ quantity: 1 }], usage('Azure Plan (old)'));
    expect(counts).toEqual({ [PREMIUM]: 1 });
    expect(notes).toEqual(['usageProducts: no live subscription has the product "Azure Plan (old)"']);
  });
});

describe('the credentials of Pax8', () => {
  it('buy one token for the whole run, at the other published address too', async () => {
    const of = await bench(pax8);
    const tokenUrl = 'https://token-manager.pax8.com/oauth/token';
    const configuration = { ...of.vendor.configuration, tokenUrl };
    const { customers } = await collection(of, { credentials: { configuration } });
    expect(customers.map(asTruth)).toEqual(truth(of));
    const tokens = of.asked.filter(({ path }) => path.includes('token'));
    expect(tokens.map(({ host, path, method }) => `${method} ${host}${path}`)).toEqual([
      'POST token-manager.pax8.com/oauth/token',
    ]);
  });

  it.each([
    { tokenUrl: 'https://token-manager.pax8.example/oauth/token' },
    { tokenUrl: 'http://api.pax8.com/v1/token' },
    { baseUrl: 'https://pax8.com.evil.example/v1' },
    { baseUrl: 'https://user@api.pax8.com/v1' },
    { baseUrl: 'api.pax8.com' },
  ])('go nowhere else: %j is refused before anything is sent', async (place) => {
    const of = await bench(pax8);
    const error = await failure(of, { credentials: { configuration: place } });
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(`${Object.keys(place)[0]}: expected https://….pax8.com`),
    });
    expect(of.asked).toEqual([]);
  });

  it('that are refused are not retried', async () => {
    const of = await bench(pax8);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, clientSecret: 'wrong-secret' } } });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('access_denied') });
    expect(of.asked).toHaveLength(1);
  });

  it('that are limited wait 8 seconds at least if it is not said how long', async () => {
    const of = await bench(pax8);
    await collection(of, { before: tooFastOnce(/\/companies$/u) });
    expect(of.clock.elapsed()).toBe(8000);
  });
});

describe('what a subscription of Pax8 is worth', () => {
  const row: Subscription = {
    id: 's-1',
    companyId: 'c-1',
    productId: 'p-1',
    productName: 'Backup',
    quantity: 7,
    status: 'Active',
    billingTerm: 'Annual',
    commitmentTerm: { term: '1-Year', endDate: '2026-12-31' },
    partnerCost: 19.8,
    currencyCode: 'usd',
    vendorSubscriptionId: 'v-1',
  };
  const worth = (change: Partial<Subscription>, isUsage = false) =>
    seatOf({ ...row, ...change }, 'Backup', isUsage, '2026-11-22');

  it('is its seats, with its id and the facts of its term', () => {
    expect(worth({})).toEqual({
      ...{ product: 'Backup', seats: 7, unit: { id: 's-1', name: 'Backup' } },
      terms: {
        ...{ id: 's-1', seller: 'distributor', quantity: 7, unitCost: '19.8', currency: 'USD', billingTerm: 'Annual' },
        ...{ commitment: '1-Year', termEnd: '2026-12-31', joins: ['v-1'] },
      },
    });
  });

  it('has no term fact that the row does not have', () => {
    const bare = { commitmentTerm: undefined, partnerCost: undefined, currencyCode: null, vendorSubscriptionId: null };
    expect(worth(bare)).toMatchObject({
      terms: { id: 's-1', seller: 'distributor', quantity: 7, billingTerm: 'Annual', joins: [] },
    });
    expect(Object.keys(Object(worth(bare)).terms)).not.toContain('unitCost');
  });

  it.each<[Partial<Subscription>, boolean, object]>([
    [{}, true, { leftOut: 'Backup is priced by usage' }],
    [{ billingTerm: 'one-time' }, false, { leftOut: 'Backup is bought once (one-time)' }],
    [{ status: 'Odd' }, false, { product: 'Backup', unknown: 'its status is "Odd", which is not known' }],
    [{ billingTerm: '1-YEAR' }, false, { seats: 7 }],
    [{ billingTerm: 'Evaluation' }, false, { unknown: 'its billing term is "Evaluation", which is not known' }],
    [{ startDate: '2026-11-23' }, false, { leftOut: 'Backup begins on 2026-11-23', of: 'customer' }],
    [{ status: 'PENDINGCANCEL' }, false, { leftOut: 'Backup is cancelled without an end date', of: 'customer' }],
    [{ status: 'PendingCancel', endDate: '2026-12-01' }, false, { seats: 7, note: '7 of Backup end on 2026-12-01' }],
  ])('of %j (by usage: %s) is %j', (change, isUsage, seat) => {
    expect(worth(change, isUsage)).toMatchObject(seat);
  });
});
