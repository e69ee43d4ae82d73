import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { devicesOf } from '../devices.ts';
import { slidingWindow, tokenDesk, wholeNumber } from '../gate.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'openapi.service.euplatform.connectwise.com';
const CLIENT_ID = '0e31c7a4-52fd-4f0b-8c11-9a4be7d03c55';
const CLIENT_SECRET = 'wVx3T9pQ7mZk2RfLd8HsYc5NbJg4Ua61';
const SCOPES = ['platform.companies.read', 'platform.sites.read', 'platform.asset.read', 'platform.devices.read'];
const PAGE = { companies: 1_000, endpoints: 500 };
const MOST_COMPANIES = 4;
const WINDOW = { requests: 500, seconds: 300 };
const NEVER = '0001-01-01T00:00:00Z';

type Group = { type: string; category: 'platform' | 'network' | 'cloud'; endpoints: number; column: string };
type Company = {
  client: Client | undefined;
  id: string;
  name: string;
  groups: Group[];
  deleted: boolean;
  active: boolean;
};
type Endpoint = { endpointId: string; company: string; siteId: string; clientId: string; group: Group };

/**
 * ConnectWise Asio, Europe: a token by JSON that locks the key when asked for too often, the whole partner in one
 * answer (version 1), or four companies at a time in pages of 500 behind Link headers (version 2), where "not found"
 * means "no devices".
 */
export default function connectwiseAsio(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const { guid } = msp;
  const served = clientele(msp, 'connectwise-asio', { share: 65 }).map(
    (client): Company => ({
      client,
      id: guid('asio company', client.key),
      name: client.name,
      groups: groupsOf(msp, client),
      deleted: client.gone,
      active: msp.draw(12, 'asio', client.key, 'active') > 0,
    }),
  );
  const dormant: Company = {
    client: undefined,
    id: guid('asio company', 'dormant'),
    name: 'Prairie Wind Catering',
    groups: [],
    deleted: false,
    active: false,
  };
  // A company that was deleted while two of its devices still report.
  const closed: Company = {
    client: undefined,
    id: guid('asio company', 'closed'),
    name: 'Copper Kettle Diner (closed)',
    groups: [{ type: 'Desktop', category: 'platform', endpoints: 2, column: 'Workstations' }],
    deleted: true,
    active: false,
  };
  const all = [...served, dormant, closed];
  const idBySite = served.find(({ deleted }) => !deleted)?.id;
  let endpoints: Endpoint[] | undefined;
  const everything = () => {
    endpoints ??= endpointsOf(msp, all, idBySite);
    return endpoints;
  };
  let grouped: Map<string, Endpoint[]> | undefined;
  const byOwner = () => {
    grouped ??= Map.groupBy(everything(), ({ company }) => company);
    return grouped;
  };
  const tokens = tokenDesk(now);
  const mayHaveToken = slidingWindow(now, 5, 300);
  const mayPass = slidingWindow(now, WINDOW.requests, WINDOW.seconds);

  return {
    id: 'connectwise-asio',
    answers: (host) => host === HOST,
    secret: { region: 'eu', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
    configuration: {},
    customers: [
      ...served.map((company) => trueCustomer(company.client ?? neverServed(), company.id, cellsOf(company.groups))),
      { id: dormant.id, name: dormant.name, cells: {}, state: 'excluded' as const },
      {
        id: 'unmatched',
        name: 'Devices that match no company',
        // Those of the closed company, of a dead id that still reports, and one that no site knows.
        cells: Object.fromEntries(
          cellsOf([
            ...all.filter(({ deleted }) => deleted).flatMap(({ groups }) => groups),
            { type: 'Server', category: 'platform', endpoints: 1, column: 'Servers' },
          ]).filter(([, value]) => value !== 0),
        ),
        state: 'counted' as const,
      },
    ],
    handle(request) {
      if (request.path === '/v1/token') {
        if (!mayHaveToken()) return refusal(423, 'Locked', 'too many token requests');
        return grant(request, tokens.issue);
      }
      const scopes = tokens.subject(request.headers.authorization)?.split(' ');
      if (scopes === undefined) return refusal(401, 'unauthorized', 'token is invalid or expired');
      if (!mayPass()) return { ...refusal(429, 'quota exceeded', 'try later'), headers: quota(now, 0) };
      const may = (scope: string) => scopes.includes(scope);
      const denied = refusal(403, 'forbidden', 'client has no access');
      const { path, method } = request;
      if (path === '/api/platform/v2/device/categories/all/endpoints') {
        if (method !== 'POST') return refusal(405, 'method not allowed', method);
        return may('platform.devices.read') ? byCompany(request, all, byOwner()) : denied;
      }
      if (method !== 'GET') return refusal(405, 'method not allowed', method);
      switch (path) {
        case '/api/platform/v1/company/companies':
          return may('platform.companies.read') ? companies(request, all) : denied;
        case '/api/platform/v1/company/sites':
          return may('platform.sites.read')
            ? { status: 200, body: all.flatMap((company) => sitesOf(msp, company)) }
            : denied;
        case '/api/platform/v1/device/endpoints':
          return may('platform.asset.read') ? { status: 200, body: { endpoints: everything().map(shown) } } : denied;
        case '/v1/rate_limits':
          return { status: 200, body: { resources: {} } };
      }
      const [, client] = /^\/api\/platform\/v1\/device\/clients\/([\w-]+)\/endpoints$/u.exec(path) ?? [];
      if (client === undefined) return refusal(404, 'no such route', path);
      if (!may('platform.asset.read')) return denied;
      const ofClient = everything().filter(({ clientId }) => clientId === client);
      return ofClient.length === 0
        ? refusal(404, 'resource not found', client)
        : { status: 200, body: { endpoints: ofClient.map(shown) } };
    },
  };
}

const neverServed = (): never => {
  throw new Error('every served company has a client');
};

const refusal = (status: number, error: string, description: string): SandboxResponse => ({
  status,
  body: { error, description },
});

const quota = (now: () => number, remaining: number) => ({
  limit: String(WINDOW.requests),
  remaining: String(remaining),
  reset: String(Math.ceil(now() / 1_000) + WINDOW.seconds),
});

function grant(request: SandboxRequest, issue: (subject: string, seconds: number) => string): SandboxResponse {
  const asked = jsonOf(request);
  if (request.method !== 'POST' || typeof asked !== 'object' || asked === null) {
    return refusal(400, 'invalid_request', 'a JSON body is expected');
  }
  const member = new Map(Object.entries(asked));
  if (member.get('grant_type') !== 'client_credentials') return refusal(400, 'unsupported_grant_type', '');
  if (member.get('client_id') !== CLIENT_ID || member.get('client_secret') !== CLIENT_SECRET) {
    return refusal(401, 'invalid_client', 'client authentication failed');
  }
  const scope = String(member.get('scope') ?? SCOPES.join(' '));
  if (scope.split(' ').some((word) => !SCOPES.includes(word))) {
    return refusal(403, 'invalid_scope', 'scope exceeds what the key was given');
  }
  return {
    status: 200,
    body: { access_token: issue(scope, 3_599), token_type: 'Bearer', scope, expires_in: 3_599 },
  };
}

/** The company list is one answer for nearly everybody; above a thousand a Link header leads on. */
function companies({ query, path }: SandboxRequest, all: readonly Company[]): SandboxResponse {
  const limit = wholeNumber(query.get('limit'), PAGE.companies) || PAGE.companies;
  const from = wholeNumber(query.get('cursor'), 0) ?? 0;
  const rows = all.slice(from, from + limit).map(({ id, name, deleted, active }) => ({
    id,
    name: name.toUpperCase(),
    friendlyName: name,
    partnerId: '50017311',
    activityStatus: {
      id: active ? '1' : '2',
      name: active ? 'Active' : 'Inactive',
      activeFlag: active,
      defaultFlag: active,
    },
    inactiveDate: active ? NEVER : '2026-03-01T00:00:00Z',
    deletedDate: deleted ? '2026-05-12T10:20:30Z' : NEVER,
    deletedBy: deleted ? 'jwalker' : '',
    externalIds: [],
  }));
  const more = from + limit < all.length;
  const next = `<https://${HOST}${path}?limit=${limit}&cursor=${from + limit}>; rel="next"`;
  return { status: 200, ...(more ? { headers: { Link: next } } : {}), body: rows };
}

const siteIds = ({ guid }: DemoMsp, company: Company): string[] =>
  ['Main', 'Branch'].map((site) => guid('asio site', company.id, site));

const sitesOf = (msp: DemoMsp, { id, name, ...rest }: Company) =>
  siteIds(msp, { id, name, ...rest }).map((site, index) => ({
    id: site,
    name: index === 0 ? 'Main' : 'Branch',
    friendlyName: index === 0 ? 'Main' : 'Branch',
    activeFlag: true,
    deletedDate: NEVER,
    company: { id, name, friendlyName: name, externalIds: [] },
  }));

/** Version 2: up to four companies, grouped by category, company and site; a minimal record unless fields are named. */
function byCompany(
  request: SandboxRequest,
  all: readonly Company[],
  byOwner: ReadonlyMap<string, Endpoint[]>,
): SandboxResponse {
  const asked = jsonOf(request);
  const body = new Map(typeof asked === 'object' && asked !== null ? Object.entries(asked) : []);
  const resources: unknown = body.get('resources');
  if (body.get('resourceType') !== 'company' || !Array.isArray(resources))
    return refusal(400, 'invalid resource type', '');
  if (resources.length > MOST_COMPANIES) return refusal(400, 'too many resources', `at most ${MOST_COMPANIES}`);
  const companyIds = new Set(all.filter(({ deleted }) => !deleted).map(({ id }) => id));
  const { query, path } = request;
  const limit = wholeNumber(query.get('limit'), 100) ?? 0;
  const cursor = wholeNumber(query.get('cursor'), 0) ?? 0;
  if (limit < 1 || limit > PAGE.endpoints) return refusal(400, 'invalid limit', '');
  const devices = resources.filter((id) => companyIds.has(id)).flatMap((id) => byOwner.get(id) ?? []);
  const page = devices.slice(cursor, cursor + limit);
  if (page.length === 0) return refusal(404, 'resource not found', 'no endpoints');
  const fields = (query.get('field') ?? '').split(',');
  const record = ({ endpointId, group }: Endpoint) => ({
    endpointID: endpointId,
    deviceName: `EP-${endpointId.slice(0, 8)}`,
    ...(fields.includes('endpointType') ? { endpointType: group.type } : {}),
    ...(fields.includes('os') ? { os: { product: 'Windows' } } : {}),
  });
  const categories = Object.fromEntries(
    (['platform', 'network', 'cloud'] as const).map((category) => {
      const bySite = Map.groupBy(
        page.filter(({ group }) => group.category === category),
        ({ company, siteId }) => `${company} ${siteId}`,
      );
      const groups = [...bySite.values()].map((group) => ({
        companyID: group[0]?.company,
        siteID: group[0]?.siteId,
        endpoints: group.map(record),
      }));
      return [category, groups];
    }),
  );
  const next = new URLSearchParams(query);
  next.set('cursor', String(cursor + limit));
  const more = cursor + limit < devices.length;
  return {
    status: 200,
    ...(more ? { headers: { Link: `<https://${HOST}${path}?${next}>; rel="next"` } } : {}),
    body: categories,
  };
}

function cellsOf(groups: readonly Group[]): [string, number][] {
  const cells = new Map<string, number>();
  for (const { column, endpoints } of groups) {
    const title = `ConnectWise Asio ${column}`;
    cells.set(title, (cells.get(title) ?? 0) + endpoints);
  }
  return [...cells];
}

function groupsOf({ draw }: DemoMsp, { key, fleet }: Client): Group[] {
  const few = (below: number, what: string) => draw(below, 'connectwise-asio', key, what);
  const spelt = Math.min(fleet.servers, few(2, 'spelling'));
  const group = (endpoints: number, column: string, type: string, category: Group['category'] = 'platform'): Group => ({
    endpoints,
    column,
    type,
    category,
  });
  return [
    group(fleet.workstations + fleet.laptops, 'Workstations', 'Desktop'),
    group(fleet.servers - spelt, 'Servers', 'Server'),
    group(spelt, 'Servers', 'SERVER '),
    group(fleet.networkDevices, 'Network Devices', 'NetworkDevice', 'network'),
    group(fleet.printers, 'Network Devices', 'Network Device', 'network'),
    group(few(6, 'cloud') === 0 ? 1 : 0, 'Other', 'CloudInstance', 'cloud'),
    group(few(7, 'nothing') === 0 ? 1 : 0, 'Other', ''),
  ];
}

/**
 * Every device; those of one company carry a client id that only their site explains, and one carries nothing that is
 * known.
 */
function endpointsOf(msp: DemoMsp, all: readonly Company[], idBySite: string | undefined): Endpoint[] {
  const endpoints = devicesOf(msp, all, (group: Group) => group.endpoints).map(
    ({ at: company, group, index, rank }): Endpoint => ({
      endpointId: msp.guid('asio endpoint', rank),
      company: company.id,
      clientId: company.id === idBySite ? '50017311' : company.id,
      siteId: siteIds(msp, company)[index % 4 === 3 ? 1 : 0] ?? '',
      group,
    }),
  );
  const stray: Group = { type: 'Server', category: 'platform', endpoints: 1, column: 'Servers' };
  endpoints.push({
    endpointId: msp.guid('asio stray'),
    company: 'gone',
    clientId: 'gone',
    siteId: 'gone',
    group: stray,
  });
  return endpoints;
}

/** The record of version 1. */
const shown = ({ endpointId, clientId, siteId, group }: Endpoint, index: number) => ({
  clientId,
  siteId,
  endpointId,
  regId: String(48_120 + index),
  endpointType: group.type,
  osType: group.category === 'network' ? '' : 'Windows',
  friendlyName: `EP-${endpointId.slice(0, 8)}`,
  lastContactedAt: '2026-11-21T22:14:05Z',
});
