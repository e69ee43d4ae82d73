import { describe, expect, it } from 'vitest';
import proofpoint from '../../lambdas/collectors/proofpoint-essentials.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type Bench, bench, collection, failure } from './run.ts';

const LICENCES = 'Proofpoint User Licenses';
const ACTIVE = 'Proofpoint Active Users';
const ONE = { stack: 'us1', partnerDomain: 'msp.example', username: 'api@msp.example', password: 'not-a-real-one' };

type Row = { [member: string]: unknown };

const row = (eid: number, more: Row = {}): Row => ({
  primary_domain: `c${eid}.example`,
  name: `Customer ${eid}`,
  type: 'organization',
  eid,
  is_active: true,
  is_on_trial: false,
  licensing_package: 'business',
  user_licenses: 10,
  active_users: 7,
  ...more,
});

/** A bench with one stack that lists these organizations under these domains. */
async function listing(lists: Record<string, Row[]>): Promise<Bench> {
  const of = await bench(proofpoint);
  const handle = ({ path }: SandboxRequest): SandboxResponse => {
    const [, domain = ''] = /\/orgs\/([^/]+)\/orgs$/u.exec(path) ?? [];
    const orgs = new Map(Object.entries(lists)).get(decodeURIComponent(domain));
    return orgs === undefined ? { status: 404, body: { errors: [{ status: 404 }] } } : { status: 200, body: { orgs } };
  };
  return { ...of, vendor: { ...of.vendor, secret: ONE, customers: [], handle } };
}

const customersOf = async (...rows: Row[]) => (await collection(await listing({ 'msp.example': rows }))).customers;

describe('Proofpoint Essentials', () => {
  it('carries user and password in two headers of their own, and no other credentials', async () => {
    const of = await listing({ 'msp.example': [row(1)] });
    await collection(of);
    expect(of.asked[0]?.headers).toMatchObject({
      'x-user': 'api@msp.example',
      'x-password': 'not-a-real-one',
      'x-terms-update': 'true',
    });
    expect(of.asked[0]?.headers).not.toHaveProperty('authorization');
  });

  it('asks each stack with its own credentials', async () => {
    const of = await bench(proofpoint);
    await collection(of);
    const users = new Map(of.asked.map(({ host, headers }) => [host, headers['x-user']]));
    expect(users).toEqual(
      new Map([
        ['us1.proofpointessentials.com', 'api@northwind-msp.example'],
        ['eu1.proofpointessentials.com', 'api@northwind-eu.example'],
      ]),
    );
  });

  it('lets a company claim a customer by its eid too, for domains change', async () => {
    expect(await customersOf(row(551_201, { primary_domain: 'Harbour.Example' }))).toMatchObject([
      { id: 'harbour.example', aliases: ['551201'] },
    ]);
  });

  it('remarks on both if two stacks give one eid to different organizations', async () => {
    const of = await bench(proofpoint);
    const EU = {
      stack: 'eu1',
      partnerDomain: 'msp-eu.example',
      username: 'api@msp.example',
      password: 'not-a-real-one',
    };
    const handle = ({ host }: SandboxRequest): SandboxResponse => {
      const orgs = host.startsWith('us1') ? [row(1), row(2)] : [row(1, { primary_domain: 'other.example' }), row(3)];
      return { status: 200, body: { orgs } };
    };
    const { customers } = await collection({
      ...of,
      vendor: { ...of.vendor, secret: { stacks: [ONE, EU] }, customers: [], handle },
    });
    const notes = customers.map(({ id, notes }) => [id, notes.join()]);
    expect(notes).toEqual([
      ['c1.example', expect.stringContaining('eid 1 belongs to c1.example and to other.example')],
      ['c2.example', ''],
      ['c3.example', ''],
      ['other.example', expect.stringContaining('map them by their domains')],
    ]);
  });

  it.each([[row(9, { primary_domain: 'C1.example' })], [{ ...row(1), eid: null }]])(
    'remarks on an organization that is listed again under another eid or none, because both are added up',
    async (again) => {
      const of = await listing({
        'msp.example': [row(1), row(90, { primary_domain: 'sub.example', type: 'channel' })],
        'sub.example': [again, row(2)],
      });
      const [twice, once] = (await collection(of)).customers;
      expect(twice).toMatchObject({
        ...{ id: 'c1.example', counts: { [ACTIVE]: 14 } },
        notes: [expect.stringMatching(/^it is listed as 1 and as (9|c1\.example), and both are added up/u)],
      });
      expect(once).toMatchObject({ id: 'c2.example', notes: [] });
    },
  );

  it('reads numbers and flags that came as text, under the older spelling', async () => {
    const { user_licenses: _, is_on_trial: __, ...rest } = row(1);
    const older = { ...rest, user_licences: '40', active_users: '37', on_trial: 0, is_active: 'true' };
    expect(await customersOf(older)).toMatchObject([{ state: 'counted', counts: { [LICENCES]: 40, [ACTIVE]: 37 } }]);
  });

  it('fails one whose two spellings of a figure disagree, and no other', async () => {
    const [both, agreeing] = await customersOf(row(1, { user_licences: 12 }), row(2, { user_licences: '10' }));
    expect(both).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('user_licenses and user_licences disagree: 10 and 12'),
    });
    expect(agreeing?.state).toBe('counted');
  });

  it.each(['active_users', 'user_licenses', 'licensing_package', 'is_active', 'is_on_trial', 'type'])(
    'fails the customer without %s, and it alone',
    async (member) => {
      const { [member]: _, ...rest } = row(2);
      const [whole, lacking] = await customersOf(row(1), rest);
      expect(whole).toMatchObject({ state: 'counted', counts: { [ACTIVE]: 7 } });
      expect(lacking).toMatchObject({ state: 'failed', error: 'VendorContractError', counts: {} });
      expect(lacking?.reason).toContain(member);
    },
  );

  it.each([null, '', '-3', 'many', true])('does not read %o as a number of users', async (active_users) => {
    expect((await customersOf(row(1), row(2, { active_users })))[1]).toMatchObject({ state: 'failed' });
  });

  it('shows a trial as 0 with a remark', async () => {
    const [trial] = await customersOf(row(1, { is_on_trial: true }), row(2));
    expect(trial).toMatchObject({
      state: 'counted',
      counts: { 'Proofpoint Package': 'business' },
      notes: ['on trial, so shown as 0: 7 active users'],
    });
  });

  it('leaves out the inactive and the own organization, fails the unknown kind, and says why', async () => {
    const customers = await customersOf(
      row(1, { is_active: false }),
      row(2, { type: 'reseller_demo' }),
      row(3, { primary_domain: 'MSP.example' }),
      row(4),
    );
    expect(customers.map(({ state }) => state)).toEqual(['excluded', 'failed', 'counted', 'excluded']);
    expect(customers.map(({ reason }) => reason)).toEqual([
      'it is not active',
      'its type is "reseller_demo", which is not known',
      undefined,
      "the partner's own organization",
    ]);
  });

  it('counts an organization once that is listed twice', async () => {
    expect(await customersOf(row(1), row(1))).toMatchObject([{ counts: { [LICENCES]: 10, [ACTIVE]: 7 } }]);
  });

  it('lists the customers of partners below, once each, round in a circle or not', async () => {
    const partner = (eid: number, domain: string) => row(eid, { primary_domain: domain, type: 'channel' });
    const of = await listing({
      'msp.example': [row(1), partner(90, 'sub.example')],
      'sub.example': [row(1), row(2), partner(91, 'deep.example')],
      'deep.example': [row(3), row(2), partner(90, 'sub.example')],
    });
    const { customers } = await collection(of);
    const counted = customers.filter(({ state }) => state === 'counted');
    expect(counted.map(({ id, counts }) => `${id} ${counts[ACTIVE]}`)).toEqual([
      'c1.example 7',
      'c2.example 7',
      'c3.example 7',
    ]);
    expect(of.asked).toHaveLength(3);
  });

  it('is partial, not whole, if the list of a partner below is refused', async () => {
    const of = await listing({ 'msp.example': [row(1), row(90, { primary_domain: 'sub.example', type: 'channel' })] });
    const { customers, status } = await collection(of);
    expect(status).toBe('partial');
    expect(customers.map(({ id, state }) => `${id} ${state}`)).toEqual(['c1.example counted', 'sub.example failed']);
  });

  it('does not say that a company’s customer is gone if it may be below a partner that was not read', async () => {
    const channel = { primary_domain: 'sub.example', type: 'channel' };
    const others = [91, 92].map((eid) => row(eid, { type: 'channel' }));
    const of = await listing({
      'msp.example': [row(1), row(90, channel), ...others],
      'c91.example': [row(3)],
      'c92.example': [row(4)],
    });
    let lifetimes = 0;
    const options = { mapped: ['1', 'c2.example'], latency: 50, lifetime: 110 };
    const { customers } = await collection(of, options, (count) => {
      lifetimes = count;
    });
    const stranger = customers.find(({ id }) => id === 'c2.example');
    expect(stranger).toMatchObject({ state: 'failed', error: 'VendorContractError' });
    expect(stranger?.reason).toMatch(/^it may be, or be below, Customer 90, which could not be read: .*404/u);
    expect(customers.filter(({ state }) => state === 'failed')).toHaveLength(2);
    expect(lifetimes).toBeGreaterThan(1);
  });

  it('makes no remark on companies’ customers that are nowhere if every list was read', async () => {
    const channel = { primary_domain: 'sub.example', type: 'channel' };
    const of = await listing({ 'msp.example': [row(1), row(90, channel)], 'sub.example': [row(3)] });
    const { customers } = await collection(of, { mapped: ['c2.example'] });
    expect(customers.map(({ id }) => id)).toEqual(['c1.example', 'c3.example', 'sub.example']);
  });

  it('takes an organization of a kind that it does not know for one that may have customers', async () => {
    const of = await listing({ 'msp.example': [row(1), row(2, { type: 'reseller_demo' }), row(3, { type: 7 })] });
    const { customers } = await collection(of, { mapped: ['gone.example'] });
    expect(customers.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'c1.example counted',
      'c2.example failed',
      'c3.example failed',
      'gone.example failed',
    ]);
  });

  it.each([undefined, null, 7, ' '])(
    'fails an organization whose domain is %o and that has an eid, and it alone',
    async (primary_domain) => {
      const of = await listing({ 'msp.example': [row(1), row(2, { primary_domain }), row(3)] });
      const { customers } = await collection(of, { mapped: ['c1.example', 'c2.example'] });
      expect(customers).toMatchObject([
        { id: '2', name: 'Customer 2', state: 'failed', reason: expect.stringContaining('orgs.1.primary_domain: ') },
        { id: 'c1.example', state: 'counted', counts: { [ACTIVE]: 7 } },
        { id: 'c3.example', state: 'counted' },
        {
          ...{ id: 'c2.example', state: 'failed' },
          reason: expect.stringMatching(/^it may be, or be below, Customer 2, which could not be read: /u),
        },
      ]);
    },
  );

  it('fails the vendor over an organization that shows neither domain nor eid: it may be anybody', async () => {
    const of = await listing({ 'msp.example': [row(1), row(2, { primary_domain: null, eid: null })] });
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('orgs.1.primary_domain'),
    });
  });

  it('passes on the domains of an organization, for the mapping', async () => {
    const domains = [{ name: 'C1.example' }, { name: 'larch.example', is_active: true }];
    const [first, second] = await customersOf(row(1, { domains }), row(2, { domains: 'none' }));
    expect(first?.identity?.domains).toEqual(['c1.example', 'larch.example']);
    expect(second?.identity?.domains).toEqual(['c2.example']);
  });

  it('says which stack does not know the partner', async () => {
    expect(await failure(await listing({}))).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/stack us1 does not know msp\.example/u),
    });
  });

  it('fails as a whole when one of the stacks does, because it is unknown whose customers those are', async () => {
    const of = await bench(proofpoint);
    const error = await failure(of, {
      before: ({ host }) => (host.startsWith('eu1') ? { status: 503, body: '' } : undefined),
    });
    expect(error.name).toBe('VendorUnavailableError');
  });

  it('asks once only when the password is refused: more could lock the account', async () => {
    const of = await bench(proofpoint);
    const secret = { ...ONE, partnerDomain: 'northwind-msp.example' };
    const error = await failure(of, { credentials: { secret } });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('lock the account') });
    expect(of.asked).toHaveLength(1);
  });

  it('keeps nothing of the people and servers that a listing carries along', async () => {
    expect(JSON.stringify(await collection(await bench(proofpoint)))).not.toMatch(/ada@|High Street|mx\./u);
  });

  it.each([
    [{ ...ONE, stack: 'us1.evil.example/' }, 'stack'],
    [{ ...ONE, password: undefined }, 'password: expected'],
    [{ ...ONE, stacks: [ONE] }, 'or stacks: expected one of the two'],
    [{ stacks: [] }, 'stacks'],
    [{ stacks: [{ ...ONE, stack: undefined }] }, 'stacks.0.stack'],
    [{ ...ONE, partnerDomain: 'Harbour Dental' }, 'partnerDomain'],
  ])('refuses the secret %# before anything is sent', async (refused, message) => {
    const of = await bench(proofpoint);
    const secret = JSON.parse(JSON.stringify(refused));
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    });
    expect(of.asked).toEqual([]);
  });

  it('takes a domain or an eid for a customer id, and no name', () => {
    const { schema } = proofpoint.customerId;
    expect(schema.safeParse('Harbour.Example').data).toBe('harbour.example');
    expect(schema.safeParse('551201').data).toBe('551201');
    expect(schema.safeParse('Harbour Dental').success).toBe(false);
  });

  it('makes one call for each stack and partner below, for 500 companies', async () => {
    const of = await bench(proofpoint, demoMsp(500, 25));
    const { receipt, customers } = await collection(of);
    const users = customers.reduce((sum, { counts }) => sum + Number(counts[ACTIVE] ?? 0), 0);
    expect(users).toBeGreaterThan(50_000);
    expect(receipt.requests).toBe(3);
  });
});
