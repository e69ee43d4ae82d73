import { describe, expect, it } from 'vitest';
import huntress from '../../lambdas/collectors/huntress.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import makeHuntress, { RESELLER_ACCOUNTS } from '../sandbox/vendor-apis/huntress.ts';
import { asTruth, type Bench, bench, collection, failure } from './run.ts';
import { spoil } from './spoil.ts';

type Page = { organizations: Record<string, unknown>[]; pagination: Record<string, unknown> };

const EDR = 'Huntress EDR Agents';
const exactly = () => bench(huntress, demoMsp(), (msp, now) => makeHuntress(msp, now, { exact: true }));
const reselling = (exact = false) =>
  bench(huntress, demoMsp(), (msp, now) => makeHuntress(msp, now, { exact, reseller: true }));

const truth = ({ vendor }: Bench, among: (index: number) => boolean = () => true) =>
  vendor.customers
    .filter((_, index) => among(index))
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

describe('Huntress', () => {
  it('asks for 500 organizations a page in a fixed order: 10, which is a page without asking, are not all', async () => {
    const of = await bench(huntress);
    const { customers } = await collection(of);
    const list = of.asked.filter(({ path }) => path === '/v1/organizations');
    expect(list.map(({ query }) => Object.fromEntries(query))).toEqual([
      { limit: '500', sort_field: 'id', sort_direction: 'asc' },
    ]);
    expect(customers.length).toBeGreaterThan(10);
  });

  it('reads on by token beyond 500 organizations, with the same order on every page', async () => {
    const of = await bench(huntress, demoMsp(1_300));
    const { customers, receipt } = await collection(of);
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(receipt.lists).toMatchObject([{ pages: 3, end: 'no further cursor' }]);
    for (const { query, path } of of.asked) if (path.endsWith('/organizations')) expect(query.get('limit')).toBe('500');
  });

  it('reads on by number where an answer names the next page by nothing else, to all that it declares', async () => {
    const numbered = async (missing: number) =>
      spoil<Page>(await bench(huntress), /organizations$/u, ({ organizations }, { query }) => {
        const page = Number(query.get('page') ?? 1);
        const pages = Math.ceil(organizations.length / 10);
        return {
          organizations: organizations.slice((page - 1) * 10, page * 10),
          pagination: {
            ...{ current_page: page, next_page: page < pages ? page + 1 : null, total_pages: pages },
            total_count: organizations.length + missing,
          },
        };
      });
    const of = await numbered(0);
    const { customers, receipt } = await collection(of);
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(receipt.lists).toMatchObject([{ declaredTotal: customers.length, distinct: customers.length }]);
    expect(receipt.pages).toBeGreaterThan(1);
    expect(await failure(await numbered(1))).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('total_count announces another page'),
    });
  });

  it('does not take the first page for all if pages are announced in another way', async () => {
    const behind = { current_page: 1, next_page: null, total_pages: 5 };
    for (const pagination of [behind, { next_page_url: 'https://api.huntress.io/v1/organizations?page=2' }]) {
      const of = spoil<Page>(await bench(huntress), /organizations$/u, (page) => ({ ...page, pagination }));
      expect(await failure(of)).toMatchObject({
        name: 'VendorContractError',
        message: expect.stringContaining('next_page_token'),
      });
    }
  });

  it('says which Microsoft tenant an organization has, and takes no Google id for one', async () => {
    const tenants = ['0B1C0000-0000-4000-8000-00000000000A', 'C03az79cb', null];
    const of = spoil<Page>(await bench(huntress), /organizations$/u, (page) => ({
      ...page,
      organizations: page.organizations
        .slice(0, 3)
        .map((row, at) => ({ ...row, identity_provider_tenant_id: tenants[at] })),
    }));
    const { customers } = await collection(of);
    expect(customers.flatMap(({ identity }) => identity?.ids ?? [])).toEqual([
      { integration: 'microsoft-365', id: '0b1c0000-0000-4000-8000-00000000000a' },
    ]);
  });

  it('does not believe a token that repeats', async () => {
    const of = spoil<Page>(await bench(huntress, demoMsp(1_300)), /organizations$/u, (page) => ({
      ...page,
      pagination: { next_page_token: Buffer.from('after:500').toString('base64url') },
    }));
    expect((await failure(of)).name).toBe('VendorContractError');
  });

  it.each(['agents_count', 'billable_identity_count', 'sat_learner_count', 'logs_sources_count'])(
    'fails and names the path when %s is gone, instead of counting 0',
    async (member) => {
      const of = spoil<Page>(await bench(huntress), /organizations$/u, (page) => ({
        ...page,
        organizations: page.organizations.map(({ [member]: _, ...rest }) => rest),
      }));
      expect(await failure(of)).toMatchObject({
        name: 'VendorContractError',
        message: expect.stringContaining(`organizations.0.${member}`),
      });
    },
  );

  it('needs 2 requests for an MSP of 500 companies', async () => {
    const of = await bench(huntress, demoMsp(500, 2));
    const { customers } = await collection(of);
    const agents = customers.reduce((sum, { counts }) => sum + Number(counts[EDR]), 0);
    expect(agents).toBeGreaterThan(25_000);
    expect(of.asked.map(({ path }) => path)).toEqual(['/v1/actor', '/v1/organizations']);
  });

  it('waits a whole minute when the account is limited, because others spend from the same 60', async () => {
    const of = await bench(huntress);
    let refused = 0;
    await collection(of, {
      before: ({ path }) => {
        if (path !== '/v1/organizations') return undefined;
        refused += 1;
        return refused < 3 ? { status: 429, body: { error: { message: 'Rate limit exceeded' } } } : undefined;
      },
    });
    expect(of.clock.elapsed()).toBe(120_000);
  });

  it('takes only digits for an organization id', () => {
    expect(huntress.customerId.schema.safeParse('731204').success).toBe(true);
    for (const id of ['fabrikam-dental', '73/1', '']) {
      expect(huntress.customerId.schema.safeParse(id).success).toBe(false);
    }
  });

  it.each([403, 404])('says what was refused if the key reads no organizations (%i)', async (status) => {
    const of = await bench(huntress);
    const error = await failure(of, { before: () => ({ status, body: { error: { message: 'no' } } }) });
    expect(error.message).toContain('/v1/organizations');
    expect(of.asked.map(({ path }) => path)).toEqual(['/v1/actor', '/v1/organizations']);
  });
});

describe('Huntress with exact: true', () => {
  it('counts the billable figures of every organization, one by one, with a remark', async () => {
    const of = await exactly();
    const { customers, notes } = await collection(of);
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(notes).toEqual([expect.stringContaining('billable figures')]);
    const listed = await collection(await bench(huntress));
    expect(customers.map(asTruth)).not.toEqual(listed.customers.map(asTruth));
  });

  it('needs one request more for each organization, inside 55 a minute, and goes on in a second lifetime', async () => {
    const of = await bench(huntress, demoMsp(500, 2), (msp, now) => makeHuntress(msp, now, { exact: true }));
    let lives = 0;
    const { customers } = await collection(of, { lifetime: 300 }, (count) => {
      lives = count;
    });
    expect(lives).toBe(2);
    expect(customers.map(asTruth)).toEqual(truth(of));
    // One request each for the key's owner, the list and every organization.
    expect(of.asked).toHaveLength(customers.length + 2);
    expect(of.clock.elapsed()).toBeLessThan(10 * 60_000);
  });

  it('adds up the identities of all tenants of an organization', async () => {
    type Detail = { organization: { actual_usages: Record<string, unknown> } };
    const tenant = (billable_identities_count: number) => ({ type: 'microsoft', billable_identities_count });
    const of = spoil<Detail>(await exactly(), /organizations\/\d+$/u, ({ organization }) => ({
      organization: {
        ...organization,
        actual_usages: { ...organization.actual_usages, itdr: [tenant(5), tenant(7)], ispm: [tenant(12)] },
      },
    }));
    for (const { counts } of (await collection(of)).customers) expect(counts['Huntress ITDR Identities']).toBe(12);
  });

  it('counts a product that is not there as 0 only if the list knows none either', async () => {
    type Detail = { organization: { actual_usages: Record<string, unknown> } };
    const of = spoil<Detail>(await exactly(), /organizations\/\d+$/u, ({ organization }) => {
      const { sat: _, ...actual_usages } = organization.actual_usages;
      return { organization: { ...organization, actual_usages } };
    });
    const { customers } = await collection(of);
    const learners = new Map(of.vendor.customers.map(({ id, cells }) => [id, cells['Huntress SAT Learners']]));
    expect(customers.some(({ gaps }) => Object.keys(gaps).length === 0)).toBe(true);
    for (const { id, gaps } of customers) {
      const [gap] = Object.values(gaps);
      expect(gap?.state).toBe(learners.get(id) === undefined ? undefined : 'failed');
    }
  });

  it('does not count the figures of another organization than was asked for', async () => {
    type Detail = { organization: { id: number } };
    const of = await exactly();
    const [first, second] = of.vendor.customers;
    const mixed = spoil<Detail>(of, new RegExp(`organizations/${first?.id}$`, 'u'), ({ organization }) => ({
      organization: { ...organization, id: Number(second?.id) },
    }));
    const { customers } = await collection(mixed);
    expect(customers.filter(({ state }) => state === 'failed')).toMatchObject([
      { id: first?.id, reason: expect.stringContaining(`asked for organization ${first?.id}, got ${second?.id}`) },
    ]);
  });

  it('fails for the one organization that is not there any more', async () => {
    const of = await exactly();
    const [first] = of.vendor.customers;
    const { customers, status } = await collection(of, {
      before: ({ path }) => (path.endsWith(`/${first?.id}`) ? { status: 404, body: { error: {} } } : undefined),
    });
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual([first?.id]);
  });
});

describe('Huntress with the key of a reseller', () => {
  it.each([false, true])(
    'reads all its accounts, and leaves out those that are disabled (exact: %s)',
    async (exact) => {
      const of = await reselling(exact);
      const { customers } = await collection(of);
      expect(customers.map(asTruth)).toEqual(truth(of));
      expect(customers.filter(({ state }) => state === 'excluded').map(({ reason }) => reason)).toContain(
        `its account "${RESELLER_ACCOUNTS[2].name}" is disabled`,
      );
    },
  );

  it.each([
    { status: 'Disabled ', state: 'excluded', reason: 'is disabled' },
    { status: 'suspended', state: 'failed', reason: 'its status is "suspended", which is not known' },
  ])(
    'opens the cells of an account whose status is unknown, and knows "$status"',
    async ({ status, state, reason }) => {
      const of = await reselling();
      const [account] = RESELLER_ACCOUNTS;
      const spoilt = spoil<{ accounts: { id: number }[] }>(of, /\/v1\/accounts$/u, (list) => ({
        ...list,
        accounts: list.accounts.map((row) => (row.id === account.id ? { ...row, status } : row)),
      }));
      const { customers } = await collection(spoilt);
      const odd = customers.filter(
        (customer) =>
          customer.state === state &&
          [`its account "${account.name}"`, reason].every((part) => customer.reason?.includes(part)),
      );
      expect(odd).toHaveLength(of.vendor.customers.filter((_, index) => index % 3 === 0).length);
    },
  );

  it('reads all its accounts if it has organizations of its own, too', async () => {
    const of = await reselling();
    const { handle } = of.vendor;
    of.vendor.handle = (request) =>
      handle(
        request.path === '/v1/organizations'
          ? { ...request, path: `/v1/accounts/${RESELLER_ACCOUNTS[0].id}/organizations` }
          : request,
      );
    expect((await collection(of)).customers.map(asTruth)).toEqual(truth(of));
  });

  it('reads only accountIds if some are named, and one that is named twice once', async () => {
    const of = await reselling();
    const { id } = RESELLER_ACCOUNTS[1];
    const secret = { ...of.vendor.secret, accountIds: [id, String(id)] };
    const { customers } = await collection(of, { credentials: { secret } });
    expect(customers.map(asTruth)).toEqual(truth(of, (index) => index % 3 === 1));
    expect(of.asked.filter(({ path }) => path.endsWith('/organizations'))).toHaveLength(1);
  });

  it('refuses an account that the key does not see, and accountIds with a key of no reseller', async () => {
    const seller = await reselling();
    const unseen = { ...seller.vendor.secret, accountIds: [RESELLER_ACCOUNTS[0].id, 999] };
    expect(await failure(seller, { credentials: { secret: unseen } })).toMatchObject({
      name: 'ConfigurationError',
      message: 'secrets/huntress.json: accountIds: the key does not see account 999',
    });
    const customersKey = await bench(huntress);
    const error = await failure(customersKey, {
      credentials: { secret: { ...customersKey.vendor.secret, accountIds: [1] } },
    });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('accountIds') });
  });

  it.each([[[]], [['5120/../..']], [['Northwind']]])(
    'refuses accountIds of %j before anything is sent',
    async (ids) => {
      const of = await reselling();
      const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, accountIds: ids } } });
      expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('accountIds') });
      expect(of.asked).toEqual([]);
    },
  );

  it('reads the one account of a key that only names the reseller who sold it', async () => {
    const of = await bench(huntress);
    const { customers } = await collection(of, {
      before: ({ path }) => (path === '/v1/actor' ? { status: 200, body: { reseller: { id: 77 } } } : undefined),
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
  });

  it('does not take a reseller for one account because Huntress is down while it is asked whose key it is', async () => {
    const error = await failure(await reselling(), {
      before: ({ path }) => (path === '/v1/actor' ? { status: 503, body: 'busy' } : undefined),
    });
    expect(error).toMatchObject({ name: 'VendorUnavailableError', message: expect.stringContaining('/actor') });
  });

  it('reads the one account of a key that may not ask whose it is', async () => {
    const of = await bench(huntress);
    const { customers } = await collection(of, {
      before: ({ path }) => (path === '/v1/actor' ? { status: 403, body: { error: {} } } : undefined),
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
  });
});
