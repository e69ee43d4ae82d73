import { number, numberWhenUsed } from '../counting/columns.ts';
import { digits } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { Unread } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { ninjaoneAuth, ninjaoneBase, ninjaoneConfiguration, ninjaoneSecret } from '../ninjaone.ts';
import { approvalOf, devices, organizations } from './ninjaone/devices.ts';

export default vendor({
  id: 'ninjaone',
  name: 'NinjaOne',
  position: 30,
  customerId: { name: 'organization id', schema: digits },
  columns: {
    workstations: number('Workstations', 'approved nodes whose class is a workstation, online or not', [
      ...['WINDOWS_WORKSTATION', 'LINUX_WORKSTATION', 'MAC', 'NMS_COMPUTER'],
    ]),
    servers: number('Servers', 'approved nodes whose class is a server, online or not', [
      ...['WINDOWS_SERVER', 'LINUX_SERVER', 'MAC_SERVER', 'NMS_SERVER'],
    ]),
    network: number(
      'Network Devices',
      'approved nodes monitored over the network: switches, routers, firewalls, printers and the like',
      [
        ...['NMS_SWITCH', 'NMS_ROUTER', 'NMS_PRIVATE_NETWORK_GATEWAY', 'NMS_WAP', 'NMS_FIREWALL', 'NMS_PRINTER'],
        ...['NMS_APPLIANCE', 'NMS_SCANNER', 'NMS_OTHER', 'NMS_DIAL_MANAGER', 'NMS_PHONE', 'NMS_IPSLA'],
        'NMS_NETWORK_MANAGEMENT_AGENT',
      ],
    ),
    vmHosts: numberWhenUsed('VM Hosts', 'approved virtualization hosts', [
      ...['VMWARE_VM_HOST', 'HYPERV_VMM_HOST', 'NMS_VM_HOST'],
    ]),
    // Separate from servers: the agent inside a guest is another node.
    vmGuests: numberWhenUsed(
      'VM Guests',
      'virtual machines seen through their host (their own agents count as servers or workstations)',
      ['VMWARE_VM_GUEST', 'HYPERV_VMM_GUEST', 'NMS_VIRTUAL_MACHINE'],
    ),
    cloud: numberWhenUsed('Cloud Monitors', 'approved cloud monitor targets', ['CLOUD_MONITOR_TARGET']),
    mobile: numberWhenUsed('Mobile Devices', 'approved phones and tablets', ['ANDROID', 'APPLE_IOS', 'APPLE_IPADOS']),
    other: numberWhenUsed(
      'Other',
      'approved nodes of any other class, and asset records (ITAM), staged devices included',
      ['UNMANAGED_DEVICE', 'MANAGED_DEVICE'],
    ),
    pending: numberWhenUsed('Pending Approval', 'nodes waiting for approval; counted in no other column'),
  },
  classes: { called: 'node class', otherwise: 'other' },
  secret: ninjaoneSecret,
  configuration: ninjaoneConfiguration,
  names: { units: 'devices' },
  setup: {
    create:
      'Administration > Apps > API > Client App IDs > Add: platform API Services (machine-to-machine), grant Client Credentials',
    rights: [
      sees('scope Monitoring', 'Administration > Apps > API > Client App IDs > the app > Scopes', organizations.path, {
        pageSize: 1,
      }),
    ],
  },
  api: (settings) => ({
    base: ninjaoneBase(settings),
    // Only this scope: with offline_access some instances refuse the whole request.
    auth: ninjaoneAuth(settings, 'monitoring'),
    limit: { concurrency: 1 },
    limitedSeconds: 5,
  }),
  async *collect({ read, customer, count, classed, classGap, failed, leftOut }) {
    yield* read(organizations, ({ id, name }) => customer(id, name));
    yield* read(devices, ({ organizationId: organization, nodeClass, approvalStatus, id, systemName: name }) => {
      const approval = approvalStatus instanceof Unread ? approvalStatus : approvalOf(approvalStatus);
      if (approval === 'pending') return count(organization, 'pending', 1, { id, name });
      if (approval === 'staged') return count(organization, 'other', 1, { id, name });
      if (approval === 'gone') return leftOut('node', `their approval status is ${approvalStatus}`);
      if (nodeClass instanceof Unread) return failed(organization, nodeClass.reason);
      if (approval === 'approved') return classed(organization, nodeClass, { id, name });
      return classGap(organization, nodeClass, approval.reason);
    });
  },
});
