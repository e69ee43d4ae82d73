import * as z from 'zod/mini';
import { collector, count, customer, digits, note } from '../counting/collector.ts';
import { ninjaoneAuth, ninjaoneBase, ninjaoneConfiguration, ninjaoneFaults, ninjaoneSecret } from '../ninjaone.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { afterId } from '../wire/paging.ts';

const WORKSTATIONS = 'NinjaOne Workstations';
const SERVERS = 'NinjaOne Servers';
const NETWORK = 'NinjaOne Network Devices';
const VM_HOSTS = 'NinjaOne VM Hosts';
const VM_GUESTS = 'NinjaOne VM Guests';
const CLOUD = 'NinjaOne Cloud Monitors';
const MOBILE = 'NinjaOne Mobile Devices';
const OTHER = 'NinjaOne Other';
const PENDING = 'NinjaOne Pending Approval';

/** Guests seen through their host are kept apart from servers: the agent inside is a node of its own. */
const COLUMN_OF_CLASS = new Map<string, string>(
  Object.entries({
    [WORKSTATIONS]: ['WINDOWS_WORKSTATION', 'LINUX_WORKSTATION', 'MAC', 'NMS_COMPUTER'],
    [SERVERS]: ['WINDOWS_SERVER', 'LINUX_SERVER', 'MAC_SERVER', 'NMS_SERVER'],
    [NETWORK]: [
      ...['NMS_SWITCH', 'NMS_ROUTER', 'NMS_PRIVATE_NETWORK_GATEWAY', 'NMS_WAP', 'NMS_FIREWALL', 'NMS_PRINTER'],
      ...['NMS_APPLIANCE', 'NMS_SCANNER', 'NMS_OTHER', 'NMS_DIAL_MANAGER', 'NMS_PHONE', 'NMS_IPSLA'],
      'NMS_NETWORK_MANAGEMENT_AGENT',
    ],
    [VM_HOSTS]: ['VMWARE_VM_HOST', 'HYPERV_VMM_HOST', 'NMS_VM_HOST'],
    [VM_GUESTS]: ['VMWARE_VM_GUEST', 'HYPERV_VMM_GUEST', 'NMS_VIRTUAL_MACHINE'],
    [CLOUD]: ['CLOUD_MONITOR_TARGET'],
    [MOBILE]: ['ANDROID', 'APPLE_IOS', 'APPLE_IPADOS'],
    [OTHER]: ['UNMANAGED_DEVICE', 'MANAGED_DEVICE'],
  }).flatMap(([column, classes]) => classes.map((nodeClass): [string, string] => [nodeClass, column])),
);

const Organizations = z.array(z.object({ id: z.int(), name: z.string() }));
const Devices = z.array(
  z.object({
    id: z.int(),
    organizationId: z.int(),
    nodeClass: z.string(),
    /** Older instances do not send it; such nodes are approved. */
    approvalStatus: z.optional(z.nullable(z.string())),
  }),
);

const size = { param: 'pageSize', value: 1000 };

export default collector({
  id: 'ninjaone',
  name: 'NinjaOne',
  position: 30,
  customerId: { name: 'organization id', schema: digits },
  secret: ninjaoneSecret,
  configuration: ninjaoneConfiguration,
  columns: [
    number(WORKSTATIONS, 'approved nodes whose class is a workstation, online or not'),
    number(SERVERS, 'approved nodes whose class is a server, online or not'),
    number(NETWORK, 'approved nodes monitored over the network: switches, routers, firewalls, printers and the like'),
    numberWhenUsed(VM_HOSTS, 'approved virtualization hosts'),
    numberWhenUsed(
      VM_GUESTS,
      'virtual machines seen through their host (their own agents count as servers or workstations)',
    ),
    numberWhenUsed(CLOUD, 'approved cloud monitor targets'),
    numberWhenUsed(MOBILE, 'approved phones and tablets'),
    numberWhenUsed(OTHER, 'approved nodes of any other class, and asset records (ITAM), staged devices included'),
    numberWhenUsed(PENDING, 'nodes that wait for approval; in no other column'),
  ],
  setup: {
    create:
      'Administration > Apps > API > Client App IDs > Add: platform API Services (machine-to-machine), grant Client credentials',
    rights: 'scope Monitoring',
  },
  check: ninjaoneFaults,
  api: (settings) => ({
    name: 'NinjaOne',
    base: ninjaoneBase(settings),
    // Nothing else is asked for: with offline_access some instances refuse the whole request.
    auth: ninjaoneAuth(settings, 'monitoring'),
    limit: { concurrency: 1 },
    limitedSeconds: 5,
  }),
  async *collect(api) {
    const organizations = api.pages(
      '/v2/organizations',
      {
        page: Organizations,
        rows: (page) => page,
        key: (row) => row.id,
      },
      afterId({ param: 'after', size }),
    );
    for await (const organization of organizations) yield customer(organization.id, organization.name);

    const devices = api.pages(
      '/v2/devices',
      {
        page: Devices,
        rows: (page) => page,
        key: (row) => row.id,
      },
      afterId({ param: 'after', size }),
    );
    const leftOut = new Map<string, number>();
    for await (const { organizationId, nodeClass, approvalStatus } of devices) {
      if (approvalStatus === undefined || approvalStatus === null || approvalStatus === 'APPROVED') {
        const column = COLUMN_OF_CLASS.get(nodeClass);
        if (column === undefined) yield note(`node class ${nodeClass} is not known; such nodes are in "${OTHER}"`);
        yield count(organizationId, column ?? OTHER);
      } else if (approvalStatus === 'PENDING') {
        yield count(organizationId, PENDING);
      } else if (approvalStatus === 'STAGED') {
        yield count(organizationId, OTHER);
      } else {
        leftOut.set(approvalStatus, (leftOut.get(approvalStatus) ?? 0) + 1);
      }
    }
    for (const [status, nodes] of leftOut) yield note(`${nodes} nodes are ${status}: left out`);
  },
});
