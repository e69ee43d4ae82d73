import auvik from '../../lambdas/collectors/auvik.ts';
import cork from '../../lambdas/collectors/cork.ts';
import dropsuite from '../../lambdas/collectors/dropsuite.ts';
import itGlue from '../../lambdas/collectors/it-glue.ts';
import proofpoint from '../../lambdas/collectors/proofpoint-essentials.ts';
import sentinelone from '../../lambdas/collectors/sentinelone.ts';
import sherweb from '../../lambdas/collectors/sherweb.ts';
import synnex from '../../lambdas/collectors/synnex-australia.ts';
import stellr from '../../lambdas/collectors/td-synnex-stellr.ts';
import ion from '../../lambdas/collectors/td-synnex-streamone-ion.ts';
import { asDocumented, type Case, call, TOKEN } from './documented.ts';

const bundle = { name: 'control', displayName: 'Singularity Control', majorVersion: 1, minorVersion: 1 };
const site = {
  id: '1900000000000000201',
  name: 'Alder Clinic',
  accountId: '1900000000000000001',
  accountName: 'An MSP',
  state: 'active',
  siteType: 'Paid',
  activeLicenses: 31,
  totalLicenses: 30,
  unlimitedLicenses: false,
  expiration: null,
  licenses: { bundles: [{ ...bundle, totalSurfaces: 30, surfaces: [] }], modules: [], settings: [] },
};
const meta = { 'current-page': 1, 'next-page': null, 'prev-page': null, 'total-pages': 1, 'total-count': 1 };
const UUID = '6a0c1f7e-3333-4b1a-8c3d-0000000000aa';
const ALDER = 'Alder Clinic';
const PREMIUM = 'Microsoft 365 Business Premium';

const CASES: Case[] = [
  {
    collector: sentinelone,
    secret: { consoleUrl: 'https://euce1-099.sentinelone.net/', apiToken: 's1-token-of-some-length' },
    configuration: {},
    hosts: ['euce1-099.sentinelone.net'],
    header: ['authorization', 'ApiToken s1-token-of-some-length'],
    calls: {
      'GET /web/api/v2.1/sites': call('limit cursor states sortBy', () => ({
        data: { allSites: { activeLicenses: 815, totalLicenses: 25 }, sites: [site] },
        pagination: { totalItems: 1, nextCursor: null },
      })),
    },
    requests: 1,
    says: [
      {
        id: site.id,
        counts: {
          'SentinelOne Active Licenses': 31,
          'SentinelOne Total Licenses': 30,
          'SentinelOne SKU': 'Singularity Control',
        },
      },
    ],
  },
  {
    collector: sentinelone,
    secret: { consoleUrl: 'https://euce1-099.sentinelone.net', apiToken: 's1-token-of-some-length' },
    configuration: { customerLevel: 'account', accountIds: [site.accountId] },
    hosts: ['euce1-099.sentinelone.net'],
    header: ['authorization', 'ApiToken s1-token-of-some-length'],
    calls: {
      'GET /web/api/v2.1/accounts': call('limit cursor states accountIds', () => ({
        data: [{ id: site.accountId, name: ALDER, state: 'active', accountType: 'Paid', activeAgents: 31 }],
        pagination: { totalItems: 1, nextCursor: null },
      })),
      'GET /web/api/v2.1/sites': call('limit cursor states sortBy accountIds', () => ({
        data: { allSites: {}, sites: [{ ...site, unlimitedLicenses: true, licenses: { bundles: [] }, sku: 'Core' }] },
        pagination: { totalItems: 1, nextCursor: 'null' },
      })),
    },
    requests: 2,
    says: [
      {
        id: site.accountId,
        counts: {
          'SentinelOne Active Licenses': 31,
          'SentinelOne Total Licenses': 'unlimited',
          'SentinelOne SKU': 'Core',
        },
      },
    ],
  },
  {
    collector: itGlue,
    secret: { apiKey: 'ITG.key-of-some-length', region: 'eu' },
    configuration: {},
    hosts: ['api.eu.itglue.com'],
    header: ['x-api-key', 'ITG.key-of-some-length'],
    calls: {
      'GET /organizations': call('page[number] page[size] sort', () => ({
        data: [{ id: '42001', type: 'organizations', attributes: { name: ALDER, 'my-glue-account-id': 9100 } }],
        meta: { ...meta, filters: {} },
        links: {},
      })),
      'GET /users': call('page[number] page[size] sort', () => ({
        data: [{ id: '78001', type: 'users', attributes: { 'my-glue': true, 'my-glue-account-id': '9100' } }],
        meta,
      })),
    },
    requests: 2,
    says: [{ id: '42001', counts: { 'MyGlue Users': 1 } }],
  },
  {
    collector: auvik,
    secret: { username: 'reports@msp.example', apiKey: 'auvik-key-of-some-length', region: 'au1' },
    configuration: {},
    hosts: ['auvikapi.au1.my.auvik.com'],
    header: [
      'authorization',
      `Basic ${Buffer.from('reports@msp.example:auvik-key-of-some-length').toString('base64')}`,
    ],
    calls: {
      'GET /v1/tenants': call('', () => ({
        data: [
          { type: 'tenant', id: '71', attributes: { domainPrefix: 'anmsp', tenantType: 'multiClient' } },
          {
            type: 'tenant',
            id: '72',
            attributes: { domainPrefix: 'alder', tenantType: 'client' },
            relationships: null,
          },
        ],
      })),
      'GET /v1/tenants/detail': call('tenantDomainPrefix filter[availableTenants]', (query) => ({
        data:
          query.get('tenantDomainPrefix') === 'anmsp'
            ? [{ type: 'tenants', id: '72', attributes: { displayName: ALDER, enabled: true, subscribed: true } }]
            : [],
      })),
      'GET /v1/billing/usage/client': call('filter[fromDate] filter[thruDate] tenants', () => ({
        data: [
          {
            type: 'clientUsage',
            id: '72',
            attributes: {
              domainPrefix: 'alder',
              billableDays: 21,
              deviceUsage: { totalDays: 100, averageDays: 4.75 },
              clientUsage: { totalDays: 21, averagedDays: 1 },
              maxMonitoredServers: 3,
              maxMonitoredWorkstations: 0,
            },
            relationships: { devices: { data: [{ id: 'AA', type: 'deviceUsage', attributes: { name: 'sw' } }] } },
          },
        ],
      })),
    },
    requests: 3,
    says: [
      {
        id: '72',
        name: ALDER,
        counts: { 'Auvik Billable Devices': 4.75, 'Auvik Servers': 3, 'Auvik Workstations': 0 },
      },
    ],
  },
  {
    collector: proofpoint,
    secret: { stack: 'eu1', partnerDomain: 'msp.example', username: 'api@msp.example', password: 'not-a-real-one' },
    configuration: {},
    hosts: ['eu1.proofpointessentials.com'],
    header: ['x-password', 'not-a-real-one'],
    calls: {
      'GET /api/v1/orgs/msp.example/orgs': call('', () => ({
        orgs: [
          {
            primary_domain: 'alder.example',
            name: ALDER,
            is_active: true,
            type: 'organization',
            eid: 661201,
            licensing_package: 'business_plus',
            is_on_trial: false,
            user_licenses: 20,
            active_users: 23,
            billing_method: 'Annual',
          },
        ],
      })),
    },
    requests: 1,
    says: [
      {
        id: 'alder.example',
        aliases: ['661201'],
        counts: {
          'Proofpoint User Licenses': 20,
          'Proofpoint Active Users': 23,
          'Proofpoint Package': 'business_plus',
        },
      },
    ],
  },
  {
    collector: dropsuite,
    secret: { resellerToken: '0b1f9c7e-reseller', authenticationToken: 'admin-token-of-some-length' },
    configuration: { baseUrl: 'https://dropsuite.uk' },
    hosts: ['dropsuite.uk'],
    header: ['x-access-token', 'admin-token-of-some-length'],
    calls: {
      'GET /api/users': call('page per_page', () => [
        {
          id: '3000001-9',
          organization_id: 91001,
          organization_name: `${ALDER} [0f0f]`,
          customer_deactivated: false,
          flg_suspended: false,
          admin: true,
          seats_used: 12,
          seats_available: 15,
          active_seats: 11,
          paid_shared_mailboxes: 1,
          free_shared_mailboxes: 0,
        },
      ]),
    },
    requests: 1,
    says: [
      {
        id: '3000001-9',
        aliases: ['91001'],
        name: ALDER,
        counts: {
          'Dropsuite Active Seats': 11,
          'Dropsuite Used Seats': 12,
          'Dropsuite Available Seats': 15,
          'Dropsuite Paid Shared Mailboxes': 1,
          'Dropsuite Free Shared Mailboxes': 0,
        },
      },
    ],
  },
  {
    collector: cork,
    secret: { apiKey: 'cork-key-of-some-length' },
    configuration: {},
    hosts: ['api.corkinc.com'],
    header: ['authorization', 'Bearer cork-key-of-some-length'],
    calls: {
      'GET /api/v1/clients': call('page page_size show_hidden partner_uuid', () => ({
        data: [{ uuid: UUID, name: ALDER, warranty_status: 'unwarranted' }],
        page: 1,
        page_size: 100,
        total: 1,
      })),
      [`GET /api/v1/clients/${UUID}/devices`]: call('page page_size', () => ({
        data: [{ uuid: 'd-1', hostname: 'ALDER-1', device_type: 'server' }],
        page: 1,
        page_size: 1,
        total: 41,
      })),
      [`GET /api/v1/clients/${UUID}/inboxes`]: call('page page_size', () => ({
        data: [
          { id: 'i-1', inbox_type: 'user' },
          { id: 'i-2', inbox_type: 'shared' },
        ],
        page: 1,
        page_size: 100,
        total: 2,
      })),
    },
    requests: 3,
    says: [{ id: UUID, counts: { 'Cork Devices': 41, 'Cork Users': 1, 'Cork Warranty Status': 'unwarranted' } }],
  },
  {
    collector: sherweb,
    secret: { clientId: 'c-1', clientSecret: 'client-secret-of-length', subscriptionKey: 'gateway-key-of-length' },
    configuration: {},
    hosts: ['api.sherweb.com'],
    header: ['ocp-apim-subscription-key', 'gateway-key-of-length'],
    calls: {
      'POST /auth/oidc/connect/token': TOKEN,
      'GET /service-provider/v1/customers': call('', () => ({
        items: [{ id: UUID, displayName: ALDER, path: ['An MSP'], suspendedOn: null }],
      })),
      'GET /service-provider/v1/billing/subscriptions/details': call('customerId', () => ({
        items: [
          {
            id: '8b0c9c1e-11d2-4f7e-8f00-2a2b2c2d2e00',
            productName: `${PREMIUM} (Annual)`,
            description: '',
            sku: 'MS-0A',
            quantity: 9,
            billingCycle: 'Yearly',
            fees: { recurringFee: 19.5, setupFee: 0, currency: 'USD' },
            commitmentTerm: { type: 'Yearly', renewalConfiguration: { scheduledQuantity: 5 } },
          },
        ],
      })),
    },
    requests: 3,
    says: [{ id: UUID, counts: { [`Sherweb ${PREMIUM} (Annual)`]: 9 } }],
  },
  {
    collector: stellr,
    secret: { clientId: 'c-1', clientSecret: 'client-secret-of-length' },
    configuration: { region: 'ca' },
    hosts: ['sso.ca.tdsynnex.com', 'api.ca.tdsynnex.com'],
    header: ['authorization', 'Bearer tok-of-some-length-0001'],
    calls: {
      'POST /oauth2/v1/token': TOKEN,
      'GET /api/v1/cloud/customers': call('pageNo pageSize', () => ({
        requestId: 'r-1',
        data: { total: 1, records: [{ customerNo: '660101', companyName: ALDER, state: 'ON', country: 'CA' }] },
      })),
      'GET /api/v1/customers/660101/subscriptions': call('pageNo pageSize', () => ({
        requestId: 'r-2',
        data: {
          total: 1,
          records: [{ subscriptionId: '1_1', contractNo: '1', productName: PREMIUM, seats: 9, status: 'ACTIVE' }],
        },
      })),
    },
    requests: 3,
    says: [{ id: '660101', name: ALDER, counts: { [`TD SYNNEX Stellr ${PREMIUM}`]: 9 } }],
  },
  {
    collector: ion,
    secret: { accountId: '20123', refreshToken: 'refresh-token-of-some-length' },
    configuration: {},
    hosts: ['ion.tdsynnex.com'],
    header: ['authorization', 'Bearer tok-of-some-length-0001'],
    calls: {
      'POST /oauth/token': {
        ...TOKEN,
        answer: () => ({ ...TOKEN.answer(new URLSearchParams()), refresh_token: 'next-one' }),
      },
      'GET /api/v3/accounts/20123/customers': call('pageSize pageToken', () => ({
        customers: [{ name: 'accounts/20123/customers/5510', customerOrganization: ALDER, customerName: 'A. Person' }],
      })),
      'GET /api/v3/accounts/20123/subscriptions': call('pagination.limit pagination.offset subscriptionStatus', () => ({
        items: [
          {
            id: '99001',
            customerId: '5510',
            customerName: ALDER,
            subscriptionName: PREMIUM,
            subscriptionTotalLicenses: '9',
            unitType: 'Licenses',
            subscriptionStatus: 'active',
            subscriptionBillingType: 'license',
            isTrial: false,
          },
        ],
        paginationResponse: { totalSize: 1 },
      })),
    },
    requests: 3,
    says: [{ id: '5510', name: ALDER, counts: { [`StreamOne ION ${PREMIUM} (Licenses)`]: 9 } }],
  },
  {
    collector: synnex,
    secret: { primaryKey: 'primary-key-of-some-length' },
    configuration: {},
    hosts: ['partnerapi.synnex.com.au'],
    header: ['ocp-apim-subscription-key', 'primary-key-of-some-length'],
    calls: {
      'GET /cloud-products/v1/marketplace/customerCompany': call('', () => ({
        data: [{ externalCustomerCompanyCode: 'ALDER01', companyName: ALDER, id: 401 }],
      })),
      'GET /cloud-products/v1/marketplace/cloudAccount': call('', () => ({
        data: [{ accountId: 9100, customerCompanyCode: 'ALDER01', serviceName: 'Microsoft CSP' }],
      })),
      'GET /cloud-products/v1/marketplace/subscription/subscriptionsByAccountId/9100': call('', () => ({
        data: [{ subscriptionId: 71001, productName: PREMIUM, quantity: 9, unit: 'Licence', status: 'ACTIVE' }],
      })),
    },
    requests: 3,
    says: [{ id: 'ALDER01', counts: { [`Synnex AU ${PREMIUM} (Licence)`]: 9 } }],
  },
];

asDocumented(CASES);
