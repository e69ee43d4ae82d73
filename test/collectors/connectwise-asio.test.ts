import { describe, expect, it } from 'vitest';
import asio from '../../lambdas/collectors/connectwise-asio.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../sandbox/vendor.ts';
import { asTruth, type Bench, bench, collection, failure, lifetime, refusedRights } from './run.ts';

type Row = Record<string, unknown>;

const TOKEN = '/v1/token';
const COMPANIES = '/api/platform/v1/company/companies';
const SITES = '/api/platform/v1/company/sites';
const ENDPOINTS = '/api/platform/v1/device/endpoints';
const BY_COMPANY = '/api/platform/v2/device/categories/all/endpoints';

const refuse = (status: number) => (request: SandboxRequest) =>
  request.path === ENDPOINTS ? { status, body: { error: 'forbidden' } } : undefined;

const expected = (of: Bench, untold: string[] = []) =>
  of.vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => (untold.includes(id) ? { id, state: 'excluded', cells: {} } : { id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const paths = (of: Bench) => of.asked.map(({ path }) => path);

describe('the plan of four calls', () => {
  it('token, companies, sites, endpoints', async () => {
    const of = await bench(asio);
    await collection(of);
    expect(paths(of)).toEqual([TOKEN, COMPANIES, '/api/platform/v1/company/sites', ENDPOINTS]);
  });

  it('a Link header is followed in every answer, or companies are lost', async () => {
    const of = await bench(asio);
    const { customers } = await collection(of, {
      before: ({ path, query }) => {
        if (path === COMPANIES) query.set('limit', '7');
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(paths(of).filter((path) => path === COMPANIES).length).toBeGreaterThan(3);
  });

  it('a Link to another host gets no credentials', async () => {
    const of = await bench(asio);
    const error = await failure(of, {
      after: ({ path }, response) => {
        if (path === ENDPOINTS) response.headers = { Link: '<https://evil.example/next>; rel="next"' };
      },
    });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('evil.example') });
  });
});

describe('what is counted', () => {
  it('devices are found by their site where their client id is not a company, and listed as unmatched if neither is', async () => {
    const { customers, notes } = await collection(await bench(asio));
    const unmatched = customers.find(({ id }) => id === 'unmatched');
    expect(unmatched?.counts['ConnectWise Asio Servers']).toBeGreaterThan(0);
    expect(notes.some((note) => note.includes('of no listed company'))).toBe(true);
  });

  it('ids that match no company at all are an error, not a row of the unmatched', async () => {
    const error = await failure(await bench(asio), {
      after: ({ path }, { body }) => {
        if (path !== ENDPOINTS) return;
        for (const row of (body as { endpoints: Row[] }).endpoints) Object.assign(row, { clientId: '9', siteId: '9' });
      },
    });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('no endpoint belongs'),
    });
  });

  it('a site that does not name its company leaves no device among the unmatched: it is an error', async () => {
    const error = await failure(await bench(asio), {
      after: ({ path }, { body }) => {
        if (path === SITES) for (const row of body as Row[]) delete row.company;
      },
    });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringMatching(/site .+ does not name its company/u),
    });
  });

  it.each([200, 403])('a list without a company is not believed (all endpoints: %i)', async (status) => {
    const error = await failure(await bench(asio), {
      before: (request) => {
        if (request.path === COMPANIES) return { status: 200, body: [] };
        return status === 200 ? undefined : refuse(status)(request);
      },
    });
    expect(error.name).toBe('VendorContractError');
  });

  it('an inactive company is left out without devices and counted with them', async () => {
    const of = await bench(asio);
    const { customers } = await collection(of);
    expect(customers.filter(({ state }) => state === 'excluded').map(({ name }) => name)).toEqual([
      'Prairie Wind Catering',
    ]);
    const inactive = new Set<unknown>();
    await collection(of, {
      after: ({ path }, { body }) => {
        if (path !== COMPANIES) return;
        for (const row of body as Row[]) if (!(row.activityStatus as Row).activeFlag) inactive.add(row.id);
      },
    });
    expect(customers.filter(({ id, state }) => inactive.has(id) && state === 'counted').length).toBeGreaterThan(0);
  });

  it('a company marked deleted is not listed; the year 1 is not a date', async () => {
    const { customers } = await collection(await bench(asio));
    expect(customers.map(({ name }) => name)).not.toContain('Copper Kettle Diner (closed)');
    expect(customers.length).toBeGreaterThan(10);
  });

  it('an unknown type is counted in Other and named in the log', async () => {
    const { notes } = await collection(await bench(asio, demoMsp(120)));
    expect(notes.some((note) => note.includes('endpoint type CloudInstance is not known'))).toBe(true);
  });

  it('one odd device costs its own company, whose number it would have changed', async () => {
    for (const odd of [{ endpointType: 7 }, { endpointType: undefined }, { endpointId: null }]) {
      const of = await bench(asio);
      let owner: unknown;
      const { customers } = await collection(of, {
        after: ({ path }, { body }) => {
          if (path !== ENDPOINTS) return;
          // Not one of those whose company only their site shows.
          const first = (body as { endpoints: Row[] }).endpoints.find(({ clientId }) => clientId !== '50017311');
          owner = first?.clientId;
          Object.assign(first ?? {}, odd);
        },
      });
      expect(customers.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual([owner]);
    }
  });

  it.each([
    ['without members', {}],
    ['whose owner cannot be read', { endpointId: 'x', endpointType: 'Server', clientId: {}, siteId: true }],
  ])('a device %s may be any company’s: none has a number', async (_, odd) => {
    const error = await failure(await bench(asio), {
      after: ({ path }, { body }) => {
        if (path === ENDPOINTS) (body as { endpoints: Row[] }).endpoints.splice(3, 1, odd);
      },
    });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('endpoints.3') });
  });

  it('a device that no company has yet is shown as unmatched', async () => {
    const of = await bench(asio);
    const { customers } = await collection(of, {
      after: ({ path }, { body }) => {
        if (path !== ENDPOINTS) return;
        const odd = [{ clientId: null }, { clientId: '', siteId: '' }].map((members, index) => ({
          ...{ endpointId: `new ${index}`, endpointType: 'NetworkDevice', ...members },
        }));
        (body as { endpoints: Row[] }).endpoints.push(...odd);
      },
    });
    const before = expected(of).find(({ id }) => id === 'unmatched')?.cells ?? {};
    const title = 'ConnectWise Asio Network Devices';
    expect(customers.find(({ id }) => id === 'unmatched')?.counts[title]).toBe(
      Number(Object.entries(before).find(([name]) => name === title)?.[1] ?? 0) + 2,
    );
  });

  it.each([
    ['date', { deletedDate: 'soon' }],
    ['author', { deletedBy: { name: 'admin' } }],
  ])('a company whose %s of deletion cannot be read fails alone, and keeps its devices', async (_, members) => {
    const of = await bench(asio);
    let odd: unknown;
    const { customers } = await collection(of, {
      after: ({ path }, { body }) => {
        if (path !== COMPANIES) return;
        const [first] = body as Row[];
        odd = first?.id;
        Object.assign(first ?? {}, members);
      },
    });
    expect(customers.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual([odd]);
    const rest = (customer: { id: string }) => customer.id !== odd;
    expect(customers.map(asTruth).filter(rest)).toEqual(expected(of).filter(rest));
  });

  it('members are found in every casing that has been seen', async () => {
    const of = await bench(asio);
    const { customers } = await collection(of, {
      after: ({ path }, response) => {
        if (path !== ENDPOINTS) return;
        const { endpoints } = response.body as { endpoints: Row[] };
        response.body = {
          endpoints: endpoints.map(({ clientId, siteId, endpointId, endpointType }) => ({
            companyID: clientId,
            siteID: siteId,
            EndpointID: endpointId,
            EndpointType: endpointType,
          })),
        };
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it.each(['endpointType', 'endpointId'])(
    'a list in which %s has another name fails and tells the members it saw',
    async (name) => {
      const error = await failure(await bench(asio), {
        after: ({ path }, response) => {
          if (path !== ENDPOINTS) return;
          for (const row of (response.body as { endpoints: Row[] }).endpoints) {
            row.renamed = row[name];
            delete row[name];
          }
        },
      });
      expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('renamed') });
    },
  );
});

describe('the plan company by company', () => {
  it.each([403, 404, 410])('is taken when the list of all endpoints answers %i, and says the same', async (status) => {
    const of = await bench(asio);
    const { customers, notes } = await collection(of, { before: refuse(status) });
    expect(customers.map(asTruth)).toEqual(expected(of, ['unmatched']));
    expect(notes.some((note) => note.includes('company by company'))).toBe(true);
    for (const asked of of.asked.filter(({ path }) => path === BY_COMPANY)) {
      expect(jsonOf(asked)).toMatchObject({ resourceType: 'company' });
    }
  });

  it('is not taken when the vendor is down', async () => {
    const of = await bench(asio);
    const error = await failure(of, { before: refuse(500) });
    expect(error.name).toBe('VendorUnavailableError');
    expect(paths(of)).not.toContain(BY_COMPANY);
  });

  it('follows pages of 500 by their Link', async () => {
    const of = await bench(asio, demoMsp(12, 30));
    const { customers } = await collection(of, { before: refuse(403) });
    expect(customers.map(asTruth)).toEqual(expected(of, ['unmatched']));
    expect(of.asked.filter(({ query }) => Number(query.get('cursor')) > 0).length).toBeGreaterThan(3);
  });

  it('goes on by the number of devices if a full page has no Link, to a "not found" past the end', async () => {
    const of = await bench(asio, demoMsp(12, 30));
    const { customers } = await collection(of, {
      before: refuse(403),
      after: ({ path }, response) => {
        if (path === BY_COMPANY) delete response.headers;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of, ['unmatched']));
  });

  it('sends GET with the same body where POST is not allowed', async () => {
    const of = await bench(asio);
    const { customers } = await collection(of, {
      before: (request) => {
        if (request.path !== BY_COMPANY) return refuse(403)(request);
        if (request.method === 'POST') return { status: 405, body: { error: 'method not allowed' } };
        request.method = 'POST';
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of, ['unmatched']));
  });

  it('a "not found" without those words, or devices of somebody else, are not an empty company', async () => {
    const answers: SandboxResponse[] = [
      { status: 404, body: { detail: 'no route' } },
      { status: 200, body: {} },
      {
        status: 200,
        body: { platform: [{ companyID: 'other', endpoints: [{ endpointID: '1', endpointType: 'Desktop' }] }] },
      },
      { status: 200, body: { platform: [{ endpoints: [{ endpointID: '1', endpointType: 'Desktop' }] }] } },
    ];
    for (const answer of answers) {
      const error = await failure(await bench(asio), {
        before: (request) => (request.path === BY_COMPANY ? answer : refuse(403)(request)),
      });
      expect(error.name).toBe('VendorContractError');
    }
  });

  it.each([
    ['a 404 in other words', { status: 404, body: { error: 'Company c2 not found' } }],
    ['a gateway without the route', { status: 404, body: { message: 'Not Found' } }],
    ['a sentence with HTTP 200', { status: 200, body: { message: 'token subject not found' } }],
    ['the documented words with HTTP 200', { status: 200, body: { error: 'resource not found' } }],
  ])('%s is no empty fleet: the one company that it is about fails alone', async (_, answer) => {
    const of = await bench(asio);
    let about: unknown;
    const { customers } = await collection(of, {
      before: (request) => {
        if (request.path !== BY_COMPANY) return refuse(403)(request);
        const { resources } = jsonOf(request) as { resources: unknown[] };
        about ??= resources[1];
        return resources.includes(about) ? answer : undefined;
      },
    });
    expect(customers.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual([about]);
    const others = ({ id }: { id: string }) => id !== about;
    expect(customers.map(asTruth).filter(others)).toEqual(expected(of, ['unmatched']).filter(others));
  });

  it.each([
    ['null', (group: Row) => ({ ...group, endpoints: null })],
    ['missing', ({ endpoints: _, ...group }: Row) => group],
    ['under another name', ({ endpoints, ...group }: Row) => ({ ...group, Devices: endpoints })],
    ['no list', (group: Row) => ({ ...group, endpoints: {} })],
  ])(
    'a group whose list of devices is %s is not an empty one: its company fails alone, and says why',
    async (_, spoil) => {
      const of = await bench(asio);
      const plain = await collection(await bench(asio), { before: refuse(403) });
      let about: unknown;
      const { customers } = await collection(of, {
        before: refuse(403),
        after: ({ path }, response) => {
          if (path !== BY_COMPANY || response.status !== 200) return;
          const body = response.body as Record<string, Row[]>;
          about ??= body.platform?.[0]?.companyID;
          const spoilt = (body.platform ?? []).map((group) => (group.companyID === about ? spoil(group) : group));
          response.body = { ...body, platform: spoilt };
        },
      });
      const [failed, ...others] = customers.filter(({ state }) => state === 'failed');
      expect(others).toEqual([]);
      expect(failed).toMatchObject({ id: about, reason: expect.stringContaining('has no list of endpoints') });
      const rest = ({ id }: { id: string }) => id !== about;
      expect(customers.filter(rest).map(asTruth)).toEqual(plain.customers.filter(rest).map(asTruth));
    },
  );

  it('that four companies have no device is believed of each asked alone', async () => {
    const of = await bench(asio);
    const alone = new Set<unknown>();
    const { customers } = await collection(of, {
      before: (request) => {
        if (request.path !== BY_COMPANY) return refuse(403)(request);
        const { resources } = jsonOf(request) as { resources: unknown[] };
        if (resources.length === 1) alone.add(resources[0]);
        else return { status: 404, body: { error: 'resource not found', description: 'no endpoints' } };
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of, ['unmatched']));
    expect(alone.size).toBe(customers.length - 1);
  });

  it('companies of one call that fails are failed, the others counted', async () => {
    const of = await bench(asio);
    let first: string | undefined;
    const { status, customers } = await collection(of, {
      before: (request) => {
        if (request.path !== BY_COMPANY) return refuse(403)(request);
        const body = Buffer.from(request.body).toString('utf8');
        first ??= body;
        return body === first ? { status: 200, body: { platform: null } } : undefined;
      },
    });
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toHaveLength(4);
  });

  it('companies whose call is answered for somebody else are failed, not without devices', async () => {
    const stranger = { companyID: 'other', endpoints: [{ endpointID: '1', endpointType: 'Desktop' }] };
    let first: string | undefined;
    const { customers } = await collection(await bench(asio), {
      before: (request) => {
        if (request.path !== BY_COMPANY) return refuse(403)(request);
        const body = Buffer.from(request.body).toString('utf8');
        first ??= body;
        return body === first ? { status: 200, body: { platform: [stranger] } } : undefined;
      },
    });
    const failed = customers.filter(({ state }) => state === 'failed');
    expect(failed).toHaveLength(4);
    for (const { reason } of failed) expect(reason).toContain('answered for "other"');
  });

  it('a company is counted once even if a pause comes between and the companies come in another order then', async () => {
    const of = await bench(asio);
    const slow = { latency: 20, before: refuse(403) };
    const first = await lifetime(of, { ...slow, lifetime: 140 });
    if (first.outcome !== 'paused') throw new Error('expected a pause');
    expect(first.checkpoint.done.length).toBeGreaterThan(2);
    const { customers } = await collection(of, {
      ...slow,
      checkpoint: first.checkpoint,
      after: ({ path }, response) => {
        if (path === COMPANIES) response.body = (response.body as Row[]).toReversed();
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of, ['unmatched']));
  });

  it('a key without either right is refused credentials', async () => {
    const error = await failure(await bench(asio), {
      before: ({ path }) => (path === TOKEN || path.includes('company/') ? undefined : { status: 403, body: {} }),
    });
    expect(error.name).toBe('VendorAuthError');
  });
});

describe('the token', () => {
  it('a locked key is waited for once', async () => {
    const of = await bench(asio);
    let locked = 0;
    const { status } = await collection(of, {
      before: ({ path }) => (path === TOKEN && locked++ === 0 ? { status: 423, body: { error: 'Locked' } } : undefined),
    });
    expect(status).toBe('collected');
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(120_000);
  });

  it('a locked key is waited for as long as the answer says', async () => {
    const of = await bench(asio);
    let locked = 0;
    await collection(of, {
      before: ({ path }) =>
        path === TOKEN && locked++ === 0 ? { status: 423, headers: { 'retry-after': '7' }, body: {} } : undefined,
    });
    expect(of.clock.elapsed()).toBe(7_000);
  });

  it('a key that stays locked is left alone', async () => {
    const of = await bench(asio);
    const error = await failure(of, {
      before: ({ path }) => (path === TOKEN ? { status: 423, body: { error: 'Locked' } } : undefined),
    });
    expect(error.name).toBe('VendorRateLimitError');
    expect(of.asked).toHaveLength(2);
  });

  it('a scope that the key lacks is asked for once, then the key’s own are taken', async () => {
    const of = await bench(asio);
    const { status } = await collection(of, {
      credentials: { secret: { ...of.vendor.secret, scope: 'platform.companies.read platform.everything.read' } },
    });
    expect(status).toBe('collected');
    expect(of.asked.filter(({ path }) => path === TOKEN)).toHaveLength(2);
  });

  it('a wrong secret is refused credentials', async () => {
    const of = await bench(asio);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, clientSecret: 'wrong-secret' } } });
    expect(error.name).toBe('VendorAuthError');
  });

  it('is asked for in JSON and once for a whole collection', async () => {
    const of = await bench(asio);
    await collection(of, { before: refuse(403) });
    const asked = of.asked.filter(({ path }) => path === TOKEN);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers['content-type']).toBe('application/json');
  });

  it('a 429 waits until the time that `Reset` names', async () => {
    const of = await bench(asio);
    let limited = 0;
    await collection(of, {
      before: ({ path }) =>
        path === ENDPOINTS && limited++ === 0
          ? { status: 429, headers: { reset: String(of.clock.now() / 1000 + 42) }, body: {} }
          : undefined,
    });
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(42_000);
    expect(of.clock.elapsed()).toBeLessThan(60_000);
  });
});

describe('rights', () => {
  it('are tried one by one, each by a call that it alone allows', async () => {
    const of = await bench(asio);
    const lacks = async (scope?: string) => {
      const all = ['companies', 'sites', 'asset', 'devices'].map((name) => `platform.${name}.read`);
      const granted = all.filter((name) => name !== scope).join(' ');
      const refused = await refusedRights(of, { credentials: { secret: { ...of.vendor.secret, scope: granted } } });
      return refused.map((right) => right.replace(/^scope | - Read$/gu, ''));
    };
    expect(await lacks()).toEqual([]);
    expect(await lacks('platform.sites.read')).toEqual(['Sites']);
    expect(await lacks('platform.asset.read')).toEqual(['Assets']);
    expect(await lacks('platform.devices.read')).toEqual(['Devices']);
  });
});

describe('settings', () => {
  it.each([
    [{ region: 'uk' }, 'region'],
    [{ region: undefined }, 'baseUrl'],
    [{ baseUrl: 'https://openapi.service.itsupport247.net' }, 'one of the two'],
    [{ region: undefined, baseUrl: 'https://openapi.service.itsupport247.net.evil.example' }, 'baseUrl'],
  ])('%j is refused before anything is sent', async (more, named) => {
    const of = await bench(asio);
    const secret = Object.fromEntries(
      Object.entries({ ...of.vendor.secret, ...more }).filter(([, value]) => value !== undefined),
    );
    const error = await failure(of, { credentials: { secret } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) });
    expect(of.asked).toEqual([]);
  });

  it('an address replaces the region', async () => {
    const of = await bench(asio);
    const { region: _, ...rest } = of.vendor.secret;
    const baseUrl = 'https://openapi.service.euplatform.connectwise.com/';
    const { status } = await collection(of, { credentials: { secret: { ...rest, baseUrl } } });
    expect(status).toBe('collected');
  });

  it('a client id that looks like another region’s is remarked on, not refused', async () => {
    const of = await bench(asio);
    const clientId = '0e32c7a4';
    const { notes } = await collection(of, {
      credentials: { secret: { ...of.vendor.secret, clientId } },
      before: (request) => {
        if (request.path === TOKEN) {
          request.body = Buffer.from(
            Buffer.from(request.body).toString('utf8').replace(clientId, String(of.vendor.secret.clientId)),
          );
        }
        return undefined;
      },
    });
    expect(notes.some((note) => note.includes('region au'))).toBe(true);
  });

  it('a company name is not a company id', () => {
    expect(asio.customerId.schema.safeParse('Harbour Dental').success).toBe(false);
  });
});

describe('cost', () => {
  it('500 companies with about 50,000 endpoints take four calls', async () => {
    const of = await bench(asio, demoMsp(750, 3));
    const { receipt, customers } = await collection(of);
    console.info(
      `connectwise-asio: ${customers.length} companies, ${receipt.lists.at(-1)?.rows} endpoints, ${of.asked.length} requests, plan 4`,
    );
    expect(receipt.lists.at(-1)?.rows).toBeGreaterThan(45_000);
    expect(of.asked).toHaveLength(4);
  });

  it('company by company it stays within one window of the quota', async () => {
    const of = await bench(asio, demoMsp(750, 3));
    const { customers } = await collection(of, { before: refuse(403) });
    const pages = of.asked.filter(({ path }) => path === BY_COMPANY).length;
    console.info(`connectwise-asio, company by company: ${customers.length} companies, ${of.asked.length} requests`);
    expect(pages).toBeGreaterThanOrEqual(Math.ceil(customers.length / 4));
    expect(of.asked.length).toBeLessThan(480);
    expect(of.clock.elapsed()).toBeLessThan(300_000);
  });
});
