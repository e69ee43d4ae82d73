import { describe, expect, it } from 'vitest';
import immybot from '../../lambdas/collectors/immybot.ts';
import { serverFor } from '../sandbox/answer.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import makeImmybot from '../sandbox/vendor-apis/immybot.ts';
import makeMicrosoft365 from '../sandbox/vendor-apis/microsoft-365.ts';
import { asTruth, type Bench, bench, collection, failure, refusedRights } from './run.ts';

type Row = Record<string, unknown>;
type Page = { count: number; results: Row[] };

const TENANTS = '/api/v1/tenants';
const USERS = '/api/v1/users';
const CLAIMS = '/api/v1/users/claims';
const COMPUTERS = '/api/v1/computers/paged';

const expected = (of: Bench) =>
  of.vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** Changes what the vendor answers to `path`. */
const altered = <B>(path: string, change: (body: B, request: SandboxRequest) => void) => ({
  after: (request: SandboxRequest, response: SandboxResponse) => {
    // Only tests look into the sandbox's bodies and know their shape.
    if (request.path === path && response.status === 200) change(response.body as B, request);
  },
});

const secretOf = (of: Bench, more: Row) => ({
  secret: Object.fromEntries(
    Object.entries({ ...of.vendor.secret, ...more }).filter(([, value]) => value !== undefined),
  ),
});

describe('computers', () => {
  it('are asked for with the offline ones, in order of their ids', async () => {
    const of = await bench(immybot);
    await collection(of);
    const [asked] = of.asked.filter(({ path }) => path === COMPUTERS);
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      includeOffline: 'true',
      sort: 'id',
      sortDesc: 'false',
      skip: '0',
      take: '1000',
    });
  });

  it('deleted ones and those of the development lab are in no column', async () => {
    const of = await bench(immybot);
    const { customers } = await collection(
      of,
      altered<Page>(COMPUTERS, ({ results }) => {
        for (const row of results) row.deletedAt = '2026-01-01T00:00:00Z';
      }),
    );
    for (const { counts } of customers) expect(counts['ImmyBot Computers']).toBeUndefined();
  });

  it.each(['0001-01-01T00:00:00Z', '0001-01-01T00:00:00', '1900-01-01T00:00:00.000Z'])(
    'a deletion of %s was never set: neither computer nor tenant is gone',
    async (never) => {
      const of = await bench(immybot);
      const computers = altered<Page>(COMPUTERS, ({ results }) => {
        for (const row of results) row.deletedAt ??= never;
      });
      const tenants = altered<Row[]>(TENANTS, (rows) => {
        for (const row of rows) row.markedForDeletionAtUtc ??= never;
      });
      const { customers } = await collection(of, {
        after: (request, response) => {
          computers.after(request, response);
          tenants.after(request, response);
        },
      });
      expect(customers.map(asTruth)).toEqual(expected(of));
    },
  );

  it.each([
    [{ deletedAt: 'yesterday' }, 'yesterday'],
    [{ deletedAt: '2026-02-30T00:00:00Z' }, '2026-02-30'],
    [{ isDevLab: null }, 'isDevLab'],
  ])('one with %j costs its own tenant', async (odd, named) => {
    const of = await bench(immybot);
    const { customers } = await collection(
      of,
      altered<Page>(COMPUTERS, ({ results }) => {
        const row = results.find(({ tenantId }) => tenantId === 1);
        if (row !== undefined) Object.assign(row, odd);
      }),
    );
    const failed = customers.filter(({ state }) => state === 'failed');
    expect(failed).toMatchObject([{ id: '1', reason: expect.stringContaining(named) }]);
  });

  it('one with an odd licence field affects only that cell', async () => {
    const of = await bench(immybot);
    const { customers } = await collection(
      of,
      altered<Page>(COMPUTERS, ({ results }) => {
        const row = results.find(({ tenantId }) => tenantId === 1);
        if (row !== undefined) row.licensed = 'perhaps';
      }),
    );
    const first = customers.find(({ id }) => id === '1');
    expect(first?.counts['ImmyBot Computers']).toBe(3);
    expect(first?.gaps['ImmyBot Licensed Computers']).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('licensed'),
    });
    expect(customers.filter(({ gaps }) => Object.keys(gaps).length > 0)).toHaveLength(1);
  });

  it('a page shortened by the server leaves no hole', async () => {
    const of = await bench(immybot);
    const { customers } = await collection(of, {
      before: ({ path, query }) => {
        if (path === COMPUTERS) query.set('take', '77');
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(
      of.asked
        .filter(({ path }) => path === COMPUTERS)
        .map(({ query }) => query.get('skip'))
        .slice(0, 3),
    ).toEqual(['0', '77', '154']);
  });

  it('a list that lacks a few of what it declares opens the cells of the tenant that has more', async () => {
    const of = await bench(immybot);
    const [lost] = of.vendor.customers;
    // All are on one page, and nothing follows it.
    const loseOne = altered<Page>(COMPUTERS, ({ results }, { query }) => {
      if (query.has('tenantId')) return;
      const hidden = results.findIndex(({ tenantId }) => String(tenantId) === lost?.id);
      results.splice(hidden, query.get('skip') === '0' ? 1 : results.length);
    });
    const { customers, notes } = await collection(of, loseOne);
    expect(notes.some((note) => /computers: counted \d+, the vendor declares \d+/u.test(note))).toBe(true);
    const opened = customers.filter(({ gaps }) => gaps['ImmyBot Computers']?.state === 'failed');
    expect(opened.map(({ id }) => id)).toEqual([lost?.id]);
    expect(opened[0]?.gaps['ImmyBot Licensed Computers']?.reason).toMatch(
      new RegExp(`computers of tenant ${lost?.id}: counted (\\d+), the vendor declares`, 'u'),
    );
  });

  it('a list that lacks many of what it declares is not believed', async () => {
    const error = await failure(
      await bench(immybot),
      altered<Page>(COMPUTERS, (page) => {
        page.count *= 2;
      }),
    );
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('declares') });
  });

  it.each(['licensed', 'tenantId'])('a record without %s fails the collection', async (member) => {
    const error = await failure(
      await bench(immybot),
      altered<Page>(COMPUTERS, ({ results }) => {
        for (const row of results) delete row[member];
      }),
    );
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining(member) });
  });

  it('no licence is counted if ImmyBot says of no computer whether it takes one', async () => {
    const { customers } = await collection(
      await bench(immybot),
      altered<Page>(COMPUTERS, ({ results }) => {
        for (const row of results) row.licensed = null;
      }),
    );
    for (const { state, counts, gaps } of customers) {
      if (state !== 'counted') continue;
      expect(Object.keys(counts)).not.toContain('ImmyBot Licensed Computers');
      expect(gaps['ImmyBot Licensed Computers']).toMatchObject({
        state: 'excluded',
        reason: expect.stringContaining('plan'),
      });
    }
  });

  it('a computer that goes away while the list is read makes it be read again', async () => {
    const of = await bench(immybot);
    let asked = 0;
    const { customers } = await collection(of, {
      before: ({ path, query }) => {
        if (path === COMPUTERS) query.set('take', '100');
        return undefined;
      },
      ...altered<Page>(COMPUTERS, (page) => {
        asked += 1;
        if (asked === 3) page.count -= 1;
      }),
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(of.asked.filter(({ path, query }) => path === COMPUTERS && query.get('skip') === '0')).toHaveLength(2);
  });

  it('an envelope with `items` and `totalCount` is not what this API answers', async () => {
    const error = await failure(await bench(immybot), {
      before: ({ path }) => (path === COMPUTERS ? { status: 200, body: { items: [], totalCount: 0 } } : undefined),
    });
    expect(error.name).toBe('VendorContractError');
  });
});

describe('tenants and users', () => {
  it('a list ends at an empty page even if the server shortens pages', async () => {
    const of = await bench(immybot);
    const { customers } = await collection(of, {
      before: ({ path, query }) => {
        if (path === TENANTS || path === USERS) query.set('PageSize', '10');
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(of.asked.filter(({ path }) => path === TENANTS).length).toBeGreaterThan(2);
  });

  it('ends if the server answers every page number with the same page', async () => {
    const of = await bench(immybot);
    const { customers } = await collection(of, {
      before: ({ query }) => {
        if (query.has('Page')) query.set('Page', '1');
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it('a page that repeats is not taken for an end if there is more behind it, or if it is full', async () => {
    const hidden = (page: string, size?: string) => ({
      before: ({ path, query }: SandboxRequest) => {
        if (path !== TENANTS) return undefined;
        if (size !== undefined) query.set('PageSize', size);
        if (query.get('Page') === page) query.set('Page', '1');
        return undefined;
      },
    });
    const error = await failure(await bench(immybot), hidden('2', '10'));
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('more pages followed'),
    });
    const full = await failure(await bench(immybot, demoMsp(1_900)), hidden('2'));
    expect(full).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('repeats') });
  });

  it('users that change places between two pages are read again, and not believed if they do so each time', async () => {
    const moving = (times: number) => {
      let moved = 0;
      let seventh: unknown;
      return {
        before: ({ path, query }: SandboxRequest) => {
          if (path === USERS) query.set('PageSize', '50');
          return undefined;
        },
        after: ({ path, query }: SandboxRequest, { body }: SandboxResponse) => {
          if (path !== USERS || !Array.isArray(body)) return;
          if (query.get('Page') === '1') seventh = structuredClone(body[6]);
          if (query.get('Page') !== '2' || moved >= times) return;
          moved += 1;
          // User 7 was on page 1; user 57 has taken its place there.
          body[6] = seventh;
        },
      };
    };
    const of = await bench(immybot);
    expect((await collection(of, moving(1))).customers.map(asTruth)).toEqual(expected(of));
    expect(await failure(await bench(immybot), moving(9))).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('/users: page 2 repeats some rows'),
    });
  });

  it('an inactive tenant is left out with a reason, one marked for deletion is not listed', async () => {
    const of = await bench(immybot, demoMsp(120));
    const { customers } = await collection(of);
    expect(customers.filter(({ state }) => state === 'excluded').length).toBeGreaterThan(0);
    const gone = of.vendor.customers.filter(({ state }) => state === 'gone');
    expect(gone).toHaveLength(1);
    expect(customers.map(({ id }) => id)).not.toContain(gone[0]?.id);
  });

  it('expired users and the one that the report signs in as do not count', async () => {
    const of = await bench(immybot);
    const { customers, notes } = await collection(of);
    expect(customers.find(({ id }) => id === '1')?.counts['ImmyBot Users']).toBe(4);
    expect(notes.filter((note) => note.includes('signs in'))).toEqual([]);
  });

  it.each([
    ['no such route', { status: 404, body: '' }],
    ['not allowed', { status: 403, body: '' }],
    ['unknown there', { status: 401, body: '' }],
    ['out of order', { status: 500, body: '' }],
    ['an HTML page', { status: 200, body: '<html></html>' }],
    ['claims that fit no user', { status: 200, body: { claims: [{ type: 'oid', value: 'somebody' }] } }],
  ])(
    'where ImmyBot does not say who signs in (%s), that user counts, and the MSP’s row and the log say so',
    async (_, answer) => {
      const { customers, notes } = await collection(await bench(immybot), {
        before: ({ path }) => (path === CLAIMS ? answer : undefined),
      });
      const msp = customers.find(({ id }) => id === '1');
      expect(msp?.counts['ImmyBot Users']).toBe(5);
      for (const remarks of [notes, msp?.notes]) expect(remarks?.some((note) => note.includes('signs in'))).toBe(true);
    },
  );
});

describe('users', () => {
  it.each([null, 'perhaps'])('one that expired %o opens the cell of its tenant’s users, and no other', async (odd) => {
    const of = await bench(immybot);
    const { customers } = await collection(
      of,
      altered<Row[]>(USERS, (users) => {
        const row = users.find(({ tenantId }) => tenantId === 1);
        if (row !== undefined) row.isExpired = odd;
      }),
    );
    const first = customers.find(({ id }) => id === '1');
    expect(first?.counts).toMatchObject({ 'ImmyBot Computers': 3 });
    expect(first?.gaps).toEqual({
      'ImmyBot Users': { state: 'failed', reason: expect.stringContaining('isExpired: expected boolean') },
    });
    expect(customers.filter(({ state }) => state === 'failed')).toEqual([]);
  });
});

describe('the caller’s own claims', () => {
  it('are understood in any shape', async () => {
    const of = await bench(immybot);
    const { customers } = await collection(of, {
      after: ({ path }, response) => {
        if (path !== CLAIMS) return;
        const { claims } = response.body as { claims: Row[] };
        response.body = claims.map(({ type, value }) => ({ [String(type)]: value }));
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it('are not asked for if no user has a principal', async () => {
    const of = await bench(immybot);
    await collection(
      of,
      altered<Row[]>(USERS, (users) => {
        for (const user of users) user.azurePrincipalId = null;
      }),
    );
    expect(of.asked.map(({ path }) => path)).not.toContain(CLAIMS);
  });
});

it('the admin right is tried on everything that it is for', async () => {
  const of = await bench(immybot);
  expect(await refusedRights(of)).toEqual([]);
  expect(of.asked.map(({ path }) => path).slice(1)).toEqual([TENANTS, USERS, COMPUTERS]);
  const refused = await refusedRights(of, { before: ({ path }) => (path === USERS ? { status: 403 } : undefined) });
  expect(refused).toEqual(['admin']);
});

describe('credentials', () => {
  it('the token is for the instance and comes from the tenant’s own sign-in', async () => {
    const of = await bench(immybot);
    await collection(of);
    const [token] = of.asked;
    expect(token?.host).toBe('login.microsoftonline.com');
    expect(new URLSearchParams(Buffer.from(token?.body ?? []).toString('utf8')).get('scope')).toBe(
      'https://northwind.immy.bot/.default',
    );
  });

  it('an expired client secret is reported in Entra’s own words', async () => {
    const error = await failure(await bench(immybot), {
      before: ({ host }) =>
        host === 'login.microsoftonline.com'
          ? {
              status: 401,
              body: {
                error: 'invalid_client',
                error_description: 'AADSTS7000222: The provided client secret keys for app are expired.',
              },
            }
          : undefined,
    });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('AADSTS7000222') });
  });

  it('a token that ImmyBot does not know points to the person and its user', async () => {
    const error = await failure(await bench(immybot), {
      before: ({ host }) => (host === 'northwind.immy.bot' ? { status: 401, body: '' } : undefined),
    });
    expect(error).toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringContaining('enterprise application'),
    });
  });

  it.each([
    [{ instanceSubdomain: 'northwind.immy.bot' }, 'instanceSubdomain'],
    [{ instanceSubdomain: undefined }, 'baseUrl'],
    [{ instanceSubdomain: undefined, baseUrl: 'https://immy.bot.evil.example' }, 'baseUrl'],
    [{ instanceSubdomain: undefined, baseUrl: 'http://northwind.immy.bot' }, 'baseUrl'],
    [{ baseUrl: 'https://northwind.immy.bot' }, 'one of the two'],
    [{ entraTenantId: 'Northwind MSP' }, 'entraTenantId'],
    [{ entraTenantId: '../common' }, 'entraTenantId'],
    [{ clientId: 'northwind' }, 'clientId'],
  ])('%j is refused before anything is sent', async (more, named) => {
    const of = await bench(immybot);
    const error = await failure(of, { credentials: secretOf(of, more) });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) });
    expect(of.asked).toEqual([]);
  });

  it('an address replaces the subdomain', async () => {
    const of = await bench(immybot);
    const credentials = secretOf(of, { instanceSubdomain: undefined, baseUrl: 'https://northwind.immy.bot/' });
    expect((await collection(of, { credentials })).status).toBe('collected');
  });

  it('a tenant name is not a tenant id', () => {
    expect(immybot.customerId.schema.safeParse('harbour').success).toBe(false);
  });
});

it('two vendors of the sandbox that sign in at the same place get their own requests', () => {
  const servers = [makeImmybot(demoMsp()), makeMicrosoft365(demoMsp())];
  const at = (path: string) => serverFor(servers, 'login.microsoftonline.com', path)?.id;
  expect(at('/northwind-msp.onmicrosoft.com/oauth2/v2.0/token')).toBe('immybot');
  expect(at('/2f1d3c4b-0000-4000-8000-000000000000/oauth2/v2.0/token')).toBe('microsoft-365');
});

it('500 tenants with about 50,000 computers take pages of 1000, never a call a tenant', async () => {
  const of = await bench(immybot, demoMsp(800, 3));
  const { receipt, customers } = await collection(of);
  const rows = (path: string) => receipt.lists.find(({ list }) => list === path)?.rows ?? 0;
  const full = (path: string) => Math.ceil(rows(path) / 1000);
  // The sheet's plan: token, both lists to an empty page, computers; the caller's own claims are one more call.
  const plan = 1 + full('/tenants') + 1 + full('/users') + 1 + full('/computers/paged');
  console.info(
    `immybot: ${customers.length} tenants, ${rows('/computers/paged')} computers, ${of.asked.length} requests, plan ${plan} and the caller's claims`,
  );
  expect(rows('/computers/paged')).toBeGreaterThan(45_000);
  expect(of.asked.length).toBeLessThanOrEqual(Math.ceil(plan * 1.02));
});
