import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import type { SandboxResponse, SandboxVendor, TrueCustomer } from '../vendor.ts';

/** The MSP has customers on two stacks, with an administrator on each. */
const STACKS = [
  {
    stack: 'us1',
    partnerDomain: 'northwind-msp.example',
    username: 'api@northwind-msp.example',
    password: 'Hb7-qWz2Lr9xTc',
  },
  {
    stack: 'eu1',
    partnerDomain: 'northwind-eu.example',
    username: 'api@northwind-eu.example',
    password: 'Vm4-sKd8Nf1yGj',
  },
] as const;
type Stack = (typeof STACKS)[number]['stack'];

/** A partner below the MSP, whose customers are in its own list. */
const BELOW = { eid: 551_002, domain: 'cityworks-it.example', name: 'Cityworks IT (partner)' };
const BELOW_AT = new Map<number, 'only' | 'also'>([
  [1, 'only'],
  [5, 'also'],
]);
const PACKAGES = ['business', 'advanced', 'professional', 'business_plus', 'professional_plus'];

type Oddity = 'inactive' | 'trial' | 'no active users' | 'upper case';
type Organization = {
  client: Client;
  eid: number;
  domain: string;
  stack: Stack;
  oddity?: Oddity;
  package: string;
  licences: number;
  active: number;
  /** Listed below the other partner; one of these is also in the MSP's own list. */
  below: 'only' | 'also' | undefined;
};

/**
 * Proofpoint Essentials: credentials in two plain headers, a list in one answer, two spellings, numbers as text on the
 * older stack.
 */
export default function proofpointEssentials(msp: DemoMsp): SandboxVendor {
  const served = clientele(msp, 'proofpoint-essentials', { share: 65 }).map((client, index) =>
    organizationOf(msp, client, index),
  );
  const hostOf = (stack: string) => `${stack}.proofpointessentials.com`;

  return {
    id: 'proofpoint-essentials',
    answers: (host) => STACKS.some(({ stack }) => hostOf(stack) === host),
    secret: { stacks: STACKS.map((access) => ({ ...access })) },
    configuration: {},
    customers: [
      ...STACKS.map(
        ({ partnerDomain: id }): TrueCustomer => ({ id, name: 'Northwind MSP', cells: {}, state: 'excluded' }),
      ),
      { id: BELOW.domain, name: BELOW.name, cells: {}, state: 'excluded' },
      ...served.map(({ client, domain, oddity, package: name, licences, active }) =>
        trueCustomer(
          client,
          domain,
          [
            ['Proofpoint User Licenses', oddity === 'trial' ? 0 : licences],
            ['Proofpoint Active Users', oddity === 'trial' ? 0 : active],
            ['Proofpoint Package', name],
          ],
          oddity === 'inactive' ? 'excluded' : oddity === 'no active users' ? 'failed' : 'counted',
        ),
      ),
    ],
    handle({ host, method, path, headers }) {
      const here = STACKS.find(({ stack }) => hostOf(stack) === host);
      if (here === undefined) return refusal(404, 'Not found', host);
      if (headers['x-user'] !== here.username || headers['x-password'] !== here.password) {
        return refusal(401, 'Invalid username or password', headers['x-user'] ?? '');
      }
      if (method !== 'GET') return refusal(422, 'The collector has no business to change anything', path);
      if (path === '/api/v1/me') {
        return {
          status: 200,
          body: { type: 'channel_admin', is_admin: true, entity_primary_domain: here.partnerDomain },
        };
      }
      const [, encoded = ''] = /^\/api\/v1\/orgs\/([^/]+)\/orgs$/u.exec(path) ?? [];
      const domain = decodeURIComponent(encoded);
      const listed = served.filter(({ client, stack }) => !client.gone && stack === here.stack);
      if (domain === here.partnerDomain) {
        return {
          status: 200,
          body: {
            orgs: [
              ownRow(here.partnerDomain, here.stack),
              ...(here.stack === 'us1' ? [belowRow()] : []),
              ...listed.filter(({ below }) => below !== 'only').map(rowOf),
            ],
          },
        };
      }
      if (domain === BELOW.domain && here.stack === 'us1') {
        return { status: 200, body: { orgs: listed.filter(({ below }) => below !== undefined).map(rowOf) } };
      }
      return refusal(404, 'Organization not found on this stack', domain);
    },
  };
}

const refusal = (status: number, message: string, identifier: string): SandboxResponse => ({
  status,
  body: { errors: [{ status, error_message: message, identifier }] },
});

function organizationOf({ draw }: DemoMsp, client: Client, index: number): Organization {
  const { key, gone, fleet } = client;
  const oddities = new Map<number, Oddity>([
    [2, 'inactive'],
    [4, 'upper case'],
    [6, 'trial'],
    [9, 'no active users'],
  ]);
  const oddity = gone ? undefined : oddities.get(index % 31);
  const stack = draw(4, 'proofpoint', key, 'stack') === 0 ? 'eu1' : 'us1';
  const below = stack === 'us1' && !gone ? BELOW_AT.get(index % 13) : undefined;
  return {
    client,
    eid: 551_201 + index * 7,
    domain: `${key
      .replace(/^stray /u, '')
      .replace(/[^a-z0-9]+/giu, '-')
      .replace(/^-|-$/gu, '')}.example`.toLowerCase(),
    stack,
    package: PACKAGES[draw(PACKAGES.length, 'proofpoint', key, 'package')] ?? 'business',
    licences: Math.ceil((fleet.mailboxes + 2) / 5) * 5,
    active: fleet.mailboxes,
    below,
    ...(oddity === undefined ? {} : { oddity }),
  };
}

/** One customer, with the domains and the people that a listing carries along. */
function rowOf({ client, eid, domain, stack, oddity, package: name, licences, active }: Organization): object {
  const primary = oddity === 'upper case' ? domain.toUpperCase() : domain;
  const common = {
    primary_domain: primary,
    name: client.name,
    type: 'organization',
    eid,
    organization_hierarchy: ['Northwind MSP', client.name],
    licensing_package: name,
    when_renewal: '2027/01/31',
    is_beginner_plus: false,
    billing_method: eid % 2 === 0 ? 'Annual' : 'Monthly',
    address: '1 High Street',
    admin_user: { firstname: 'Ada', surname: 'Park', primary_email: `ada@${domain}`, type: 'organization_admin' },
    domains: [{ name: primary, is_active: true, is_relay: true, destination: `mx.${domain}`, failovers: [] }],
    outgoing_servers: [],
  };
  const users = oddity === 'no active users' ? {} : { active_users: stack === 'eu1' ? String(active) : active };
  if (stack === 'eu1') {
    return {
      ...common,
      ...users,
      is_active: oddity === 'inactive' ? 'false' : 'true',
      on_trial: oddity === 'trial' ? 1 : 0,
      user_licences: String(licences),
    };
  }
  return {
    ...common,
    ...users,
    is_active: oddity !== 'inactive',
    is_on_trial: oddity === 'trial',
    user_licenses: licences,
  };
}

/** Not for resale: the partner itself is in its own list. */
const ownRow = (partnerDomain: string, stack: Stack): object => ({
  primary_domain: partnerDomain,
  name: 'Northwind MSP',
  type: 'organization',
  eid: stack === 'us1' ? 551_000 : 771_000,
  is_active: true,
  is_on_trial: false,
  licensing_package: 'professional',
  user_licenses: 25,
  active_users: 19,
});

const belowRow = (): object => ({
  primary_domain: BELOW.domain,
  name: BELOW.name,
  type: 'channel',
  eid: BELOW.eid,
  is_active: true,
  is_on_trial: false,
  licensing_package: '',
  user_licenses: 0,
  active_users: 0,
});
