import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { devicesOf } from '../devices.ts';
import { slidingWindow, tokenDesk, unserved, wholeNumber } from '../gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'merlot-api.centrastage.net';
const API_KEY = 'K7QH2M9V4XJ1B8TE';
const API_SECRET_KEY = 'S1D6N3R8W5Y2C7P4Z9F0L2G6';
const MOST = 250;
const UNSERVED = ['filterId', 'hostname', 'deviceType', 'operatingSystem', 'siteName'];
const BLOCK_SECONDS = 300;
/** The site that collects deleted devices; its uid is famously no guid. */
const GRAVEYARD = { uid: 'a7d1-deleted-devices', name: 'Deleted Devices', id: 1 };

/** Devices of one kind in one site, and the column that they belong to ('' = none). */
type Group = {
  deviceClass: string | null;
  category: string | null;
  type: string;
  devices: number;
  column: string;
  flag?: 'deleted' | 'suspended' | 'offline';
};
type Site = { client: Client; id: number; uid: string; onDemand: boolean; groups: Group[] };
type Device = { id: number; siteUid: string; deleted: boolean; [member: string]: unknown };

/**
 * Datto RMM, platform merlot: a password grant behind a public client, pages of at most 250 from page 0, next addresses
 * that forget `max`, and an account-wide list that lacks a few devices of one site.
 */
export default function dattoRmm(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'datto-rmm', { share: 70 }).map(
    (client, index): Site => ({
      client,
      id: 20_411 + index * 3,
      uid: msp.guid('datto site', client.key),
      onDemand: msp.draw(100, 'datto-rmm', client.key, 'on demand') < 8,
      groups: groupsOf(msp, client),
    }),
  );
  const listed = served.filter(({ client }) => !client.gone);
  const forgetful = listed.find(({ onDemand, groups }) => !onDemand && living(groups) > 4);
  const boastful = listed.findLast((site) => site !== forgetful);
  let devices: { all: Device[]; accountWide: Device[] } | undefined;
  const fleet = () => {
    if (devices === undefined) {
      const all = fleetOf(msp, listed);
      const hidden = new Set(all.filter(({ siteUid, deleted }) => siteUid === forgetful?.uid && !deleted).slice(-3));
      devices = { all, accountWide: all.filter((device) => !hidden.has(device)) };
    }
    return devices;
  };
  const tokens = tokenDesk(now);
  const mayPass = slidingWindow(now, 600, 60);
  let refusals = 0;
  let blockedUntil = 0;

  const total = listed.reduce((sum, { groups }) => sum + living(groups), 0);
  const onDemandTotal = listed.reduce((sum, { onDemand, groups }) => sum + (onDemand ? living(groups) : 0), 0);
  const sites = [
    { ...GRAVEYARD, onDemand: false, devicesStatus: status(12) },
    ...listed.map((site) => ({
      id: site.id,
      uid: site.uid,
      accountUid: msp.guid('datto account'),
      name: site.client.name,
      description: '',
      notes: null,
      onDemand: site.onDemand,
      splashtopAutoInstall: false,
      proxySettings: null,
      // One site's figure includes a device that no list shows.
      devicesStatus: status(living(site.groups) + (site === boastful ? 1 : 0)),
      autotaskCompanyName: null,
      autotaskCompanyId: null,
      portalUrl: `https://merlot.centrastage.net/site/${site.id}`,
    })),
  ];

  return {
    id: 'datto-rmm',
    answers: (host) => host === HOST,
    secret: { apiUrl: `https://${HOST}`, apiKey: API_KEY, apiSecretKey: API_SECRET_KEY },
    configuration: {},
    customers: served.map(({ client, uid, onDemand, groups }) => {
      const cells = new Map<string, number>();
      for (const group of groups) {
        if (group.column === '') continue;
        const title = `Datto RMM ${onDemand ? 'OnDemand Devices' : group.column}`;
        cells.set(title, (cells.get(title) ?? 0) + group.devices);
      }
      return trueCustomer(client, uid, cells);
    }),
    handle(request) {
      const refuse = (code: number, error: string): SandboxResponse => ({
        status: code,
        body: { timestamp: now(), status: code, error, path: request.path },
      });
      if (now() < blockedUntil) return refuse(403, 'This IP address is temporarily blocked: rate limit exceeded');
      if (request.path === '/auth/oauth/token') return grant(request, tokens.issue);
      if (tokens.subject(request.headers.authorization) === undefined) {
        return { status: 401, body: { error: 'invalid_token', error_description: 'Invalid access token' } };
      }
      if (!mayPass()) {
        refusals += 1;
        if (refusals > 10) blockedUntil = now() + BLOCK_SECONDS * 1000;
        return refuse(429, 'Too Many Requests');
      }
      if (request.method !== 'GET') return refuse(405, 'Method Not Allowed');
      if (unserved(request.query, UNSERVED) !== undefined) return refuse(400, 'Bad Request');
      const page = <R>(member: string, rows: readonly R[], end: null | '') => paged(request, member, rows, end);
      switch (request.path) {
        case '/api/v2/account':
          return { status: 200, body: accountOf(msp, total, onDemandTotal) };
        case '/api/v2/account/sites':
          return page('sites', sites, null);
        case '/api/v2/account/devices':
          return page('devices', fleet().accountWide, '');
        case '/api/v2/system/pagination':
          return { status: 200, body: { max: MOST } };
      }
      const [, uid] = /^\/api\/v2\/site\/([\w-]+)\/devices$/u.exec(request.path) ?? [];
      if (uid === undefined || !sites.some((site) => site.uid === uid)) return refuse(404, 'Not Found');
      return page(
        'devices',
        fleet().all.filter(({ siteUid }) => siteUid === uid),
        null,
      );
    },
  };
}

function grant(request: SandboxRequest, issue: (subject: string, seconds: number) => string): SandboxResponse {
  const form = formOf(request);
  if (request.method !== 'POST' || form === undefined) return { status: 400, body: { error: 'invalid_request' } };
  if (request.headers.authorization !== 'Basic cHVibGljLWNsaWVudDpwdWJsaWM=') {
    return { status: 401, body: { error: 'unauthorized', error_description: 'Bad client credentials' } };
  }
  if (form.get('grant_type') !== 'password') return { status: 400, body: { error: 'unsupported_grant_type' } };
  if (form.get('username') !== API_KEY || form.get('password') !== API_SECRET_KEY) {
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Bad credentials' } };
  }
  return {
    status: 200,
    body: { access_token: issue('api', 359_999), token_type: 'bearer', expires_in: 359_999, scope: 'default' },
  };
}

/** A page from 0; whatever `max` says above 250 is 250, and the next address keeps it only on the first page. */
function paged<R>(
  { path, query }: SandboxRequest,
  member: string,
  rows: readonly R[],
  end: null | '',
): SandboxResponse {
  const max = Math.min(wholeNumber(query.get('max'), MOST) || MOST, MOST);
  const page = wholeNumber(query.get('page'), 0) ?? 0;
  const shown = rows.slice(page * max, (page + 1) * max);
  const kept = page === 0 ? `max=${max}&` : '';
  const address = (number: number) => `https://${HOST}${path}?${kept}page=${number}`;
  return {
    status: 200,
    body: {
      pageDetails: {
        count: shown.length,
        totalCount: rows.length,
        prevPageUrl: page === 0 ? null : address(page - 1),
        nextPageUrl: (page + 1) * max < rows.length ? address(page + 1) : end,
      },
      [member]: shown,
    },
  };
}

const living = (groups: readonly Group[]): number =>
  groups.reduce((sum, { devices, flag }) => sum + (flag === 'deleted' ? 0 : devices), 0);

const status = (devices: number) => ({
  numberOfDevices: devices,
  numberOfOnlineDevices: Math.floor(devices * 0.8),
  numberOfOfflineDevices: devices - Math.floor(devices * 0.8),
});

const accountOf = (msp: DemoMsp, total: number, onDemand: number) => ({
  id: 5_120,
  name: msp.managing.name,
  uid: msp.guid('datto account'),
  currency: 'USD',
  descriptor: { bilingEmail: 'billing@northwind.example', deviceLimit: 100_000, timeZone: 'UTC' },
  devicesStatus: { ...status(total), numberOfOnDemandDevices: onDemand, numberOfManagedDevices: total - onDemand },
});

function groupsOf({ draw }: DemoMsp, { key, fleet }: Client): Group[] {
  const few = (below: number, what: string) => draw(below, 'datto-rmm', key, what);
  const group = (
    devices: number,
    column: string,
    deviceClass: string | null,
    category: string | null,
    type: string,
    flag?: Group['flag'],
  ): Group => ({ devices, column, deviceClass, category, type, ...(flag === undefined ? {} : { flag }) });
  const suspended = Math.min(fleet.workstations, few(2, 'suspended'));
  const wireless = Math.min(fleet.networkDevices, 1);
  return [
    group(fleet.workstations - suspended, 'Workstations', 'device', 'Desktop', 'Mini Tower'),
    group(suspended, 'Workstations', 'device', 'desktop', 'Desktop', 'suspended'),
    group(fleet.laptops, 'Workstations', 'device', 'Laptop', 'Notebook', 'offline'),
    group(fleet.servers, 'Servers', 'device', 'Server', 'Main System Chassis'),
    group(fleet.virtualHosts, 'ESXi Hosts', 'esxihost', 'ESXi Host', 'ESXi Host'),
    group(fleet.printers, 'Printers', 'printer', null, 'Printer'),
    group(wireless, 'Network Devices', 'device', 'Network Device (Other)', 'Router'),
    group(fleet.networkDevices - wireless, 'Network Devices', 'rmmnetworkdevice', 'Network Device (Switch)', 'Router'),
    group(few(3, 'unknown') === 0 ? 1 : 0, 'Other', 'unknown', null, 'Unknown'),
    group(few(5, 'new class') === 0 ? 1 : 0, 'Other', 'smartsensor', 'Server', 'Sensor'),
    group(few(9, 'classless') === 0 ? 1 : 0, 'Other', null, null, ''),
    group(few(3, 'deleted'), '', 'device', 'Desktop', 'Desktop', 'deleted'),
  ];
}

/** Every device in order of its id. The last ones lie in the site of the deleted. */
function fleetOf(msp: DemoMsp, sites: readonly Site[]): Device[] {
  const idOf = (rank: number) => 90_000 + rank * 2;
  const devices = devicesOf(msp, sites, (group: Group) => group.devices).map(({ at, group, rank, called }) => {
    const { deviceClass, category, type, flag } = group;
    const site = { id: at.id, uid: at.uid, name: at.client.name };
    const hostname = `HOST-${idOf(called)}`;
    return { ...device(msp, idOf(rank), site, deviceClass, category, type, flag), hostname };
  });
  const dead = Array.from({ length: 12 }, (_, index) =>
    device(
      msp,
      900_000_000 + index,
      GRAVEYARD,
      'device',
      'Desktop',
      'Desktop',
      index % 2 === 0 ? 'deleted' : 'offline',
    ),
  );
  return [...devices, ...dead].sort((a, b) => a.id - b.id);
}

function device(
  msp: DemoMsp,
  id: number,
  site: { id: number; uid: string; name: string },
  deviceClass: string | null,
  category: string | null,
  type: string,
  flag: Group['flag'],
): Device {
  const bare = deviceClass === 'printer' || deviceClass === null;
  return {
    id,
    uid: msp.guid('datto device', id),
    siteId: site.id,
    siteUid: site.uid,
    siteName: site.name,
    deviceType: deviceClass === null ? null : { category, type },
    deviceClass,
    hostname: `HOST-${id}`,
    operatingSystem: bare ? null : 'Microsoft Windows 11 Pro 10.0.26100',
    online: flag === undefined,
    suspended: flag === 'suspended',
    deleted: flag === 'deleted',
    lastSeen: 1_793_000_000_000,
    snmpEnabled: deviceClass === 'rmmnetworkdevice',
    antivirus: bare ? null : { antivirusProduct: 'Windows Defender', antivirusStatus: 'RunningAndUpToDate' },
    patchManagement: null,
    udf: { udf1: null, udf2: 'BitLocker key 011220-330440' },
  };
}
