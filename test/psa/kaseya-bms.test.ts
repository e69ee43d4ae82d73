import { expect, test } from 'vitest';
import { attachFiles } from '../../lambdas/psa/delivery/attachments.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import bms from '../../lambdas/psa/kaseya-bms.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import bmsServer, { type BmsHabits } from '../sandbox/psa-apis/kaseya-bms.ts';
import { psaContract } from './contract.ts';
import { atOnce, bench, FILES, markerStore, NAMES } from './psa-rig.ts';

psaContract({
  psa: bms,
  make: (msp, now) => bmsServer(msp, now),
  badSecret: {
    userName: 'billing-bot',
    password: 'not-the-password',
    tenant: 'Northwind MSP Inc',
    apiBaseUrl: 'https://api.bms.kaseya.com',
    ticketModuleId: 3,
  },
  boards: ['"Billing" (9)', '"Level One" (4)'],
  extra: { members: { StatusId: 8 }, status: 'Completed', kept: ['Details', 'AccountId'] },
  threePages: 230,
  readsCompanies: ({ path }) => path === '/v2/crm/accounts/summary',
  isCreate: ({ method, path }) => method === 'POST' && path === '/v2/servicedesk/tickets',
  link: (id) => `https://bms.kaseya.com/react/servicedesk/tickets/${id}`,
});

function at(habits: Partial<BmsHabits> = {}, before?: Parameters<typeof bench>[2]) {
  const made: { server?: ReturnType<typeof bmsServer> } = {};
  const joined = bench(
    bms,
    (now) => {
      const server = bmsServer(demoMsp(), now);
      Object.assign(server.habits, habits);
      made.server = server;
      return server;
    },
    before,
  );
  if (made.server === undefined) throw new Error('the bench made no server');
  return { ...joined, cloud: made.server };
}

const posts = (requests: readonly { method: string; path: string }[], path: string) =>
  requests.filter((request) => request.method === 'POST' && request.path === path);
const sent = (requests: readonly { method: string; path: string; body: Uint8Array }[]): unknown => {
  const create = requests.find(({ method, path }) => method === 'POST' && path === '/v2/servicedesk/tickets');
  return JSON.parse(Buffer.from(create?.body ?? []).toString());
};

test('ticket and files appear together: one create call, no upload afterwards', async () => {
  const { deliver, requests } = at();
  await deliver();
  expect(posts(requests, '/v2/system/attachments/3')).toHaveLength(2);
  expect(posts(requests, '/v2/system/attachments/3/913377')).toHaveLength(0);
  expect(sent(requests)).toMatchObject({
    Title: 'Billing Reconciliation',
    AccountId: 4410,
    LocationId: 5127,
    StatusId: 1,
    PriorityId: 3,
    TypeId: 5,
    SourceId: 7,
    QueueId: 9,
    OpenDate: '2026-11-22T06:30:00Z',
    TempAttachments: [
      { Name: NAMES[0], Alias: 'tmp-1.csv', IsUploadedToBlob: true },
      { Name: NAMES[1], Alias: 'tmp-2.csv', IsUploadedToBlob: true },
    ],
  });
});

test('files that got lost on the way into the ticket are attached afterwards', async () => {
  const { deliver, server, cloud } = at({ losesTempFiles: true });
  const { files } = await deliver();
  expect(files.attached).toBe(true);
  expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
  expect(cloud.strays()).toEqual([]);
});

test('killed while it attaches lost files, it is finished without a second copy', async () => {
  for (const killed of ['after-begin', 'before-record'] as const) {
    const { deliver, attachments, server } = at({ losesTempFiles: true });
    attachments.kill(killed);
    await expect(deliver()).rejects.toThrow('killed');
    await deliver();
    expect(server.tickets()).toHaveLength(1);
    expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
  }
});

test('a file that never shows under the module is not reported as attached', async () => {
  const { open, order, server } = at();
  const secret = { ...server.secret, ticketModuleId: 4 };
  const ticket = atOnce(await createTicket(open({ secret }), { ...order, files: FILES }, markerStore().markers));
  await expect(attachFiles(open({ secret }), ticket, FILES, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('does not list it'),
  });
});

for (const pascal of [false, true]) {
  test(`answers ${pascal ? 'in the document’s PascalCase' : 'in camelCase'} are understood`, async () => {
    const { deliver, server } = at({ pascal });
    expect((await deliver()).ticket.ticketId).toBe(server.tickets()[0]?.id);
  });
}

test('a failure that comes with HTTP 200 is a failure, in the words of BMS', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, type: 99 };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('refused the ticket (HTTP 200): Ticket type is not valid'),
  });
  expect(posts(requests, '/v2/servicedesk/tickets')).toHaveLength(1);
});

test('a list that fails with HTTP 200 is not an empty list', async () => {
  const { open, order, ticket } = at({}, ({ method, path }) =>
    method === 'POST' && path === '/v2/servicedesk/tickets/search'
      ? { status: 200, body: { success: false, error: { code: 5, message: 'The search is down' }, result: null } }
      : undefined,
  );
  await expect(createTicket(open(), order, ticket.markers)).rejects.toMatchObject({
    name: 'VendorContractError',
    message: expect.stringContaining('The search is down'),
  });
});

test.each([
  { message: 'The database is busy', gone: undefined },
  { message: 'Ticket could not be found', gone: true },
])('a ticket is gone only if BMS says so: "$message"', async ({ message, gone }) => {
  const made = at({}, ({ path }) =>
    path === '/v2/servicedesk/tickets/77'
      ? { status: 200, body: { success: false, error: { code: 5, message }, result: null } }
      : undefined,
  );
  const outcome = made.open().isGone('77');
  if (gone === true) await expect(outcome).resolves.toBe(true);
  else await expect(outcome).rejects.toMatchObject({ message: expect.stringContaining(message) });
});

test('a ticket that the search no longer shows is not made again while BMS cannot read it', async () => {
  let isRenamed = false;
  const { open, order, ticket, server } = at({}, ({ path }) => {
    if (!isRenamed || !path.startsWith('/v2/servicedesk/tickets/')) return undefined;
    if (path.endsWith('/search')) return { status: 200, body: { success: true, result: [], totalRecords: 0 } };
    return { status: 200, body: { success: false, error: { code: 5, message: 'The database is busy' }, result: null } };
  });
  await createTicket(open(), order, ticket.markers);
  isRenamed = true;
  await expect(createTicket(open(), order, ticket.markers)).rejects.toThrow('The database is busy');
  expect(server.tickets()).toHaveLength(1);
});

test('a refused file reports the reason and names the module', async () => {
  const { open } = at({}, ({ path }) =>
    path.startsWith('/v2/system/attachments/')
      ? { status: 200, body: { success: false, error: { message: 'No such module' } } }
      : undefined,
  );
  const file = { name: 'report.csv', bytes: Buffer.from('a'), contentType: 'text/csv' };
  await expect(open().attach('1', file)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/No such module.*ticketModuleId/u),
  });
});

for (const status of [200, 401]) {
  test(`a token that ended before its time (HTTP ${status}) is renewed within the call`, async () => {
    let refusals = 1;
    const { open, order, requests } = at({}, ({ path }) => {
      if (path !== '/v2/servicedesk/tickets/search' || refusals === 0) return undefined;
      refusals -= 1;
      return { status, body: { success: false, error: { code: 978001, message: 'Security Error' }, result: null } };
    });
    expect(await open().find(order)).toBeUndefined();
    expect(posts(requests, '/v2/security/authenticate')).toHaveLength(2);
  });
}

test('a token is valid until the time that BMS gives, which has no zone', async () => {
  const seconds = 200;
  const { open, order, clock, requests, cloud } = at({}, (request) => {
    if (request.path !== '/v2/security/authenticate') return undefined;
    const { body } = cloud.handle(request);
    const accessTokenExpireOn = new Date(clock.now() + seconds * 1000).toISOString().replace('Z', '');
    const result = { ...Object(Object(body).result), accessTokenExpireOn };
    return { status: 200, body: { success: true, error: null, result } };
  });
  const opened = open();
  await opened.find(order);
  await clock.sleep(90_000);
  await opened.find(order);
  expect(posts(requests, '/v2/security/authenticate')).toHaveLength(1);
  await clock.sleep(20_000);
  await opened.find(order);
  expect(posts(requests, '/v2/security/authenticate')).toHaveLength(2);
});

test("tickets of equal title by hand, replies and earlier ones are not the run's own; closed ones are looked at", async () => {
  const { open, order, requests } = at();
  expect(await open().find(order)).toBeUndefined();
  const asked = requests.find(({ path }) => path === '/v2/servicedesk/tickets/search');
  expect(JSON.parse(Buffer.from(asked?.body ?? []).toString())).toEqual({
    PageSize: 100,
    PageNumber: 1,
    Filter: { Title: 'Billing Reconciliation', AccountIds: '4410', ExcludeCompleted: 0 },
  });
});

test('a run is found again long after it was delivered, when its own moment is another', async () => {
  const { deliver, open, order } = at();
  const { ticket } = await deliver();
  expect(await open().find({ ...order, asOf: '2027-12-31T06:30:00Z' })).toBe(ticket.ticketId);
});

test('a server without the search by POST is asked by GET', async () => {
  const { deliver, open, order, server } = at({ lacks: ['POST /v2/servicedesk/tickets/search'] });
  const { ticket } = await deliver();
  expect(await open().find(order)).toBe(ticket.ticketId);
  expect(server.tickets()).toHaveLength(1);
});

test('a server that takes no files with the ticket gets them afterwards', async () => {
  const { deliver, server } = at({}, ({ method, path }) =>
    method === 'POST' && path === '/v2/system/attachments/3' ? { status: 404 } : undefined,
  );
  expect((await deliver()).files.attached).toBe(true);
  expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
});

test('lists that come whole and without a total are read once: nothing is made twice', async () => {
  const { deliver, open, order, server } = at({ ignoresPages: true });
  const { ticket } = await deliver();
  const again = atOnce(await createTicket(open(), order, markerStore().markers));
  await attachFiles(open(), again, FILES, markerStore().markers);
  expect(again.ticketId).toBe(ticket.ticketId);
  expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
});

test('source, type, status, queue and location may all come through extra, and nothing is looked up for them', async () => {
  const { open, order, requests, server } = at();
  const extra = { SourceId: 7, TypeId: 6, StatusId: 8, PriorityId: 2, QueueId: 4, LocationId: 5126 };
  const ticket = { companyId: '4410', extra };
  await createTicket(open({ configuration: {} }), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject(extra);
  expect(server.tickets()).toHaveLength(1);
  expect(requests.filter(({ path }) => path.endsWith('/lookup'))).toEqual([]);
});

test('what is not configured is left to BMS, whose refusal is reported with what may be missing', async () => {
  const { open, order } = at();
  await expect(
    createTicket(open({ configuration: {} }), { ...order, ticket: { companyId: '4410' } }, markerStore().markers),
  ).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/StatusId is required.*ticket\.board: .*"Level One" \(4\).*no "SourceId" is set/u),
  });
});

test('without the right to look up, ids are sent unchanged, names are refused, and the text says who was not found', async () => {
  const lacks = ['GET /v2/system/statuses', 'GET /v2/system/queues', 'GET /v2/crm/accounts/4410/contacts'];
  const { open, order, requests, server } = at({ lacks });
  const byId = { ...order.ticket, status: '1', board: 9, contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket: byId }, markerStore().markers);
  expect(sent(requests)).toMatchObject({ StatusId: 1, QueueId: 9 });
  expect(server.tickets()[0]?.description).toContain('The contact billing@northwind.example could not be looked up');
  const other = { ...order, runKey: 'billing-count:other' };
  await expect(createTicket(open(), other, markerStore().markers)).rejects.toThrow(/ticket\.status.*give the number/u);
});

test('refused credentials may come with an error that is a mere text', async () => {
  const { open, order } = at({}, ({ path }) =>
    path === '/v2/security/authenticate'
      ? { status: 200, body: { success: false, error: 'Wrong', result: null } }
      : undefined,
  );
  await expect(open().find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
    message: expect.stringContaining('(Wrong)'),
  });
});

test('where the list leaves the text out, the ticket itself is read', async () => {
  const { deliver, open, order } = at({ hidesDetails: true });
  const { ticket } = await deliver();
  expect(await open().find(order)).toBe(ticket.ticketId);
});

test('what BMS demands and the configuration leaves out is asked for with the names there are', async () => {
  const { open, order } = at();
  const wanting = (members: object) =>
    createTicket(open(), { ...order, ticket: { ...order.ticket, ...members } }, markerStore().markers);
  await expect(wanting({ board: null })).rejects.toThrow(/ticket\.board.*"Level One" \(4\)/u);
  await expect(wanting({ board: 'Closed Desk' })).rejects.toThrow(/there is no "Closed Desk"/u);
  await expect(wanting({ status: null })).rejects.toThrow(/ticket\.status.*"New" \(1\), "Completed" \(8\)/u);
  await expect(wanting({ status: 'Closed' })).rejects.toThrow(/"New" \(1\)/u);
  await expect(wanting({ type: 'Service Request' })).rejects.toThrow(/ticket\.type.*expected the number/u);
  await expect(wanting({ companyId: 'Northwind' })).rejects.toThrow(/ticket\.companyId.*expected the number/u);
  await expect(wanting({ companyId: 90001 })).rejects.toThrow(/90001 has no main location/u);
  await expect(wanting({ contactEmail: 'nobody@northwind.example' })).rejects.toThrow(/has no contact with nobody@/u);
});

test('an assignee of extra replaces the queue, and a contact is found by e-mail', async () => {
  const { open, order, requests } = at();
  const members = { board: null, contactEmail: 'billing@northwind.example', extra: { AssigneeId: 44 } };
  await createTicket(open(), { ...order, ticket: { ...order.ticket, ...members } }, markerStore().markers);
  expect(sent(requests)).toMatchObject({ AssigneeId: 44, ContactId: 801 });
  expect(sent(requests)).not.toHaveProperty('QueueId');
});

test('the web address follows from that of the API if it is not given', async () => {
  const { open, server } = at();
  const { webBaseUrl: _, ...secret } = server.secret;
  const emea = { ...secret, apiBaseUrl: 'https://api.bmsemea.kaseya.com/' };
  expect(await open({ secret: emea }).link('7')).toBe('https://bmsemea.kaseya.com/react/servicedesk/tickets/7');
});
