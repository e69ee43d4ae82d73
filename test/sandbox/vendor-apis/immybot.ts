import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { devicesOf, type Fleeted } from '../devices.ts';
import { tokenDesk, unserved, wholeNumber } from '../gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'northwind.immy.bot';
const LOGIN = 'login.microsoftonline.com';
const ENTRA_TENANT = 'northwind-msp.onmicrosoft.com';
const TOKEN_PATH = `/${ENTRA_TENANT}/oauth2/v2.0/token`;
const CLIENT_ID = 'b1c7d2e4-6f30-4a59-9d18-2e7c5a0f4b96';
const CLIENT_SECRET = 'Zk8~Q2mVx7Lr4TyBn9WcPd1HsGf6JuEa';
/** Object id of the enterprise application: the principal that ImmyBot knows the report by. */
const PRINCIPAL = '4d9e1b73-0c58-42a6-8f17-6b2d9c3e5a80';
const MSP_TENANT = 1;
const MOST = 1_000;
const UNSERVED = {
  sieve: ['Filters', 'Sorts'],
  paged: ['filter', 'onboardingOnly', 'staleOnly', 'devLabOnly', 'deletedOnly'],
};
/** A date that was never set, as a .NET server writes it that cannot leave it out. */
const NEVER = '0001-01-01T00:00:00Z';
const USUAL = { paged: 50, sieve: 25 };

/** Computers of one kind in one tenant; `counts` says whether they are computers of the report. */
type Group = { computers: number; counts: boolean; licensed: boolean | null; flags: Record<string, unknown> };
type Tenant = { client: Client; id: number; groups: Group[]; users: number; active: boolean };
type Row = { id: number; [member: string]: unknown };

/**
 * ImmyBot: a token from Entra, lists in Sieve's manner without totals, and computers in pages of at most 1000, newest
 * first and without the offline ones unless asked otherwise.
 */
export default function immybot(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const { draw } = msp;
  const served = clientele(msp, 'immybot', { share: 60 }).map(
    (client, index): Tenant => ({
      client,
      id: 4 + index * 2,
      groups: groupsOf(msp, client),
      users:
        draw(3, 'immybot', client.key, 'self service') === 0
          ? Math.ceil(client.fleet.users / 2)
          : draw(3, client.key, 'immy users'),
      active: draw(18, 'immybot', client.key, 'active') > 0,
    }),
  );
  const tenants = tenantsOf(msp, served);
  const users = usersOf(msp, served);
  let computers: Row[] | undefined;
  const tokens = tokenDesk(now);

  return {
    id: 'immybot',
    // Other vendors sign in at the same place, each in its own tenant.
    answers: (host, path = TOKEN_PATH) => host === HOST || (host === LOGIN && path === TOKEN_PATH),
    secret: {
      instanceSubdomain: 'northwind',
      entraTenantId: ENTRA_TENANT,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
    },
    configuration: {},
    customers: [
      {
        id: String(MSP_TENANT),
        name: msp.managing.name,
        cells: { 'ImmyBot Computers': 3, 'ImmyBot Licensed Computers': 2, 'ImmyBot Users': 4 },
        state: 'counted',
      },
      ...served.map(({ client, id, groups, users, active }) => {
        const sum = (which: (group: Group) => boolean) =>
          groups.filter(which).reduce((total, group) => total + group.computers, 0);
        const cells: [string, number][] = [
          ['ImmyBot Computers', sum(({ counts }) => counts)],
          ['ImmyBot Licensed Computers', sum(({ counts, licensed }) => counts && licensed === true)],
          ['ImmyBot Users', users],
        ];
        return trueCustomer(client, id, cells, active ? 'counted' : 'excluded');
      }),
    ],
    handle(request) {
      if (request.host === LOGIN) return grant(request, tokens.issue);
      if (tokens.subject(request.headers.authorization) !== PRINCIPAL) return { status: 401, body: '' };
      if (request.method !== 'GET') return { status: 405, body: '' };
      switch (request.path) {
        case '/api/v1/tenants':
          return sieve(request, tenants);
        case '/api/v1/users':
          return sieve(request, users);
        case '/api/v1/users/claims':
          return {
            status: 200,
            body: {
              claims: [
                {
                  type: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
                  value: PRINCIPAL.toUpperCase(),
                },
                { type: 'appid', value: CLIENT_ID },
              ],
            },
          };
        case '/api/v1/computers/paged':
          computers ??= computersOf(msp, served);
          return paged(request, computers);
      }
      return { status: 404, body: { error: { code: 'NotFound', message: 'Not found', details: null } } };
    },
  };
}

function grant(request: SandboxRequest, issue: (subject: string, seconds: number) => string): SandboxResponse {
  const form = formOf(request);
  const refuse = (error: string, error_description: string, code: number): SandboxResponse => ({
    status: error === 'invalid_client' ? 401 : 400,
    body: { error, error_description, error_codes: [code], trace_id: '0', correlation_id: '0' },
  });
  if (request.method !== 'POST' || form === undefined)
    return refuse('invalid_request', 'AADSTS900144: The request body must contain: grant_type', 900_144);
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse('unsupported_grant_type', 'AADSTS70003: The app requested an unsupported grant type', 70_003);
  }
  if (form.get('client_id') !== CLIENT_ID)
    return refuse('unauthorized_client', 'AADSTS700016: Application not found', 700_016);
  if (form.get('client_secret') !== CLIENT_SECRET) {
    return refuse('invalid_client', 'AADSTS7000215: Invalid client secret provided.', 7_000_215);
  }
  const scope = form.get('scope');
  // A token for one's own app is given gladly, and is worth nothing to ImmyBot.
  if (scope === `api://${CLIENT_ID}/.default`) return answer(issue('nobody', 3_599));
  if (scope !== `https://${HOST}/.default`) {
    return refuse('invalid_resource', 'AADSTS500011: The resource principal was not found in the tenant', 500_011);
  }
  return answer(issue(PRINCIPAL, 3_599));
}

const answer = (token: string): SandboxResponse => ({
  status: 200,
  body: { token_type: 'Bearer', expires_in: 3_599, ext_expires_in: 3_599, access_token: token },
});

/** A bare array; `PageSize` above the server's maximum is the maximum. */
function sieve({ query }: SandboxRequest, rows: readonly Row[]): SandboxResponse {
  const page = wholeNumber(query.get('Page'), 1);
  const size = wholeNumber(query.get('PageSize'), USUAL.sieve);
  if (!page || !size || unserved(query, UNSERVED.sieve) !== undefined) {
    return { status: 400, body: { title: 'One or more validation errors occurred.', status: 400 } };
  }
  const most = Math.min(size, MOST);
  return { status: 200, body: rows.slice((page - 1) * most, page * most) };
}

/** Sorted by another field than the id, a page lacks its last record. */
function paged({ query }: SandboxRequest, all: readonly Row[]): SandboxResponse {
  const skip = wholeNumber(query.get('skip'), 0);
  const asked = wholeNumber(query.get('take'), USUAL.paged);
  if (skip === undefined || asked === undefined || unserved(query, UNSERVED.paged) !== undefined) {
    return { status: 400, body: { title: 'One or more validation errors occurred.', status: 400 } };
  }
  const take = Math.min(asked, MOST);
  const offline = query.get('includeOffline') === 'true';
  const wanted = all.filter(
    ({ isOnline, licensed, tenantId }) =>
      (offline || isOnline === true) &&
      (query.get('licensedOnly') !== 'true' || licensed === true) &&
      [null, String(tenantId)].includes(query.get('tenantId')),
  );
  const sorted = query.get('sortDesc') === 'false' ? wanted : wanted.toReversed();
  const page = sorted.slice(skip, skip + take);
  const inOrder = query.get('sort') === 'id' && query.get('sortDesc') === 'false';
  return { status: 200, body: { count: wanted.length, results: inOrder ? page : page.slice(0, -1) } };
}

function tenantsOf({ managing }: DemoMsp, served: readonly Tenant[]): Row[] {
  const tenant = (id: number, name: string, more: Record<string, unknown>): Row => ({
    id,
    name,
    slug: name.toLowerCase().replace(/[^a-z]+/gu, '-'),
    active: true,
    isMsp: false,
    parentTenantId: null,
    ownerTenantId: MSP_TENANT,
    markedForDeletionAtUtc: null,
    azureTenantLink: null,
    tenantTagIds: [],
    tenantTagNames: [],
    updatedDateUTC: '2026-05-01T10:00:00Z',
    ...more,
  });
  return [
    tenant(MSP_TENANT, managing.name, { isMsp: true, ownerTenantId: null }),
    ...served.map(({ client, id, active }) =>
      tenant(id, client.name, {
        active,
        markedForDeletionAtUtc: client.gone ? '2026-10-30T08:00:00Z' : id % 3 === 0 ? NEVER : null,
      }),
    ),
  ];
}

function usersOf(msp: DemoMsp, served: readonly Tenant[]): Row[] {
  const rows: Row[] = [];
  const add = (tenantId: number, more: Record<string, unknown> = {}, id = rows.length + 1) => {
    rows.push({
      id,
      name: `User ${id}`,
      email: `user${id}@example.com`,
      tenantId,
      isAdmin: false,
      isExpired: false,
      expirationDateUTC: null,
      personId: id,
      azurePrincipalId: msp.guid('immy user', id),
      roles: [],
      ...more,
    });
  };
  add(MSP_TENANT, { name: 'Billing report', isAdmin: true, azurePrincipalId: PRINCIPAL });
  for (let index = 0; index < 4; index += 1) add(MSP_TENANT, { isAdmin: true });
  add(MSP_TENANT, { isExpired: true, azurePrincipalId: null });
  const first = rows.length + 1;
  for (const [place, { id, users }] of served.entries()) {
    // Everybody keeps a number of their own while others come and go.
    const numbered = (index: number) => first + index * served.length + place;
    for (let index = 1; index <= users; index += 1) add(id, {}, numbered(index));
    if (users > 1) add(id, { isExpired: true, expirationDateUTC: '2026-01-01T00:00:00Z' }, numbered(0));
  }
  return rows;
}

function groupsOf({ draw }: DemoMsp, { key, fleet }: Client): Group[] {
  const few = (below: number, what: string) => draw(below, 'immybot', key, what);
  const fresh = Math.min(fleet.laptops, few(4, 'onboarding'));
  const idle = Math.min(fleet.workstations, few(5, 'not maintained'));
  const group = (
    computers: number,
    licensed: boolean | null,
    flags: Record<string, unknown> = {},
    counts = true,
  ): Group => ({
    computers,
    counts,
    licensed,
    flags,
  });
  return [
    group(fleet.workstations - idle, true, { operatingSystem: 'Microsoft Windows 11 Pro', domainRole: 1 }),
    group(idle, false, { isOnline: false }),
    group(fleet.laptops - fresh, true, { isOnline: false, chassisTypes: [10] }),
    group(fresh, null, { onboardingStatus: 1 }),
    group(fleet.servers, true, {
      operatingSystem: 'Microsoft Windows Server 2022 Standard',
      domainRole: 3,
      deletedAt: NEVER,
    }),
    group(few(3, 'deleted'), true, { deletedAt: '2026-09-01T00:00:00Z' }, false),
    group(few(6, 'lab') === 0 ? 1 : 0, true, { isDevLab: true, devLabVmName: 'LAB-01' }, false),
    group(few(8, 'sandbox') === 0 ? 1 : 0, true, { isSandbox: true }, false),
  ];
}

/** Every computer in order of its id. */
function computersOf(msp: DemoMsp, served: readonly Tenant[]): Row[] {
  const groups: Group[] = [
    { computers: 2, counts: true, licensed: true, flags: {} },
    { computers: 1, counts: true, licensed: null, flags: { onboardingStatus: 'NeedsOnboarding' } },
  ];
  const tenants: (Fleeted<Group> & { id: number })[] = [{ id: MSP_TENANT, groups }, ...served];
  const idOf = (rank: number) => 501 + rank * 2;
  return devicesOf(msp, tenants, ({ computers }: Group) => computers)
    .map(({ at: { id: tenantId }, group, rank, called }): Row => {
      const id = idOf(rank);
      return {
        id,
        computerName: `PC-${idOf(called)}`,
        tenantId,
        tenantName: `tenant ${tenantId}`,
        licensed: group.licensed,
        isOnline: true,
        onboardingStatus: 2,
        operatingSystem: 'Microsoft Windows 11 Pro',
        domainRole: null,
        chassisTypes: [3],
        manufacturer: 'Dell Inc.',
        model: 'OptiPlex 7010',
        serialNumber: `SN${id}`,
        deviceId: msp.guid('immy device', id),
        createdDate: '2025-01-10T00:00:00Z',
        deletedAt: null,
        isDevLab: false,
        isSandbox: false,
        providerLinkIds: [id * 3],
        primaryUserEmail: null,
        ...group.flags,
      };
    })
    .sort((a, b) => a.id - b.id);
}
