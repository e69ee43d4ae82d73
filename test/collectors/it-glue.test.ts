import { describe, expect, it } from 'vitest';
import itGlue from '../../lambdas/collectors/it-glue.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type Bench, bench, collection, failure, tooFastOnce } from './run.ts';

type Row = { id: string; attributes: { [member: string]: unknown } };

/** The bench with the rows of one list changed on their way out; the totals follow. */
async function withRows(path: string, change: (rows: Row[]) => Row[]): Promise<Bench> {
  const of = await bench(itGlue);
  const { handle } = of.vendor;
  const changed = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const response = await handle(request);
    if (request.path !== path || response.status !== 200) return response;
    const page = JSON.parse(String(response.body));
    page.data = change(page.data);
    page.meta['total-count'] = page.data.length;
    return { ...response, body: JSON.stringify(page) };
  };
  return { ...of, vendor: { ...of.vendor, handle: changed } };
}

const organization = (id: string, account: unknown, more: Record<string, unknown> = {}): Row => ({
  id,
  attributes: {
    name: `Organization ${id}`,
    'organization-status-name': 'Active',
    primary: false,
    'parent-id': null,
    'my-glue-account-id': account,
    ...more,
  },
});

/** The customers as counted if these organizations replace all others; account 9001's users are still there. */
async function saidOf(...organizations: Row[]) {
  const of = await withRows('/organizations', () => organizations);
  const { customers, notes } = await collection(of);
  return { customers: customers.map(({ id, state, counts }) => ({ id, state, users: counts['MyGlue Users'] })), notes };
}

const aNumber = expect.any(Number);

describe('IT Glue', () => {
  it('asks for pages of 1000 in order of the id: a page of 50 is not the end', async () => {
    const of = await bench(itGlue);
    await collection(of);
    expect(of.asked.map(({ path, query }) => `${path} ${query.get('page[size]')} ${query.get('sort')}`)).toEqual([
      '/organizations 1000 id',
      '/users 1000 id',
    ]);
  });

  it('reads three pages of users to the declared end', async () => {
    const { receipt } = await collection(await bench(itGlue, demoMsp(200)));
    const users = receipt.lists.find(({ list }) => list === '/users');
    expect(users?.pages).toBeGreaterThanOrEqual(3);
    expect(users).toMatchObject({ end: 'the last declared page', declaredTotal: users?.distinct });
  });

  it('fails when the users do not add up to the declared total', async () => {
    const of = await bench(itGlue);
    const { handle } = of.vendor;
    of.vendor.handle = async (request) => {
      const response = await handle(request);
      const body = String(response.body).replace(
        /"total-count":(\d+)/u,
        (_, total) => `"total-count":${Number(total) + 1}`,
      );
      return { ...response, body };
    };
    expect((await failure(of)).name).toBe('VendorContractError');
  });

  it('counts invited users, and nobody who is not a MyGlue user', async () => {
    const users: Row[] = [
      { id: '1', attributes: { 'my-glue': true, 'my-glue-account-id': '10000', 'invitation-accepted-at': null } },
      {
        id: '2',
        attributes: { 'my-glue': true, 'my-glue-account-id': 10_000, 'invitation-accepted-at': '2026-01-01' },
      },
      { id: '3', attributes: { 'my-glue': false, 'my-glue-account-id': null } },
    ];
    const of = await withRows('/users', () => users);
    of.vendor.handle = ((handle) => async (request: SandboxRequest) => {
      if (request.path !== '/organizations') return handle(request);
      const data = [organization('7', 10_000)];
      return { status: 200, body: { data, meta: { 'total-pages': 1, 'total-count': 1 } } };
    })(of.vendor.handle);
    const { customers } = await collection(of);
    expect(customers.map(({ counts }) => counts)).toEqual([{ 'MyGlue Users': 2 }]);
  });

  it('gives the seats of a shared account to one organization: not the own one, not a branch, the lowest id', async () => {
    const { customers } = await saidOf(
      organization('5', 9_001, { primary: true }),
      organization('6', '9001', { 'parent-id': 10 }),
      organization('10', 9_001),
      organization('9', 9_001),
    );
    expect(customers).toEqual([
      { id: '10', state: 'excluded', users: undefined },
      { id: '5', state: 'excluded', users: undefined },
      { id: '6', state: 'excluded', users: undefined },
      { id: '9', state: 'counted', users: aNumber },
    ]);
  });

  it('does not leave the seats of a shared account at an inactive organization', async () => {
    const inactive = { 'organization-status-name': 'inactive ' };
    const { customers } = await saidOf(organization('5', 9_001, inactive), organization('6', 9_001));
    expect(customers).toEqual([
      { id: '5', state: 'excluded', users: undefined },
      { id: '6', state: 'counted', users: aNumber },
    ]);
  });

  it('leaves out the configured statuses instead', async () => {
    const of = await bench(itGlue);
    const { customers } = await collection(of, {
      credentials: { configuration: { excludedStatuses: ['Onboarding'] } },
    });
    const reasons = customers.flatMap(({ reason }) => reason ?? []);
    expect(reasons).toContain('its status is Onboarding');
    expect(reasons).not.toContain('its status is Inactive');
  });

  it('shows a real 0 for an organization without a MyGlue account', async () => {
    const { customers } = await saidOf(organization('5', null), organization('6', 9_001));
    expect(customers).toEqual([
      { id: '5', state: 'counted', users: undefined },
      { id: '6', state: 'counted', users: aNumber },
    ]);
  });

  it('says how many users belong to no organization', async () => {
    const { notes } = await collection(await bench(itGlue));
    expect(notes).toContain('3 MyGlue users left out: account 8877 belongs to no organization that is counted');
  });

  it.each([
    ['/organizations', 'my-glue-account-id'],
    ['/users', 'my-glue'],
    ['/users', 'my-glue-account-id'],
  ])('fails and names the field when %s come without %s', async (path, member) => {
    const of = await withRows(path, (rows) =>
      rows.map(({ id, attributes: { [member]: _, ...attributes } }) => ({ id, attributes })),
    );
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining(`attributes.${member}`),
    });
  });

  it('fails one organization if its name, status or account cannot be read', async () => {
    const odd = (id: string, more: Record<string, unknown>) => organization(id, null, more);
    const of = await withRows('/organizations', () => [
      organization('5', 9_001),
      odd('6', { name: null }),
      odd('7', { 'organization-status-name': 7 }),
      odd('8', { 'my-glue-account-id': { id: 9_001 } }),
    ]);
    const { customers } = await collection(of);
    expect(customers).toMatchObject([
      { id: '5', state: 'counted', counts: { 'MyGlue Users': aNumber } },
      { id: '6', name: '6', state: 'counted' },
      { id: '7', state: 'failed', reason: expect.stringContaining('data.2.attributes.organization-status-name') },
      { id: '8', state: 'failed', reason: expect.stringContaining('data.3.attributes.my-glue-account-id') },
    ]);
  });

  it('gives the seats of a shared account to nobody where who has the first claim cannot be read', async () => {
    const { customers } = await saidOf(
      organization('5', 9_001, { primary: 'no' }),
      organization('6', 9_001),
      organization('7', null),
    );
    expect(customers.map(({ id, state }) => `${id} ${state}`)).toEqual(['5 failed', '6 failed', '7 counted']);
  });

  it('counts a user who has an account, whether or not it says that it is one of MyGlue', async () => {
    const plain = await collection(await bench(itGlue));
    const of = await withRows('/users', (rows) =>
      rows.map((row, at) =>
        at > 0 && row.attributes['my-glue'] === true
          ? { ...row, attributes: { ...row.attributes, 'my-glue': at % 2 === 0 ? 'yes' : null } }
          : row,
      ),
    );
    expect((await collection(of)).customers).toEqual(plain.customers);
  });

  it('does not take an empty list of users for an MSP without seats', async () => {
    const of = await withRows('/users', () => []);
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('no user'),
    });
  });

  it('does not mistake users without any MyGlue field for users without MyGlue', async () => {
    const of = await withRows('/users', (rows) =>
      rows.map(({ id }) => ({ id, attributes: { 'my-glue': null, 'my-glue-account-id': null } })),
    );
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('MyGlue'),
    });
  });

  it('remarks on accounts that have not one user among them', async () => {
    const of = await withRows('/users', (rows) =>
      rows.map(({ id }) => ({ id, attributes: { 'my-glue': false, 'my-glue-account-id': null } })),
    );
    const { notes } = await collection(of);
    expect(notes).toEqual([expect.stringMatching(/^\d+ organizations with a MyGlue account, but no user/u)]);
  });

  it('believes that nobody has a seat if no organization has an account', async () => {
    const of = await withRows('/organizations', () => [organization('5', null), organization('6', null)]);
    const { handle } = of.vendor;
    of.vendor.handle = async (request) =>
      request.path === '/users'
        ? { status: 200, body: { data: [], meta: { 'total-pages': 0, 'total-count': 0 } } }
        : handle(request);
    const { customers } = await collection(of);
    expect(customers.map(({ state, counts }) => ({ state, counts }))).toEqual([
      { state: 'counted', counts: {} },
      { state: 'counted', counts: {} },
    ]);
  });

  it('halves its pages if the gateway gives up, and counts the same', async () => {
    const smooth = await collection(await bench(itGlue, demoMsp(200)));
    const of = await bench(itGlue, demoMsp(200));
    const rough = await collection(of, {
      before: ({ query }) =>
        query.get('page[size]') === '1000' && query.get('page[number]') === '2'
          ? { status: 504, body: 'Endpoint request timed out' }
          : undefined,
    });
    expect(rough.customers).toEqual(smooth.customers);
    expect(rough.receipt.lists.find(({ list }) => list === '/users')?.pages).toBeGreaterThan(5);
  });

  it('asks for no smaller pages if it is down for another reason', async () => {
    const of = await bench(itGlue);
    const error = await failure(of, { before: () => ({ status: 503, body: 'down for maintenance' }) });
    expect(error).toMatchObject({ name: 'VendorUnavailableError', message: expect.stringContaining('HTTP 503') });
    expect(new Set(of.asked.map(({ query }) => query.get('page[size]')))).toEqual(new Set(['1000']));
  });

  it('gives up if even the smallest pages do not come', async () => {
    const error = await failure(await bench(itGlue), { before: () => ({ status: 504, body: '' }) });
    expect(error).toMatchObject({ name: 'VendorUnavailableError', message: expect.stringContaining('HTTP 504') });
  });

  it('waits a minute if a refusal for speed names no time', async () => {
    const of = await bench(itGlue);
    await collection(of, { before: tooFastOnce() });
    expect(of.clock.elapsed()).toBe(60_000);
  });

  it('refuses a region that does not exist (an account name, say) before anything is sent', async () => {
    const of = await bench(itGlue);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, region: 'northwind' } } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('region') });
    expect(of.asked).toEqual([]);
  });

  it.each([
    ['us', 'api.itglue.com'],
    ['eu', 'api.eu.itglue.com'],
    ['au', 'api.au.itglue.com'],
  ])('asks region %s at %s', async (region, host) => {
    const of = await bench(itGlue);
    of.vendor = { ...of.vendor, answers: () => true };
    await collection(of, { credentials: { secret: { ...of.vendor.secret, region } } });
    expect(new Set(of.asked.map((request) => request.host))).toEqual(new Set([host]));
  });

  it('makes no more calls than the plan for 500 companies: one for organizations, one for each 1000 users', async () => {
    const of = await bench(itGlue, demoMsp(500));
    const { receipt } = await collection(of);
    const plan = receipt.lists.reduce((calls, { distinct }) => calls + Math.ceil(distinct / 1_000), 0);
    expect(receipt.requests).toBe(plan);
  });
});
