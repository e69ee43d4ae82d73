import { describe, expect, it } from 'vitest';
import sentinelone from '../../lambdas/collectors/sentinelone.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { type Bench, bench, collection, failure, type RunOptions, tooFastOnce } from './run.ts';

type Site = { [member: string]: unknown };

/** The bench with every site list changed on its way out. */
async function withSites(change: (sites: Site[]) => Site[]): Promise<Bench> {
  const of = await bench(sentinelone);
  const { handle } = of.vendor;
  const changed = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const response = await handle(request);
    if (!request.path.endsWith('/sites') || response.status !== 200) return response;
    const body = JSON.parse(JSON.stringify(response.body));
    body.data.sites = change(body.data.sites);
    return { ...response, body };
  };
  return { ...of, vendor: { ...of.vendor, handle: changed } };
}

/** One customer of the collection, and its name in the truth. */
async function find(of: Bench, wanted: (counts: Record<string, unknown>) => boolean, options: RunOptions = {}) {
  const { customers } = await collection(of, options);
  return customers.find(({ counts }) => wanted(counts));
}

describe('SentinelOne', () => {
  it('asks for pages of 1000: a page of 10 is not the end', async () => {
    const of = await bench(sentinelone);
    const { receipt } = await collection(of);
    expect(of.asked.map(({ query }) => query.get('limit'))).toEqual(['1000']);
    expect(receipt.lists[0]?.distinct).toBeGreaterThan(10);
  });

  it('reads beyond 1000 sites, through an empty last page and a total of 0 behind the cursor', async () => {
    const of = await bench(sentinelone, demoMsp(1_700));
    const { customers, receipt } = await collection(of);
    expect(customers.length).toBe(of.vendor.customers.filter(({ state }) => state !== 'gone').length);
    expect(customers.length).toBeGreaterThan(1_000);
    expect(receipt.lists[0]).toMatchObject({ pages: 2, end: 'no further cursor', declaredTotal: customers.length });
  });

  it('takes the text "null" for the end of the list', async () => {
    const of = await bench(sentinelone);
    const { handle } = of.vendor;
    of.vendor.handle = async (request) => {
      const response = await handle(request);
      const body = JSON.parse(JSON.stringify(response.body).replace('"nextCursor":null', '"nextCursor":"null"'));
      return { ...response, body };
    };
    expect((await collection(of)).receipt.pages).toBe(1);
  });

  it('fails when fewer sites come than are declared', async () => {
    const of = await withSites((sites) => sites.slice(1));
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('totalItems announces another page'),
    });
  });

  it.each(['activeLicenses', 'totalLicenses', 'unlimitedLicenses', 'state'])(
    'fails and names the path when %s is gone',
    async (member) => {
      const of = await withSites((sites) => sites.map(({ [member]: _, ...rest }) => rest));
      expect(await failure(of)).toMatchObject({
        name: 'VendorContractError',
        message: expect.stringContaining(`data.sites.0.${member}`),
      });
    },
  );

  it.each<[string, unknown, string[]]>([
    ['activeLicenses', -1, ['SentinelOne Active Licenses']],
    ['activeLicenses', 'many', ['SentinelOne Active Licenses']],
    ['totalLicenses', null, ['SentinelOne Total Licenses']],
    ['unlimitedLicenses', 'no', ['SentinelOne Total Licenses']],
    ['licenses', { bundles: null }, ['SentinelOne SKU']],
  ])('opens one cell where %s of one site is %o', async (member, odd, open) => {
    let id: unknown;
    const of = await withSites((sites) => {
      id = sites.find(({ siteType, state }) => siteType === 'Paid' && state === 'active')?.id;
      const [first, ...others] = sites;
      expect(first).toBeDefined();
      return [first ?? {}, ...others].map((site) =>
        site.id === id ? { ...site, isDefault: false, [member]: odd } : site,
      );
    });
    const { customers, status } = await collection(of);
    expect(status).toBe('collected');
    const gaps = customers.filter((customer) => Object.keys(customer.gaps).length > 0);
    expect(gaps.map((customer) => [customer.id, Object.keys(customer.gaps)])).toEqual([[id, open]]);
    expect(Object.values(gaps[0]?.gaps ?? {})[0]?.reason).toContain(`data.sites.0.${member}`);
  });

  it.each([
    [{ state: 'suspended' }, 'its state is "suspended", which is not known'],
    [{ siteType: 'Evaluation' }, 'its type is "Evaluation", which is not known'],
  ])('fails the site, or its account, of which it says %o', async (odd, reason) => {
    const of = await withSites((sites) => sites.map((site, at) => (at === 2 ? { ...site, ...odd } : site)));
    const failedOf = async (customerLevel: 'site' | 'account') => {
      const { customers } = await collection(of, { credentials: { configuration: { customerLevel } } });
      return customers.flatMap(({ state, reason: why }) => (state === 'failed' ? [why] : []));
    };
    expect(await failedOf('site')).toEqual([reason]);
    expect(await failedOf('account')).toEqual([expect.stringMatching(/^site .*: /u)]);
  });

  it('knows states and types in any case', async () => {
    const of = await withSites((sites) =>
      sites.map((site) => ({
        ...site,
        state: String(site.state).toUpperCase(),
        siteType: String(site.siteType).toLowerCase(),
      })),
    );
    const plain = (await collection(await bench(sentinelone))).customers;
    const { customers } = await collection(of);
    expect(customers.map(({ id, state, counts }) => ({ id, state, counts }))).toEqual(
      plain.map(({ id, state, counts }) => ({ id, state, counts })),
    );
  });

  it('passes on the external id of a site or account, for the mapping', async () => {
    const of = await withSites((sites) =>
      sites.map((site, at) => ({ ...site, externalId: at === 0 ? 'CRM-77' : at === 1 ? 7 : null })),
    );
    const { customers } = await collection(of);
    expect(customers.flatMap(({ identity }) => identity?.references ?? [])).toEqual(['CRM-77']);
  });

  it('reads the old SKU only if a site has no bundles: an odd one opens that cell alone', async () => {
    const plain = (await collection(await bench(sentinelone))).customers;
    const idOf = (sku: string) => plain.find(({ counts }) => counts['SentinelOne SKU'] === sku)?.id;
    const [legacy, modern] = [idOf('Core'), idOf('Singularity Complete')];
    const of = await withSites((sites) =>
      sites.map((site) => (site.id === legacy || site.id === modern ? { ...site, sku: 7 } : site)),
    );
    const { customers, status } = await collection(of);
    expect(status).toBe('collected');
    const gaps = customers.filter((customer) => Object.keys(customer.gaps).length > 0);
    expect(gaps.map((customer) => [customer.id, Object.keys(customer.gaps)])).toEqual([[legacy, ['SentinelOne SKU']]]);
  });

  it('fails and names the path when no member says the SKU, instead of showing none', async () => {
    const of = await withSites((sites) => sites.map(({ licenses: _, sku: __, ...rest }) => rest));
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('data.sites.0.licenses'),
    });
  });

  it('shows `unlimited` if a site has no limit, and the number elsewhere', async () => {
    const of = await bench(sentinelone);
    const unlimited = await find(of, (counts) => counts['SentinelOne Total Licenses'] === 'unlimited');
    expect(unlimited?.counts['SentinelOne Active Licenses']).toBeGreaterThan(0);
    expect(await find(of, (counts) => typeof counts['SentinelOne Total Licenses'] === 'number')).toBeDefined();
  });

  it('reads licences of -1 as no limit, as bundles write it, instead of failing the collection', async () => {
    const of = await withSites((sites) =>
      sites.map((site) => (site.totalLicenses === -1 ? { ...site, unlimitedLicenses: false } : site)),
    );
    expect((await collection(of)).customers).toEqual((await collection(await bench(sentinelone))).customers);
  });

  it('names several bundles, and the old SKU if a console knows no bundles', async () => {
    const of = await bench(sentinelone);
    const skus = (await collection(of)).customers.map(({ counts }) => counts['SentinelOne SKU']);
    expect(skus).toContain('Singularity Cloud Workload Security; Singularity Complete');
    expect(skus).toContain('Core');
  });

  it('leaves out trials, expired sites and empty default sites, and says why', async () => {
    const { customers } = await collection(await bench(sentinelone));
    const reasons = new Set(customers.flatMap(({ state, reason }) => (state === 'excluded' ? [reason] : [])));
    expect(reasons).toEqual(new Set(['it is a trial', 'its state is expired', 'default site without licences']));
  });

  it('counts trials on request', async () => {
    const of = await bench(sentinelone);
    const { customers } = await collection(of, { credentials: { configuration: { countTrials: true } } });
    expect(customers.some(({ reason }) => reason === 'it is a trial')).toBe(false);
    expect(customers.flatMap(({ notes }) => notes)).toEqual(
      expect.arrayContaining([expect.stringContaining('is a trial')]),
    );
  });

  it('counts a default site that holds licences', async () => {
    const of = await withSites((sites) =>
      sites.map((site) => (site.isDefault === true ? { ...site, activeLicenses: 4 } : site)),
    );
    const { customers } = await collection(of);
    const defaults = customers.filter(({ name }) => name === 'Default site');
    expect(defaults.map(({ counts }) => counts['SentinelOne Active Licenses'])).toEqual([4, 4]);
  });

  it('takes a default site that was given a name or licences for a customer’s', async () => {
    const renamed = await withSites((sites) =>
      sites.map((site) => (site.isDefault === true ? { ...site, name: 'Larch & Sons' } : site)),
    );
    const licensed = await withSites((sites) =>
      sites.map((site) =>
        site.isDefault === true ? { ...site, totalLicenses: 50, unlimitedLicenses: false } : { ...site },
      ),
    );
    for (const spoiled of [renamed, licensed]) {
      const { customers } = await collection(spoiled);
      expect(customers.some(({ reason }) => reason === 'default site without licences')).toBe(false);
    }
  });

  it('goes on through an empty page that names a next one', async () => {
    const of = await bench(sentinelone);
    const { handle } = of.vendor;
    of.vendor.handle = async (request) => {
      if (request.query.get('cursor') === 'through') {
        request.query.delete('cursor');
        return handle(request);
      }
      const { body, ...response } = await handle(request);
      const { data, pagination } = JSON.parse(JSON.stringify(body));
      const empty = { data: { ...data, sites: [] }, pagination: { ...pagination, nextCursor: 'through' } };
      return { ...response, body: empty };
    };
    expect((await collection(of)).customers).toEqual((await collection(await bench(sentinelone))).customers);
  });

  it('asks for accounts by nothing but what that list knows', async () => {
    const of = await bench(sentinelone);
    await collection(of, { credentials: { configuration: { customerLevel: 'account' } } });
    const accounts = of.asked.find(({ path }) => path.endsWith('/accounts'));
    expect([...(accounts?.query.keys() ?? [])].sort()).toEqual(['limit', 'states']);
  });

  it('lists no deleted site', async () => {
    const of = await withSites((sites) =>
      sites.map((site, index) => (index === 3 ? { ...site, state: 'deleted' } : site)),
    );
    const plain = await collection(await bench(sentinelone));
    expect((await collection(of)).customers).toHaveLength(plain.customers.length - 1);
  });

  it('only notes that the figure for all sites differs', async () => {
    const { notes, receipt, status } = await collection(await bench(sentinelone));
    expect(status).toBe('collected');
    expect(receipt.comparisons).toMatchObject([{ figure: 'active licences of all sites', agrees: false }]);
    expect(notes).toEqual([expect.stringContaining('active licences of all sites')]);
  });

  it('adds the sites of each account up with `customerLevel: account`', async () => {
    const of = await bench(sentinelone);
    let sites: Site[] = [];
    const configuration = { customerLevel: 'account' };
    const { customers } = await collection(of, {
      credentials: { configuration },
      after: (request, { body }) => {
        if (request.path.endsWith('/sites')) sites = JSON.parse(JSON.stringify(body)).data.sites;
      },
    });
    expect(customers.map(({ name }) => name)).toEqual(['Northwind MSP', 'Northwind MSP - Regulated']);
    for (const { id, counts } of customers) {
      const paid = sites.filter((site) => site.accountId === id && site.state === 'active' && site.siteType === 'Paid');
      const active = paid.reduce((total, { activeLicenses }) => total + Number(activeLicenses), 0);
      expect(active).toBeGreaterThan(0);
      expect(counts['SentinelOne Active Licenses']).toBe(active);
      if (paid.some(({ unlimitedLicenses }) => unlimitedLicenses === true)) {
        expect(counts['SentinelOne Total Licenses']).toBe('unlimited');
      }
    }
    expect(of.asked).toHaveLength(2);
  });

  it('says of an account which of its sites with agents are left out', async () => {
    let left: Site = {};
    const of = await withSites((sites) => {
      left = { ...sites.find(({ activeLicenses }) => Number(activeLicenses) > 0), siteType: 'Trial' };
      return sites.map((site) => (site.id === left.id ? left : site));
    });
    const { customers } = await collection(of, { credentials: { configuration: { customerLevel: 'account' } } });
    expect(customers.find(({ id }) => id === left.accountId)?.notes).toContain(
      `site ${left.name} (${left.activeLicenses} active) is left out: it is a trial`,
    );
  });

  it('reads only the configured accounts', async () => {
    const of = await bench(sentinelone);
    const configuration = { accountIds: ['1698544321098765433'] };
    const { customers } = await collection(of, { credentials: { configuration }, mapped: [] });
    expect(customers.length).toBeGreaterThan(0);
    expect(customers.length).toBeLessThan(of.vendor.customers.length / 2);
  });

  it('warns 30 days before the token expires, if configured to, and only then', async () => {
    const of = await bench(sentinelone);
    const configuration = { warnOfTokenExpiry: true };
    const calm = await collection(of, { credentials: { configuration } });
    expect(calm.notes.join()).not.toContain('API token');
    const late = await collection(of, { credentials: { configuration }, asOf: '2027-01-10T06:30:00.000Z' });
    expect(late.notes.join()).toContain('the API token expires on 2027-01-26');
  });

  it('says what to do when the token has ended', async () => {
    const error = await failure(await bench(sentinelone), {
      credentials: { secret: { consoleUrl: 'https://usea1-014.sentinelone.net', apiToken: 'ended-long-ago' } },
    });
    expect(error).toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringContaining('create a new service user'),
    });
  });

  it('waits five seconds if a refusal for speed names no time', async () => {
    const of = await bench(sentinelone);
    await collection(of, { before: tooFastOnce() });
    expect(of.clock.elapsed()).toBe(5_000);
  });

  it.each([
    'https://console.sentinelone.net',
    'http://usea1-014.sentinelone.net',
    'https://sentinelone.net.evil.example',
  ])('refuses the console address %s before anything is sent', async (consoleUrl) => {
    const of = await bench(sentinelone);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, consoleUrl } } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('consoleUrl') });
    expect(of.asked).toEqual([]);
  });

  it('takes ids as texts only, for a number would lose digits', () => {
    expect(sentinelone.customerId.schema.safeParse('1800000000000000101').success).toBe(true);
    expect(sentinelone.customerId.schema.safeParse(1.8e18).success).toBe(false);
    expect(sentinelone.customerId.schema.safeParse('Fabrikam Dental').success).toBe(false);
  });

  it('makes one call for 500 companies and 50,000 devices', async () => {
    const of = await bench(sentinelone, demoMsp(500, 4));
    const { receipt, customers } = await collection(of);
    const agents = customers.map(({ counts }) => Number(counts['SentinelOne Active Licenses'] ?? 0));
    expect(agents.reduce((total, each) => total + each)).toBeGreaterThan(40_000);
    expect(receipt.requests).toBe(1);
  });
});
