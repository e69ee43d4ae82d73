import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp, Fleet } from '../demo-msp.ts';
import { slidingWindow, wholeNumber } from '../gate.ts';
import type { SandboxResponse, SandboxVendor } from '../vendor.ts';

const HOST = 'api.corkinc.com';
const API_KEY = 'cork_live_9dV2nK7qLr4XwZ1tBy6MhP3sGcJ8eA5F';
const PARTNER = '0a4de1b2-5b1e-4c0f-9f0a-7d5d3f8b2c11';
const DEFAULT_PAGE = 10;
const LARGEST_PAGE = 100;
/** Not published; high enough for whoever asks four at a time. */
const GATE = { requests: 600, seconds: 10 };

type Served = { client: Client; uuid: string; status: string | null; hidden: boolean; forbidden: boolean };

/** Cork: a key that may do too much, pages of 10 at the most 100, users and shared mailboxes in one list of inboxes. */
export default function cork(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'cork', { share: 65 }).map(
    (client, index): Served => ({
      client,
      uuid: msp.guid('cork', client.key),
      status: index === 8 ? null : index % 3 === 1 ? 'unwarranted' : 'warranted',
      hidden: client.gone,
      forbidden: index === 14 && !client.gone,
    }),
  );
  const mayPass = slidingWindow(now, GATE.requests, GATE.seconds);

  return {
    id: 'cork',
    answers: (host) => host === HOST,
    secret: { apiKey: API_KEY },
    configuration: {},
    customers: served.map(({ client, uuid, status, forbidden }) => {
      const { fleet } = client;
      const devices = fleet.workstations + fleet.laptops + fleet.servers + fleet.virtualHosts;
      const cells: [string, number | string][] = [
        ['Cork Devices', devices],
        ['Cork Users', fleet.mailboxes],
      ];
      if (status !== null) cells.push(['Cork Warranty Status', status]);
      return trueCustomer(client, uuid, cells, forbidden ? 'failed' : 'counted');
    }),
    handle({ method, path, headers, query }) {
      if (headers.authorization !== `Bearer ${API_KEY}`) return fail(401, 'Invalid API key');
      if (!mayPass()) return fail(429, 'Too many requests');
      if (method !== 'GET') return fail(405, 'The collector has no business to change anything');
      if (path === '/api/v1/clients') {
        const partner = query.get('partner_uuid');
        const all = query.get('show_hidden') === 'true' ? served : served.filter(({ hidden }) => !hidden);
        return page(query, partner === null || partner === PARTNER ? all.length : 0, (index) => clientRow(all[index]));
      }
      const [, uuid, kind] = /^\/api\/v1\/clients\/([^/]+)\/(devices|inboxes|domains)$/u.exec(path) ?? [];
      const client = served.find((each) => each.uuid === uuid);
      if (client === undefined) return fail(404, 'Not found');
      if (client.forbidden) return fail(403, 'No access to this client');
      const { fleet, key } = client.client;
      if (kind === 'devices') {
        const kinds = deviceKinds(fleet);
        return page(query, kinds.length, (index) => deviceRow(key, index, kinds[index] ?? 'workstation'));
      }
      if (kind === 'inboxes') {
        return page(query, fleet.mailboxes + fleet.sharedMailboxes, (index) => inboxRow(key, index, fleet));
      }
      return page(query, 1, () => ({ id: `domain-${key}`, name: `${key}.example` }));
    },
  };
}

const fail = (status: number, error: string): SandboxResponse => ({ status, body: { error } });

/** A page of a list whose rows are made when they are asked for. */
function page(query: URLSearchParams, total: number, row: (index: number) => object): SandboxResponse {
  const number = wholeNumber(query.get('page'), 1);
  const size = wholeNumber(query.get('page_size'), DEFAULT_PAGE);
  if (number === undefined || number < 1 || size === undefined || size < 1 || size > LARGEST_PAGE) {
    return fail(422, `page counts from 1, page_size is between 1 and ${LARGEST_PAGE}`);
  }
  const from = (number - 1) * size;
  const data = Array.from({ length: Math.max(0, Math.min(size, total - from)) }, (_, index) => row(from + index));
  return { status: 200, body: { data, page: number, page_size: size, total } };
}

function clientRow(served: Served | undefined): object {
  if (served === undefined) throw new Error('a client beyond the end');
  const { client, uuid, status, hidden } = served;
  return {
    uuid,
    name: client.name,
    hidden,
    warranty_status: status,
    integration_tenants: [{ integration: 'ninjaone', tenant_name: client.name }],
    cork_scores: [{ score: 71, at: '2026-11-01' }],
  };
}

function deviceKinds({ workstations, laptops, servers, virtualHosts }: Fleet): string[] {
  const of = (kind: string, count: number) => Array.from({ length: count }, () => kind);
  return [...of('workstation', workstations + laptops), ...of('server', servers), ...of('hypervisor', virtualHosts)];
}

const deviceRow = (key: string, index: number, kind: string) => ({
  id: `${key}-device-${index}`,
  hostname: `${key.slice(0, 8).toUpperCase()}-${kind.slice(0, 2).toUpperCase()}${index}`,
  device_type: kind,
  os: kind === 'server' ? 'Windows Server 2022' : 'Windows 11 Pro',
  ip_addresses: ['10.0.0.9'],
  integrations: ['ninjaone', 'sentinelone'],
  can_install_software: index % 5 !== 0,
});

/** Users and shared mailboxes are mixed, as they come. */
const inboxRow = (key: string, index: number, { sharedMailboxes }: Fleet) => ({
  id: `${key}-inbox-${index}`,
  email: `box${index}@${key.replace(/[^a-z0-9]+/giu, '')}.example`,
  inbox_type: index < sharedMailboxes ? 'shared' : 'user',
  source: 'microsoft-365',
});
