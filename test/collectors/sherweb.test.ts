import { describe, expect, it } from 'vitest';
import { seatOf, subscriptions } from '../../lambdas/collectors/sherweb/subscription.ts';
import sherweb from '../../lambdas/collectors/sherweb.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { asTruth, bench, collection, failure } from './run.ts';

type Row = Record<string, unknown>;

const ID = '0d6f1a52-4a0b-4d1e-9a77-1f2b3c4d5e6f';
/** The vendor can write an id in capitals, and then requires it in requests like that. */
const AS_WRITTEN = ID.toUpperCase();
const OTHER = '0d6f1a52-4a0b-4d1e-9a77-1f2b3c4d5e70';
const SUBSCRIPTIONS = '/service-provider/v1/billing/subscriptions';

const row = (more: Row = {}): Row => ({
  id: '7b0c9c1e-1',
  productName: 'Microsoft 365 Business Premium',
  sku: 'MS-BP',
  quantity: 27,
  billingCycle: 'Monthly',
  commitmentTerm: null,
  ...more,
});

/** Two customers, the first with `rows`. */
const world =
  (rows: readonly Row[], customers?: object) =>
  ({ path, query }: SandboxRequest): SandboxResponse | undefined => {
    if (path === '/service-provider/v1/customers') {
      const items = [
        { id: AS_WRITTEN, displayName: 'Larch & Sons Ltd', path: ['Acme'], suspendedOn: null },
        { id: OTHER, displayName: 'Birch Dental', path: 'Acme' },
      ];
      return { status: 200, body: customers ?? { items } };
    }
    if (path !== `${SUBSCRIPTIONS}/details`) return undefined;
    return { status: 200, body: { items: query.get('customerId') === AS_WRITTEN ? rows : [] } };
  };

async function larch(rows: readonly Row[], configuration: Row = {}) {
  const { customers, notes } = await collection(await bench(sherweb), {
    before: world(rows),
    credentials: { configuration },
    mapped: [ID],
  });
  const customer = customers.find(({ id }) => id === ID);
  return { counts: customer?.counts, notes: [...notes, ...(customer?.notes ?? [])], customers };
}

describe('the subscriptions of Sherweb', () => {
  it('are added up, and the next term’s quantity is not this one’s', async () => {
    const commitmentTerm = { type: 'Yearly', renewalConfiguration: { scheduledQuantity: 99 } };
    const { counts } = await larch([
      row({ commitmentTerm }),
      row({ id: '2', quantity: 3 }),
      row({ id: '2', quantity: 3 }),
    ]);
    expect(counts).toEqual({ 'Sherweb Microsoft 365 Business Premium': 30 });
  });

  it('that differ under one id make that customer fail, for one of them would be lost', async () => {
    const { customers } = await larch([row(), row({ productName: 'Visio', quantity: 4 })]);
    expect(customers.find(({ id }) => id === ID)).toMatchObject({ state: 'failed', error: 'VendorContractError' });
    expect(customers.find(({ id }) => id === OTHER)).toMatchObject({ state: 'counted' });
    const later = { commitmentTerm: { termEndDate: '2027-03-01' } };
    expect((await larch([row(), row(later)])).customers.find(({ id }) => id === ID)?.state).toBe('failed');
  });

  it('priced by usage have no seats: an Azure plan is named, not counted', async () => {
    const { counts, notes } = await larch([row(), row({ id: '2', productName: 'Microsoft Azure Plan', quantity: 1 })]);
    expect(counts).toEqual({ 'Sherweb Microsoft 365 Business Premium': 27 });
    expect(notes).toContain('1 subscription left out: Microsoft Azure Plan is priced by usage');
  });

  it('of a customer without any are a true 0, not a blank', async () => {
    const { customers } = await larch([row()]);
    expect(customers.find(({ id }) => id === OTHER)).toMatchObject({ state: 'counted', counts: {} });
  });

  it('with nothing left, or bought once, are not counted; the latter can be', async () => {
    const rows = [
      row(),
      row({ id: '2', productName: 'Visio', quantity: 0 }),
      row({ id: '3', productName: 'Credit', quantity: -2 }),
      row({ id: '4', productName: 'Onboarding', quantity: 1, billingCycle: 'OneTime' }),
      row({ id: 5, productName: 'Migration', quantity: 1, billingCycle: 'One-Time' }),
    ];
    const { counts, notes } = await larch(rows);
    expect(Object.keys(counts ?? {})).toEqual(['Sherweb Microsoft 365 Business Premium']);
    expect(notes).toContain('1 subscription left out: Onboarding is bought once (OneTime)');
    expect((await larch(rows, { includeOneTime: true })).counts).toHaveProperty('Sherweb Onboarding', 1);
  });

  it('without a name are shown by their SKU; without both, that customer fails', async () => {
    expect((await larch([row({ productName: null, sku: 'SW-DNS' })])).counts).toEqual({ 'Sherweb SW-DNS': 27 });
    expect((await larch([row({ productName: ' ', sku: 'SW-DNS' })])).counts).toEqual({ 'Sherweb SW-DNS': 27 });
    expect((await larch([row(), row({ id: '2', productName: '', sku: null, quantity: 0 })])).counts).toEqual({
      'Sherweb Microsoft 365 Business Premium': 27,
    });
    const { customers } = await larch([row({ productName: '', sku: null })]);
    expect(customers.find(({ id }) => id === ID)).toMatchObject({ state: 'failed', error: 'VendorContractError' });
    expect(customers.find(({ id }) => id === OTHER)).toMatchObject({ state: 'counted' });
  });

  it.each([undefined, null, '27', -1, 2.5])(
    'with %j as their quantity leave that cell open, and no other',
    async (quantity) => {
      const { customers } = await larch([row({ quantity }), row({ id: '2', productName: 'Visio' })]);
      const customer = customers.find(({ id }) => id === ID);
      expect(customer?.counts).toEqual({ 'Sherweb Visio': 27 });
      expect(Object.keys(customer?.gaps ?? {})).toEqual(['Sherweb Microsoft 365 Business Premium']);
    },
  );

  it('with a billing cycle that nobody knows leave that cell open, and say the word', async () => {
    const { customers } = await larch([
      row({ billingCycle: 'Prepaid' }),
      row({ id: '2', billingCycle: 'YEARLY', productName: 'Visio' }),
    ]);
    const customer = customers.find(({ id }) => id === ID);
    expect(customer?.counts).toEqual({ 'Sherweb Visio': 27 });
    expect(customer?.gaps['Sherweb Microsoft 365 Business Premium']?.reason).toContain(
      'its billing cycle is "Prepaid"',
    );
  });

  it('of an Azure plan have no quantity: the other products of the customer count', async () => {
    const plan = row({ id: '2', productName: 'Azure Plan', quantity: null });
    expect((await larch([row(), plan])).counts).toEqual({ 'Sherweb Microsoft 365 Business Premium': 27 });
  });
});

describe('the term of a subscription of Sherweb', () => {
  const termsOf = (commitmentTerm: unknown) => {
    const seat = seatOf(subscriptions.row.parse(row({ commitmentTerm })), { includeOneTime: false });
    return seat !== undefined && 'seats' in seat ? seat.terms : undefined;
  };
  const plain = { id: '7b0c9c1e-1', seller: 'distributor', quantity: 27, billingTerm: 'Monthly', joins: [] };
  const term = {
    ...{ type: 'Yearly', termEndDate: '2027-03-01' },
    renewalConfiguration: { renewalDate: '2027-03-02', scheduledQuantity: 22 },
    committedMinimalQuantities: [
      { quantity: 20, committedUntil: '2027-03-01' },
      { quantity: 5, committedUntil: '2026-12-03T00:00:00Z' },
    ],
  };

  it('has layers of committed seats, each with its day, and what is booked from the renewal on', () => {
    expect(termsOf(term)).toEqual({
      ...{ ...plain, commitment: 'Yearly', termEnd: '2027-03-01', scheduledQuantity: 22 },
      committed: [
        { quantity: 20, until: '2027-03-01' },
        { quantity: 5, until: '2026-12-03' },
      ],
    });
  });

  it('ends the day before the renewal if its own end is not given', () => {
    expect(termsOf({ ...term, termEndDate: null })).toHaveProperty('termEnd', '2027-03-01');
  });

  it('has no layers if one of them has no day, and nothing if there is no commitment', () => {
    const never = [...term.committedMinimalQuantities, { quantity: 2, committedUntil: '0001-01-01T00:00:00' }];
    expect(termsOf({ ...term, committedMinimalQuantities: never })).not.toHaveProperty('committed');
    for (const none of [null, undefined, 'Yearly']) expect(termsOf(none)).toEqual(plain);
  });
});

describe('the customers of Sherweb', () => {
  it('without a name are called by their ids', async () => {
    const of = await bench(sherweb);
    const { customers } = await collection(of, { before: world([row()], { items: [{ id: AS_WRITTEN }] }) });
    expect(customers).toMatchObject([{ state: 'counted', name: AS_WRITTEN.toLowerCase() }]);
  });

  it('who are suspended are left out with the day, or counted if the configuration says so', async () => {
    const of = await bench(sherweb);
    const { customers } = await collection(of);
    const suspended = customers.filter(({ state }) => state === 'excluded');
    expect(suspended.length).toBeGreaterThan(0);
    expect(suspended[0]?.reason).toBe('suspended on 2026-05-04');
    const all = await collection(of, { credentials: { configuration: { includeSuspended: true } } });
    expect(all.customers.filter(({ state }) => state === 'excluded')).toEqual([]);
  });

  it.each(['0001-01-01T00:00:00', '2027-01-01T00:00:00Z', '', null])(
    'are not suspended by %j: a day that was never set, or is yet to come',
    async (suspendedOn) => {
      const items = [{ id: AS_WRITTEN, displayName: 'Larch & Sons Ltd', suspendedOn }];
      const { customers } = await collection(await bench(sherweb), { before: world([row()], { items }), mapped: [ID] });
      expect(customers).toMatchObject([{ id: ID, state: 'counted' }]);
    },
  );

  it('whose own row is odd fail alone', async () => {
    const items = [
      { id: AS_WRITTEN, displayName: 'Larch & Sons Ltd', suspendedOn: 'last week' },
      { id: OTHER, displayName: 'Birch Dental' },
    ];
    const { customers } = await collection(await bench(sherweb), { before: world([row()], { items }), mapped: [ID] });
    expect(customers).toMatchObject([
      { id: ID, state: 'failed' },
      { id: OTHER, state: 'counted' },
    ]);
  });

  it('may come as a bare array', async () => {
    const { customers } = await collection(await bench(sherweb), {
      before: world([row()], [{ id: AS_WRITTEN, displayName: 'Larch & Sons Ltd' }]),
      mapped: [ID],
    });
    expect(customers).toMatchObject([{ id: ID, counts: { 'Sherweb Microsoft 365 Business Premium': 27 } }]);
  });

  it('who are not visible fail alone', async () => {
    const { status, customers } = await collection(await bench(sherweb));
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toMatchObject([{ error: 'VendorContractError' }]);
  });
});

describe('the calls to Sherweb', () => {
  it('carry token, gateway key and one language', async () => {
    const of = await bench(sherweb);
    const { columns } = await collection(of);
    for (const { path, headers } of of.asked) {
      expect(headers['ocp-apim-subscription-key']).toBe(of.vendor.secret.subscriptionKey);
      expect(headers['accept-language']).toBe('en');
      if (path.startsWith('/service-provider')) expect(headers.authorization).toMatch(/^Bearer /u);
    }
    expect(columns.map(({ title }) => title)).toContain(
      'Sherweb Microsoft 365 Business Premium (Annual, paid monthly)',
    );
  });

  it('go to the plain list if there is no detailed one, and stay there', async () => {
    const of = await bench(sherweb);
    const smooth = await collection(of);
    const asked = of.asked.length;
    const { customers } = await collection(of, {
      before: ({ path }) =>
        path.endsWith('/details')
          ? { status: 404, body: { title: 'Not Found', detail: 'no such operation' } }
          : undefined,
    });
    expect(customers.map(asTruth)).toEqual(smooth.customers.map(asTruth));
    const details = of.asked.slice(asked).filter(({ path }) => path.endsWith('/details'));
    expect(details.length).toBeLessThanOrEqual(3);
  });

  it('try both lists again for the next customer if the first ones are at neither', async () => {
    const of = await bench(sherweb);
    const smooth = await collection(of);
    // More than are requested at once, so that none of them finds the list for the others.
    const refused = new Set<string>();
    const { customers } = await collection(of, {
      before: ({ path, query }) => {
        if (!path.startsWith(SUBSCRIPTIONS)) return undefined;
        const id = (query.get('customerId') ?? '').toLowerCase();
        if (refused.size < 6) refused.add(id);
        return refused.has(id) || path === SUBSCRIPTIONS
          ? { status: 404, body: { title: 'Not Found', detail: 'no such customer' } }
          : undefined;
      },
    });
    const isRefused = ({ id }: { id: string }) => refused.has(id);
    for (const { state } of customers.filter(isRefused)) expect(state).toBe('failed');
    const others = (all: typeof customers) => all.filter((customer) => !isRefused(customer)).map(asTruth);
    expect(others(customers)).toEqual(others(smooth.customers));
  });

  it('go where the configuration says, and nowhere else', async () => {
    const of = await bench(sherweb);
    await collection(of, { credentials: { configuration: { subscriptionsPath: SUBSCRIPTIONS } } });
    expect(of.asked.some(({ path }) => path.endsWith('/details'))).toBe(false);
    const error = await failure(of, { credentials: { configuration: { subscriptionsPath: 'subscriptions' } } });
    expect(error.name).toBe('ConfigurationError');
  });

  it('wait as long as the text of a 429 says', async () => {
    const of = await bench(sherweb);
    let limited = 0;
    await collection(of, {
      before: ({ path }) =>
        path.endsWith('/customers') && limited++ === 0
          ? { status: 429, body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 17 seconds.' } }
          : undefined,
    });
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(17_000);
    expect(of.clock.elapsed()).toBeLessThan(40_000);
  });

  it('that want a scope the token has not, or an API not enabled, are refused credentials', async () => {
    const error = await failure(await bench(sherweb), {
      before: ({ path }) =>
        path.endsWith('/customers') ? { status: 403, body: { title: 'Forbidden', detail: 'not enabled' } } : undefined,
    });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('not enabled') });
  });

  it('take no more than the plan: a token, the customers, one per customer', async () => {
    const { receipt, customers } = await collection(await bench(sherweb, demoMsp(500, 2)), { latency: 0.3 });
    const excluded = customers.filter(({ state }) => state === 'excluded').length;
    expect(receipt.requests).toBeLessThanOrEqual((2 + customers.length - excluded) * 1.02);
  });

  it('go on after a pause, and ask for no customer twice', async () => {
    const of = await bench(sherweb, demoMsp(200));
    let lives = 0;
    const { customers } = await collection(of, { latency: 0.3, lifetime: 6 }, (count) => {
      lives = count;
    });
    expect(lives).toBeGreaterThan(2);
    expect(customers.map(asTruth)).toEqual(
      (await collection(await bench(sherweb, demoMsp(200)))).customers.map(asTruth),
    );
    const asked = of.asked.flatMap(({ query }) => query.get('customerId') ?? []);
    // What was under way when the time was up is requested again.
    expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(3 * lives);
  });
});
