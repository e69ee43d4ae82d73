import { clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, unserved, wholeNumber } from '../gate.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor } from '../vendor.ts';

const HOST = 'api.huntress.io';
const API_KEY = 'hk_5b0e7c1f9a3d4e62';
const API_SECRET = 'hs_7d21f0c4b9e84a5f8c3e6a1d';
const ACCOUNT = { id: 5120, name: 'Northwind MSP', subdomain: 'northwind', status: 'enabled' };
const UNSERVED = ['name', 'key', 'status', 'subdomain'];
const SORT_FIELDS = ['id', 'created_at', 'updated_at', 'name', 'key'];

/** What a reseller's key sees: organizations live in these accounts, in turn. */
export const RESELLER_ACCOUNTS = [
  ACCOUNT,
  { id: 5133, name: 'Northwind West', subdomain: 'northwind-west', status: 'enabled' },
  { id: 5148, name: 'Northwind (closed)', subdomain: 'northwind-old', status: 'disabled' },
] as const;

type Organization = {
  id: number;
  account_id: number;
  name: string;
  key: string;
  agents_count: number;
  billable_identity_count: number;
  sat_learner_count: number;
  logs_sources_count: number;
  created_at: string;
  updated_at: string;
};

/**
 * Huntress: basic credentials, page tokens with pages of 10 by default, 60 requests a minute. With `exact` the truth is
 * the billable figures; with `reseller` the key is a reseller's, whose organizations are spread over several accounts.
 */
export default function huntress(
  msp: DemoMsp,
  now: () => number = Date.now,
  { exact = false, reseller = false }: { exact?: boolean; reseller?: boolean } = {},
): SandboxVendor {
  const served = clientele(msp, 'huntress', { share: 85, rivals: true }).map((client, index) => {
    const { workstations, laptops, servers, users } = client.fleet;
    const chance = (percent: number, what: string) => msp.draw(100, 'huntress', client.key, what) < percent;
    const created = `202${1 + msp.draw(5, client.key, 'year')}-0${1 + msp.draw(9, client.key, 'month')}-02T09:00:00Z`;
    const account = reseller ? RESELLER_ACCOUNTS[index % RESELLER_ACCOUNTS.length] : ACCOUNT;
    const organization: Organization = {
      id: 731_000 + index * 17,
      account_id: account?.id ?? ACCOUNT.id,
      name: client.name,
      key: client.key.replace(/[^a-z0-9]+/giu, '-').toLowerCase(),
      agents_count: workstations + laptops + servers,
      billable_identity_count: chance(70, 'itdr') ? users : 0,
      sat_learner_count: chance(40, 'sat') ? Math.max(1, users - msp.draw(3, client.key, 'left')) : 0,
      logs_sources_count: chance(15, 'siem') ? 1 + msp.draw(5, client.key, 'sources') : 0,
      created_at: created,
      updated_at: created.replace('T09', 'T17'),
    };
    // Agents too old to be billed, which the list counts all the same.
    return { client, organization, outdated: Math.min(organization.agents_count, msp.draw(3, client.key, 'outdated')) };
  });
  const present = served.filter(({ client }) => !client.gone);
  const listed = present.map(({ organization }) => organization);
  const mayPass = slidingWindow(now, 60, 60);

  return {
    id: 'huntress',
    answers: (host) => host === HOST,
    secret: { apiKey: API_KEY, apiSecret: API_SECRET },
    configuration: exact ? { exact } : {},
    customers: served.map(({ client, organization, outdated }) => {
      const { workstations, laptops, servers } = client.fleet;
      const cells: [string, number][] = [
        ['Huntress EDR Agents', servers + laptops + workstations - (exact ? outdated : 0)],
        ['Huntress ITDR Identities', organization.billable_identity_count],
        ['Huntress SAT Learners', organization.sat_learner_count],
        ['Huntress SIEM Sources', organization.logs_sources_count],
      ];
      const closed = organization.account_id === RESELLER_ACCOUNTS[2].id;
      return trueCustomer(client, organization.id, cells, closed ? 'excluded' : 'counted');
    }),
    handle(request) {
      const expected = `Basic ${Buffer.from(`${API_KEY}:${API_SECRET}`).toString('base64')}`;
      if (request.headers.authorization !== expected) return refusal(401, 'Authentication failed');
      if (!mayPass()) return refusal(429, 'Rate limit of 60 requests per minute exceeded');
      if (request.method !== 'GET') return refusal(404, 'Not found');
      if (request.path === '/v1/actor') {
        return {
          status: 200,
          body: reseller ? { reseller: RESELLER } : { reseller: null, account: ACCOUNT, user: null },
        };
      }
      const [, account, path] = /^\/v1(?:\/accounts\/(\d+))?(\/.*)$/u.exec(request.path) ?? [];
      if (reseller ? account === undefined && path !== '/accounts' : account !== undefined || path === '/accounts') {
        return refusal(403, 'There was an issue with your API credential or permissions.');
      }
      if (path === '/accounts') return page(request, 'accounts', RESELLER_ACCOUNTS.map(withDates));
      if (path === '/account') return { status: 200, body: { account: ACCOUNT } };
      const organizations = listed.filter(({ account_id }) => account === undefined || String(account_id) === account);
      if (path === '/organizations') return page(request, 'organizations', organizations.map(shown));
      const [, id] = /^\/organizations\/(\d+)$/u.exec(path ?? '') ?? [];
      const wanted = organizations.find((organization) => String(organization.id) === id);
      if (wanted === undefined) return refusal(404, 'Resource not found');
      const outdated = present.find(({ organization }) => organization === wanted)?.outdated ?? 0;
      return {
        status: 200,
        body: { organization: { ...shown(wanted), actual_usages: usages(msp, wanted, outdated) } },
      };
    },
  };
}

const refusal = (status: number, message: string): SandboxResponse => ({
  status,
  body: { error: { status, message } },
});

const RESELLER = { id: 77, name: 'Northwind Distribution' };

const withDates = (account: (typeof RESELLER_ACCOUNTS)[number]): Row => ({
  ...account,
  support_type: 'partner_supported',
  neighborhood_watch: { edr: 10, itdr: 10 },
  created_at: '2021-02-03T09:00:00Z',
});

type Row = { id: number; [member: string]: unknown };

/** One page, sorted by id, by default from the newest on; parameters of older versions (`page`) do nothing. */
function page({ query, path }: SandboxRequest, name: string, all: readonly Row[]): SandboxResponse {
  const limit = wholeNumber(query.get('limit'), 10);
  if (limit === undefined || limit < 1 || limit > 500) return refusal(400, 'limit must be between 1 and 500');
  const filter = unserved(query, UNSERVED);
  if (filter !== undefined) return refusal(400, `${filter} is not served`);
  const field = SORT_FIELDS.find((sortField) => sortField === (query.get('sort_field') ?? 'id'));
  const direction = query.get('sort_direction') ?? 'desc';
  if (field === undefined || !['asc', 'desc'].includes(direction)) return refusal(400, 'unknown sort');
  const way = direction === 'asc' ? 1 : -1;
  const sorted = all.toSorted((a, b) => way * (field === 'id' ? a.id - b.id : compare(a[field], b[field])));
  const token = query.get('page_token');
  const [, from = ''] = /^after:(\d+)$/u.exec(Buffer.from(token ?? '', 'base64url').toString('utf8')) ?? [];
  if (token !== null && from === '') return refusal(400, 'page_token is not valid');
  const start = token === null ? 0 : Number(from);
  const rows = sorted.slice(start, start + limit);
  const end = start + rows.length;
  const next = Buffer.from(`after:${end}`).toString('base64url');
  const pagination =
    end < sorted.length
      ? { next_page_token: next, next_page_url: `https://${HOST}${path}?limit=${limit}&page_token=${next}` }
      : {};
  return { status: 200, body: { [name]: rows, pagination } };
}

const compare = (a: unknown, b: unknown): number => String(a).localeCompare(String(b));

/** With the fields that the API still sends and nobody may count by. */
const shown = (organization: Organization): Row => ({
  ...organization,
  identity_provider_tenant_id: null,
  microsoft_365_users_count: 0,
  incident_reports_count: organization.agents_count % 3,
  report_recipients: [],
});

/** The detail's billable figures; a product that is not used is absent. */
function usages({ draw }: DemoMsp, organization: Organization, outdated: number): Record<string, unknown> {
  const { id, agents_count, billable_identity_count, sat_learner_count, logs_sources_count } = organization;
  const first = Math.ceil(billable_identity_count / 2);
  const tenant = (type: string, count: number) => ({
    type,
    identity_provider_tenant_id: null,
    billable_identities_count: count,
    total_identities_count: count + 4,
  });
  return {
    edr: {
      billable_agents_count: agents_count - outdated,
      unresponsive_agents_count: draw(2, id, 'unresponsive'),
      outdated_agents_count: outdated,
      isolated_agents_count: 0,
    },
    ...(billable_identity_count === 0
      ? {}
      : { itdr: [tenant('microsoft', first), tenant('google', billable_identity_count - first)] }),
    ...(sat_learner_count === 0 ? {} : { sat: { learners_count: sat_learner_count } }),
    ...(logs_sources_count === 0
      ? {}
      : { siem: { billable_log_sources_count: logs_sources_count, retention: '1 year' } }),
  };
}
