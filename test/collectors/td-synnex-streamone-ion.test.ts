import { describe, expect, it } from 'vitest';
import { seatOf, subscriptions } from '../../lambdas/collectors/td-synnex-streamone-ion/subscription.ts';
import ion from '../../lambdas/collectors/td-synnex-streamone-ion.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { bench, collection, failure, type RunOptions } from './run.ts';

type Row = Record<string, unknown>;

/** Answers the list at `path` with `rows` instead of the vendor's own. */
const instead =
  (path: string, member: string, rows: readonly Row[], more: Row = {}) =>
  (request: SandboxRequest): SandboxResponse | undefined =>
    request.path.endsWith(path) && !request.path.includes('oauth')
      ? { status: 200, body: { [member]: rows, ...more } }
      : undefined;

const subscription = (more: Row = {}): Row => ({
  id: '88001',
  customerId: '4410',
  customerName: 'Larch & Sons Ltd',
  subscriptionName: 'Microsoft 365 Business Premium',
  subscriptionTotalLicenses: '27',
  unitType: 'Licenses',
  subscriptionStatus: 'active',
  subscriptionBillingType: 'license',
  isTrial: false,
  ...more,
});

const PREMIUM = 'StreamOne ION Microsoft 365 Business Premium (Licenses)';

async function larch(rows: readonly Row[], options: Partial<RunOptions> = {}) {
  const total = { paginationResponse: { totalSize: rows.length } };
  const { customers, notes } = await collection(await bench(ion), {
    before: instead('/subscriptions', 'items', rows, total),
    ...options,
  });
  return { customer: customers.find(({ id }) => id === '4410'), customers, notes };
}

describe('the subscriptions of StreamOne ION', () => {
  it('are added up: two terms of one product, numbers as text and as numbers', async () => {
    const { customer } = await larch([
      subscription(),
      subscription({ id: '88002', subscriptionTotalLicenses: 3 }),
      subscription({ id: '88003', subscriptionName: null, ccpProductInfo: { skuDisplayName: 'Visio Plan 2' } }),
      subscription({ id: '88004', subscriptionName: ' ', ccpSkuId: 'SKU-1', unitType: '' }),
    ]);
    expect(customer?.counts).toEqual({
      [PREMIUM]: 30,
      'StreamOne ION Visio Plan 2 (Licenses)': 27,
      'StreamOne ION SKU-1': 27,
    });
  });

  it('count only while active, whatever the case, and never as a trial', async () => {
    const { customer } = await larch([
      subscription({ subscriptionStatus: 'Active' }),
      ...['cancelled', 'deleted', 'expired', 'disabled', 'failed', 'pending', 'suspended'].map((subscriptionStatus) =>
        subscription({ id: subscriptionStatus, subscriptionStatus }),
      ),
      subscription({ id: 'trial', isTrial: true }),
    ]);
    expect(customer?.counts).toEqual({ [PREMIUM]: 27 });
  });

  it.each([
    ['a status that may be billed', { subscriptionStatus: 'past_due' }, 'its status is "past_due", which is not known'],
    ['a status documented by name alone', { subscriptionStatus: 'ENABLED' }, 'its status is "ENABLED"'],
    ['no status', { subscriptionStatus: null }, 'items.1.subscriptionStatus'],
    ['a billing type nobody knows', { subscriptionBillingType: 'seat' }, 'its billing type is "seat"'],
    ['a billing cycle nobody knows', { subscriptionBillingCycle: 'prepaid' }, 'its billing cycle is "prepaid"'],
    ['half a licence', { subscriptionTotalLicenses: '2.5' }, 'items.1.subscriptionTotalLicenses'],
    [
      'an end before today',
      { subscriptionEndDate: '2026-11-21T00:00:00Z' },
      'it ended on 2026-11-21, but its state is',
    ],
    ['an end that is no date', { subscriptionEndDate: 'never' }, 'items.1.subscriptionEndDate'],
    ['a start that is no date', { subscriptionStartDate: '2026-13-01' }, 'items.1.subscriptionStartDate'],
    ['a trial flag that is none', { isTrial: 'no' }, 'items.1.isTrial'],
    ['no trial flag, as others have', { isTrial: undefined }, 'it does not say whether it is a trial, as others do'],
  ])('with %s leave that one cell open, and say the word', async (_, odd, reason) => {
    const { customer, customers } = await larch([
      subscription(),
      subscription({ id: '2', ...odd }),
      subscription({ id: '3', subscriptionName: 'Visio Plan 2' }),
      subscription({ id: '4', customerId: '4413' }),
    ]);
    expect(customer?.gaps).toEqual({ [PREMIUM]: { state: 'failed', reason: expect.stringContaining(reason) } });
    expect(customer?.counts).toMatchObject({ 'StreamOne ION Visio Plan 2 (Licenses)': 27 });
    expect(customers.find(({ id }) => id === '4413')?.counts).toEqual({ [PREMIUM]: 27 });
  });

  it('count under a status with blanks around it, and as licences under both spellings', async () => {
    const { customer } = await larch([
      subscription({ subscriptionStatus: ' active ' }),
      subscription({ id: '2', subscriptionBillingType: 'LICENCE' }),
    ]);
    expect(customer?.counts).toEqual({ [PREMIUM]: 54 });
  });

  it.each([
    { subscriptionEndDate: '2026-11-22T00:00:00Z' },
    { subscriptionEndDate: '0001-01-01T00:00:00Z' },
    { subscriptionEndDate: '2026-10-31T00:00:00Z', renewalDate: '2026-12-01T00:00:00Z' },
  ])('with %j have not ended on 2026-11-22', async (dates) => {
    expect((await larch([subscription(dates)])).customer?.counts).toEqual({ [PREMIUM]: 27 });
  });

  it.each([
    ['2026-11-22T00:00:00Z', 41, []],
    ['0001-01-01T00:00:00Z', 41, []],
    ['', 41, []],
    ['2026-11-23T00:00:00Z', 27, ['1 subscription left out: Microsoft 365 Business Premium begins on 2026-11-23']],
  ])('that begin on "%s" next to one of 27 make %i on 2026-11-22', async (subscriptionStartDate, seats, notes) => {
    const { customer } = await larch([
      subscription(),
      subscription({ id: '2', subscriptionTotalLicenses: 14, subscriptionStartDate }),
    ]);
    expect(customer).toMatchObject({ counts: { [PREMIUM]: seats }, notes });
  });

  it('that are suspended or bought once are left out, which is reported', async () => {
    const { customer, notes } = await larch([
      subscription({ subscriptionStatus: 'suspended' }),
      subscription({ id: '2', subscriptionName: 'Windows Server', subscriptionBillingCycle: 'One-Time' }),
      subscription({ id: '3', subscriptionName: 'Visio Plan 2' }),
    ]);
    expect(customer?.counts).toEqual({ 'StreamOne ION Visio Plan 2 (Licenses)': 27 });
    expect(notes).toEqual([
      '1 subscription left out: Microsoft 365 Business Premium is suspended',
      '1 subscription left out: Windows Server is bought once (One-Time)',
    ]);
  });

  it('are all requested and distinguished here: an ended one can have any form', async () => {
    const ended = { id: '2', subscriptionStatus: 'deleted', customerId: null, subscriptionTotalLicenses: 'n/a' };
    const page = (rows: readonly Row[]) =>
      instead('/subscriptions', 'items', rows, { paginationResponse: { totalSize: rows.length } });
    const { customer } = await larch([], {
      // A filter that matches nothing would look like a vendor without subscriptions.
      before: (request) =>
        page(request.query.has('subscriptionStatus') ? [] : [subscription(), subscription(ended)])(request),
    });
    expect(customer?.counts).toEqual({ [PREMIUM]: 27 });
  });

  it('count while suspended if the configuration says so', async () => {
    const of = await bench(ion);
    const plain = await collection(of);
    const more = await collection(of, { credentials: { configuration: { includeSuspended: true } } });
    const exchange = (all: typeof plain) => all.columns.find(({ title }) => title.includes('Exchange Online'));
    expect(exchange(plain)).toBeUndefined();
    expect(exchange(more)).toBeDefined();
  });

  it('billed by usage have no licences: they are named, not counted', async () => {
    const { customer, notes } = await larch([
      subscription(),
      subscription({
        id: '2',
        subscriptionName: 'Azure plan',
        subscriptionBillingType: 'usage',
        subscriptionTotalLicenses: undefined,
      }),
    ]);
    expect(customer?.counts).toEqual({ [PREMIUM]: 27 });
    expect(notes).toContain('1 subscription left out: Azure plan is priced by usage');
    const licensed = await larch([subscription(), subscription({ id: '2', subscriptionName: 'Azure plan' })]);
    expect(licensed.customer?.counts).toEqual({ [PREMIUM]: 27 });
    expect(licensed.notes).toContain('1 subscription left out: Azure plan is priced by usage');
  });

  it('without a number of licences leave that one cell open, and are an error if all lack it', async () => {
    const bare = { subscriptionTotalLicenses: undefined, subscriptionName: 'Visio Plan 2', id: '2' };
    const { customer } = await larch([subscription(), subscription(bare)]);
    expect(customer?.counts[PREMIUM]).toBe(27);
    expect(customer?.gaps['StreamOne ION Visio Plan 2 (Licenses)']?.state).toBe('failed');
    await expect(larch([subscription(bare)])).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('subscriptionTotalLicenses is missing from all 1 rows'),
    });
    const none = subscription({ ...bare, subscriptionTotalLicenses: '' });
    expect((await larch([subscription(), none])).customer?.gaps).toEqual(customer?.gaps);
    const below = subscription({ ...bare, subscriptionTotalLicenses: '-1' });
    expect((await larch([subscription(), below])).customer?.gaps).toHaveProperty([
      'StreamOne ION Visio Plan 2 (Licenses)',
    ]);
    await expect(larch([subscription({ subscriptionTotalLicenses: 'many' })])).rejects.toMatchObject({
      name: 'VendorContractError',
    });
  });

  it('of a customer that the customer list does not hold bring it along; of a deleted one they are left out', async () => {
    const of = await bench(ion);
    const deleted = of.vendor.customers.find(({ state }) => state === 'gone')?.id;
    const { customers } = await larch([
      subscription({ customerId: '999', customerName: 'New Co' }),
      subscription({ id: '2', customerId: deleted }),
    ]);
    expect(customers.find(({ id }) => id === '999')).toMatchObject({ name: 'New Co', counts: { [PREMIUM]: 27 } });
    expect(customers.some(({ id }) => id === deleted)).toBe(false);
  });
});

describe('the term of a subscription of StreamOne ION', () => {
  const termsOf = (more: Row) => {
    const seat = seatOf(subscriptions.row.parse(subscription(more)), { includeSuspended: false }, '2026-11-22');
    return seat !== undefined && 'seats' in seat ? seat.terms : undefined;
  };
  const full = {
    subscriptionId: 'b2e7c0aa-0001-4a6b-9f10-aabbccddeeff',
    subscriptionBillingCycle: 'monthly',
    subscriptionBillingTerm: 'P1Y',
    renewalDate: '2026-04-01T00:00:00Z',
    cancellationAllowedUntilDate: '2025-04-08T00:00:00Z',
    autoRenew: true,
    ...{ price: '19.50', cost: 15.6, total: '526.5', currency: 'usd' },
  };

  it('ends the day before it renews, and joins what Microsoft sold by the same id', () => {
    expect(termsOf(full)).toEqual({
      ...{ id: '88001', seller: 'distributor', quantity: 27, unitCost: '15.6', currency: 'USD' },
      ...{ billingTerm: 'monthly', commitment: 'P1Y', termEnd: '2026-03-31', windowEnd: '2025-04-08', autoRenew: true },
      joins: ['b2e7c0aa-0001-4a6b-9f10-aabbccddeeff'],
    });
  });

  it('has no cost of a seat if the total does not say that prices are those of one', () => {
    for (const more of [{ total: '19.50' }, { total: undefined }, { price: 'n/a' }]) {
      expect(termsOf({ ...full, ...more })).not.toHaveProperty('unitCost');
    }
  });

  it('can be missing or odd: the seats still count', () => {
    const odd = { renewalDate: '0001-01-01T00:00:00Z', cancellationAllowedUntilDate: 'soon', autoRenew: 'Y', cost: {} };
    expect(termsOf(odd)).toEqual({ id: '88001', seller: 'distributor', quantity: 27, joins: [] });
  });
});

describe('the lists of StreamOne ION', () => {
  it('of customers may not be there: who has a subscription is listed all the same', async () => {
    const rows = [subscription({ subscriptionBillingType: '' }), subscription({ id: '2', ccpSkuId: 7 })];
    const total = { paginationResponse: { totalSize: 2 } };
    const { customers, notes } = await collection(await bench(ion), {
      before: (request) =>
        request.path.endsWith('/customers')
          ? { status: 404, body: { code: 5, message: 'not found' } }
          : instead('/subscriptions', 'items', rows, total)(request),
    });
    expect(customers).toMatchObject([{ id: '4410', name: 'Larch & Sons Ltd', counts: { [PREMIUM]: 54 } }]);
    expect(notes).toEqual([expect.stringContaining('only those with a subscription are listed')]);
    const error = await failure(await bench(ion), {
      before: ({ path }) => (path.includes('/accounts/') ? { status: 404, body: { code: 5 } } : undefined),
    });
    expect(error.name).toBe('VendorContractError');
  });

  it('of customers that break off with a 404 are not at their end', async () => {
    const error = await failure(await bench(ion), {
      before: ({ path, query }) => {
        if (!path.endsWith('/customers')) return undefined;
        if (query.has('pageToken')) return { status: 404, body: { code: 5, message: 'not found' } };
        query.set('pageSize', '5');
        return undefined;
      },
    });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('HTTP 404') });
  });

  it('name the company: customerOrganization, not the contact person', async () => {
    const { customers } = await collection(await bench(ion));
    expect(customers.some(({ name }) => ['Dana Whitfield', 'Luis Ortega'].includes(name))).toBe(false);
  });

  it.each([undefined, null, ''])(
    'name a company with %j as its organization as its subscriptions do, else by its id',
    async (customerOrganization) => {
      const rows = ['4410', '4413'].map((id) => ({
        ...{ name: `accounts/10123/customers/${id}`, customerOrganization, customerName: 'Dana Whitfield' },
        customerStatus: 'ACTIVE',
      }));
      const total = { paginationResponse: { totalSize: 1 } };
      const { customers } = await collection(await bench(ion), {
        before: (request) =>
          instead('/customers', 'customers', rows)(request) ??
          instead('/subscriptions', 'items', [subscription()], total)(request),
      });
      expect(customers).toMatchObject([
        { id: '4410', name: 'Larch & Sons Ltd', counts: { [PREMIUM]: 27 } },
        { id: '4413', name: '4413', counts: {} },
      ]);
    },
  );

  it('are paged by token and by offset, and the offset is what was received when the server caps its pages', async () => {
    const of = await bench(ion, demoMsp(300));
    const cap = ({ path, query }: SandboxRequest): undefined => {
      if (path.endsWith('/subscriptions')) query.set('pagination.limit', '70');
      if (path.endsWith('/customers')) query.set('pageSize', '90');
    };
    const capped = await collection(of, { before: cap });
    expect(capped.customers).toEqual((await collection(await bench(ion, demoMsp(300)))).customers);
    const [customers, subscriptions] = capped.receipt.lists;
    expect(customers).toMatchObject({ list: '/customers', end: 'no further cursor' });
    expect(subscriptions?.pages).toBeGreaterThan(3);
    expect(subscriptions?.declaredTotal).toBe(subscriptions?.distinct);
  });

  it('are an error when the server ignores the offset', async () => {
    const error = await failure(await bench(ion, demoMsp(300)), {
      before: ({ query }) => {
        query.delete('pagination.offset');
        return undefined;
      },
    });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('repeats rows') });
  });

  it('end at an empty page if no total is declared', async () => {
    const of = await bench(ion);
    const { receipt } = await collection(of, {
      before: (request) => {
        if (!request.path.endsWith('/subscriptions')) return undefined;
        const items = request.query.get('pagination.offset') === '0' ? [subscription()] : [];
        return { status: 200, body: { items } };
      },
    });
    expect(receipt.lists.at(-1)).toMatchObject({ rows: 1, end: 'an empty page' });
  });

  it('take no more calls than the plan: a token and the pages of 200', async () => {
    const of = await bench(ion, demoMsp(500, 2));
    const { receipt } = await collection(of);
    const rowsOf = (list: number) => receipt.lists[list]?.rows ?? Number.NaN;
    const plan = 1 + Math.ceil(rowsOf(0) / 200) + Math.ceil(rowsOf(1) / 200);
    expect(receipt.requests).toBeLessThanOrEqual(plan * 1.02);
  });
});

describe('the credentials of StreamOne ION', () => {
  it('are not exchanged while the stored access token is good, and are when it is refused', async () => {
    const of = await bench(ion);
    const store: Row = {};
    const kept = async (members: Row) => void Object.assign(store, members);
    await collection(of, { kept });
    const exchanges = () => of.asked.filter(({ path }) => path === '/oauth/token').length;
    expect(exchanges()).toBe(1);
    const secret = { ...of.vendor.secret, ...store };
    await collection(of, { kept, credentials: { secret } });
    expect(exchanges()).toBe(1);
    const stale = { ...secret, accessToken: 'revoked-at-the-vendor' };
    await collection(of, { kept, credentials: { secret: stale } });
    expect(exchanges()).toBe(2);
  });

  it('keep the refresh token if the vendor returns none, and store nothing they were not given', async () => {
    const stored: Row[] = [];
    const of = await bench(ion);
    await failure(of, {
      kept: async (members) => void stored.push(members),
      before: ({ path }) =>
        path === '/oauth/token' ? { status: 200, body: { access_token: 'opaque-token-of-some-length' } } : undefined,
    });
    expect(stored).toContainEqual({
      refreshToken: of.vendor.secret.refreshToken,
      accessToken: null,
      accessTokenExpiresAt: null,
    });
  });

  it('are stored even when the answer lacks the access token', async () => {
    const stored: Row[] = [];
    const error = await failure(await bench(ion), {
      kept: async (members) => void stored.push(members),
      before: ({ path }) =>
        path === '/oauth/token'
          ? { status: 200, body: { refresh_token: 'the-next-one', expires_in: 7200 } }
          : undefined,
    });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('no access_token') });
    expect(stored).toContainEqual({ refreshToken: 'the-next-one', accessToken: null, accessTokenExpiresAt: null });
  });

  it('that are used up need a person: the error says where', async () => {
    const of = await bench(ion);
    const secret = { ...of.vendor.secret, refreshToken: 'used-up' };
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringMatching(/HTTP 400.*Request new credentials in the ION portal/u),
    });
    expect(of.asked).toHaveLength(1);
  });

  it('with an account id that is not a number, or a mapping by name, are refused before anything is sent', async () => {
    const of = await bench(ion);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, accountId: 'northwind' } } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('accountId') });
    expect(of.asked).toEqual([]);
    expect(ion.customerId.schema.safeParse('Larch & Sons').success).toBe(false);
  });

  it('wait 8 seconds after a 429 that names no time', async () => {
    const of = await bench(ion);
    let limited = 0;
    await collection(of, {
      before: ({ path }) => (path.endsWith('/customers') && limited++ === 0 ? { status: 429, body: '' } : undefined),
    });
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(8_000);
  });
});
