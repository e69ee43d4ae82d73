import { describe, expect, it } from 'vitest';
import ninjaone from '../../lambdas/collectors/ninjaone.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { asTruth, type Bench, bench, collection, failure, tooFastOnce } from './run.ts';
import { spoil } from './spoil.ts';

type Node = { id: number; organizationId: number; nodeClass: string; [member: string]: unknown };

const DEVICES = /\/v2\/devices$/u;

/** Every node class in the official document, by the column that it counts in. */
const CLASSES: Record<string, string[]> = {
  Workstations: ['WINDOWS_WORKSTATION', 'LINUX_WORKSTATION', 'MAC', 'NMS_COMPUTER'],
  Servers: ['WINDOWS_SERVER', 'LINUX_SERVER', 'MAC_SERVER', 'NMS_SERVER'],
  'Network Devices': [
    ...['NMS_SWITCH', 'NMS_ROUTER', 'NMS_FIREWALL', 'NMS_PRIVATE_NETWORK_GATEWAY', 'NMS_PRINTER', 'NMS_SCANNER'],
    ...['NMS_DIAL_MANAGER', 'NMS_WAP', 'NMS_IPSLA', 'NMS_APPLIANCE', 'NMS_OTHER', 'NMS_PHONE'],
    'NMS_NETWORK_MANAGEMENT_AGENT',
  ],
  'VM Hosts': ['VMWARE_VM_HOST', 'HYPERV_VMM_HOST', 'NMS_VM_HOST'],
  'VM Guests': ['VMWARE_VM_GUEST', 'HYPERV_VMM_GUEST', 'NMS_VIRTUAL_MACHINE'],
  'Cloud Monitors': ['CLOUD_MONITOR_TARGET'],
  'Mobile Devices': ['ANDROID', 'APPLE_IOS', 'APPLE_IPADOS'],
  Other: ['UNMANAGED_DEVICE', 'MANAGED_DEVICE', 'SOMETHING_NEW', 'constructor'],
};

/** The bench with these nodes instead of the fleet, all in the first organization. */
async function withNodes(nodes: Record<string, unknown>[]): Promise<{ of: Bench; organization: string }> {
  const of = await bench(ninjaone);
  const organizationId = Number(of.vendor.customers[0]?.id);
  const all = nodes.map((node, index) => ({ id: index + 1, organizationId, approvalStatus: 'APPROVED', ...node }));
  const after = ({ query }: SandboxRequest) => Number(query.get('after') ?? 0);
  return {
    of: spoil(of, DEVICES, (_, request) => all.filter(({ id }) => id > after(request)).slice(0, 1000)),
    organization: String(organizationId),
  };
}

async function countsOf(nodes: Record<string, unknown>[]) {
  const { of, organization } = await withNodes(nodes);
  const { customers, notes } = await collection(of);
  const { counts, gaps } = customers.find(({ id }) => id === organization) ?? {};
  const others = customers.filter(({ id, counts }) => id !== organization && Object.keys(counts).length > 0);
  return { counts, gaps, notes, others };
}

describe('NinjaOne', () => {
  it.each(Object.entries(CLASSES))(
    'counts as %s what is of such a class, and nothing else',
    async (column, classes) => {
      const { counts, others } = await countsOf(classes.map((nodeClass) => ({ nodeClass })));
      expect(counts).toEqual({ [`NinjaOne ${column}`]: classes.length });
      expect(others).toEqual([]);
    },
  );

  it('names a class that it does not know', async () => {
    const { notes } = await countsOf([{ nodeClass: 'SOMETHING_NEW' }, { nodeClass: 'SOMETHING_NEW' }]);
    expect(notes).toEqual(['node class SOMETHING_NEW is not known: counted in "NinjaOne Other"']);
  });

  it('counts approved nodes, and those of older instances that do not say; the others apart or not at all', async () => {
    const nodeClass = 'WINDOWS_SERVER';
    const { counts, notes, gaps } = await countsOf([
      { nodeClass },
      { nodeClass, approvalStatus: undefined },
      { nodeClass, approvalStatus: null },
      { nodeClass, approvalStatus: 'PENDING' },
      { nodeClass, approvalStatus: 'STAGED' },
      { nodeClass, approvalStatus: 'DECOMMISSIONED' },
      { nodeClass, approvalStatus: 'DECOMMISSIONED' },
    ]);
    expect(counts).toEqual({ 'NinjaOne Servers': 3, 'NinjaOne Pending Approval': 1, 'NinjaOne Other': 1 });
    expect(gaps).toEqual({});
    expect(notes).toEqual(['2 nodes left out: their approval status is DECOMMISSIONED']);
  });

  it('opens the cell of a node whose approval status is in no document, and no other cell', async () => {
    const { counts, gaps, others } = await countsOf([
      { nodeClass: 'WINDOWS_SERVER' },
      { nodeClass: 'WINDOWS_SERVER', approvalStatus: 'REJECTED_BY_SOMETHING_NEW' },
      { nodeClass: 'MAC', approvalStatus: ' approved ' },
    ]);
    expect(counts).toMatchObject({ 'NinjaOne Workstations': 1 });
    expect(gaps).toEqual({
      'NinjaOne Servers': {
        state: 'failed',
        reason: 'its approval status is "REJECTED_BY_SOMETHING_NEW", which is not known',
      },
    });
    expect(others).toEqual([]);
  });

  it.each([undefined, null, 7])(
    'does not need the class of a node that counts in no class, be it %o',
    async (nodeClass) => {
      const { counts, gaps, notes } = await countsOf([
        { nodeClass: 'MAC' },
        { nodeClass, approvalStatus: 'DECOMMISSIONED' },
        { nodeClass, approvalStatus: 'PENDING' },
        { nodeClass, approvalStatus: 'STAGED' },
      ]);
      expect(counts).toEqual({ 'NinjaOne Workstations': 1, 'NinjaOne Pending Approval': 1, 'NinjaOne Other': 1 });
      expect(gaps).toEqual({});
      expect(notes).toEqual([expect.stringContaining('1 node left out')]);
    },
  );

  it.each([undefined, null, 7])('fails the organization of an approved node whose class is %o', async (nodeClass) => {
    const other = Number((await bench(ninjaone)).vendor.customers[1]?.id);
    const { of, organization } = await withNodes([{ nodeClass: 'MAC', organizationId: other }, { nodeClass }]);
    const { customers } = await collection(of);
    expect(customers.find(({ id }) => id === organization)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('nodeClass: expected string'),
    });
    expect(customers.filter(({ state }) => state === 'failed')).toHaveLength(1);
  });

  it('opens the cell of a node whose approval status is no text, and no other cell', async () => {
    const { counts, gaps } = await countsOf([{ nodeClass: 'MAC' }, { nodeClass: 'WINDOWS_SERVER', approvalStatus: 3 }]);
    expect(counts).toEqual({ 'NinjaOne Workstations': 1 });
    expect(gaps).toEqual({
      'NinjaOne Servers': { state: 'failed', reason: expect.stringContaining('approvalStatus: expected string') },
    });
  });

  it('counts devices that are offline: they bill', async () => {
    const { counts } = await countsOf([
      { nodeClass: 'MAC', offline: true, lastContact: 1 },
      { nodeClass: 'MAC', offline: false },
    ]);
    expect(counts).toEqual({ 'NinjaOne Workstations': 2 });
  });

  it('keeps a guest apart from the server inside it, which is a node of its own', async () => {
    const { counts } = await countsOf([
      { nodeClass: 'VMWARE_VM_HOST' },
      { nodeClass: 'VMWARE_VM_GUEST', parentDeviceId: 1 },
      { nodeClass: 'WINDOWS_SERVER' },
    ]);
    expect(counts).toEqual({ 'NinjaOne VM Hosts': 1, 'NinjaOne VM Guests': 1, 'NinjaOne Servers': 1 });
  });

  it('asks for pages of 1000 and reads until one is empty: a short page is not the end', async () => {
    const of = await bench(ninjaone);
    const short = spoil<Node[]>(of, DEVICES, (nodes) => nodes.slice(0, 400));
    const { customers } = await collection(short);
    const expected = of.vendor.customers
      .filter(({ state }) => state !== 'gone')
      .map(({ id, state, cells }) => ({ id, state, cells }));
    expect(customers.map(asTruth)).toEqual(expected.sort((a, b) => (a.id < b.id ? -1 : 1)));
    expect(of.asked.filter(({ path }) => path.startsWith('/v2/')).map(({ query }) => query.get('pageSize'))).toContain(
      '1000',
    );
    for (const { query } of of.asked) expect([...query.keys()]).not.toContain('df');
  });

  it('does not end at an id that leads past all other nodes', async () => {
    const all = Array.from({ length: 2_500 }, (_, index) => index + 1);
    for (const wrong of [1, 500, 1_000, 2_000]) {
      const of = await bench(ninjaone);
      const organizationId = Number(of.vendor.customers[0]?.id);
      const served = spoil(of, DEVICES, (_, { query }) =>
        all
          .filter((id) => id > Number(query.get('after') ?? 0))
          .slice(0, 1_000)
          .map((id) => ({ id: id === wrong ? 4_000_000_000 : id, organizationId, nodeClass: 'MAC' })),
      );
      const error = await failure(served);
      expect(error).toMatchObject({
        name: 'VendorContractError',
        message: expect.stringMatching(/leads (past|back)/u),
      });
    }
  });

  it('does not believe a server that ignores `after`', async () => {
    const of = await bench(ninjaone);
    const page = [{ id: 7, organizationId: Number(of.vendor.customers[0]?.id), nodeClass: 'MAC' }];
    expect((await failure(spoil(of, DEVICES, () => page))).name).toBe('VendorContractError');
  });

  it.each(['id', 'organizationId', 'nodeClass'])('fails and names the path when %s is gone', async (member) => {
    const of = spoil<Node[]>(await bench(ninjaone), DEVICES, (nodes) => nodes.map(({ [member]: _, ...rest }) => rest));
    expect(await failure(of)).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining(`0.${member}`),
    });
  });

  it('needs no more requests than the plan: a token, the organizations, a page for each 1000 devices', async () => {
    const of = await bench(ninjaone, demoMsp(500, 3));
    const { receipt } = await collection(of);
    const [organizations, devices] = receipt.lists;
    expect(devices?.distinct).toBeGreaterThan(50_000);
    const plan = 1 + 1 + 1 + Math.ceil((devices?.distinct ?? 0) / 1000) + 1;
    expect(organizations?.distinct).toBeLessThan(1000);
    expect(of.asked).toHaveLength(plan);
  });

  it('has one token for the whole run, and asks for monitoring alone', async () => {
    const of = await bench(ninjaone);
    await collection(of);
    const tokens = of.asked.filter(({ path }) => path === '/ws/oauth/token');
    expect(tokens).toHaveLength(1);
    const form = new URLSearchParams(Buffer.from(tokens[0]?.body ?? []).toString());
    expect(form.get('scope')).toBe('monitoring');
    expect(form.get('grant_type')).toBe('client_credentials');
  });

  it('fetches one new token when its own is refused in the middle, and no third', async () => {
    const of = await bench(ninjaone);
    let refused = 0;
    const error = await failure(of, {
      before: ({ path }) => {
        if (!DEVICES.test(path)) return undefined;
        refused += 1;
        return { status: 401, body: { error: 'invalid_token' } };
      },
    });
    expect(error.name).toBe('VendorAuthError');
    expect(refused).toBe(2);
  });

  it('backs off for 5 seconds at least if it is not given how long', async () => {
    const of = await bench(ninjaone);
    await collection(of, { before: tooFastOnce(DEVICES) });
    expect(of.clock.elapsed()).toBe(5000);
  });
});

describe('the instance of NinjaOne', () => {
  it.each([
    [{ region: 'us' }, 'app.ninjarmm.com'],
    [{ region: 'us2' }, 'us2.ninjarmm.com'],
    [{ region: 'eu' }, 'eu.ninjarmm.com'],
    [{ region: 'ca' }, 'ca.ninjarmm.com'],
    [{ region: 'oc' }, 'oc.ninjarmm.com'],
    [{ region: 'fed' }, 'fed.ninjarmm.com'],
    [{ baseUrl: 'https://eu-api.ninjarmm.com' }, 'eu-api.ninjarmm.com'],
    [{ baseUrl: 'https://app.ninjaone.com/' }, 'app.ninjaone.com'],
    [{ baseUrl: 'https://EU.ninjarmm.com' }, 'eu.ninjarmm.com'],
  ])('%j is %s', async (place, host) => {
    const of = await bench(ninjaone);
    const there = { ...of, vendor: { ...of.vendor, answers: (asked: string) => asked === host } };
    const { clientId, clientSecret } = of.vendor.secret;
    await collection(there, { credentials: { secret: { clientId, clientSecret, ...place } } });
    for (const { host: asked } of of.asked) expect(asked).toBe(host);
  });

  it.each([
    [{}],
    [{ region: 'mars' }],
    [{ region: 'eu', baseUrl: 'https://eu.ninjarmm.com' }],
    [{ baseUrl: 'https://ninjarmm.com.evil.example' }],
    [{ baseUrl: 'https://evil.example/.ninjarmm.com' }],
    [{ baseUrl: 'http://eu.ninjarmm.com' }],
    [{ baseUrl: 'https://user@eu.ninjarmm.com' }],
    [{ baseUrl: 'https://eu.ninjarmm.com/api' }],
  ])('%j is refused before anything is sent', async (place) => {
    const of = await bench(ninjaone);
    const { clientId, clientSecret } = of.vendor.secret;
    const error = await failure(of, { credentials: { secret: { clientId, clientSecret, ...place } } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringMatching(/region|baseUrl/u) });
    expect(of.asked).toEqual([]);
  });
});
