import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, unserved, wholeNumber } from '../gate.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'usea1-014.sentinelone.net';
const TOKEN = 'eyJraWQiOiJ1cy1lYXN0LTEtcHJvZC0wIiwiYWxnIjoiRVMyNTYifQ.northwind-demo-not-real';
const PAGE = { usual: 10, most: 1_000, skip: 1_000 };
const UNSERVED = [
  ...['siteIds', 'siteType', 'accountType', 'usageType', 'externalId', 'isDefault', 'name', 'name__contains', 'query'],
  ...['sku', 'module', 'adminOnly', 'countOnly', 'skipCount', 'sortOrder'],
];
const STATES = ['active', 'expired', 'deleted'];
const SORTS = ['id', 'name', 'state', 'siteType', 'createdAt', 'activeLicenses', 'totalLicenses'];

/** Two regions of one MSP, each an account with its default site. */
const ACCOUNTS = [
  { id: '1698544321098765432', name: 'Northwind MSP' },
  { id: '1698544321098765433', name: 'Northwind MSP - Regulated' },
] as const;

type Oddity = 'trial' | 'expired' | 'unlimited' | 'two bundles' | 'legacy sku';
type Row = { id: string; accountId: string; state: string; [member: string]: unknown };

const COMPLETE = { name: 'complete', displayName: 'Singularity Complete' };
const CONTROL = { name: 'control', displayName: 'Singularity Control' };
const CLOUD = { name: 'cloud_workload_security_servers', displayName: 'Singularity Cloud Workload Security' };

/** SentinelOne: one console, `ApiToken` credentials, pages of 10 at the most 1000 behind a cursor, ids of 19 digits. */
export default function sentinelone(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'sentinelone', { share: 70 }).map((client, index) => siteOf(msp, client, index));
  const defaults = ACCOUNTS.map(({ id: accountId }, index) =>
    row({
      id: `16985443219000000${10 + index}`,
      accountId,
      name: 'Default site',
      isDefault: true,
      active: 0,
      total: 0,
    }),
  );
  const sites = [...defaults, ...served.map(({ site }) => site)];
  const mayPass = slidingWindow(now, 100, 1);

  return {
    id: 'sentinelone',
    answers: (host) => host === HOST,
    secret: { consoleUrl: `https://${HOST}/`, apiToken: TOKEN },
    configuration: {},
    customers: [
      ...defaults.map(({ id }) => ({ id, name: 'Default site', cells: {}, state: 'excluded' as const })),
      ...served.map(({ client, site, active, total, oddity, sku }) =>
        trueCustomer(
          client,
          site.id,
          [
            ['SentinelOne Active Licenses', active],
            ['SentinelOne Total Licenses', oddity === 'unlimited' ? 'unlimited' : total],
            ['SentinelOne SKU', sku],
          ],
          oddity === 'trial' || oddity === 'expired' ? 'excluded' : 'counted',
        ),
      ),
    ],
    handle(request) {
      if (request.headers.authorization !== `ApiToken ${TOKEN}`) {
        return refusal(401, 4010010, 'Authentication Failed', 'Token expired or user is logged out');
      }
      if (!mayPass()) return refusal(429, 4290010, 'Too many requests');
      const [, path] = /^\/web\/api\/v2\.1(\/.*)$/u.exec(request.path) ?? [];
      if (path === '/users/api-token-details' && request.method === 'POST') {
        const asked = JSON.stringify(jsonOf(request));
        if (asked !== JSON.stringify({ data: { apiToken: TOKEN } })) return refusal(400, 4000010, 'Validation Error');
        const day = (days: number) => new Date(now() + days * 86_400_000).toISOString();
        return { status: 200, body: { data: { createdAt: day(-300), expiresAt: day(65) } } };
      }
      if (request.method !== 'GET') return refusal(404, 4040010, 'Not found');
      if (path === '/sites') {
        return page(request, sites, (shown) => ({
          // What the whole console holds, deleted sites and other scopes included: not the sum of what is listed.
          allSites: { activeLicenses: sum(sites, 'activeLicenses') + 815, totalLicenses: sum(sites, 'totalLicenses') },
          sites: shown,
        }));
      }
      if (path === '/accounts') {
        const accounts = ACCOUNTS.map(({ id, name }) => {
          const itsSites = sites.filter(({ accountId, state }) => accountId === id && state !== 'deleted');
          return {
            ...{ id, accountId: id, name, state: 'active', accountType: 'Paid', usageType: 'customer' },
            activeAgents: sum(itsSites, 'activeLicenses') + 3,
            totalLicenses: sum(itsSites, 'totalLicenses'),
            numberOfSites: itsSites.length,
            skus: [{ type: 'Complete', totalLicenses: 0, unlimited: false, agentsInSku: 0 }],
          };
        });
        return page(request, accounts, (shown) => shown);
      }
      return refusal(404, 4040010, 'Not found');
    },
  };
}

const sum = (rows: readonly Row[], member: string): number =>
  rows.reduce((total, each) => total + Math.max(0, Number(each[member])), 0);

const refusal = (status: number, code: number, title: string, detail: string | null = null): SandboxResponse => ({
  status,
  body: { errors: [{ code, title, detail }] },
});

/**
 * A page behind an opaque cursor. Behind a cursor there is no total; a full page has a successor, possibly an empty
 * one.
 */
function page(
  { query }: SandboxRequest,
  rows: readonly Row[],
  dataOf: (rows: readonly Row[]) => unknown,
): SandboxResponse {
  const limit = wholeNumber(query.get('limit'), PAGE.usual);
  const skip = wholeNumber(query.get('skip'), 0);
  const sort = query.get('sortBy') ?? 'id';
  const states = [query.get('states'), query.get('state')].flatMap((list) => list?.split(',') ?? []);
  const wrong =
    limit === undefined || limit < 1 || limit > PAGE.most
      ? 'limit'
      : skip === undefined || skip > PAGE.skip
        ? 'skip'
        : !SORTS.includes(sort)
          ? 'sortBy'
          : states.some((state) => !STATES.includes(state))
            ? 'states'
            : unserved(query, UNSERVED);
  if (wrong !== undefined || limit === undefined || skip === undefined) {
    return refusal(400, 4000010, 'Validation Error', `${wrong}: Invalid value`);
  }
  const accounts = query.get('accountIds')?.split(',');
  const matching = rows
    .filter(({ state }) => states.length === 0 || states.includes(state))
    .filter(({ accountId }) => accounts === undefined || accounts.includes(accountId))
    .sort((a, b) => (String(a[sort]) < String(b[sort]) ? -1 : 1));
  const cursor = query.get('cursor');
  const from = cursor === null ? skip : Number(Buffer.from(cursor, 'base64').toString('utf8').replace('after ', ''));
  if (!Number.isInteger(from)) return refusal(400, 4000010, 'Validation Error', 'cursor: Invalid value');
  const shown = matching.slice(from, from + limit);
  const nextCursor = shown.length === limit ? Buffer.from(`after ${from + limit}`).toString('base64') : null;
  return {
    status: 200,
    body: { data: dataOf(shown), pagination: { totalItems: cursor === null ? matching.length : 0, nextCursor } },
  };
}

function siteOf(msp: DemoMsp, client: Client, index: number) {
  const { workstations, laptops, servers } = client.fleet;
  const oddities = new Map<number, Oddity>([
    [1, 'unlimited'],
    [4, 'two bundles'],
    [6, 'trial'],
    [8, 'legacy sku'],
    [11, 'expired'],
  ]);
  const oddity = client.gone ? undefined : oddities.get(index % 23);
  const active = workstations + laptops + servers;
  // More agents than licences is usual: the console does not stop anybody.
  const total = Math.max(5, Math.ceil(active / 10) * 10 - 5);
  const bundles =
    oddity === 'two bundles' ? [COMPLETE, CLOUD] : [msp.draw(3, 'sentinelone', client.key) === 0 ? CONTROL : COMPLETE];
  const id = `17${String(40_000_000_000_000_000 + index * 1_237_001).slice(0, 17)}`;
  const account = ACCOUNTS[msp.draw(5, 'sentinelone', client.key, 'account') === 0 ? 1 : 0];
  const site = row({
    ...{
      id,
      accountId: account.id,
      name: client.name,
      isDefault: false,
      active,
      total: oddity === 'unlimited' ? -1 : total,
    },
    state: client.gone ? 'deleted' : oddity === 'expired' ? 'expired' : 'active',
    siteType: oddity === 'trial' ? 'Trial' : 'Paid',
    unlimited: oddity === 'unlimited',
    ...(oddity === 'legacy sku' ? { sku: 'Core' } : { bundles }),
  });
  const sku = oddity === 'legacy sku' ? 'Core' : bundles.map(({ displayName }) => displayName).sort();
  return { client, site, active, total, oddity, sku: [sku].flat().join('; ') };
}

function row(site: {
  id: string;
  accountId: string;
  name: string;
  isDefault: boolean;
  active: number;
  total: number;
  state?: string;
  siteType?: string;
  unlimited?: boolean;
  sku?: string;
  bundles?: readonly { name: string; displayName: string }[];
}): Row {
  const surfaces = [{ name: 'Total Agents', count: site.total }];
  return {
    id: site.id,
    name: site.name,
    accountId: site.accountId,
    accountName: ACCOUNTS.find(({ id }) => id === site.accountId)?.name,
    state: site.state ?? 'active',
    siteType: site.siteType ?? 'Paid',
    activeLicenses: site.active,
    totalLicenses: site.total,
    unlimitedLicenses: site.unlimited ?? false,
    expiration: null,
    unlimitedExpiration: true,
    usageType: 'customer',
    externalId: null,
    description: null,
    isDefault: site.isDefault,
    licenses: {
      bundles: (site.bundles ?? []).map((bundle) => ({
        ...bundle,
        majorVersion: 1,
        minorVersion: 1,
        totalSurfaces: site.total,
        surfaces,
      })),
      modules: [{ name: 'rogues', displayName: 'Rogues', majorVersion: 1 }],
      settings: [],
    },
    // Deprecated, and still the only word that old consoles have for a bundle.
    sku: site.sku ?? 'Complete',
    suite: site.sku ?? 'Complete',
    healthStatus: true,
    createdAt: '2024-03-01T10:00:00.000000Z',
    updatedAt: '2026-02-20T08:00:00.000000Z',
  };
}
