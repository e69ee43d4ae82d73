import { expect, test } from 'vitest';
import { attachFiles } from '../../lambdas/psa/delivery/attachments.ts';
import { listCompanies } from '../../lambdas/psa/delivery/companies.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import superOps from '../../lambdas/psa/superops.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import superOpsServer, { type SandboxSuperOps, type SuperOpsHabits } from '../sandbox/psa-apis/superops.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { psaContract } from './contract.ts';
import { atOnce, bench, FILES, markerStore, NAMES, RUN_KEY } from './psa-rig.ts';

const textOf = ({ body }: SandboxRequest) => Buffer.from(body).toString();

psaContract({
  psa: superOps,
  make: (msp, now) => superOpsServer(msp, now),
  badSecret: { apiToken: 'not-the-api-token', subDomain: 'northwind' },
  boards: ['"Billing" (3928838372746169098)', '"Network" (3928838372746169099)'],
  extra: { members: { status: 'Closed' }, status: 'Closed', kept: ['subject', 'client'] },
  threePages: 210,
  title: `Billing Reconciliation [${RUN_KEY}]`,
  readsCompanies: (request) => textOf(request).includes('getClientList'),
  spellings: (id) => [id, ` ${id} `],
  isCreate: (request) => textOf(request).includes('createTicket(input'),
  link: (id) => `https://northwind.superops.ai/#/tickets/${id}/ticket`,
});

function at(habits: Partial<SuperOpsHabits> = {}, before?: Parameters<typeof bench>[2]) {
  const made: { server?: SandboxSuperOps } = {};
  const joined = bench(
    superOps,
    (now) => {
      const server = superOpsServer(demoMsp(), now);
      Object.assign(server.habits, habits);
      made.server = server;
      return server;
    },
    before,
  );
  if (made.server === undefined) throw new Error('the bench made no server');
  return { ...joined, cloud: made.server };
}

const input = (requests: readonly SandboxRequest[], field: string): Record<string, unknown> => {
  const request = requests.find((sent) => textOf(sent).includes(`${field}(input`));
  return Object(Object(JSON.parse(request === undefined ? '{}' : textOf(request))).variables).input;
};
const faults = (...clientError: object[]) => ({
  status: 200,
  body: { errors: [{ message: null, path: ['x'], extensions: { clientError } }], data: { x: null } },
});

test('ticket and files appear together: two uploads, one create call, no note', async () => {
  const { deliver, requests, cloud } = at();
  await deliver();
  expect(requests.filter(({ path }) => path === '/upload')).toHaveLength(2);
  expect(cloud.noted()).toEqual([]);
  expect(input(requests, 'createTicket')).toMatchObject({
    subject: `Billing Reconciliation [${RUN_KEY}]`,
    client: { accountId: '6112345678900000002' },
    source: 'INTEGRATION',
    status: 'Open',
    priority: 'Low',
    requestType: 'Service Request',
    techGroup: { groupId: '3928838372746169098' },
    subSource: 'billing-count-report',
    sourceReferenceId: RUN_KEY,
    descriptionAttachments: [
      { originalFileName: NAMES[0], fileSize: String(FILES[0]?.bytes.byteLength) },
      { originalFileName: NAMES[1] },
    ],
  });
});

test('a ticket that is there without the files gets them in private notes, once, whatever becomes of the answer', async () => {
  const { open, order, server, cloud } = at();
  const ticket = atOnce(await createTicket(open(), order, markerStore().markers));
  server.mishap({ at: 'attach', when: 'after', answer: { status: 500, body: 'Internal Server Error' } });
  const files = await attachFiles(open(), ticket, FILES, markerStore().markers);
  expect(files.attached).toBe(true);
  expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
  expect(cloud.noted()).toHaveLength(2);
});

test('a conversation that comes alone is read like a list of one', async () => {
  const { deliver, cloud } = at({ loneConversation: true });
  expect((await deliver()).files.attached).toBe(true);
  expect(cloud.noted()).toEqual([]);
});

for (const tells of ['notes', 'nothing'] as const) {
  test(`files of a new ticket are believed to be there if SuperOps lists ${tells === 'notes' ? 'only those of notes' : 'none'}`, async () => {
    const { deliver, cloud, clock } = at({ tells });
    expect((await deliver()).files.attached).toBe(true);
    expect(cloud.noted()).toEqual([]);
    expect(cloud.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
    expect(clock.elapsed()).toBe(0);
  });
}

test('a ticket of an earlier plan, found with an empty conversation, gets the files in notes', async () => {
  const { open, order, cloud } = at({ tells: 'notes' });
  await createTicket(open(), order, markerStore().markers);
  const ticket = atOnce(await createTicket(open(), order, markerStore().markers));
  expect(ticket.created).toBe(false);
  expect((await attachFiles(open(), ticket, FILES, markerStore().markers)).attached).toBe(true);
  expect(cloud.noted()).toHaveLength(2);
});

test('a requester who cannot be looked up is left out', async () => {
  const { open, order, requests } = at({}, (request) =>
    textOf(request).includes('getClientUserList') ? faults({ code: 'forbidden' }) : undefined,
  );
  const ticket = { ...order.ticket, contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(input(requests, 'createTicket')).not.toHaveProperty('requester');
});

test('a ticket is found whatever creation time it bears, and none at all', async () => {
  for (const createdTime of ['2020-11-01T02:00:09', null]) {
    const { open, order } = at({}, (request) =>
      textOf(request).includes('getTicketList')
        ? {
            status: 200,
            body: {
              data: {
                getTicketList: {
                  tickets: [
                    { ticketId: '1', createdTime, subject: `Billing Reconciliation [${order.runKey}-2]` },
                    { ticketId: '2', createdTime, subject: 'Printer is on fire', client: null },
                    {
                      ticketId: '3',
                      createdTime,
                      subject: `Billing Reconciliation [${order.runKey}]`,
                      client: { accountId: order.ticket.companyId, name: 'x' },
                    },
                  ],
                  listInfo: { page: 1, pageSize: 100, hasMore: false, totalCount: '3' },
                },
              },
            },
          }
        : undefined,
    );
    expect(await open().find(order)).toBe('3');
  }
});

test('errors of another shape are errors all the same', async () => {
  const { open, order } = at({}, () => ({ status: 200, body: { errors: 'no such thing', data: null } }));
  await expect(open().find(order)).rejects.toMatchObject({ name: 'VendorContractError' });
});

for (const filter of ['is ignored', 'is refused'] as const) {
  test(`where the filter on the title ${filter}, the run's ticket is found all the same and no other`, async () => {
    const { open, order } = at({ filter });
    expect(await open().find(order)).toBeUndefined();
    const { ticketId } = atOnce(await createTicket(open(), order, markerStore().markers));
    expect(await open().find(order)).toBe(ticketId);
    expect(await open().find({ ...order, runKey: order.runKey.slice(0, -1) })).toBeUndefined();
  });
}

test('tickets before the run are not read to the end', async () => {
  const { open, order, requests } = at({ filter: 'is ignored' });
  const later = { ...order, asOf: '2027-11-22T06:30:00Z' };
  await open().find(later);
  expect(requests).toHaveLength(1);
});

test('a refusal that comes with HTTP 200 is reported by code and attributes, and nothing is sent again', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, type: 'Complaint' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('referred_value_does_not_exist (requestType)'),
  });
  expect(requests.filter((request) => textOf(request).includes('createTicket(input'))).toHaveLength(1);
});

test('a limit that comes with HTTP 200 is waited out, for a create call too', async () => {
  let refusals = 2;
  const { open, order, server, clock } = at({}, (request) => {
    if (!textOf(request).includes('createTicket(input') || refusals === 0) return undefined;
    refusals -= 1;
    return faults({ code: 'rate_limit_exceeded' });
  });
  await createTicket(open(), order, markerStore().markers);
  expect(server.tickets()).toHaveLength(1);
  expect(clock.elapsed()).toBeGreaterThanOrEqual(60_000);
});

for (const code of ['forbidden', 'subscription_paused']) {
  test(`"${code}" with HTTP 200 is refused credentials`, async () => {
    const { open, order } = at({}, () => faults({ code, param: null }));
    await expect(open().find(order)).rejects.toMatchObject({ name: 'VendorAuthError' });
  });
}

test('an answer of HTTP 200 whose list is null is not an empty list', async () => {
  const { open, order } = at({}, () => ({ status: 200, body: { data: { getTicketList: null } } }));
  await expect(open().find(order)).rejects.toMatchObject({ name: 'VendorContractError' });
});

test('the error for a subdomain that is not its own names it', async () => {
  const { open, order, server } = at();
  await expect(open({ secret: { ...server.secret, subDomain: 'elsewhere' } }).find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
    message: expect.stringContaining('subDomain in secrets/superops.json'),
  });
});

test('a web page with the status of a wrong subdomain says nothing of the subdomain', async () => {
  const page = { status: 400, headers: { 'content-type': 'text/html' }, body: '<html><title>400 Bad Request</title>' };
  const { open, order } = at({}, () => page);
  await expect(open().find(order)).rejects.toMatchObject({
    name: 'VendorContractError',
    message: expect.stringMatching(/^SuperOps POST \/msp: a web page came instead of an API answer \(HTTP 400\)/u),
  });
});

test('an id written as a number has lost its last digits and is refused', async () => {
  const { open, order, requests } = at();
  // As JSON.parse reads 6112345678900000002.
  const ticket = { ...order.ticket, companyId: Number('6112345678900000002') };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toThrow(
    /ticket\.companyId.*write it in quotes/u,
  );
  expect(requests).toHaveLength(0);
});

test('unknown status and priority list the valid ones; a requester is found by e-mail', async () => {
  const { open, order, requests } = at();
  const wanting = (members: object) =>
    createTicket(open(), { ...order, ticket: { ...order.ticket, ...members } }, markerStore().markers);
  await expect(wanting({ status: 'Nowhere' })).rejects.toThrow(/ticket\.status.*"Open" \(1\), "Closed" \(2\)/u);
  await expect(wanting({ priority: 'Nowhere' })).rejects.toThrow(/ticket\.priority.*"High" \(1\), "Low" \(2\)/u);
  await expect(wanting({ contactEmail: 'x@northwind.example' })).rejects.toThrow(/has no user with x@/u);
  await wanting({ contactEmail: 'billing@northwind.example' });
  expect(input(requests, 'createTicket')).toMatchObject({ requester: { userId: '5928838372746169876' } });
});

test('the product for IT teams: sites instead of clients, values from its fields', async () => {
  const { open, order, server, requests } = at();
  const secret = { ...server.secret, product: 'it' };
  const ticket = { ...order.ticket, companyId: '7112345678900000011', status: 'open', priority: null };
  const { ticketId } = atOnce(await createTicket(open({ secret }), { ...order, ticket }, markerStore().markers));
  expect(await open({ secret }).find({ ...order, ticket })).toBe(ticketId);
  expect(input(requests, 'createTicket')).toMatchObject({ site: { id: '7112345678900000011' }, status: 'Open' });
  expect(input(requests, 'createTicket')).not.toHaveProperty('client');
  expect(requests.every(({ path }) => path === '/it')).toBe(true);
  expect(await listCompanies(open({ secret }))).toEqual([{ id: '7112345678900000011', name: 'Head office' }]);
});

test('the list of clients says their mail domains', async () => {
  const { open } = at();
  const companies = await listCompanies(open());
  expect(companies).toContainEqual({ id: expect.any(String), name: 'Alder Dental', domains: ['alder-dental.example'] });
  expect(companies).toContainEqual({ id: expect.any(String), name: 'Northwind MSP', domains: [] });
});

test('Europe has hosts of its own, and a portal may have one', async () => {
  const { server } = at();
  const asked: string[] = [];
  const everywhere = bench(
    superOps,
    () => ({ ...server, answers: () => true }),
    ({ host, path }) => {
      asked.push(`${host}${path}`);
      return undefined;
    },
  );
  const eu = everywhere.open({
    secret: { ...server.secret, region: 'eu' },
    configuration: { webBaseUrl: 'https://help.northwind.example/' },
  });
  await createTicket(eu, { ...everywhere.order, files: FILES }, markerStore().markers);
  expect(new Set(asked)).toEqual(new Set(['euapi.superops.ai/msp', 'euapi.superops.ai/upload']));
  expect(await eu.link('7')).toBe('https://help.northwind.example/#/tickets/7/ticket');
});
