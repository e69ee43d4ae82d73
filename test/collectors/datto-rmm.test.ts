import { describe, expect, it } from 'vitest';
import dattoRmm from '../../lambdas/collectors/datto-rmm.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { asTruth, bench, collection, failure, lifetime, refusedRights } from './run.ts';

type Body = Record<string, unknown> & { devices?: Record<string, unknown>[]; pageDetails?: Record<string, unknown> };

/** Changes what the vendor answers to `path`. */
const altered = (path: string, change: (body: Body) => void) => ({
  after: (request: SandboxRequest, response: SandboxResponse) => {
    // The sandbox's bodies are objects here; only tests look into them.
    if (request.path === path && response.status === 200) change(response.body as Body);
  },
});

const expected = (of: Awaited<ReturnType<typeof bench>>) =>
  of.vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const DEVICES = '/api/v2/account/devices';

describe('what is counted', () => {
  it('devices of an OnDemand site count in their own column alone', async () => {
    const { customers } = await collection(await bench(dattoRmm));
    const onDemand = customers.filter(({ counts }) => 'Datto RMM OnDemand Devices' in counts);
    expect(onDemand.length).toBeGreaterThan(0);
    for (const { counts } of onDemand) expect(Object.keys(counts)).toEqual(['Datto RMM OnDemand Devices']);
  });

  it('deleted devices and the site that keeps them are in no number and no row', async () => {
    const { customers } = await collection(await bench(dattoRmm));
    expect(customers.map(({ name }) => name)).not.toContain('Deleted Devices');
  });

  it('the site of the deleted is known by its name even with a well-formed uid', async () => {
    const of = await bench(dattoRmm);
    const uid = '00000000-0000-4000-8000-000000000000';
    const { customers } = await collection(of, {
      after: ({ path }, response) => {
        const body = response.body as Body & { sites?: Record<string, unknown>[] };
        for (const site of body.sites ?? []) if (site.name === 'Deleted Devices') site.uid = uid;
        if (path !== DEVICES) return;
        for (const device of body.devices ?? []) if (device.siteName === 'Deleted Devices') device.siteUid = uid;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it('a site of another name that is taken for the one with the deleted is named in the log', async () => {
    const of = await bench(dattoRmm);
    const site = of.vendor.customers.find(({ state }) => state === 'counted');
    const { notes } = await collection(of, {
      after: (_, response) => {
        const body = structuredClone(response.body) as Body & { sites?: Record<string, unknown>[] };
        for (const listed of body.sites ?? []) if (listed.uid === site?.id) listed.uid = 'site-12';
        for (const device of body.devices ?? []) if (device.siteUid === site?.id) device.siteUid = 'site-12';
        response.body = body;
      },
    });
    expect(notes.filter((note) => note.includes('is not a guid'))).toEqual([
      expect.stringContaining(`"${site?.name}"`),
    ]);
  });

  it('sites are sites if no uid is a guid, and the deleted are still known by their name', async () => {
    const of = await bench(dattoRmm);
    const bare = (uid: unknown) => String(uid).replaceAll('-', '');
    const { customers } = await collection(of, {
      before: (request) => {
        const asked = of.vendor.customers.find(({ id }) => request.path.includes(bare(id)));
        if (asked !== undefined) request.path = request.path.replace(bare(asked.id), asked.id);
        return undefined;
      },
      after: (_, response) => {
        const body = structuredClone(response.body) as Body & { sites?: Record<string, unknown>[] };
        for (const site of body.sites ?? []) site.uid = bare(site.uid);
        for (const device of body.devices ?? []) device.siteUid = bare(device.siteUid);
        response.body = body;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of).map((customer) => ({ ...customer, id: bare(customer.id) })));
  });

  it('suspended devices count, and their number is in the log', async () => {
    const { notes } = await collection(await bench(dattoRmm));
    expect(notes.some((note) => /^\d+ suspended devices counted$/u.test(note))).toBe(true);
  });

  it('a device of an unknown class is shown in Other, whatever its category says', async () => {
    const of = await bench(dattoRmm);
    const { customers } = await collection(
      of,
      altered(DEVICES, ({ devices = [] }) => {
        for (const device of devices) if (device.deviceClass === 'printer') device.deviceClass = 'plotter';
      }),
    );
    const total = (title: string, from: { counts?: object; cells?: object }[]) =>
      from.reduce(
        (sum, customer) =>
          sum + Number(Object.entries(customer.counts ?? customer.cells ?? {}).find(([t]) => t === title)?.[1] ?? 0),
        0,
      );
    const cells = of.vendor.customers;
    expect(total('Datto RMM Other', customers)).toBeGreaterThan(total('Datto RMM Other', [...cells]));
  });
});

describe('the end of a list', () => {
  it.each([null, ''])('is a next address of %j', async (end) => {
    const of = await bench(dattoRmm);
    const { customers } = await collection(of, {
      after: (_, response) => {
        const details = (response.body as Body).pageDetails;
        if (details !== undefined && !details.nextPageUrl) details.nextPageUrl = end;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it('is not a missing member', async () => {
    const error = await failure(
      await bench(dattoRmm),
      altered(DEVICES, ({ pageDetails }) => {
        delete pageDetails?.nextPageUrl;
      }),
    );
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('nextPageUrl') });
  });

  it('the first request has no page number, and `max` is added again if the address lacks it', async () => {
    const of = await bench(dattoRmm);
    await collection(of);
    const asked = of.asked.filter(({ path }) => path === DEVICES);
    expect(asked[0]?.query.has('page')).toBe(false);
    expect(asked.length).toBeGreaterThan(2);
    for (const { query } of asked) expect(query.get('max')).toBe('250');
  });

  it('a next address elsewhere gets no credentials', async () => {
    const of = await bench(dattoRmm);
    const error = await failure(
      of,
      altered(DEVICES, ({ pageDetails = {} }) => {
        pageDetails.nextPageUrl = 'https://merlot-api.centrastage.net.evil.example/api/v2/account/devices?page=1';
      }),
    );
    expect(error.name).toBe('VendorContractError');
    expect(of.asked.every(({ host }) => host === 'merlot-api.centrastage.net')).toBe(true);
  });
});

describe('figures that are compared with each other', () => {
  it('only sites whose figure differs are read by themselves, and their own list decides', async () => {
    const of = await bench(dattoRmm);
    const { customers, notes } = await collection(of);
    expect(customers.map(asTruth)).toEqual(expected(of));
    const alone = of.asked.filter(({ path }) => path.startsWith('/api/v2/site/'));
    expect(alone).toHaveLength(2);
    expect(notes.filter((note) => note.includes('devices of site'))).toHaveLength(1);
  });

  it('an account-wide list that ends too early costs requests, not devices', async () => {
    const of = await bench(dattoRmm);
    const { customers, notes } = await collection(
      of,
      altered(DEVICES, ({ pageDetails = {} }) => {
        pageDetails.nextPageUrl = null;
      }),
    );
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(notes.some((note) => note.includes('rows of the device list'))).toBe(true);
  });

  it('an account-wide list that lacks rows of its own total is trusted for no site, even one whose figure it meets', async () => {
    const of = await bench(dattoRmm);
    // Figures without network devices, and a list that lost exactly those.
    const { customers } = await collection(of, {
      after: ({ path }, response) => {
        const body = structuredClone(response.body) as Body & {
          sites?: { uid: string; devicesStatus: { numberOfDevices: number } }[];
        };
        for (const site of body.sites ?? []) {
          const cells = of.vendor.customers.find(({ id }) => id === site.uid)?.cells ?? {};
          site.devicesStatus.numberOfDevices -= Number(cells['Datto RMM Network Devices'] ?? 0);
        }
        if (path === DEVICES && body.devices !== undefined) {
          body.devices = body.devices.filter(
            ({ deviceType }) => !JSON.stringify(deviceType).includes('"Network Device'),
          );
        }
        response.body = body;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it.each(['declares more rows than it listed', 'has fewer devices than the account’s'])(
    'a site whose own list %s is failed, never counted short',
    async (fault) => {
      const of = await bench(dattoRmm);
      const full = await collection(of);
      const { customers } = await collection(of, {
        after: ({ path }, response) => {
          if (!path.startsWith('/api/v2/site/')) return;
          const body = structuredClone(response.body) as Body;
          body.devices?.splice(1);
          if (body.pageDetails !== undefined && fault.startsWith('has')) body.pageDetails.totalCount = 1;
          response.body = body;
        },
      });
      const short = customers.filter((customer) => customer.state === 'failed');
      expect(short).toHaveLength(2);
      const failed = new Set(short.map(({ id }) => id));
      expect(customers.filter(({ id }) => !failed.has(id))).toEqual(full.customers.filter(({ id }) => !failed.has(id)));
    },
  );

  it('a site that cannot be read by itself fails alone', async () => {
    const of = await bench(dattoRmm);
    const { status, customers } = await collection(of, {
      before: ({ path }) =>
        path.startsWith('/api/v2/site/') ? { status: 404, body: { error: 'Not Found' } } : undefined,
    });
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toHaveLength(2);
  });

  it('a site list that lacks a site of the devices is read again, then an error', async () => {
    const of = await bench(dattoRmm);
    const error = await failure(
      of,
      altered('/api/v2/account/sites', (body) => {
        const sites = body.sites as unknown[];
        sites.splice(3, 1);
        if (body.pageDetails !== undefined) body.pageDetails.totalCount = sites.length;
      }),
    );
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('site list lacks') });
    expect(of.asked.filter(({ path }) => path === '/api/v2/account/sites')).toHaveLength(2);
  });

  it('an account that the key may not read costs the comparison with its figures, and no number', async () => {
    const of = await bench(dattoRmm);
    const { customers, notes } = await collection(of, {
      before: ({ path }) => (path === '/api/v2/account' ? { status: 403, body: { error: 'Forbidden' } } : undefined),
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(notes).toContainEqual(expect.stringContaining('may not read the account'));
  });

  it('a vendor that gives no figures is read site by site', async () => {
    const of = await bench(dattoRmm);
    const { customers } = await collection(of, {
      after: (_, response) => {
        const body = response.body as Body & { sites?: Record<string, unknown>[] };
        delete body.devicesStatus;
        for (const site of body.sites ?? []) site.devicesStatus = null;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });
});

describe('a device that does not say', () => {
  it.each(['deviceClass', 'deviceType', 'deleted'])('%s at all costs its own site, not the account', async (member) => {
    const of = await bench(dattoRmm);
    const site = of.vendor.customers.find(({ cells }) => 'Datto RMM Workstations' in cells)?.id;
    let odd: unknown;
    const { status, customers } = await collection(of, {
      after: (_, { body }) => {
        for (const device of (body as Body).devices ?? []) {
          if (device.siteUid === site && device.deviceClass === 'device' && device.deleted === false) odd ??= device.id;
          if (device.id === odd) delete device[member];
        }
      },
    });
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toHaveLength(1);
  });

  it('whether it is deleted fails its own site alone', async () => {
    const of = await bench(dattoRmm);
    const { status, customers } = await collection(of, {
      after: (_, response) => {
        for (const device of (response.body as Body).devices ?? []) if (device.id === 90_010) device.deleted = null;
      },
    });
    expect(status).toBe('partial');
    expect(customers.filter(({ state }) => state === 'failed')).toHaveLength(1);
  });

  it('what it is counts in Other, with a remark', async () => {
    const { customers } = await collection(
      await bench(dattoRmm),
      altered(DEVICES, ({ devices = [] }) => {
        for (const device of devices) device.deviceType = null;
      }),
    );
    for (const { counts, notes } of customers) {
      if ('Datto RMM Other' in counts)
        expect(notes.some((note) => note.includes('unknown class or category'))).toBe(true);
    }
  });
});

describe('a site that does not say', () => {
  it.each([{ onDemand: null }, { onDemand: 'no' }])('whether it is OnDemand fails alone (%j)', async (odd) => {
    const of = await bench(dattoRmm);
    const { customers } = await collection(
      of,
      altered('/api/v2/account/sites', (body) => {
        Object.assign((body.sites as object[])[4] ?? {}, odd);
      }),
    );
    const [failed, ...more] = customers.filter(({ state }) => state === 'failed');
    expect(more).toEqual([]);
    expect(failed?.reason).toContain('onDemand: expected boolean');
    const others = ({ id }: { id: string }) => id !== failed?.id;
    expect(customers.map(asTruth).filter(others)).toEqual(expected(of).filter(others));
  });

  it('how many devices it has, or what it is called, is read by itself and shown by its uid', async () => {
    const of = await bench(dattoRmm);
    const { customers } = await collection(
      of,
      altered('/api/v2/account/sites', (body) => {
        Object.assign((body.sites as object[])[4] ?? {}, { devicesStatus: 'many', name: null });
      }),
    );
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(customers.filter(({ id, name }) => id === name)).toHaveLength(1);
  });
});

it('checks each right by one row of what it is about', async () => {
  const of = await bench(dattoRmm);
  expect(await refusedRights(of)).toEqual([]);
  const refused = await refusedRights(of, {
    before: ({ path }) => (path === DEVICES ? { status: 403, body: { error: 'Forbidden' } } : undefined),
  });
  expect(refused).toEqual(['a security level that sees all devices']);
});

describe('refusals', () => {
  const BLOCK = { timestamp: 1, status: 403, error: 'IP temporarily blocked, rate limit exceeded', path: '/' };

  it('a 403 that reports a block is not a missing right, and is not retried', async () => {
    const of = await bench(dattoRmm);
    const error = await failure(of, {
      before: ({ path }) => (path === DEVICES ? { status: 403, body: BLOCK } : undefined),
    });
    expect(error).toMatchObject({ name: 'VendorRateLimitError', message: expect.stringContaining('five minutes') });
    expect(of.asked.filter(({ path }) => path === DEVICES)).toHaveLength(1);
  });

  it('a 403 without such a report is a missing right', async () => {
    const error = await failure(await bench(dattoRmm), {
      before: ({ path }) => (path === DEVICES ? { status: 403, body: { ...BLOCK, error: 'Forbidden' } } : undefined),
    });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('not allowed') });
  });

  it('a 429 without Retry-After is given a minute', async () => {
    const of = await bench(dattoRmm);
    let limited = 0;
    await collection(of, { before: ({ path }) => (path === DEVICES && limited++ === 0 ? { status: 429 } : undefined) });
    expect(of.clock.elapsed()).toBeGreaterThanOrEqual(60_000);
  });

  it('retired keys fail the collection', async () => {
    const of = await bench(dattoRmm);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, apiSecretKey: 'retired-key' } } });
    expect(error.name).toBe('VendorAuthError');
    expect(of.asked).toHaveLength(1);
  });

  it.each([
    'https://chablis-api.centrastage.net',
    'http://merlot-api.centrastage.net',
    'https://merlot-api.centrastage.net.evil.example',
    'merlot',
  ])('the address %s is refused before anything is sent', async (apiUrl) => {
    const of = await bench(dattoRmm);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, apiUrl } } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('apiUrl') });
    expect(of.asked).toEqual([]);
  });

  it('a name is not a customer id', () => {
    for (const name of ['Harbour Dental', 'harbour']) {
      expect(dattoRmm.customerId.schema.safeParse(name).success).toBe(false);
    }
    expect(dattoRmm.customerId.schema.safeParse('C1AA-07')).toMatchObject({ success: true, data: 'c1aa-07' });
  });
});

describe('cost', () => {
  it('500 customers with about 50,000 devices take token, account, sites and full pages of devices, and two sites more', async () => {
    const of = await bench(dattoRmm, demoMsp(600, 3));
    const { receipt, customers } = await collection(of);
    const devices = receipt.lists.find(({ list }) => list === '/v2/account/devices');
    const plan = 2 + Math.ceil((customers.length + 1) / 250) + Math.ceil((devices?.rows ?? 0) / 250);
    console.info(
      `datto-rmm: ${customers.length} sites, ${devices?.rows} devices, ${of.asked.length} requests, plan ${plan}`,
    );
    expect(devices?.rows).toBeGreaterThan(45_000);
    expect(of.asked.length).toBeLessThanOrEqual(plan * 1.02);
    expect(of.clock.elapsed()).toBeLessThan(120_000);
  });

  it('a pause while single sites are read does not count a site twice', async () => {
    const of = await bench(dattoRmm);
    const whole = await collection(await bench(dattoRmm));
    const without = altered('/api/v2/account/sites', (body) => {
      for (const site of body.sites as Record<string, unknown>[]) site.devicesStatus = null;
    });
    const first = await lifetime(of, { ...without, latency: 2, lifetime: 36 });
    if (first.outcome !== 'paused') throw new Error('expected a pause');
    expect(first.checkpoint.done.length).toBeGreaterThan(3);
    const resumed = await collection(of, { latency: 2, checkpoint: first.checkpoint });
    expect(resumed.customers).toEqual(whole.customers);
  });
});
