import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { devicesOf } from '../devices.ts';
import { tokenDesk, unserved, wholeNumber } from '../gate.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'northwind.hostedrmm.com';
const CLIENT_ID = '5d0f3c9e-7a61-4b0e-9c52-1f8e6d2a7b34';
const INTEGRATOR = { name: 'billing-report', password: 'Tq8!vRw3_zLm6pXc' };
/** A technician whose sign-in asks for a passcode. */
const TECHNICIAN = { name: 'j.walker', password: 'Hn4#kYb9_dSe2uJf' };
const PAGE = { usual: 25, most: 1_000 };
const TOKEN = '/cwa/api/v1/apitoken';
const HOUR_SECONDS = 3_600;
const GROUPS = ['All Agents', 'Patching', 'Managed 24x7'].map((Name, index) => ({ Id: String(2 + index), Name }));
const UNSERVED = ['condition', 'ids', 'excludeFields', 'expand'];

/** Agents of one kind at one client, and the column that they belong to. `type` undefined = the member is not sent. */
type Group = { type: string | undefined; system: string; agents: number; column: string };
type Row = { Id: string; [member: string]: unknown };

/**
 * ConnectWise Automate, a hosted server: token by JSON, bare arrays without totals, pages of at most 1000, no order
 * unless asked.
 */
export default function connectwiseAutomate(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'connectwise-automate', { share: 70 }).map((client, index) => ({
    client,
    id: 3 + index * 4,
    groups: groupsOf(msp, client),
  }));
  const listed = served.filter(({ client }) => !client.gone);
  const clients = listed.map(
    ({ client, id }): Row => ({
      Id: String(id),
      Name: client.name,
      Company: client.name,
      City: 'Springfield',
      ExternalId: String(id + 200),
      IsHiddenFromAllInclusiveGroup: false,
      Locations: [{ Id: id * 10, Name: 'Main' }],
    }),
  );
  let computers: Row[] | undefined;
  const tokens = tokenDesk(now);

  return {
    id: 'connectwise-automate',
    answers: (host) => host === HOST,
    secret: {
      serverUrl: `https://${HOST}`,
      clientId: CLIENT_ID,
      username: INTEGRATOR.name,
      password: INTEGRATOR.password,
    },
    configuration: {},
    customers: served.map(({ client, id, groups }) => {
      const cells = new Map<string, number>();
      for (const { column, agents } of groups) {
        const title = `ConnectWise Automate ${column}`;
        cells.set(title, (cells.get(title) ?? 0) + agents);
      }
      return trueCustomer(client, id, cells);
    }),
    handle(request) {
      const path = request.path.toLowerCase();
      if (!path.startsWith('/cwa/api/v1/')) {
        return {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: '<!DOCTYPE html><title>Automate</title>',
        };
      }
      // Clients in use ask for the token without naming themselves; an unknown name is refused there, too.
      const name = request.headers.clientid ?? (path === TOKEN ? CLIENT_ID : undefined);
      if (name !== CLIENT_ID) return refusal(401, 'ClientId is missing or not registered');
      if (path === TOKEN) return grant(request, tokens.issue, now);
      if (tokens.subject(request.headers.authorization) === undefined) {
        return refusal(401, 'Authorization has been denied for this request.');
      }
      if (request.method !== 'GET') return refusal(405, 'The requested resource does not support this method.');
      switch (path) {
        case '/cwa/api/v1/clients':
          return page(request, clients);
        case '/cwa/api/v1/computers':
          computers ??= computersOf(msp, listed);
          return page(request, computers);
        case '/cwa/api/v1/retiredassets':
          return page(request, [{ Id: '1', ComputerId: '9', ComputerName: 'OLD-PC', RetiredDate: '2024-02-01' }]);
        case '/cwa/api/v1/networkdevices':
          return page(request, networkDevicesOf(listed));
      }
      return refusal(404, `No HTTP resource was found that matches the request URI ${path}.`);
    },
  };
}

const refusal = (status: number, Message: string): SandboxResponse => ({ status, body: { Message } });

function grant(
  request: SandboxRequest,
  issue: (subject: string, seconds: number) => string,
  now: () => number,
): SandboxResponse {
  const asked = jsonOf(request);
  if (request.method !== 'POST' || typeof asked !== 'object' || asked === null) return refusal(400, 'Bad request');
  // Member names are matched whatever their case.
  const member = new Map(Object.entries(asked).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const user = [INTEGRATOR, TECHNICIAN].find(({ name }) => name === member.get('username'));
  if (user === undefined || user.password !== member.get('password')) {
    return refusal(401, 'The username or password provided is incorrect.');
  }
  const common = { TokenType: 'Bearer', UserId: '61', InternalUserName: user.name, IsInternalTwoFactorRequired: false };
  if (user === TECHNICIAN && !/^\d{6}$/u.test(member.get('twofactorpasscode') ?? '')) {
    return { status: 200, body: { ...common, AccessToken: null, ExpirationDate: null, IsTwoFactorRequired: true } };
  }
  const date = (seconds: number) => new Date(now() + seconds * 1_000).toISOString();
  return {
    status: 200,
    body: {
      ...common,
      AccessToken: issue(user.name, HOUR_SECONDS),
      ExpirationDate: date(HOUR_SECONDS),
      AbsoluteExpirationDate: date(HOUR_SECONDS * 24),
      IsTwoFactorRequired: false,
    },
  };
}

/** One page from 1. Without `orderBy` the database returns rows in another order each time. */
function page({ query }: SandboxRequest, rows: readonly Row[]): SandboxResponse {
  const size = wholeNumber(query.get('pageSize'), PAGE.usual);
  const number = wholeNumber(query.get('page'), 1);
  if (size === undefined || size < 1 || number === undefined || unserved(query, UNSERVED) !== undefined) {
    return {
      status: 400,
      body: { Message: 'The request is invalid.', ModelState: { 'options.pageSize': ['out of range'] } },
    };
  }
  const order = query.get('orderBy');
  if (order !== null && !/^(id|name|computername)( asc| desc)?$/iu.test(order)) return refusal(400, 'unknown orderBy');
  const turn = order === null ? (number * 13) % Math.max(1, rows.length) : 0;
  const inOrder = [...rows.slice(turn), ...rows.slice(0, turn)];
  const most = Math.min(size, PAGE.most);
  const from = (Math.max(number, 1) - 1) * most;
  const fields = query
    .get('includeFields')
    ?.split(',')
    .map((field) => field.trim().toLowerCase());
  const shown = inOrder.slice(from, from + most).map((row) => {
    if (fields === undefined) return row;
    return Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name.toLowerCase())));
  });
  return { status: 200, body: shown };
}

function groupsOf({ draw }: DemoMsp, { key, fleet }: Client): Group[] {
  const few = (below: number, what: string) => draw(below, 'connectwise-automate', key, what);
  const macs = Math.min(fleet.laptops, few(4, 'macs'));
  const old = Math.min(fleet.servers, few(2, 'old servers'));
  const group = (agents: number, column: string, type: string | undefined, system: string): Group => ({
    agents,
    column,
    type,
    system,
  });
  return [
    group(fleet.workstations, 'Workstations', 'Workstation', 'Microsoft Windows 11 Pro x64'),
    group(fleet.laptops - macs, 'Workstations', 'Workstation', 'Microsoft Windows 10 Pro x64'),
    group(macs, 'Workstations', 'Workstation', 'Mac OS X 15.1 Server Admin Tools'),
    group(fleet.servers - old, 'Servers', 'Server', 'Microsoft Windows Server 2022 Standard x64'),
    group(old, 'Servers', '', 'Microsoft Windows SERVER 2012 R2 Standard x64'),
    group(few(5, 'hypervisors') === 0 ? 1 : 0, 'Servers', undefined, 'Windows Server 2019 Hyper-V'),
    group(few(4, 'unclassified') === 0 ? 1 : 0, 'Unclassified', '', 'Ubuntu 24.04 LTS'),
    group(few(9, 'typeless') === 0 ? 1 : 0, 'Unclassified', undefined, ''),
  ];
}

/** Every agent in order of its id. */
function computersOf(
  msp: DemoMsp,
  clients: readonly { id: number; client: Client; groups: readonly Group[] }[],
): Row[] {
  const idOf = (rank: number) => 1_001 + rank * 2;
  return devicesOf(msp, clients, ({ agents }: Group) => agents)
    .map(({ at, group, rank, called }) => {
      const id = idOf(rank);
      return {
        Id: String(id),
        ComputerName: `${at.client.key.slice(0, 6).toUpperCase()}-${idOf(called)}`,
        ...(group.type === undefined ? {} : { Type: group.type }),
        OperatingSystemName: group.system,
        Status: msp.draw(4, 'automate', id) === 0 ? 'Offline' : 'Online',
        RemoteAgentLastContact: id % 50 === 0 ? '2025-02-01T08:00:00Z' : '2026-11-21T22:14:05Z',
        Client: { Id: String(at.id), Name: at.client.name },
        Location: { Id: at.id * 10, Name: 'Main' },
        IsVirtualMachine: false,
        OpenPortsTCP: [80, 135, 139, 443, 445, 3389, 5985],
        Groups: GROUPS,
        Tickets: [],
      };
    })
    .sort((a, b) => Number(a.Id) - Number(b.Id));
}

/** Found by probes; most MSPs bill none of them. */
const networkDevicesOf = (clients: readonly { id: number; client: Client }[]): Row[] =>
  clients.flatMap(({ id, client }) =>
    Array.from({ length: client.fleet.networkDevices }, (_, index) => ({
      Id: String(id * 1_000 + index),
      Name: `switch-${index}`,
      DeviceType: { Id: 4, Name: 'Switch' },
      Client: { Id: String(id), Name: client.name },
    })),
  );
