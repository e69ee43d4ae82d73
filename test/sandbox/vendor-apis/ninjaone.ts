import { type Client, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { devicesOf } from '../devices.ts';
import { unserved, wholeNumber } from '../gate.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor } from '../vendor.ts';
import { grant, HOST, isOfPsa, organizationsOf, SECRET, scopesOf } from './ninjaone/instance.ts';

const PAGE = { usual: 100, most: 1_000 };

type Approval = 'APPROVED' | 'PENDING' | 'STAGED' | 'DECOMMISSIONED' | 'absent';
/** Nodes of one class in one organization, and the column that they belong to ('' = none). */
type Group = { nodeClass: string; approval: Approval; nodes: number; column: string };
type Node = { id: number; [member: string]: unknown };

/**
 * NinjaOne, an EU instance: an hour's token, bare arrays after the last id, no totals, filters that it does not know
 * ignored.
 */
export default function ninjaone(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = organizationsOf(msp).map(({ client, id }) => ({
    client,
    id,
    groups: groupsOf(msp, client),
  }));
  const listed = served.filter(({ client }) => !client.gone);
  const organizations = listed.map(({ client, id }) => ({
    id,
    name: client.name,
    description: '',
    userData: {},
    nodeApprovalMode: 'AUTOMATIC',
  }));
  let nodes: Node[] | undefined;

  return {
    id: 'ninjaone',
    answers: (host, path = '') => host === HOST && !isOfPsa(path),
    secret: SECRET,
    configuration: {},
    customers: served.map(({ client, id, groups }) => {
      const cells = new Map<string, number>();
      for (const { column, nodes } of groups) {
        if (column !== '') cells.set(`NinjaOne ${column}`, (cells.get(`NinjaOne ${column}`) ?? 0) + nodes);
      }
      return trueCustomer(client, id, cells);
    }),
    handle(request) {
      if (request.path === '/ws/oauth/token' || request.path === '/oauth/token') return grant(request, now);
      const scopes = scopesOf(request, now);
      if (scopes === undefined) return { status: 401, body: { error: 'invalid_token' } };
      if (!scopes.includes('monitoring')) return { status: 403, body: { error: 'insufficient_scope' } };
      if (request.method !== 'GET') return { status: 405 };
      const path = request.path.replace(/^\/api\/v2\//u, '/v2/');
      if (path === '/v2/organizations') return after(request, organizations);
      if (path === '/v2/devices') {
        nodes ??= nodesOf(msp, listed);
        return after(request, nodes);
      }
      return { status: 404, body: { resultCode: 'FAILURE', errorMessage: 'Not found' } };
    },
  };
}

/** Keyset paging: rows behind the id `after`. */
function after<R extends { id: number }>({ query }: SandboxRequest, rows: readonly R[]): SandboxResponse {
  const size = wholeNumber(query.get('pageSize'), PAGE.usual);
  const last = wholeNumber(query.get('after'), 0);
  // Filters that the real one serves; those that it does not know (`organizationId`, `status`) it ignores.
  const filter = unserved(query, ['df', 'of']);
  if (size === undefined || last === undefined || size < 1 || filter !== undefined)
    return { status: 400, body: { error: 'bad_request' } };
  const from = rows.findIndex(({ id }) => id > last);
  return { status: 200, body: from === -1 ? [] : rows.slice(from, from + Math.min(size, PAGE.most)) };
}

function groupsOf({ draw }: DemoMsp, { key, fleet }: Client): Group[] {
  const few = (below: number, what: string) => draw(below, 'ninjaone', key, what);
  const macs = Math.min(fleet.laptops, few(4, 'macs'));
  const firewalls = Math.min(1, fleet.networkDevices);
  const group = (nodeClass: string, nodes: number, column: string, approval: Approval = 'APPROVED'): Group => ({
    nodeClass,
    nodes,
    column,
    approval,
  });
  return [
    group('WINDOWS_WORKSTATION', fleet.workstations, 'Workstations'),
    group('WINDOWS_WORKSTATION', fleet.laptops - macs, 'Workstations', 'absent'),
    group('MAC', macs, 'Workstations'),
    group('LINUX_WORKSTATION', few(2, 'linux'), 'Workstations'),
    group('WINDOWS_SERVER', fleet.servers, 'Servers'),
    group('LINUX_SERVER', few(3, 'linux servers'), 'Servers'),
    group('NMS_SERVER', few(2, 'snmp servers'), 'Servers'),
    group('NMS_FIREWALL', firewalls, 'Network Devices'),
    group('NMS_SWITCH', fleet.networkDevices - firewalls, 'Network Devices'),
    group('NMS_PRINTER', fleet.printers, 'Network Devices'),
    group('VMWARE_VM_HOST', fleet.virtualHosts, 'VM Hosts'),
    group('VMWARE_VM_GUEST', fleet.virtualHosts * 3, 'VM Guests'),
    group('CLOUD_MONITOR_TARGET', few(5, 'monitors') === 0 ? 2 : 0, 'Cloud Monitors'),
    group('APPLE_IOS', fleet.mobiles, 'Mobile Devices'),
    group('APPLE_IPADOS', few(2, 'tablets'), 'Mobile Devices'),
    group('UNMANAGED_DEVICE', few(4, 'assets'), 'Other'),
    group('EDGE_GATEWAY_V2', few(9, 'new class') === 0 ? 1 : 0, 'Other'),
    group('WINDOWS_WORKSTATION', few(5, 'staged') === 0 ? 2 : 0, 'Other', 'STAGED'),
    group('WINDOWS_WORKSTATION', few(3, 'pending'), 'Pending Approval', 'PENDING'),
    group('WINDOWS_WORKSTATION', few(4, 'retired'), '', 'DECOMMISSIONED'),
  ];
}

/** Every node in order of its id. */
function nodesOf(msp: DemoMsp, organizations: readonly { id: number; client: Client; groups: Group[] }[]): Node[] {
  const idOf = (rank: number) => 1_001 + rank * 3;
  const hosts = new Map<number, number>();
  const nodes = devicesOf(msp, organizations, ({ nodes: count }: Group) => count).map(
    ({ at: { id: organizationId, client }, group: { nodeClass, approval }, rank, called }): Node => {
      const id = idOf(rank);
      const host = hosts.get(organizationId);
      if (nodeClass === 'VMWARE_VM_HOST') hosts.set(organizationId, id);
      const name = `${client.key.slice(0, 8).toUpperCase()}-${idOf(called)}`;
      return {
        id,
        uid: msp.guid('ninjaone node', id),
        organizationId,
        locationId: organizationId * 10 + 1,
        nodeClass,
        nodeRoleId: 1_002,
        rolePolicyId: 31,
        ...(approval === 'absent' ? {} : { approvalStatus: approval }),
        offline: id % 5 === 0,
        displayName: name,
        systemName: name,
        created: 1_700_000_000.0,
        lastContact: 1_793_000_000.5,
        ...(nodeClass === 'VMWARE_VM_GUEST' && host !== undefined ? { parentDeviceId: host } : {}),
      };
    },
  );
  return nodes.sort((a, b) => a.id - b.id);
}
