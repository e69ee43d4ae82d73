import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor } from '../vendor.ts';

/** The account was moved once: its old region still answers, with the new address alone. */
const HOME = 'auvikapi.us4.my.auvik.com';
const USERNAME = 'reports@northwind.example';
const API_KEY = 'Nw7cQ2xLrT9pVb4KfY6mHsZa';
const ROOT = { id: '700000000000000001', prefix: 'northwindmsp' };
const GROUP = { id: '700000000000000002', prefix: 'northwindregulated' };
const TYPE = { 'content-type': 'application/vnd.api+json' };

type Oddity = 'disabled' | 'trial' | 'trial over' | 'no display name';
type Tenant = { client: Client; id: string; prefix: string; group: boolean; oddity?: Oddity; devices: number };

/**
 * Auvik: basic credentials at the region's host, tenants in one answer each, billing usage by day, averages with
 * decimals.
 */
export default function auvik(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'auvik', { share: 60 }).map((client, index) => tenantOf(msp, client, index));
  const listed = served.filter(({ client }) => !client.gone);
  return {
    id: 'auvik',
    answers: (host) => /^auvikapi\.[a-z]{2}\d\.my\.auvik\.com$/u.test(host),
    secret: { username: USERNAME, apiKey: API_KEY, region: 'us1' },
    configuration: {},
    customers: served.map((tenant) =>
      trueCustomer(
        tenant.client,
        tenant.id,
        [
          ['Auvik Billable Devices', averageOf(tenant)],
          ['Auvik Servers', tenant.client.fleet.servers],
          ['Auvik Workstations', endpoints(tenant)],
        ],
        tenant.oddity === 'disabled' || tenant.oddity === 'trial' ? 'excluded' : 'counted',
      ),
    ),
    handle(request) {
      const { host, path, query, method } = request;
      if (host !== HOME) {
        const search = query.size === 0 ? '' : `?${query}`;
        return { status: 308, headers: { location: `https://${HOME}${path}${search}` } };
      }
      const expected = `Basic ${Buffer.from(`${USERNAME}:${API_KEY}`).toString('base64')}`;
      if (request.headers.authorization !== expected) return { status: 401 };
      if (request.headers.accept !== TYPE['content-type']) return refusal(406, 'Not acceptable');
      if (method !== 'GET') return refusal(404, 'Not found');
      switch (path) {
        case '/v1/authentication/verify':
          return { status: 200 };
        case '/v1/tenants':
          return answer([
            tenantRow('tenant', ROOT.id, { domainPrefix: ROOT.prefix, tenantType: 'multiClient' }),
            tenantRow('tenant', GROUP.id, { domainPrefix: GROUP.prefix, tenantType: 'multiClient' }, ROOT.id),
            ...listed.map(({ id, prefix, group }) =>
              tenantRow('tenant', id, { domainPrefix: prefix, tenantType: 'client' }, group ? GROUP.id : ROOT.id),
            ),
          ]);
        case '/v1/tenants/detail':
          if (query.get('tenantDomainPrefix') === null) return refusal(400, 'tenantDomainPrefix is required');
          if (query.has('filter[availableTenants]')) return refusal(400, 'filter[availableTenants] is not served');
          if (query.get('tenantDomainPrefix') !== ROOT.prefix) return refusal(404, 'Tenant not found');
          return answer(details(listed, now()));
        case '/v1/billing/usage/client':
          return usage(request, listed);
        default:
          return refusal(404, 'Not found');
      }
    },
  };
}

const answer = (data: unknown): SandboxResponse => ({ status: 200, headers: TYPE, body: JSON.stringify({ data }) });

const refusal = (status: number, detail: string): SandboxResponse => ({
  status,
  headers: TYPE,
  body: JSON.stringify({
    errors: [{ status: String(status), title: status === 404 ? 'Not found' : 'Bad request', detail }],
  }),
});

const tenantRow = (type: string, id: string, attributes: object, parent?: string) => ({
  type,
  id,
  attributes,
  relationships: parent === undefined ? {} : { parent: { data: { type, id: parent } } },
});

function details(listed: readonly Tenant[], now: number): unknown[] {
  const day = (days: number) => new Date(now + days * 86_400_000).toISOString().replace('Z', '-0500');
  const common = { enabled: true, subscribed: true, subscriptionOwner: 'None', running: true };
  const multi = { ...common, tenantType: 'multiClient' };
  return [
    tenantRow('tenants', ROOT.id, { ...multi, domainPrefix: ROOT.prefix, displayName: 'Northwind MSP' }),
    tenantRow('tenants', GROUP.id, { ...multi, domainPrefix: GROUP.prefix, displayName: 'Regulated' }, ROOT.id),
    ...listed.map(({ client, id, prefix, group, oddity }) => {
      const attributes = {
        ...common,
        domainPrefix: prefix,
        ...(oddity === 'no display name' ? {} : { displayName: client.name }),
        tenantType: 'client',
        ...(oddity === 'disabled' ? { enabled: false, running: false } : {}),
        ...(oddity === 'trial' ? { subscribed: false, trialStartDate: day(-5), trialEndDate: day(9) } : {}),
        ...(oddity === 'trial over' ? { subscribed: false, trialStartDate: day(-400), trialEndDate: day(-386) } : {}),
        address: {
          address1: '1 High Street',
          city: 'Waterloo',
          state: 'Ontario',
          postalCode: 'N1A 2B3',
          country: 'Canada',
        },
      };
      return tenantRow('tenants', id, attributes, group ? GROUP.id : ROOT.id);
    }),
  ];
}

/**
 * Usage between two days, both included. Without `tenants` everything is listed, groups with the sum of their children.
 */
function usage({ query }: SandboxRequest, listed: readonly Tenant[]): SandboxResponse {
  const [from, thru] = ['fromDate', 'thruDate'].map((name) => query.get(`filter[${name}]`) ?? '');
  const isDay = (text: string | undefined): text is string => /^20\d{2}-[01]\d-[0123]\d$/u.test(text ?? '');
  if (!isDay(from) || !isDay(thru)) return refusal(400, 'filter[fromDate] and filter[thruDate] are required');
  const ends = Date.parse(thru) + 86_400_000;
  const lengthInDays = Math.round((ends - Date.parse(from)) / 86_400_000);
  if (lengthInDays < 1 || lengthInDays > 90) return refusal(400, 'the range is 1 to 90 days');
  const wanted = query.get('tenants')?.split(',') ?? [ROOT.id, ...listed.map(({ id }) => id)];
  const tenantIds = new Set([ROOT.id, GROUP.id, ...listed.map(({ id }) => id)]);
  if (wanted.some((id) => !tenantIds.has(id))) return refusal(403, 'You do not have access to one of the tenants');
  const usagePeriod = { startDate: `${from}T00:00:00Z`, endDate: new Date(ends).toISOString(), lengthInDays };
  return answer(
    wanted.map((id) => {
      const tenants = listed.filter(
        (tenant) => tenant.id === id || id === ROOT.id || (id === GROUP.id && tenant.group),
      );
      const average = tenants.reduce((sum, tenant) => sum + averageOf(tenant), 0);
      const byType = (value: number) => ({ notier: 0, light: 0, essentials: 0, performance: value });
      return {
        type: 'clientUsage',
        id,
        attributes: {
          domainPrefix: tenants[0]?.prefix,
          billableDays: lengthInDays,
          usagePeriod,
          deviceUsage: {
            totalDays: average * lengthInDays,
            averageDays: average,
            totalDaysByClientType: byType(average * lengthInDays),
            averageDaysByClientType: byType(average),
          },
          clientUsage: { totalDays: lengthInDays * tenants.length, averagedDays: tenants.length },
          monitoredServers: tenants.map(({ client }) => ({ date: thru, totalServers: client.fleet.servers })),
          maxMonitoredServers: tenants.reduce((sum, { client }) => sum + client.fleet.servers, 0),
          maxMonitoredWorkstations: tenants.reduce((sum, tenant) => sum + endpoints(tenant), 0),
          asmUserUsage: { totalAsmUsers: 0 },
        },
        relationships: {
          devices: {
            data: tenants.flatMap(({ devices, prefix }) =>
              Array.from({ length: devices }, (_, index) => ({
                id: Buffer.from(`${id},${index}`).toString('base64url'),
                type: 'deviceUsage',
                attributes: { name: `switch-${index}`, totalDays: lengthInDays, clientName: prefix },
              })),
            ),
          },
        },
        links: { dashboard: `https://${tenants[0]?.prefix}.my.auvik.com/#admin/settings/billingUsage` },
      };
    }),
  );
}

/**
 * Printers and access points are free. One device that is unplugged every other day makes the average uneven, whatever
 * the days.
 */
const averageOf = ({ devices, id }: Tenant): number =>
  devices > 0 && Number(id.slice(-3)) % 3 === 0 ? devices - 0.5 : devices;

/** Some have the endpoint agent on their workstations. */
const endpoints = ({ client, id }: Tenant): number => (Number(id.slice(-4)) % 3 === 0 ? client.fleet.workstations : 0);

function tenantOf(msp: DemoMsp, client: Client, index: number): Tenant {
  const oddities = new Map<number, Oddity>([
    [2, 'disabled'],
    [5, 'trial'],
    [8, 'trial over'],
  ]);
  const oddity = client.gone ? undefined : oddities.get(index % 29);
  return {
    client,
    id: `7000000000001${String(10_007 + index * 11)}`,
    prefix: client.key.replace(/[^a-z0-9]+/giu, '').toLowerCase(),
    group: msp.draw(6, 'auvik', client.key, 'group') === 0,
    devices: client.fleet.networkDevices,
    ...(oddity === undefined ? {} : { oddity }),
  };
}
