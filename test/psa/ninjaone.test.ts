import { expect, test } from 'vitest';
import counting from '../../lambdas/collectors/ninjaone.ts';
import { attachFiles } from '../../lambdas/psa/delivery/attachments.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import ninjaone from '../../lambdas/psa/ninjaone.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import ninjaoneServer, { type NinjaHabits } from '../sandbox/psa-apis/ninjaone.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { REFRESH_TOKEN } from '../sandbox/vendor-apis/ninjaone/instance.ts';
import ninjaoneDevices from '../sandbox/vendor-apis/ninjaone.ts';
import { psaContract } from './contract.ts';
import { atOnce, bench, FILES, markerStore, NAMES, RUN_KEY } from './psa-rig.ts';

psaContract({
  psa: ninjaone,
  make: (msp, now) => ninjaoneServer(msp, now),
  badSecret: {
    baseUrl: 'https://eu.ninjarmm.com',
    clientId: 'Qm9yZWFsaXM-northwind',
    clientSecret: 'not-the-client-secret',
  },
  boards: ['"Finance" (3)', '"Default" (1)'],
  extra: { members: { status: '6000' }, status: 'Closed', kept: ['subject', 'clientId'] },
  threePages: 2100,
  title: `Billing Reconciliation [${RUN_KEY}]`,
  readsCompanies: ({ path }) => path === '/v2/organizations',
  isCreate: ({ method, path }) => method === 'POST' && path === '/v2/ticketing/ticket',
  link: (id) => `https://eu.ninjarmm.com/#/ticketing/ticket/${id}`,
});

const at = (habits: Partial<NinjaHabits> = {}, before?: Parameters<typeof bench>[2]) =>
  bench(
    ninjaone,
    (now) => {
      const server = ninjaoneServer(demoMsp(), now);
      Object.assign(server.habits, habits);
      return server;
    },
    before,
  );

const sent = (requests: readonly SandboxRequest[]): unknown =>
  JSON.parse(
    Buffer.from(
      requests.find(({ method, path }) => method === 'POST' && path === '/v2/ticketing/ticket')?.body ?? [],
    ).toString(),
  );
const runs = (requests: readonly SandboxRequest[]) => requests.filter(({ path }) => path.endsWith('/run'));

test('names become what the API takes, and nobody is mailed', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, type: 'service request', contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject({
    clientId: 5,
    ticketFormId: 3,
    subject: `Billing Reconciliation [${RUN_KEY}]`,
    status: '1000',
    type: 'SERVICE_REQUEST',
    priority: 'LOW',
    requesterUid: '5b0f7c1e-0000-4000-8000-000000000001',
    description: { public: false },
    tags: ['billing', RUN_KEY],
  });
});

test('what the ticket leaves out comes from the integration, then from NinjaOne', async () => {
  const { open, order, requests } = at();
  const bare = { ...order, ticket: { companyId: '5' } };
  await createTicket(open({ configuration: { boardId: 3 } }), bare, markerStore().markers);
  expect(sent(requests)).toMatchObject({ ticketFormId: 1, status: '1000', tags: [order.runKey] });
  const configured = at();
  const configuration = {
    boardId: 3,
    ticketFormId: 3,
    status: 'Open',
    ticketType: 'TASK',
    priority: 'high',
    severity: 'MINOR',
    requesterUid: '5b0f7c1e-0000-4000-8000-000000000002',
    assignedAppUserId: 7,
  };
  await createTicket(configured.open({ configuration }), bare, markerStore().markers);
  expect(sent(configured.requests)).toMatchObject({
    ...{ ticketFormId: 3, status: '2000', type: 'TASK', priority: 'HIGH', severity: 'MINOR' },
    ...{ requesterUid: '5b0f7c1e-0000-4000-8000-000000000002', assignedAppUserId: 7 },
  });
});

test('unknown names list the valid ones', async () => {
  const { open, order } = at();
  const wanting = (members: object, configuration?: object) =>
    createTicket(
      open(configuration === undefined ? {} : { configuration }),
      { ...order, ticket: { ...order.ticket, ...members } },
      markerStore().markers,
    );
  await expect(wanting({ status: 'Waiting' })).rejects.toThrow(/ticket\.status.*"Open" \(2000\)/u);
  await expect(wanting({ type: 'Bug' })).rejects.toThrow(/ticket\.type.*"change request" \(CHANGE_REQUEST\)/u);
  await expect(wanting({ priority: 'Critical' })).rejects.toThrow(/ticket\.priority.*"high" \(HIGH\)/u);
  await expect(wanting({ board: 'Old form' })).rejects.toThrow(/ticket\.board/u);
  await expect(wanting({ contactEmail: 'x@northwind.example' })).rejects.toThrow(/no user or contact has x@/u);
  await expect(wanting({ companyId: 'Northwind' })).rejects.toThrow(/ticket\.companyId.*expected the number/u);
  await expect(wanting({}, { boardId: 9 })).rejects.toThrow(
    /integrations\.ninjaone\.boardId.*no board 9.*"All tickets" \(3\)/u,
  );
  await expect(wanting({ board: null }, { boardId: 3, ticketFormId: 9 })).rejects.toThrow(
    /integrations\.ninjaone\.ticketFormId.*"Finance" \(3\)/u,
  );
});

test("a refused ticket reports NinjaOne's reason", async () => {
  const { open, order } = at();
  const ticket = { ...order.ticket, companyId: 999_999 };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('clientId is not an organization'),
  });
});

test.each<[string, Partial<NinjaHabits>]>([
  ['searches nothing', { searches: 'nothing' }],
  ['does not show the subject', { showsSubject: false }],
  ['does not know the fields that are sorted and filtered by', { knowsFields: false }],
])('a board that %s still finds the ticket after a lost answer', async (_, habits) => {
  const { deliver, server } = at(habits);
  server.mishap({ at: 'create', when: 'after', answer: { status: 500, body: 'Internal Server Error' } });
  await deliver();
  expect(server.tickets()).toHaveLength(1);
});

test('an instance that serves no lists gets numbers as they were written, and the parents of its statuses', async () => {
  const { open, order, deliver, requests } = at({}, ({ method, path }) =>
    method === 'GET' && /ticket-form|statuses|log-entry/u.test(path) ? { status: 404 } : undefined,
  );
  const ticket = { ...order.ticket, board: null, status: 'open' };
  const configuration = { boardId: '3', ticketFormId: '3', assignedAppUserId: null, tags: null };
  await createTicket(open({ configuration }), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject({ ticketFormId: 3, status: '2000', tags: [order.runKey] });
  expect(await deliver()).toMatchObject({ ticket: { created: false }, files: { attached: true } });
  const named = { ...order, runKey: 'another' };
  await expect(createTicket(open({ configuration }), named, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('ticket.board'),
  });
});

test('a ticket that was deleted is gone, although it can be read', async () => {
  let isDeleted = false;
  const { open, order } = at({}, ({ method, path }) =>
    isDeleted && method === 'GET' && /\/ticketing\/ticket\/\d+$/u.test(path)
      ? { status: 200, body: { id: 10412, subject: order.title, deleted: true } }
      : undefined,
  );
  const { ticketId } = atOnce(await createTicket(open(), order, markerStore().markers));
  expect(await open().isGone(ticketId)).toBe(false);
  isDeleted = true;
  expect(await open().isGone(ticketId)).toBe(true);
});

test('a board may name the column of ids as it likes, and show tickets that are gone', async () => {
  const { open, order, requests } = at({}, ({ path }) =>
    path.endsWith('/run')
      ? { status: 200, body: { data: [{ 'Ticket ID': 9 }, { 'Ticket ID': '10412' }], metadata: { lastCursorId: 0 } } }
      : undefined,
  );
  await expect(open().find(order)).resolves.toBeUndefined();
  const { ticketId } = atOnce(await createTicket(open(), order, markerStore().markers));
  expect(await open().find(order)).toBe(ticketId);
  expect(requests.some(({ path }) => path.endsWith('/ticket/9'))).toBe(true);
});

test.each([
  [
    'shows no ids',
    (server: { tickets(): readonly { title: string }[] }) => server.tickets().map(({ title }) => ({ title })),
  ],
  ['shows its first hundred in an order of its own', () => Array.from({ length: 100 }, (_, id) => ({ id: id + 1 }))],
])('a board that %s proves nothing: a lost ticket is not made again, which is reported', async (_, rows) => {
  const made = at({}, ({ path, body }) => {
    if (!path.endsWith('/run')) return undefined;
    const asked = JSON.parse(Buffer.from(body).toString());
    if (asked.sortBy !== undefined) return { status: 400, body: { errorMessage: 'unknown field' } };
    return { status: 200, body: { data: asked.searchCriteria === undefined ? rows(made.server) : [] } };
  });
  made.server.mishap({ at: 'create', when: 'after', answer: { status: 500, body: 'Internal Server Error' } });
  await expect(made.deliver()).rejects.toThrow('not known whether NinjaOne made the ticket');
  expect(made.server.tickets()).toHaveLength(1);
});

test('without a board too, a refused ticket that was fixed is made under the same run id', async () => {
  const { open, order, ticket, server } = at();
  const wrong = { ...order, ticket: { ...order.ticket, companyId: 999_999 } };
  const blind = () => open({ configuration: {} });
  await expect(createTicket(blind(), wrong, ticket.markers)).rejects.toThrow('clientId is not an organization');
  expect(await createTicket(blind(), order, ticket.markers)).toMatchObject({ created: true });
  expect(server.tickets()).toHaveLength(1);
});

test("tags of extra are added to the run's own", async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, extra: { tags: ['monthly'] } };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject({ tags: ['monthly', order.runKey] });
});

test('a ticket by hand of the same title, and one of another organization, are not the run’s own', async () => {
  const { open, order } = at();
  expect(await open().find(order)).toBeUndefined();
  await createTicket(open(), { ...order, ticket: { ...order.ticket, companyId: 11 } }, markerStore().markers);
  expect(await open().find(order)).toBeUndefined();
});

test('without a board the own record serves; a ticket whose answer is lost is not made again, which is reported', async () => {
  const { open, order, ticket, server, requests } = at();
  const blind = () => open({ configuration: {} });
  const first = atOnce(await createTicket(blind(), order, ticket.markers));
  expect(await createTicket(blind(), order, ticket.markers)).toEqual({ ...first, created: false });
  expect(runs(requests)).toHaveLength(0);

  const { markers } = markerStore();
  server.mishap({ at: 'create', when: 'after', answer: { status: 500, body: 'Internal Server Error' } });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(createTicket(blind(), order, markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(
        /not known whether NinjaOne made the ticket.*remove runs\/1\/delivery\/ticket\.json/u,
      ),
    });
  }
  expect(server.tickets()).toHaveLength(2);
});

test('the comment part is JSON, the comment is private, and an empty answer is one', async () => {
  const { deliver, requests } = at();
  await deliver();
  const comments = requests.filter(({ path }) => path.endsWith('/comment'));
  expect(comments).toHaveLength(2);
  const text = Buffer.from(comments[0]?.body ?? []).toString();
  expect(text).toMatch(/name="comment"\r\nContent-Type: application\/json\r\n\r\n\{"public":false/u);
  expect(text).toContain(`[billing-count file=${NAMES[0]} size=${FILES[0]?.bytes.byteLength}]`);
});

test('a file whose name is odd is known again', async () => {
  const { open, order, server } = at();
  const { ticketId } = atOnce(await createTicket(open(), order, markerStore().markers));
  const file = { name: `März (1)'s "x"] %41.csv`, bytes: Buffer.from('a'), contentType: 'text/csv' };
  await open().attach(ticketId, file);
  expect(await open().attachments(ticketId)).toEqual([{ name: file.name, size: 1 }]);
  expect(server.tickets()).toHaveLength(1);
});

test('where comments cannot be listed, files go up once and are believed', async () => {
  const { deliver, server } = at({ logFails: true });
  expect((await deliver()).files.attached).toBe(true);
  await deliver();
  expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
});

test('where comments cannot be listed and an answer is lost, nothing is sent again, which is reported', async () => {
  const { open, order, server } = at({ logFails: true });
  const ticket = atOnce(await createTicket(open(), order, markerStore().markers));
  const { markers } = markerStore();
  server.mishap({ at: 'attach', when: 'after', answer: { status: 200, fault: 'silence' } });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(attachFiles(open(), ticket, FILES, markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(/report-[0-9a-f]{8}\.csv.* may or may not be attached to ticket 10412/u),
    });
  }
  expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual([NAMES[0]]);
});

test("a person's token comes from the refresh token", async () => {
  const { open, order, server, requests } = at();
  const secret = { ...server.secret, refreshToken: REFRESH_TOKEN };
  expect(await open({ secret }).find(order)).toBeUndefined();
  const asked = requests.find(({ path }) => path === '/ws/oauth/token');
  expect(Buffer.from(asked?.body ?? []).toString()).toContain('grant_type=refresh_token');
});

test('counting and ticketing take the same secret and the same member of report.json', () => {
  const { server } = at();
  const body = {
    secret: { ...server.secret, refreshToken: REFRESH_TOKEN },
    configuration: { boardId: 3, ticketFormId: 3, status: 'New', ticketType: 'Task', tags: ['billing'] },
  };
  const context = {
    asOf: '2026-11-22T06:30:00Z',
    timeZone: 'UTC',
    mapped: [],
    keepSecret: async () => undefined,
    lockSecret: () => Promise.reject(new Error('not asked for')),
  };
  expect(() => counting.open(body, context)).not.toThrow();
  expect(() => ninjaone.check(body)).not.toThrow();
  const bare = { secret: server.secret, configuration: {} };
  expect(() => counting.open(bare, context)).not.toThrow();
  expect(() => ninjaone.check(bare)).not.toThrow();
});

test('the two servers of the instance share host and tokens', async () => {
  const msp = demoMsp();
  const [devices, tickets] = [ninjaoneDevices(msp), ninjaoneServer(msp)];
  const wire = inProcess([devices, tickets]);
  const ask = async (method: 'GET' | 'POST', path: string, headers: Record<string, string>, body = '') => {
    const url = new URL(`https://eu.ninjarmm.com${path}`);
    const answer = await wire({ method, url, headers, body }, new AbortController().signal);
    return { status: answer.status, body: JSON.parse(Buffer.from(answer.body).toString() || 'null') };
  };
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: String(devices.secret.clientId),
    client_secret: String(devices.secret.clientSecret),
    scope: 'monitoring',
  });
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token } = (await ask('POST', '/ws/oauth/token', type, String(form))).body;
  const headers = { authorization: `Bearer ${access_token}` };
  expect((await ask('GET', '/v2/devices?pageSize=1', headers)).body).toHaveLength(1);
  expect((await ask('GET', '/v2/ticketing/statuses', headers)).body).toHaveLength(3);
  expect(await ask('POST', '/v2/ticketing/ticket', headers)).toMatchObject({ status: 403 });
});
