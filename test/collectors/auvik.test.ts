import { describe, expect, it } from 'vitest';
import auvik from '../../lambdas/collectors/auvik.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type Bench, bench, collection, failure, lifetime, refusedRights } from './run.ts';

const USAGE = '/v1/billing/usage/client';
const DEVICES = 'Auvik Billable Devices';

type Row = { id: string; attributes: { [member: string]: unknown } };

/** The bench with the rows of one path changed on their way out. */
async function withRows(path: string, change: (rows: Row[]) => Row[], msp = demoMsp()): Promise<Bench> {
  const of = await bench(auvik, msp);
  const { handle } = of.vendor;
  const changed = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const response = await handle(request);
    if (request.path !== path || response.status !== 200) return response;
    const { data } = JSON.parse(String(response.body));
    return { ...response, body: JSON.stringify({ data: change(data) }) };
  };
  return { ...of, vendor: { ...of.vendor, handle: changed } };
}

const without = (member: string) => (rows: Row[]) =>
  rows.map(({ attributes: { [member]: _, ...attributes }, ...row }) => ({ ...row, attributes }));

const asked = ({ asked: requests }: Bench, path: string) => requests.filter((request) => request.path === path);

/** The days for which usage was requested. */
async function range(asOf: string, configuration: Record<string, unknown> = {}, timeZone = 'UTC') {
  const of = await bench(auvik);
  await collection(of, { asOf, timeZone, credentials: { configuration } });
  const query = asked(of, USAGE).at(-1)?.query;
  return [query?.get('filter[fromDate]'), query?.get('filter[thruDate]')];
}

describe('Auvik', () => {
  it('follows its account to another region, with only one detour', async () => {
    const of = await bench(auvik);
    await collection(of);
    expect(of.asked.map(({ host }) => host.split('.')[1])).toEqual(['us1', 'us4', 'us4', 'us4']);
  });

  it.each([
    'https://auvikapi.us4.my.auvik.com.evil.example/v1/tenants',
    'https://auvikapi.evil.example/v1/tenants',
    'https://auvikapi.a.b.my.auvik.com/v1/tenants',
    'https://tenant.my.auvik.com/v1/tenants',
    'http://auvikapi.us4.my.auvik.com/v1/tenants',
    'https://auvikapi.us4.my.auvik.com:8443/v1/tenants',
  ])('does not carry its credentials to %s', async (location) => {
    const of = await bench(auvik);
    of.vendor = { ...of.vendor, answers: () => true };
    const error = await failure(of, { before: () => ({ status: 308, headers: { location } }) });
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('refused to send') });
    expect(of.asked).toHaveLength(1);
  });

  it('asks for usage in batches of 50 clients, never for a group, whose usage holds that of its children', async () => {
    const of = await bench(auvik, demoMsp(150));
    const { customers } = await collection(of);
    const batches = asked(of, USAGE).map(({ query }) => query.get('tenants')?.split(',') ?? []);
    expect(batches.slice(0, -1).every(({ length }) => length === 50)).toBe(true);
    const counted = customers.filter(({ state }) => state === 'counted').map(({ id }) => id);
    expect(batches.flat().sort()).toEqual(counted);
  });

  it('keeps the decimals of an average', async () => {
    const { customers } = await collection(await bench(auvik));
    const averages = customers.map(({ counts }) => Number(counts[DEVICES] ?? 0));
    expect(averages.some((average) => !Number.isInteger(average))).toBe(true);
  });

  it('asks for the month up to yesterday, because a day is logged when it is over', async () => {
    expect(await range('2026-11-22T06:30:00.000Z')).toEqual(['2026-11-01', '2026-11-21']);
  });

  it.each([
    ['2026-12-01T06:30:00.000Z', '2026-11-01', '2026-11-30'],
    ['2027-01-01T00:00:00.000Z', '2026-12-01', '2026-12-31'],
    ['2028-03-01T23:59:59.000Z', '2028-02-01', '2028-02-29'],
  ])('asks for the month that has ended on the 1st (%s)', async (asOf, from, thru) => {
    expect(await range(asOf)).toEqual([from, thru]);
  });

  it('asks for the whole month before on request, and reports which days it was', async () => {
    expect(await range('2026-11-22T06:30:00.000Z', { period: 'previousMonth' })).toEqual(['2026-10-01', '2026-10-31']);
    const { notes } = await collection(await bench(auvik));
    expect(notes).toContain('billing usage from 2026-11-01 to 2026-11-21');
  });

  it('reckons the day in the time zone of the report: east of UTC the month has ended earlier', async () => {
    const sydney = (period: string) => range('2026-08-31T20:30:00Z', { period }, 'Australia/Sydney');
    expect(await sydney('monthToDate')).toEqual(['2026-08-01', '2026-08-31']);
    expect(await sydney('previousMonth')).toEqual(['2026-08-01', '2026-08-31']);
  });

  it('leaves out disabled tenants and running trials, and says why; a trial that is over counts', async () => {
    const { customers } = await collection(await bench(auvik));
    const reasons = customers.flatMap(({ state, reason }) => (state === 'excluded' ? [reason] : []));
    expect(reasons.sort()).toEqual(['it is disabled in Auvik', 'it is on trial until 2026-12-01']);
  });

  it('counts trials on request', async () => {
    const of = await bench(auvik);
    const { customers } = await collection(of, { credentials: { configuration: { countTrials: true } } });
    expect(customers.filter(({ state }) => state === 'excluded')).toHaveLength(1);
  });

  it('lists no group as a customer', async () => {
    const { customers } = await collection(await bench(auvik));
    expect(customers.map(({ id }) => id)).not.toContain('700000000000000001');
    expect(customers.map(({ id }) => id)).not.toContain('700000000000000002');
  });

  it('counts the one tenant of an account that is single', async () => {
    const of = await bench(auvik);
    const usage = { deviceUsage: { averageDays: 4.25 }, maxMonitoredServers: 1, maxMonitoredWorkstations: 0 };
    const answers = new Map<string, object>([
      ['/v1/tenants', { domainPrefix: 'solo', tenantType: 'corporateIt' }],
      ['/v1/tenants/detail', { domainPrefix: 'solo', displayName: 'Solo', enabled: true, subscribed: true }],
      [USAGE, usage],
    ]);
    const { customers } = await collection(of, {
      before: ({ path }) => ({ status: 200, body: { data: [{ id: '42', attributes: answers.get(path) }] } }),
    });
    expect(asked(of, '/v1/tenants/detail')[0]?.query.get('tenantDomainPrefix')).toBe('solo');
    expect(customers).toMatchObject([{ id: '42', name: 'Solo', state: 'counted', counts: { [DEVICES]: 4.25 } }]);
  });

  it('counts a tenant without details by its prefix, with a remark', async () => {
    const of = await withRows('/v1/tenants/detail', (rows) => rows.slice(0, -1));
    const { customers } = await collection(of);
    expect(customers.find(({ notes }) => notes.length > 0)).toMatchObject({
      state: 'counted',
      notes: ['Auvik gives no details, so it is not known whether it is disabled or a trial'],
    });
  });

  it('fails one tenant whose trial ends on an invalid date, and treats one of the year 1 as no trial', async () => {
    const trialOf = async (trialEndDate: string) => {
      const of = await withRows('/v1/tenants/detail', (rows) =>
        rows.map((row, index) =>
          index === 2 ? { ...row, attributes: { ...row.attributes, subscribed: false, trialEndDate } } : row,
        ),
      );
      const { customers } = await collection(of);
      return customers[0]?.state;
    };
    expect(await trialOf('soon')).toBe('failed');
    expect(await trialOf('0001-01-01T00:00:00Z')).toBe('counted');
    expect(await trialOf('2026-11-23T00:00:00Z')).toBe('excluded');
  });

  it('fails one tenant of a type that is not known, and one whose row is odd, and counts the others', async () => {
    const odd: unknown[] = ['reseller', null];
    const of = await withRows('/v1/tenants', (rows) =>
      rows.map((row, index) =>
        index === 3 || index === 4 ? { ...row, attributes: { ...row.attributes, tenantType: odd[index - 3] } } : row,
      ),
    );
    const whole = await collection(await bench(auvik));
    const { customers } = await collection(of);
    const failed = customers.filter(({ state }) => state === 'failed');
    expect(failed.map(({ reason }) => reason)).toEqual([
      'its tenant type is "reseller", which is not known',
      expect.stringContaining('tenantType: expected string, found null'),
    ]);
    const others = ({ id }: { id: string }) => failed.every((each) => each.id !== id);
    expect(customers.filter(others)).toEqual(whole.customers.filter(others));
  });

  it('checks each right by a call that needs it', async () => {
    const of = await bench(auvik);
    expect(await refusedRights(of)).toEqual([]);
    const refuse = (path: string) =>
      refusedRights(of, { before: (request) => (request.path === path ? { status: 403 } : undefined) });
    expect(await refuse(USAGE)).toEqual(['view of billing']);
    expect(await refuse('/v1/tenants')).toEqual(['view of tenants', 'view of billing']);
  });

  it('fails one tenant whose usage is missing or has no average, never showing 0', async () => {
    const of = await withRows(USAGE, (rows) =>
      rows
        .slice(1)
        .map((row, index) => (index === 0 ? { ...row, attributes: { deviceUsage: { averagedDays: 3 } } } : row)),
    );
    const { customers, status } = await collection(of);
    expect(status).toBe('partial');
    const failed = customers.filter(({ state }) => state === 'failed');
    expect(failed.map(({ error }) => error)).toEqual(['VendorContractError', 'VendorContractError']);
    expect(failed.map(({ reason }) => reason).join()).toMatch(/is missing.*deviceUsage\.averageDays/u);
  });

  it('fails as a whole when the average is gone everywhere', async () => {
    const of = await withRows(USAGE, without('deviceUsage'));
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('deviceUsage'),
    });
  });

  it('leaves the servers blank, not 0, if their number is not given', async () => {
    const { customers } = await collection(await withRows(USAGE, without('maxMonitoredServers')));
    const counted = customers.filter(({ state }) => state === 'counted');
    for (const { gaps, counts } of counted) {
      expect(gaps['Auvik Servers']).toMatchObject({ state: 'failed' });
      expect(counts[DEVICES]).toBeDefined();
    }
  });

  it.each([400, 403, 404])('fails only the tenant that makes a batch of 50 be refused with %i', async (status) => {
    const of = await bench(auvik, demoMsp(200));
    const whole = await collection(of);
    const unavailable = whole.customers.filter(({ state }) => state === 'counted')[3]?.id ?? '';
    const rest = await collection(await bench(auvik, demoMsp(200)), {
      before: ({ query }) =>
        query.get('tenants')?.split(',').includes(unavailable)
          ? { status, body: { errors: [{ detail: 'tenant is not available' }] } }
          : undefined,
    });
    expect(rest.status).toBe('partial');
    expect(rest.customers.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual([unavailable]);
    const others = ({ customers }: typeof whole) => customers.filter(({ id }) => id !== unavailable);
    expect(others(rest)).toEqual(others(whole));
    expect(rest.receipt.requests).toBeLessThanOrEqual(whole.receipt.requests + 2 * Math.ceil(Math.log2(50)));
  });

  it('counts a client of another main account, of which Auvik gives no details, with a remark', async () => {
    const foreign = { id: '800000000000000001', attributes: { domainPrefix: 'foreign', tenantType: 'client' } };
    const of = await withRows('/v1/tenants', (rows) => [...rows, foreign]);
    const usage = { deviceUsage: { averageDays: 2 }, maxMonitoredServers: 0, maxMonitoredWorkstations: 0 };
    const { customers } = await collection(of, {
      before: ({ host, query }) =>
        host.includes('us4') && query.get('tenants')?.split(',').includes(foreign.id)
          ? {
              status: 200,
              body: {
                data: query
                  .get('tenants')
                  ?.split(',')
                  .map((id) => ({ id, attributes: usage })),
              },
            }
          : undefined,
    });
    expect(customers.find(({ id }) => id === foreign.id)).toMatchObject({
      name: 'foreign',
      state: 'counted',
      counts: { [DEVICES]: 2 },
      notes: ['Auvik gives no details, so it is not known whether it is disabled or a trial'],
    });
  });

  it('fails when the details of the main account are refused: disabled tenants and trials would not be known', async () => {
    const error = await failure(await bench(auvik), {
      before: ({ host, path }) =>
        host.includes('us4') && path === '/v1/tenants/detail' ? { status: 403, body: '' } : undefined,
    });
    expect(error.name).toBe('VendorAuthError');
  });

  it('fails with VendorAuthError when the user may not view billing', async () => {
    const of = await bench(auvik);
    const error = await failure(of, {
      before: ({ path }) => (path === USAGE ? { status: 403, body: { errors: [{ detail: 'Forbidden' }] } } : undefined),
    });
    expect(error.name).toBe('VendorAuthError');
  });

  it('treats a 403 that mentions throttling, and only that, as "slow down"', async () => {
    const of = await bench(auvik);
    let refused = 0;
    const { status } = await collection(of, {
      before: () => {
        refused += 1;
        return refused <= 2 ? { status: 403, body: { errors: [{ title: 'API rate limit exceeded' }] } } : undefined;
      },
    });
    expect(status).toBe('collected');
    expect(of.clock.elapsed()).toBeGreaterThan(0);
  });

  it('reports that the key was refused although Auvik says nothing', async () => {
    const of = await bench(auvik);
    const secret = { ...of.vendor.secret, apiKey: 'retired-key' };
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringContaining('HTTP 401'),
    });
  });

  it('goes on with the batches that are left after a pause, and counts none twice', async () => {
    const msp = demoMsp(300);
    const whole = await collection(await bench(auvik, msp));
    const of = await bench(auvik, msp);
    const batches = () => asked(of, USAGE).map(({ query }) => query.get('filter[tenants]') ?? query.get('tenants'));
    const first = await lifetime(of, { latency: 1, lifetime: 5 });
    if (first.outcome !== 'paused') throw new Error('a pause was expected');
    const before = batches();
    expect(first.checkpoint.done).toHaveLength(before.length);
    const resumed = await collection(of, { checkpoint: first.checkpoint });
    expect(resumed.customers).toEqual(whole.customers);
    const after = new Set(batches().slice(before.length));
    expect(after.size).toBeGreaterThan(0);
    expect(before.filter((batch) => after.has(batch))).toEqual([]);
  });

  it.each([
    [{ region: 'us9' }, 'region'],
    [{ region: undefined }, 'region or baseUrl: expected'],
    [{ region: 'us1', baseUrl: 'https://auvikapi.us1.my.auvik.com/v1' }, 'one of the two'],
    [{ region: undefined, baseUrl: 'https://auvikapi.us1.my.auvik.com.evil.example' }, 'baseUrl'],
  ])('refuses the address %o before anything is sent', async (changed, message) => {
    const of = await bench(auvik);
    const secret = JSON.parse(JSON.stringify({ ...of.vendor.secret, ...changed }));
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    });
    expect(of.asked).toEqual([]);
  });

  it('asks for the details of the main account alone, whether or not its clients name their parent', async () => {
    const of = await withRows('/v1/tenants', (rows) => rows.map(({ id, attributes }) => ({ id, attributes })));
    const { customers } = await collection(of);
    expect(customers).toEqual((await collection(await bench(auvik))).customers);
    const prefixes = new Set(asked(of, '/v1/tenants/detail').map(({ query }) => query.get('tenantDomainPrefix') ?? ''));
    expect(prefixes.has('northwindmsp')).toBe(true);
    expect(prefixes.size).toBeLessThanOrEqual(2);
  });

  it('reports that the prefix of the main account is wrong', async () => {
    const of = await bench(auvik);
    const secret = { ...of.vendor.secret, domainPrefix: 'northwind' };
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('correct domainPrefix'),
    });
  });

  it('accepts a whole address and the prefix of the main account', async () => {
    const of = await bench(auvik);
    const { username, apiKey } = of.vendor.secret;
    const secret = { username, apiKey, baseUrl: 'https://auvikapi.us4.my.auvik.com/v1', domainPrefix: 'northwindmsp' };
    expect((await collection(of, { credentials: { secret } })).receipt.requests).toBe(3);
  });

  it('makes the calls of the plan for 500 companies and 50,000 devices: two lists, one call for each 50 tenants', async () => {
    const of = await bench(auvik, demoMsp(500, 55));
    const { vendor } = of;
    const secret = { ...vendor.secret, region: 'us4' };
    const { receipt, customers } = await collection(of, { credentials: { secret } });
    const counted = customers.filter(({ state }) => state === 'counted');
    const devices = counted.reduce((sum, { counts }) => sum + Number(counts[DEVICES] ?? 0), 0);
    expect(devices).toBeGreaterThan(50_000);
    expect(receipt.requests).toBe(2 + Math.ceil(counted.length / 50));
  });
});
