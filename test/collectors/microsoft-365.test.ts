import { describe, expect, it } from 'vitest';
import { skus, subscriptions } from '../../lambdas/collectors/microsoft-365/licences.ts';
import { seatsOf } from '../../lambdas/collectors/microsoft-365/seats.ts';
import { FREE_SKUS, SKU_NAMES } from '../../lambdas/collectors/microsoft-365/sku-names.ts';
import microsoft365 from '../../lambdas/collectors/microsoft-365.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { selfSigned } from '../sandbox/vendor-apis/microsoft-365/certificate.ts';
import makeMicrosoft365, { type Options, REFRESH_TOKEN } from '../sandbox/vendor-apis/microsoft-365.ts';
import { asTruth, type Bench, bench, collection, failure, firstOf, type RunOptions } from './run.ts';
import { spoil } from './spoil.ts';

const set = (options: Options = {}, size?: number) =>
  bench(microsoft365, demoMsp(size), (msp, now) => makeMicrosoft365(msp, now, options));

/** Settings in addition to those of the demo. */
const also = ({ vendor }: Bench, configuration: object, secret: object = {}): RunOptions => ({
  credentials: {
    secret: { ...vendor.secret, ...secret },
    configuration: { ...vendor.configuration, ...configuration },
  },
});

const truth = ({ vendor }: Bench) =>
  vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const isToken = ({ path }: SandboxRequest) => path.endsWith('/oauth2/v2.0/token');
const tokenForms = ({ asked }: Bench) =>
  asked.filter(isToken).map(({ body }) => new URLSearchParams(Buffer.from(body).toString()));
const refused = (code: number, error = 'invalid_client') => ({
  status: 401,
  body: { error, error_description: `AADSTS${code}: said so.`, error_codes: [code] },
});

type Sku = { id: string; skuId: string; subscriptionIds: string[]; [member: string]: unknown };
type Subscription = {
  id: string;
  isTrial: boolean;
  status: string;
  totalLicenses: number;
  nextLifecycleDateTime?: string;
  commerceSubscriptionId?: string;
};

const SPB = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46';
const VISIO = 'c5928f49-12ba-48f7-ada3-0d743a3601d5';
const REASON = /^a subscription of Microsoft 365 Business Premium|^the vendor reports -1/u;
const FLOW_FREE = 'f30db892-07e9-47e9-837c-80727f46fd3d';
const PREMIUM = 'Microsoft 365 Business Premium';
const MINE = '7f0e2d0c-1111-4222-8333-44445555666';

const bought = (number: number, totalLicenses: number, more: Partial<Subscription> = {}): Subscription => ({
  id: `${MINE}${number}`,
  status: 'Enabled',
  isTrial: false,
  totalLicenses,
  ...more,
});

const sku = (subscriptions: readonly Subscription[], more: Partial<Sku> = {}): Sku => {
  const units = (wanted: string) =>
    subscriptions.filter(({ status }) => status === wanted).reduce((sum, each) => sum + each.totalLicenses, 0);
  return {
    id: `account_${SPB}`,
    skuId: SPB,
    skuPartNumber: 'SPB',
    appliesTo: 'User',
    capabilityStatus: units('Enabled') > 0 ? 'Enabled' : units('Warning') > 0 ? 'Warning' : 'Suspended',
    consumedUnits: 0,
    prepaidUnits: { enabled: units('Enabled'), warning: units('Warning'), suspended: 0, lockedOut: 0 },
    subscriptionIds: subscriptions.map(({ id }) => id),
    ...more,
  };
};

type Batch = { responses: { id: string; status: number; headers?: object; body?: unknown }[] };

/** The bench with one tenant that owns only these SKUs and subscriptions, listed in a batch. */
async function owning(
  skus: object[],
  subscriptions: object[],
  configuration: object = {},
): Promise<[Bench, RunOptions]> {
  const of = await set();
  const id = of.vendor.customers.find(({ state }) => state === 'counted')?.id ?? '';
  const explicit = { tenantSource: 'explicit', tenants: [{ id, name: 'Only' }] };
  const batched = spoil<Batch>(of, /\$batch$/u, () => ({
    responses: [
      { id: 'subscriptions', status: 200, body: { value: subscriptions } },
      { id: 'skus', status: 200, body: { value: skus } },
    ],
  }));
  const answers = spoil<object>(batched, /subscribedSkus$/u, () => ({ value: skus }));
  return [answers, also(of, { ...explicit, ...configuration })];
}

/** That tenant as counted. */
async function tenantWith(skus: Sku[], subscriptions: Subscription[], configuration: object = {}) {
  const { customers, columns } = await collection(...(await owning(skus, subscriptions, configuration)));
  return { ...firstOf(customers), columns: columns.map(({ title }) => title) };
}

describe('a SKU of Microsoft 365', () => {
  it('that was bought on two terms is the sum of both', async () => {
    const both = [bought(1, 40), bought(2, 5)];
    const { counts, notes } = await tenantWith([sku(both, { consumedUnits: 41 })], both);
    expect(counts).toEqual({ [PREMIUM]: 45, [`${PREMIUM} (assigned)`]: 41 });
    expect(notes).toEqual([]);
  });

  it('in two accounts of a tenant is the sum of both', async () => {
    const [first, second] = [bought(1, 40), bought(2, 5)];
    const rows = [
      sku([first], { id: `a_${SPB}`, consumedUnits: 39 }),
      sku([second], { id: `b_${SPB}`, consumedUnits: 2 }),
    ];
    expect((await tenantWith(rows, [first, second])).counts).toEqual({ [PREMIUM]: 45, [`${PREMIUM} (assigned)`]: 41 });
  });

  it('that is shared by a trial and a purchase counts what was paid', async () => {
    const both = [bought(1, 10), bought(2, 25, { isTrial: true })];
    const { counts } = await tenantWith([sku(both, { consumedUnits: 30 })], both);
    expect(counts).toEqual({ [PREMIUM]: 10, [`${PREMIUM} (assigned)`]: 30 });
  });

  it('that is only tried out is left out, with a remark if somebody uses it', async () => {
    const trial = [bought(1, 25, { isTrial: true })];
    expect(await tenantWith([sku(trial)], trial)).toMatchObject({ counts: {}, notes: [] });
    const { counts, notes } = await tenantWith([sku(trial, { consumedUnits: 3 })], trial);
    expect(counts).toEqual({});
    expect(notes).toEqual([
      '1 product left out: Microsoft 365 Business Premium: 3 seats are assigned, but none is paid for',
    ]);
  });

  it('counts in its days of grace, and not once it is suspended, locked or deleted', async () => {
    const all = [
      bought(1, 4),
      bought(2, 3, { status: 'Warning' }),
      bought(3, 50, { status: 'Suspended' }),
      bought(4, 60, { status: 'LockedOut' }),
      bought(5, 70, { status: 'Deleted' }),
    ];
    const { counts } = await tenantWith([sku(all, { consumedUnits: 9 })], all);
    expect(counts).toEqual({ [PREMIUM]: 7, [`${PREMIUM} (assigned)`]: 9 });
    const ended = all.slice(2);
    expect((await tenantWith([sku(ended)], ended)).counts).toEqual({});
  });

  it('whose subscription is not listed is not a number, and its column is still there', async () => {
    const both = [bought(1, 40), bought(2, 5)];
    const { counts, gaps, columns } = await tenantWith([sku(both, { consumedUnits: 41 })], both.slice(1));
    expect(counts).toEqual({ [`${PREMIUM} (assigned)`]: 41 });
    expect(gaps).toEqual({
      [PREMIUM]: {
        state: 'failed',
        reason:
          'a subscription of Microsoft 365 Business Premium cannot be counted: ' +
          'not all are listed; those that are hold 5 seats, its SKU says 45',
      },
    });
    expect(columns).toContain(PREMIUM);
  });

  it('that names no subscription is not a number either', async () => {
    const orphan = sku([bought(1, 40)], { subscriptionIds: [] });
    expect((await tenantWith([orphan], [])).gaps[PREMIUM]).toMatchObject({ state: 'failed' });
  });

  it('can still name a subscription that has ended and is no longer listed: the others add up without it', async () => {
    const subscription = bought(1, 40);
    const row = sku([subscription], { subscriptionIds: [subscription.id, `${MINE}9`], consumedUnits: 41 });
    expect((await tenantWith([row], [subscription])).counts).toEqual({ [PREMIUM]: 40, [`${PREMIUM} (assigned)`]: 41 });
  });

  it('names a subscription twice and counts it once, in capitals or not', async () => {
    const subscription = bought(1, 40);
    const row = sku([subscription], { subscriptionIds: [subscription.id, subscription.id.toUpperCase()] });
    expect((await tenantWith([row], [subscription])).counts[PREMIUM]).toBe(40);
  });

  it.each([
    ['a reduction that has not reached the list', 38],
    ['seats that the list does not have', 45],
  ])('that disagrees with its subscriptions (%s) is not a number: both figures are named', async (_, enabled) => {
    const subscription = bought(1, 40);
    const row = sku([subscription], { prepaidUnits: { enabled, warning: 0 }, consumedUnits: 36 });
    const { counts, gaps } = await tenantWith([row], [subscription]);
    expect(counts).toEqual({ [`${PREMIUM} (assigned)`]: 36 });
    expect(gaps[PREMIUM]?.reason).toMatch(new RegExp(`hold 40 seats, its SKU says ${enabled}$`, 'u'));
  });

  it('that was renewed does not count what is still listed past its life-cycle date, if the figures agree without it', async () => {
    const old = bought(1, 10, { nextLifecycleDateTime: '2026-06-01T00:00:00Z' });
    const renewed = bought(2, 10, { nextLifecycleDateTime: '2027-06-01T00:00:00Z' });
    const row = sku([renewed], { subscriptionIds: [old.id, renewed.id] });
    expect((await tenantWith([row], [old, renewed])).counts[PREMIUM]).toBe(10);
    // The date is past, but the SKU still counts it: nobody updated the date in the list.
    expect((await tenantWith([sku([old])], [old])).counts[PREMIUM]).toBe(10);
    const never = { ...old, nextLifecycleDateTime: '0001-01-01T00:00:00Z' };
    expect((await tenantWith([row], [never, renewed])).gaps).toHaveProperty([PREMIUM]);
  });

  it('counts what has expired in its days of grace, and remarks how much that is', async () => {
    const both = [bought(1, 10, { status: 'Warning' }), bought(2, 12)];
    const { counts, notes } = await tenantWith([sku(both)], both);
    expect(counts[PREMIUM]).toBe(22);
    expect(notes).toEqual(['Microsoft 365 Business Premium: 10 seats have expired and are in their grace period']);
  });

  it('is one whose term facts a distributor knows by another id', async () => {
    const both = [bought(1, 40, { commerceSubscriptionId: 'C-1' }), bought(2, 5)];
    const seats = (some: readonly Subscription[]) =>
      seatsOf(
        skus.row.parse(sku(some, { consumedUnits: 41 })),
        'Premium',
        new Map(some.map((each) => [each.id, subscriptions.row.parse(each)])),
        '2026-11-22',
      );
    const facts = { seller: 'vendor', quantity: 40, joins: ['C-1'] };
    expect(seats(both.slice(0, 1))).toMatchObject([
      { seats: 40, unit: { id: both[0]?.id }, terms: { ...facts, assigned: 41 } },
      { seats: 41, measure: 'assigned' },
    ]);
    // The API does not show which of two subscriptions an assigned seat belongs to.
    const [first, second] = seats(both);
    expect(first).toMatchObject({ terms: facts });
    expect(first).not.toHaveProperty('terms.assigned');
    expect(second).toMatchObject({ seats: 5, terms: { joins: [] } });
  });

  it('that is free is left out; one that is paid and sold by consumption is not', async () => {
    const subscription = bought(1, 10_000);
    const rows = (skuId: string, part: string) => [sku([subscription], { skuId, skuPartNumber: part })];
    expect((await tenantWith(rows(FLOW_FREE, 'FLOW_FREE'), [subscription])).counts).toEqual({});
    const { counts, notes } = await tenantWith(rows('47794cd0-f0e5-45c5-9033-2eb6b5fc84e0', 'MCOPSTNC'), [
      subscription,
    ]);
    expect(counts['Microsoft 365 Communications Credits']).toBe(10_000);
    expect(notes).toEqual(['Communications Credits: 10000 seats look like a free plan']);
  });

  it('that belongs to the tenant and not to its users is left out', async () => {
    const subscription = bought(1, 12);
    expect((await tenantWith([sku([subscription], { appliesTo: 'Company' })], [subscription])).counts).toEqual({});
  });

  it('that does not say whom it is for counts, with a remark; what is not counted by can be missing', async () => {
    const subscription = bought(1, 12);
    const {
      appliesTo: _,
      capabilityStatus: __,
      ...rest
    } = sku([subscription], { prepaidUnits: { enabled: 12, warning: 0 } });
    const { customers } = await collection(...(await owning([rest], [subscription])));
    expect(customers[0]?.counts[PREMIUM]).toBe(12);
    expect(customers[0]?.notes).toEqual([
      'Microsoft 365 Business Premium: Microsoft does not say whether it is for users; counted as if it were',
    ]);
  });

  it.each([
    ['consumedUnits', [`${PREMIUM} (assigned)`]],
    ['prepaidUnits', [PREMIUM, `${PREMIUM} (assigned)`]],
    ['subscriptionIds', [PREMIUM]],
  ])('without %s leaves the cells %j open and names the path', async (member, titles) => {
    const subscription = bought(1, 5);
    for (const odd of [undefined, null, 'x', -1]) {
      const { gaps } = await tenantWith([sku([subscription], { [member]: odd })], [subscription]);
      const gap = { state: 'failed', reason: expect.stringMatching(REASON) };
      expect(gaps).toEqual(Object.fromEntries(titles.map((title) => [title, gap])));
      if (odd !== -1) for (const { reason } of Object.values(gaps)) expect(reason).toContain(`value.0.${member}`);
    }
  });

  it.each([undefined, null, '', ' '])(
    'with %j for its part number has its name all the same, or goes by its id',
    async (skuPartNumber) => {
      const [premium, unnamed] = [bought(1, 5), bought(2, 7)];
      const skuId = '7c0ffee0-1a2b-4c3d-8e4f-5a6b7c8d9e0f';
      const rows = [sku([premium], { skuPartNumber }), sku([unnamed], { id: 'account_new', skuId, skuPartNumber })];
      const { counts } = await tenantWith(rows, [premium, unnamed]);
      expect(counts).toMatchObject({ [PREMIUM]: 5, [`Microsoft 365 ${skuId}`]: 7 });
    },
  );

  it.each(['isTrial', 'status', 'totalLicenses'])(
    'whose subscription has an odd %s is no number; the other products of the tenant are',
    async (member) => {
      const [premium, visioPlan] = [bought(1, 5), bought(2, 7)];
      const visio = sku([visioPlan], { id: 'account_visio', skuId: VISIO, skuPartNumber: 'VISIOCLIENT' });
      for (const odd of [undefined, null, 'x']) {
        const { gaps, counts } = await tenantWith([sku([premium]), visio], [{ ...premium, [member]: odd }, visioPlan], {
          productNames: { [VISIO]: 'Visio Plan 2' },
        });
        expect(Object.keys(gaps)).toEqual([PREMIUM]);
        expect(counts['Microsoft 365 Visio Plan 2']).toBe(7);
      }
    },
  );

  it.each([
    ['its subscription’s status', {}, { status: 'Pending' }, 'its status is "Pending", which is not known'],
    ['whom it is for', { appliesTo: 'Device' }, {}, 'its appliesTo is "Device", which is not known'],
  ])('with an unknown word for %s is not a number', async (_, skuMore, subscriptionMore, reason) => {
    const subscription = bought(1, 5);
    const { gaps } = await tenantWith([sku([subscription], skuMore)], [{ ...subscription, ...subscriptionMore }]);
    expect(gaps[PREMIUM]?.reason).toContain(reason);
  });
});

describe('the settings that choose and name SKUs', () => {
  const subscription = bought(1, 12);
  const unknown = sku([subscription], { skuId: '7c0ffee0-1a2b-4c3d-8e4f-5a6b7c8d9e0f', skuPartNumber: 'AGENT_ADDON' });

  it('excludedSkuIds leaves out what is not free', async () => {
    const { counts } = await tenantWith([sku([subscription])], [subscription], { excludedSkuIds: [SPB.toUpperCase()] });
    expect(counts).toEqual({});
  });

  it('countedSkuIds counts what is free, or belongs to the tenant', async () => {
    const free = sku([subscription], { skuId: FLOW_FREE, skuPartNumber: 'FLOW_FREE', appliesTo: 'Company' });
    const { counts } = await tenantWith([free], [subscription], { countedSkuIds: [FLOW_FREE] });
    expect(counts['Microsoft 365 FLOW_FREE']).toBe(12);
  });

  it('a SKU without a name is shown by its part number, and productNames names it', async () => {
    expect((await tenantWith([unknown], [subscription])).counts['Microsoft 365 AGENT_ADDON']).toBe(12);
    const productNames = { [unknown.skuId.toUpperCase()]: 'Agent Workflows' };
    const { counts } = await tenantWith([unknown], [subscription], { productNames });
    expect(counts['Microsoft 365 Agent Workflows']).toBe(12);
  });

  it('refuses what is not a SKU id before anything is sent', async () => {
    const of = await set();
    for (const wrong of [{ excludedSkuIds: ['SPB'] }, { countedSkuIds: ['SPB'] }, { productNames: { SPB: 'x' } }]) {
      const error = await failure(of, also(of, wrong));
      expect(error).toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringContaining(Object.keys(wrong)[0] ?? ''),
      });
    }
    expect(of.asked).toEqual([]);
  });

  it('the free SKUs and the named ones are guids in lower case, and the paid add-ons are not free', () => {
    for (const id of [...FREE_SKUS, ...SKU_NAMES.keys()])
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u);
    for (const id of SKU_NAMES.keys()) expect(FREE_SKUS.has(id)).toBe(false);
    expect(FREE_SKUS.size).toBeGreaterThan(30);
  });
});

describe('the tenants of Microsoft 365', () => {
  it.each(['contracts', 'gdap'])('are read from %s page by page, each once', async (tenantSource) => {
    const of = await set({}, 500);
    const paged = await collection(of, {
      ...also(of, { tenantSource }),
      before: ({ query }) => {
        // Smaller pages than requested, as a server is allowed to send.
        if (query.has('$top')) query.set('$top', '60');
        return undefined;
      },
    });
    const listed = truth(of).map(({ id }) => id);
    const ids = paged.customers.map(({ id }) => id);
    expect(ids).toEqual(tenantSource === 'contracts' ? listed : listed.filter((id) => ids.includes(id)));
    expect(listed.length - ids.length).toBe(tenantSource === 'contracts' ? 0 : 1);
    expect(paged.receipt.lists[0]?.pages).toBeGreaterThan(5);
  });

  it('are read in pages of the usual size if the requested one is refused', async () => {
    const of = await set();
    const { customers } = await collection(of, {
      before: ({ path, query }) =>
        path.endsWith('/contracts') && query.has('$top') && !query.has('$skiptoken')
          ? { status: 400, body: { error: { code: 'Request_BadRequest', message: 'Invalid page size specified' } } }
          : undefined,
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
  });

  it('are read on if a page holds only further contracts with tenants already listed', async () => {
    const of = await set();
    const twice = spoil<{ value: { id: string; customerId: string }[] }>(of, /contracts$/u, (page, { query }) => {
      const again = page.value.slice(0, 1).map((row) => ({ ...row, id: `${row.id}-advisor`, contractType: '2' }));
      return query.has('$skiptoken')
        ? { value: again }
        : { ...page, '@odata.nextLink': 'https://graph.microsoft.com/v1.0/contracts?$skiptoken=0' };
    });
    const { customers } = await collection(twice);
    expect(customers.map(asTruth)).toEqual(truth(of));
  });

  it('are in lower case in the report, and asked for as Microsoft writes them', async () => {
    const of = await set();
    const capitals = spoil<{ value: { customerId: string }[] }>(of, /contracts$/u, (page) => ({
      ...page,
      value: page.value.map((row) => ({ ...row, customerId: row.customerId.toUpperCase() })),
    }));
    const { customers } = await collection(capitals, {
      before: (request) => {
        if (isToken(request)) request.path = request.path.toLowerCase();
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(customers.map(({ id }) => id)).toEqual(customers.map(({ id }) => id.toLowerCase()));
  });

  it('hold the partner’s own if a company is mapped to it, and not otherwise', async () => {
    const of = await set();
    const partner = String(of.vendor.secret.partnerTenantId);
    const [customer] = of.vendor.customers.filter(({ state }) => state === 'counted');
    const licences = [bought(1, 7)];
    const answers = spoil<Batch>(of, /\$batch$/u, () => ({
      responses: [
        { id: 'subscriptions', status: 200, body: { value: licences } },
        { id: 'skus', status: 200, body: { value: [sku(licences)] } },
      ],
    }));
    const partnerOf = async (mapped: string[]) =>
      (await collection(answers, { mapped })).customers.filter(({ id }) => id === partner).map(({ counts }) => counts);
    expect(await partnerOf([partner, customer?.id ?? ''])).toEqual([{ [PREMIUM]: 7, [`${PREMIUM} (assigned)`]: 0 }]);
    expect(await partnerOf([customer?.id ?? ''])).toEqual([]);
  });

  it('that are given are read, and no list of them is', async () => {
    const of = await set();
    const [first, second] = of.vendor.customers.filter(({ state }) => state === 'counted');
    const tenants = [{ id: first?.id.toUpperCase(), name: 'One' }, second?.id];
    const { customers } = await collection(of, also(of, { tenantSource: 'explicit', tenants }));
    expect(customers.map(({ id, name }) => [id, name])).toEqual(
      [
        [first?.id, 'One'],
        [second?.id, second?.id],
      ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    for (const { path } of of.asked) expect(path).not.toContain('contracts');
  });

  it('whose consent is missing fail alone, each with its reason', async () => {
    const of = await set();
    const { customers, status } = await collection(of);
    expect(status).toBe('partial');
    expect(customers.map(asTruth)).toEqual(truth(of));
    const reasons = customers.flatMap(({ reason }) => reason ?? []).join('\n');
    expect(reasons).toMatch(/consent is missing.*AADSTS65001/u);
    expect(reasons).toMatch(/no service principal.*AADSTS7000229/u);
    expect(reasons).toMatch(/not allowed to read this.*HTTP 403/u);
  });

  it('whose GDAP relation ends within 30 days are remarked on, unless it renews itself or another one lasts', async () => {
    const of = await set();
    const { customers, notes } = await collection(of, also(of, { tenantSource: 'gdap' }));
    const remarked = customers.filter((each) => each.notes.some((note) => note.includes('GDAP')));
    expect(remarked.length).toBe(customers.filter((_, index) => index % 7 === 3).length);
    expect(remarked[0]?.notes).toContain(
      'the GDAP relationship ends on 2026-12-04 and does not renew automatically: ask the customer for a new one',
    );
    expect(notes).toEqual([]);
  });

  it('are counted where their GDAP relations may not be read', async () => {
    const of = await set();
    const { customers, notes } = await collection(of, {
      ...also(of, { tenantSource: 'gdap' }),
      before: ({ path }) => (path.endsWith('Relationships') ? { status: 403, body: { error: {} } } : undefined),
    });
    expect(customers.filter(({ state }) => state === 'counted').length).toBeGreaterThan(20);
    expect(notes).toEqual([expect.stringContaining('GDAP relationships end could not be read')]);
  });
});

describe('what a tenant owns', () => {
  it('is requested in one batch, with one token', async () => {
    const of = await set({}, 500);
    const { customers } = await collection(of);
    const batches = of.asked.filter(({ path }) => path.endsWith('/$batch')).length;
    const alone = of.asked.filter(({ path }) => /subscribedSkus|subscriptions$/u.test(path));
    const tokenless = customers.filter(({ reason }) => reason?.startsWith('no token')).length;
    expect(customers.length).toBeGreaterThan(350);
    expect(tokenForms(of)).toHaveLength(1 + customers.length);
    expect(batches).toBe(customers.length - tokenless);
    // What failed in a batch is requested alone: one was limited, one was refused.
    expect(alone).toHaveLength(2);
    expect(of.asked).toHaveLength(1 + 1 + customers.length + batches + alone.length);
  });

  it('is asked for alone, and waited for, if a batch that went well holds a 429', async () => {
    const of = await set();
    let limited = 0;
    const inside = spoil<Batch>(of, /\$batch$/u, ({ responses }) => ({
      responses: responses.map((part) =>
        part.id === 'subscriptions' ? { ...part, status: 429, headers: { 'Retry-After': '7' }, body: {} } : part,
      ),
    }));
    const { customers } = await collection(inside, {
      before: ({ path }) => {
        if (!path.endsWith('/directory/subscriptions') || limited > 0) return undefined;
        limited += 1;
        return { status: 429, headers: { 'retry-after': '7' }, body: '' };
      },
    });
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(7000);
    expect(customers.map(asTruth)).toEqual(truth(of));
  });

  it('is read through to its end if a batch brings a first page only', async () => {
    const of = await set();
    const { handle } = of.vendor;
    of.vendor.handle = (request) => {
      if (!request.path.endsWith('/$batch')) return handle(request);
      const body = Buffer.from(request.body)
        .toString()
        .replace('/directory/subscriptions', '/directory/subscriptions?$top=1');
      return handle({ ...request, body: Buffer.from(body) });
    };
    const { customers, receipt } = await collection(of);
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(receipt.lists.some(({ list, end }) => list === '/directory/subscriptions' && end === 'no next link')).toBe(
      true,
    );
  });

  it('is asked for again if the batch forgot a part or answered it 503', async () => {
    const of = await set();
    const forgetful = spoil<Batch>(of, /\$batch$/u, ({ responses }) => ({
      responses: responses.flatMap((part) => (part.id === 'skus' ? [] : [{ ...part, status: 503 }])),
    }));
    expect((await collection(forgetful)).customers.map(asTruth)).toEqual(truth(of));
  });

  it.each([400, 404, 405])(
    'is asked for one by one where a batch is answered %i, and not batched again',
    async (status) => {
      const of = await set();
      const { customers } = await collection(of, {
        before: ({ path }) =>
          path.endsWith('/$batch') ? { status, body: { error: { code: 'BadRequest' } } } : undefined,
      });
      expect(customers.map(asTruth)).toEqual(truth(of));
      expect(of.asked.filter(({ path }) => path.endsWith('/$batch')).length).toBeLessThanOrEqual(10);
    },
  );

  it('is taken from prepaidUnits if there is no list of subscriptions at all', async () => {
    const of = await set();
    const { customers } = await collection(of, {
      before: ({ path }) =>
        /(batch|directory\/subscriptions)$/u.test(path) ? { status: 404, body: { error: { code: 'x' } } } : undefined,
    });
    for (const { state, notes } of customers) {
      if (state === 'counted') expect(notes.some((note) => note.includes('trials are counted too'))).toBe(true);
    }
    expect(customers.some(({ state }) => state === 'counted')).toBe(true);
  });

  it('is taken from prepaidUnits, with a remark, if subscriptions may not be read', async () => {
    const of = await set();
    const { customers } = await collection(of);
    const remarked = customers.filter(({ notes }) => notes.some((note) => note.includes('trials are counted too')));
    expect(remarked).toHaveLength(1);
    expect(remarked.map(asTruth)).toEqual(truth(of).filter(({ id }) => id === remarked[0]?.id));
  });

  it('has a hole if a subscription is not listed, and only there', async () => {
    const of = await set({ unlisted: true });
    const { customers } = await collection(of);
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(customers.flatMap(({ gaps }) => Object.keys(gaps))).toEqual([PREMIUM]);
  });

  it('does not send credentials elsewhere: a next link to another host is refused', async () => {
    const of = await set();
    const away = spoil<{ value: object[] }>(of, /contracts$/u, (page) => ({
      ...page,
      '@odata.nextLink': 'https://graph.microsoft.com.evil.example/v1.0/contracts',
    }));
    expect(await failure(away)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('refused to send credentials'),
    });
    for (const { host } of of.asked) expect(of.vendor.answers(host)).toBe(true);
  });
});

describe('authMode clientCredentials', () => {
  it('asks each tenant for a token of its own, never a common one', async () => {
    const of = await set();
    await collection(of);
    for (const { path } of of.asked.filter(isToken)) expect(path).toMatch(/^\/[0-9a-f-]{36}\/oauth2/u);
    for (const form of tokenForms(of)) {
      expect(Object.fromEntries(form)).toEqual({
        grant_type: 'client_credentials',
        client_id: of.vendor.secret.clientId,
        client_secret: of.vendor.secret.clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      });
    }
  });

  it.each([
    [7000215, 'the client secret is wrong'],
    [7000222, 'the client secret has expired'],
    [700082, 'the refresh token has expired'],
  ])('ends at once when AADSTS%i says that %s, even in the middle of the tenants', async (code, reason) => {
    const of = await set();
    let tokens = 0;
    const error = await failure(of, {
      before: (request) => {
        if (isToken(request)) tokens += 1;
        return isToken(request) && tokens > 5 ? refused(code) : undefined;
      },
    });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining(reason) });
    expect(tokens).toBeLessThan(20);
  });

  it.each([
    ['words alone', { error: 'invalid_client', error_description: 'AADSTS7000222: The secret keys are expired.' }],
    ['no number', { error: 'invalid_client' }],
  ])('ends at once if the app is refused with %s', async (_, body) => {
    const of = await set();
    let tokens = 0;
    const error = await failure(of, {
      before: (request) => {
        if (isToken(request)) tokens += 1;
        return isToken(request) && tokens > 5 ? { status: 401, body } : undefined;
      },
    });
    expect(error.name).toBe('VendorAuthError');
    expect(tokens).toBeLessThan(20);
  });

  it('goes on if one tenant refuses the client for a reason of its own', async () => {
    const of = await set();
    const [first] = of.vendor.customers.filter(({ state }) => state === 'counted');
    const { customers, status } = await collection(of, {
      before: (request) =>
        isToken(request) && request.path.includes(String(first?.id)) ? refused(7000229, 'invalid_client') : undefined,
    });
    expect(status).toBe('partial');
    expect(customers.find(({ id }) => id === first?.id)?.reason).toContain('AADSTS7000229');
    expect(customers.filter(({ state }) => state === 'counted').length).toBeGreaterThan(1);
  });

  it('is retried later if the certificate is not known yet', async () => {
    const error = await failure(await set(), { before: (request) => (isToken(request) ? refused(700027) : undefined) });
    expect(error).toMatchObject({ name: 'VendorUnavailableError', message: expect.stringContaining('700027') });
  });

  it('does not take the end of the credentials for a tenant without subscriptions to read', async () => {
    const of = await set();
    let batches = 0;
    const error = await failure(of, {
      before: (request) => {
        if (request.path.endsWith('/$batch')) batches += 1;
        if (batches < 3) return undefined;
        return isToken(request)
          ? refused(7000222)
          : { status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } };
      },
    });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('AADSTS7000222') });
  });

  it('proves itself by a certificate: an assertion for each address, signed and used once', async () => {
    const { certificatePem, privateKeyPem } = selfSigned('Northwind Billing');
    const of = await set({ certificate: certificatePem });
    const { customers } = await collection(of, also(of, {}, { privateKeyPem }));
    expect(customers.map(asTruth)).toEqual(truth(of));
    for (const form of tokenForms(of)) expect(form.has('client_secret')).toBe(false);
  });

  it('proves itself again if Entra lets it wait longer than an assertion lasts', async () => {
    const { certificatePem, privateKeyPem } = selfSigned('Northwind Billing');
    const of = await set({ certificate: certificatePem });
    let limited = false;
    await collection(of, {
      ...also(of, {}, { privateKeyPem }),
      before: () => {
        if (limited) return undefined;
        limited = true;
        return { status: 429, headers: { 'retry-after': '660' }, body: '' };
      },
    });
    const [first, second] = tokenForms(of).map((form) =>
      JSON.parse(Buffer.from(form.get('client_assertion')?.split('.')[1] ?? '', 'base64url').toString()),
    );
    expect(second.nbf - first.nbf).toBe(660);
    expect(second.jti).not.toBe(first.jti);
  });

  it('is refused with the key of another certificate, or with no PEM, before anything is sent', async () => {
    const { certificatePem } = selfSigned('Northwind Billing');
    const { privateKeyPem } = selfSigned('Somebody Else');
    const of = await set({ certificate: certificatePem });
    for (const secret of [{ privateKeyPem }, { privateKeyPem: 'no PEM' }, {}]) {
      expect(await failure(of, also(of, {}, secret))).toMatchObject({
        name: 'ConfigurationError',
        message: expect.stringMatching(/^microsoft-365: .*privateKeyPem/u),
      });
    }
    expect(of.asked).toEqual([]);
  });
});

describe('authMode refreshToken', () => {
  const delegated = (of: Bench) => also(of, { authMode: 'refreshToken' }, { refreshToken: REFRESH_TOKEN });

  it('enters every tenant with the one token, and stores the new one once', async () => {
    const of = await set();
    const kept: Record<string, unknown>[] = [];
    const { customers } = await collection(of, {
      ...delegated(of),
      kept: async (members) => {
        kept.push(members);
      },
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(kept).toEqual([{ refreshToken: expect.stringMatching(/^0\.AXkANorthwindDemoRefreshToken-0001\./u) }]);
    for (const form of tokenForms(of)) {
      expect(form.get('grant_type')).toBe('refresh_token');
      expect(form.get('refresh_token')).toBe(REFRESH_TOKEN);
    }
  });

  it('does not lose the report if the new token cannot be stored, with a remark', async () => {
    const of = await set();
    let attempts = 0;
    const { customers, notes } = await collection(of, {
      ...delegated(of),
      kept: async () => {
        attempts += 1;
        throw new Error('the disk is full');
      },
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(notes).toEqual(['the newest refresh token could not be stored: the disk is full']);
    expect(attempts).toBe(1);
  });

  it.each([
    [50173, 'revoked'],
    [70008, 'expired'],
    [70043, 'sign-in frequency'],
    [50076, 'multi-factor'],
    [50079, 'multi-factor'],
  ])('says what to do when AADSTS%i refuses it', async (code, remedy) => {
    const of = await set();
    const error = await failure(of, {
      ...delegated(of),
      before: (request) => (isToken(request) ? refused(code, 'invalid_grant') : undefined),
    });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining(remedy) });
    expect(error.message).toMatch(/sign in again/u);
  });

  it('ends with VendorAuthError when the token has expired', async () => {
    const of = await set();
    const error = await failure(
      of,
      also(of, { authMode: 'refreshToken' }, { refreshToken: 'long-gone-refresh-token' }),
    );
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('AADSTS700082') });
    expect(of.asked).toHaveLength(1);
  });
});

describe('the clouds of Microsoft', () => {
  it.each([
    ['gcc-high', 'login.microsoftonline.us', 'graph.microsoft.us'],
    ['dod', 'login.microsoftonline.us', 'dod-graph.microsoft.us'],
    ['china', 'login.chinacloudapi.cn', 'microsoftgraph.chinacloudapi.cn'],
  ])('%s has its own login, Graph and scope', async (cloud, login, graph) => {
    const of = await set({ login, graph });
    expect((await collection(of, also(of, { cloud }))).customers.map(asTruth)).toEqual(truth(of));
    expect(new Set(of.asked.map(({ host }) => host))).toEqual(new Set([login, graph]));
  });
});

describe('the settings of Microsoft 365', () => {
  it.each([
    [{ authMode: 'refreshToken' }, {}, 'refreshToken'],
    [{ tenantSource: 'explicit' }, {}, 'tenants'],
    [{ tenants: [SPB] }, {}, 'tenants'],
    [{ tenantSource: 'explicit', tenants: [] }, {}, 'tenants'],
    [{ tenantSource: 'explicit', tenants: ['Fabrikam'] }, {}, 'tenants'],
    [{ cloud: 'mars' }, {}, 'cloud'],
    [{}, { clientSecret: undefined }, 'clientSecret'],
    [{}, { partnerTenantId: 'common' }, 'partnerTenantId'],
  ])('%j with %j are refused before anything is sent', async (configuration, secret, named) => {
    const of = await set();
    const error = await failure(of, also(of, configuration, secret));
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(named) });
    expect(of.asked).toEqual([]);
  });

  it('take only a guid for a tenant id', () => {
    expect(microsoft365.customerId.schema.parse(SPB.toUpperCase())).toBe(SPB);
    expect(microsoft365.customerId.schema.safeParse('fabrikam.onmicrosoft.com').success).toBe(false);
  });
});
