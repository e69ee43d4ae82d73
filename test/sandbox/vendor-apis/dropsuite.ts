import { createHash } from 'node:crypto';
import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, wholeNumber } from '../gate.ts';
import type { SandboxResponse, SandboxVendor } from '../vendor.ts';

const HOST = 'dropsuite.us';
const RESELLER_TOKEN = '0f3d9a52-7c41-4e8b-9a6d-51c2e7b8f034';
const AUTHENTICATION_TOKEN = 'nwAdm-4rT8yQe2LkXw9ZpV';
const PAGE = { usual: 20, most: 100 };

type Oddity = 'deactivated' | 'suspended' | 'several users' | 'marked name';
type Entry = { id: string; authentication_token: string; [member: string]: unknown };

/** Dropsuite, US: two static tokens, a bare array by pages, every row with the API token of its customer. */
export default function dropsuite(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'dropsuite', { share: 65 }).map((client, index) => organizationOf(msp, client, index));
  const entries = served.filter(({ client }) => !client.gone).flatMap((organization) => organization.entries);
  const mayPass = slidingWindow(now, 5, 1);

  return {
    id: 'dropsuite',
    answers: (host) => host === HOST,
    secret: { resellerToken: RESELLER_TOKEN, authenticationToken: AUTHENTICATION_TOKEN },
    configuration: { baseUrl: `https://${HOST}/api` },
    customers: served.map(({ client, id, seats, oddity }) =>
      trueCustomer(
        client,
        id,
        [
          ['Dropsuite Active Seats', seats.active],
          ['Dropsuite Used Seats', seats.used],
          ['Dropsuite Available Seats', seats.bought],
          ['Dropsuite Paid Shared Mailboxes', seats.paidShared],
          ['Dropsuite Free Shared Mailboxes', seats.freeShared],
        ],
        oddity === 'deactivated' ? 'excluded' : 'counted',
      ),
    ),
    handle({ headers, method, path, query }) {
      if (headers['x-reseller-token'] !== RESELLER_TOKEN) return refusal('invalid reseller token');
      const token = headers['x-access-token'];
      const isCustomer = entries.some((entry) => entry.authentication_token === token);
      if (token !== AUTHENTICATION_TOKEN && !isCustomer) return refusal('invalid access token');
      if (!mayPass()) return { status: 429, headers: { 'retry-after': '2' }, body: { error: 'too many requests' } };
      if (method !== 'GET') return { status: 404, body: { error: 'not found' } };
      // The right tokens, but of the wrong kind for this call.
      if (isCustomer) return path === '/api/accounts' ? { status: 200, body: [] } : refusal();
      if (path === '/api/status') return { status: 200, body: '"OK"' };
      if (path === '/api/users') {
        const number = wholeNumber(query.get('page'), 1);
        const size = wholeNumber(query.get('per_page'), PAGE.usual);
        if (number === undefined || size === undefined || number < 1) return { status: 400, body: { error: 'page' } };
        const rows = Math.min(size, PAGE.most);
        return { status: 200, body: entries.slice((number - 1) * rows, number * rows) };
      }
      const entry = entries.find(({ id }) => path === `/api/users/${id}`);
      return entry === undefined ? refusal() : { status: 200, body: entry };
    },
  };
}

const refusal = (error = 'not authorized to perform this action'): SandboxResponse => ({
  status: 401,
  body: { error },
});

function organizationOf({ draw }: DemoMsp, client: Client, index: number) {
  const { key, name, gone, fleet } = client;
  const oddities = new Map<number, Oddity>([
    [1, 'marked name'],
    [3, 'several users'],
    [5, 'deactivated'],
    [6, 'suspended'],
  ]);
  const oddity = gone ? undefined : oddities.get(index % 27);
  const retired = draw(4, 'dropsuite', key, 'retired');
  const seats = {
    active: fleet.mailboxes,
    used: fleet.mailboxes + retired,
    // What was bought, which is not what is left.
    bought: Math.ceil((fleet.mailboxes + retired + 1) / 5) * 5,
    paidShared: Math.floor(fleet.sharedMailboxes / 2),
    freeShared: Math.ceil(fleet.sharedMailboxes / 2),
  };
  const id = `${2_000_001 + index * 31}-${draw(40, key, 'suffix')}`;
  const figures = {
    seats_used: seats.used,
    seats_available: seats.bought,
    active_seats: seats.active,
    deactivated_seats: retired,
    required_seats: seats.used,
    paid_shared_mailboxes: seats.paidShared,
    free_shared_mailboxes: seats.freeShared,
    storage_used: draw(900, key, 'storage') / 10,
  };
  const entry = (entryId: string, more: object): Entry => ({
    id: entryId,
    email: `owner-${entryId}@example.com`,
    organization_id: 90_001 + index,
    organization_name: oddity === 'marked name' ? `${name} [a1b2]` : name,
    plan_id: '44',
    reseller_token: RESELLER_TOKEN,
    authentication_token: createHash('sha256').update(`dropsuite ${entryId}`).digest('base64url').slice(0, 28),
    external_id: null,
    is_business: true,
    admin: true,
    customer_deactivated: oddity === 'deactivated',
    login_disabled: false,
    flg_suspended: oddity === 'suspended',
    archive: index % 2 === 0,
    auto_license: true,
    notification_email: [`it-${entryId}@example.com`],
    ...figures,
    ...more,
  });
  const entries = [entry(id, {})];
  if (oddity === 'several users') {
    // The figures are the organization's, on every one of its users; who is no administrator may lag behind.
    entries.unshift(entry(`${2_000_002 + index * 31}-3`, { admin: false }));
    entries.push(entry(`${2_000_003 + index * 31}-4`, { admin: false, seats_used: seats.used + 4, active_seats: 1 }));
  }
  return { client, id, seats, oddity, entries };
}
