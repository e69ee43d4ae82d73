import asio from '../../lambdas/collectors/connectwise-asio.ts';
import automate from '../../lambdas/collectors/connectwise-automate.ts';
import dattoRmm from '../../lambdas/collectors/datto-rmm.ts';
import duo from '../../lambdas/collectors/duo.ts';
import huntress from '../../lambdas/collectors/huntress.ts';
import immybot from '../../lambdas/collectors/immybot.ts';
import microsoft365 from '../../lambdas/collectors/microsoft-365.ts';
import ninjaone from '../../lambdas/collectors/ninjaone.ts';
import pax8 from '../../lambdas/collectors/pax8.ts';
import { asDocumented, type Case, call, TOKEN } from './documented.ts';

const UUID = '6a0c1f7e-3333-4b1a-8c3d-0000000000aa';
const OTHER_UUID = '5f0c2b1d-4444-4c2b-9d4e-0000000000bb';
const ALDER = 'Alder Clinic';
const PREMIUM = 'Microsoft 365 Business Premium';
const SPB = 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46';
const BEARER: Case['header'] = ['authorization', 'Bearer tok-of-some-length-0001'];
const SECRET = 'client-secret-of-length';

/** The rows on the first page, and nothing after it. */
const firstPage =
  (page: string, rows: readonly object[]) =>
  (query: URLSearchParams): object =>
    ['', '0', '1'].includes(query.get(page) ?? '') ? rows : [];

const details = { count: 2, totalCount: 2, prevPageUrl: null, nextPageUrl: null };
const dattoDevice = (id: number, deviceClass: string | null, deviceType: object | null) => ({
  id,
  uid: `5f0c${id}`,
  siteId: 771,
  siteUid: UUID,
  siteName: ALDER,
  deviceType,
  deviceClass,
  operatingSystem: null,
  online: false,
  suspended: false,
  deleted: false,
  lastSeen: 1_793_000_000_000,
});

const computer = (Id: string, Type: string) => ({
  Id,
  ComputerName: `PC-${Id}`,
  Type,
  OperatingSystemName: 'Microsoft Windows 11 Pro x64',
  Status: 'Offline',
  RemoteAgentLastContact: '2026-10-31T22:14:05Z',
  Client: { Id: '37', Name: ALDER },
  Location: { Id: 58, Name: 'Main' },
});

const node = (id: number, nodeClass: string, approvalStatus?: string) => ({
  id,
  uid: `0c3e-${id}`,
  organizationId: 12,
  locationId: 31,
  nodeClass,
  nodeRoleId: 1002,
  offline: true,
  lastContact: 1_793_000_000.5,
  ...(approvalStatus === undefined ? {} : { approvalStatus }),
});

const immyComputer = { tenantId: 12, isOnline: false, deletedAt: null, isDevLab: false, isSandbox: false };

const organization = {
  id: 731204,
  name: ALDER,
  key: 'alder-clinic',
  account_id: 5120,
  agents_count: 38,
  billable_identity_count: 44,
  identity_provider_tenant_id: null,
  sat_learner_count: 40,
  logs_sources_count: 3,
};
const huntressCase = {
  collector: huntress,
  secret: { apiKey: 'hk_key-of-some-length', apiSecret: 'hs_secret-of-some-length' },
  hosts: ['api.huntress.io'],
  header: [
    'authorization',
    `Basic ${Buffer.from('hk_key-of-some-length:hs_secret-of-some-length').toString('base64')}`,
  ] satisfies Case['header'],
};
const actor = call('', () => ({ account: { id: 5120, name: 'An MSP', subdomain: 'msp', status: 'enabled' } }));
const organizations = call('name key limit page_token sort_field sort_direction', () => ({
  organizations: [organization],
  pagination: {},
}));

const CASES: Case[] = [
  {
    collector: dattoRmm,
    secret: {
      apiUrl: 'https://vidal-api.centrastage.net',
      apiKey: 'datto-key-of-some-length',
      apiSecretKey: 'datto-secret-of-some-length',
    },
    configuration: {},
    hosts: ['vidal-api.centrastage.net'],
    header: BEARER,
    calls: {
      'POST /auth/oauth/token': TOKEN,
      'GET /api/v2/account': call('', () => ({ id: 1, name: 'An MSP', uid: 'a', descriptor: { bilingEmail: '' } })),
      'GET /api/v2/account/sites': call('page max siteName', () => ({
        pageDetails: details,
        sites: [
          { id: 771, uid: UUID, name: ALDER, onDemand: false, devicesStatus: { numberOfDevices: 3 } },
          { id: 1, uid: 'a7d1', name: 'Deleted Devices', onDemand: false, devicesStatus: { numberOfDevices: 1 } },
        ],
      })),
      'GET /api/v2/account/devices': call('page max filterId hostname deviceType operatingSystem siteName', () => ({
        pageDetails: { ...details, totalCount: 4, nextPageUrl: '' },
        devices: [
          dattoDevice(1, 'device', { category: 'Server', type: 'Main System Chassis' }),
          dattoDevice(2, 'device', { category: 'Laptop', type: 'Notebook' }),
          dattoDevice(3, 'printer', null),
          { ...dattoDevice(4, 'device', { category: 'Laptop' }), siteUid: 'a7d1', siteName: 'Deleted Devices' },
        ],
      })),
    },
    requests: 4,
    says: [{ id: UUID, counts: { 'Datto RMM Servers': 1, 'Datto RMM Workstations': 1, 'Datto RMM Printers': 1 } }],
  },
  {
    collector: automate,
    secret: {
      serverUrl: 'https://anmsp.hostedrmm.com',
      clientId: UUID.toUpperCase(),
      username: 'reports',
      password: 'password-of-some-length',
    },
    configuration: {},
    hosts: ['anmsp.hostedrmm.com'],
    header: ['clientid', UUID.toUpperCase()],
    calls: {
      'POST /cwa/api/v1/apitoken': call('', () => ({
        AccessToken: 'tok-of-some-length-0001',
        TokenType: 'Bearer',
        ExpirationDate: '2026-11-22T07:30:00Z',
        UserId: '61',
        IsTwoFactorRequired: false,
      })),
      'GET /cwa/api/v1/Clients': call(
        'page pageSize condition orderBy includeFields',
        firstPage('page', [
          { Id: '37', Name: ALDER, Company: ALDER, Locations: [] },
          { Id: '38', Name: 'Birch Bakery', Company: '', Locations: [] },
        ]),
      ),
      'GET /cwa/api/v1/Computers': call(
        'page pageSize condition orderBy includeFields',
        firstPage('page', [computer('1204', 'Workstation'), computer('1205', 'Server')]),
      ),
    },
    requests: 5,
    says: [
      { id: '37', counts: { 'ConnectWise Automate Workstations': 1, 'ConnectWise Automate Servers': 1 } },
      { id: '38', name: 'Birch Bakery' },
    ],
  },
  {
    collector: ninjaone,
    secret: { baseUrl: 'https://eu.ninjarmm.com', clientId: 'c-1', clientSecret: SECRET },
    configuration: {},
    hosts: ['eu.ninjarmm.com'],
    header: BEARER,
    calls: {
      'POST /ws/oauth/token': TOKEN,
      'GET /v2/organizations': call(
        'pageSize after of',
        firstPage('after', [{ id: 12, name: ALDER, description: null, nodeApprovalMode: 'AUTOMATIC' }]),
      ),
      'GET /v2/devices': call(
        'df pageSize after',
        firstPage('after', [
          node(1, 'WINDOWS_SERVER', 'APPROVED'),
          node(2, 'WINDOWS_WORKSTATION'),
          node(3, 'MAC', 'PENDING'),
          node(4, 'MAC', 'DECOMMISSIONED'),
          node(5, 'NMS_TOASTER', 'APPROVED'),
        ]),
      ),
    },
    requests: 5,
    says: [
      {
        id: '12',
        counts: {
          'NinjaOne Servers': 1,
          'NinjaOne Workstations': 1,
          'NinjaOne Pending Approval': 1,
          'NinjaOne Other': 1,
        },
      },
    ],
  },
  {
    collector: asio,
    secret: { region: 'au', clientId: '0e32-client', clientSecret: SECRET },
    configuration: {},
    hosts: ['openapi.service.auplatform.connectwise.com'],
    header: BEARER,
    calls: {
      'POST /v1/token': TOKEN,
      'GET /api/platform/v1/company/companies': call('', () => [
        { id: UUID, name: 'alder', friendlyName: ALDER, activityStatus: { activeFlag: true } },
        { id: OTHER_UUID, name: 'Birch Bakery', deletedDate: '2026-01-01T00:00:00Z', deletedBy: 'somebody' },
      ]),
      'GET /api/platform/v1/company/sites': call('', () => [{ id: 's-1', name: 'Main', company: { id: UUID } }]),
      'GET /api/platform/v1/device/endpoints': call('', () => ({
        endpoints: [
          { clientId: UUID, siteId: 's-1', endpointId: 'd-1', regId: '1', endpointType: 'Server', osType: 'Windows' },
          { clientId: 'x', siteId: 's-1', endpointId: 'd-2', regId: '0', endpointType: 'Desktop', osType: 'Windows' },
          { clientId: 'x', siteId: 'y', endpointId: 'd-3', regId: '', endpointType: 'Network Device', osType: '' },
        ],
      })),
    },
    requests: 4,
    says: [
      { id: UUID, name: ALDER, counts: { 'ConnectWise Asio Servers': 1, 'ConnectWise Asio Workstations': 1 } },
      { id: 'unmatched', counts: { 'ConnectWise Asio Network Devices': 1 } },
    ],
  },
  {
    collector: immybot,
    secret: {
      instanceSubdomain: 'anmsp',
      entraTenantId: 'anmsp.onmicrosoft.com',
      clientId: UUID,
      clientSecret: SECRET,
    },
    configuration: {},
    hosts: ['login.microsoftonline.com', 'anmsp.immy.bot'],
    header: BEARER,
    calls: {
      'POST /anmsp.onmicrosoft.com/oauth2/v2.0/token': TOKEN,
      'GET /api/v1/tenants': call(
        'Filters Sorts Page PageSize',
        firstPage('Page', [{ id: 12, name: ALDER, slug: 'alder', active: true, isMsp: false }]),
      ),
      'GET /api/v1/users': call(
        'Filters Sorts Page PageSize',
        firstPage('Page', [
          { id: 1, tenantId: 12, isExpired: false, azurePrincipalId: OTHER_UUID },
          { id: 2, tenantId: 12, isExpired: true },
          { id: 3, tenantId: 12, isExpired: false },
        ]),
      ),
      'GET /api/v1/computers/paged': call(
        'skip take sort sortDesc filter tenantId includeOffline licensedOnly',
        () => ({
          count: 4,
          results: [
            { ...immyComputer, id: 501, licensed: true, onboardingStatus: 2 },
            { ...immyComputer, id: 502, licensed: null, onboardingStatus: 'NeedsOnboarding' },
            { ...immyComputer, id: 503, licensed: true, isDevLab: true },
            { ...immyComputer, id: 504, licensed: true, deletedAt: '2026-01-01T00:00:00Z' },
          ],
        }),
      ),
    },
    // One of them asks whose credentials these are, and gets no answer.
    requests: 7,
    says: [{ id: '12', counts: { 'ImmyBot Computers': 2, 'ImmyBot Licensed Computers': 1, 'ImmyBot Users': 2 } }],
  },
  {
    collector: microsoft365,
    secret: { partnerTenantId: OTHER_UUID, clientId: 'c0ffee00-0000-4000-8000-000000000001', clientSecret: SECRET },
    configuration: { authMode: 'clientCredentials', tenantSource: 'contracts' },
    hosts: ['login.microsoftonline.com', 'graph.microsoft.com'],
    header: BEARER,
    calls: {
      [`POST /${OTHER_UUID}/oauth2/v2.0/token`]: TOKEN,
      [`POST /${UUID.toUpperCase()}/oauth2/v2.0/token`]: TOKEN,
      'GET /v1.0/contracts': call('$top $filter', () => ({
        value: [
          {
            id: 'k-1',
            contractType: 'x',
            customerId: UUID.toUpperCase(),
            defaultDomainName: 'a.b',
            displayName: ALDER,
          },
        ],
      })),
      'POST /v1.0/$batch': call('', () => ({
        responses: [
          {
            id: 'skus',
            status: 200,
            headers: {},
            body: {
              value: [
                {
                  id: `1_${SPB}`,
                  accountName: 'alder',
                  appliesTo: 'User',
                  capabilityStatus: 'Enabled',
                  consumedUnits: 41,
                  prepaidUnits: { enabled: 45, warning: 0 },
                  skuId: SPB,
                  skuPartNumber: 'SPB',
                  subscriptionIds: ['7f0e2d0c-1'],
                },
              ],
            },
          },
          {
            id: 'subscriptions',
            status: 200,
            body: { value: [{ id: '7F0E2D0C-1', skuId: SPB, status: 'Enabled', isTrial: false, totalLicenses: 45 }] },
          },
        ],
      })),
    },
    requests: 4,
    says: [{ id: UUID, name: ALDER, counts: { [PREMIUM]: 45, [`${PREMIUM} (assigned)`]: 41 } }],
  },
  {
    ...huntressCase,
    configuration: {},
    calls: { 'GET /v1/actor': actor, 'GET /v1/organizations': organizations },
    requests: 2,
    says: [
      {
        id: '731204',
        counts: {
          'Huntress EDR Agents': 38,
          'Huntress ITDR Identities': 44,
          'Huntress SAT Learners': 40,
          'Huntress SIEM Sources': 3,
        },
      },
    ],
  },
  {
    ...huntressCase,
    configuration: { exact: true },
    calls: {
      'GET /v1/actor': actor,
      'GET /v1/organizations': organizations,
      'GET /v1/organizations/731204': call('', () => ({
        organization: {
          ...organization,
          actual_usages: {
            edr: { billable_agents_count: 36, unresponsive_agents_count: 2 },
            itdr: [{ type: 'microsoft', billable_identities_count: 40, total_identities_count: 60 }],
            sat: { learners_count: 39 },
            siem: { billable_log_sources_count: 3, retention: '1 year' },
          },
        },
      })),
    },
    requests: 3,
    says: [
      {
        id: '731204',
        counts: {
          'Huntress EDR Agents': 36,
          'Huntress ITDR Identities': 40,
          'Huntress SAT Learners': 39,
          'Huntress SIEM Sources': 3,
        },
      },
    ],
  },
  {
    collector: duo,
    secret: {
      integrationKey: 'DIEXAMPLEIKEY0000001',
      secretKey: 'exampleSecretKeyNotReal0123456789abcdefg',
      apiHost: 'api-1a2b3c4d.duosecurity.com',
    },
    configuration: {},
    hosts: ['api-1a2b3c4d.duosecurity.com', 'api-0f1e2d3c.duosecurity.com'],
    header: ['authorization', /^Basic [\w+/=]{100,}$/u],
    calls: {
      'POST /accounts/v1/account/list': call('', () => ({
        stat: 'OK',
        response: [{ account_id: 'DAEXAMPLE00000000042', name: ALDER, api_hostname: 'api-0f1e2d3c.duosecurity.com' }],
      })),
      'GET /admin/v1/info/summary': call('account_id', () => ({
        stat: 'OK',
        response: { admin_count: 2, user_count: 41, user_pending_deletion_count: 1, edition: 'Duo Advantage' },
      })),
    },
    requests: 2,
    says: [{ id: 'DAEXAMPLE00000000042', name: ALDER, counts: { 'Duo Users': 41, 'Duo Edition': 'Duo Advantage' } }],
  },
  {
    collector: pax8,
    secret: { clientId: 'c-1', clientSecret: SECRET },
    configuration: { usageProducts: ['Azure Plan'] },
    hosts: ['api.pax8.com'],
    header: BEARER,
    calls: {
      'POST /v1/token': TOKEN,
      'GET /v1/companies': call('page size sort status', () => ({
        content: [{ id: UUID, name: ALDER, status: 'Active' }],
        page: { size: 200, totalElements: 1, totalPages: 1, number: 0 },
      })),
      'GET /v1/subscriptions': call('page size sort status', (query) => {
        const row = {
          companyId: UUID,
          productId: OTHER_UUID,
          productName: PREMIUM,
          startDate: '2026-01-01T07:00:00Z',
          createdDate: '2025-12-29',
          billingTerm: 'Annual',
        };
        const content =
          query.get('status') === 'Active'
            ? [
                { ...row, id: 's-1', quantity: 14, status: 'Active' },
                { ...row, id: 's-2', quantity: 3, status: 'Active', endDate: '2026-11-01T07:00:00.000-0600' },
                { ...row, id: 's-3', quantity: 1, status: 'Active', productName: 'Azure Plan' },
              ]
            : [];
        return { content, page: { size: 200, totalElements: content.length, totalPages: Math.min(1, content.length) } };
      }),
    },
    requests: 4,
    says: [{ id: UUID, name: ALDER, counts: { [`PAX8 ${PREMIUM}`]: 14 } }],
  },
];

asDocumented(CASES);
