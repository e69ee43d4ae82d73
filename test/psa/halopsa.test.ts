import { expect, test } from 'vitest';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import halo from '../../lambdas/psa/halopsa.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import haloServer, { type HaloHabits } from '../sandbox/psa-apis/halopsa.ts';
import { psaContract } from './contract.ts';
import { bench, markerStore, NAMES } from './psa-rig.ts';

psaContract({
  psa: halo,
  make: (msp, now) => haloServer(msp, now),
  badSecret: {
    baseUrl: 'https://northwind.halopsa.com',
    clientId: '3a6f1f40-demo-halo-client',
    clientSecret: 'not-the-client-secret',
  },
  boards: ['"Finance" (3)', '"1st Line Support" (4)'],
  extra: { members: { status_id: 9 }, status: 'Closed', kept: ['details_html', 'client_id'] },
  threePages: 210,
  isCreate: ({ method, path }) => method === 'POST' && path === '/api/Tickets',
  link: (id) => `https://northwind.halopsa.com/tickets?id=${id}`,
});

const at = (habits: Partial<HaloHabits> = {}, before?: Parameters<typeof bench>[2]) => {
  const joined = bench(
    halo,
    (now) => {
      const server = haloServer(demoMsp(), now);
      Object.assign(server.habits, habits);
      return server;
    },
    before,
  );
  return joined;
};

const created = (requests: readonly { method: string; path: string; body: Uint8Array }[]): unknown => {
  const create = requests.find(({ method, path }) => method === 'POST' && path === '/api/Tickets');
  return JSON.parse(Buffer.from(create?.body ?? []).toString());
};

for (const attachesBy of ['ticket_id', 'faultid'] as const) {
  test(`an instance that finds an attachment's ticket by ${attachesBy} gets the files`, async () => {
    const { deliver, server } = at({ attachesBy });
    await deliver();
    expect(server.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
  });
}

test('every body that creates is an array, and an answer may be one too', async () => {
  const { deliver, requests, server } = at({ answersArrays: true });
  const { ticket } = await deliver();
  expect(ticket.ticketId).toBe(server.tickets()[0]?.id);
  const posts = requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/'));
  expect(posts).toHaveLength(3);
  for (const { body } of posts) expect(JSON.parse(Buffer.from(body).toString())).toHaveLength(1);
});

test('a file that is stored with another size is not reported as delivered', async () => {
  const { deliver } = at({ storesBase64: true });
  await expect(deliver()).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/holds report-[0-9a-f]{8}\.csv on ticket 50312 with \d+ bytes, but \d+ were sent/u),
  });
});

test("tickets of equal title by hand, of other clients and of other months are not the run's own", async () => {
  const { open, order, requests } = at();
  expect(await open().find(order)).toBeUndefined();
  const read = requests.flatMap(({ path }) => /\/Tickets\/(\d+)$/u.exec(path)?.[1] ?? []);
  expect(read).toEqual(['40003', '40001']);
});

test('a run is found again long after it was delivered, when its own moment is another', async () => {
  const { deliver, open, order } = at();
  const { ticket } = await deliver();
  expect(await open().find({ ...order, asOf: '2027-12-31T06:30:00Z' })).toBe(ticket.ticketId);
});

test('priorities and users may be bare tables of ids and names', async () => {
  const { open, order, requests } = at({}, ({ method, path }) => {
    if (method !== 'GET') return undefined;
    if (path === '/api/Priority') return { status: 200, body: [{ id: 3, name: 'Medium' }] };
    return path === '/api/Users'
      ? { status: 200, body: [{ id: 501, emailaddress: 'billing@northwind.example', site_id: 18 }] }
      : undefined;
  });
  const ticket = { ...order.ticket, contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(created(requests)).toMatchObject([{ priority_id: 3, user_id: 501, site_id: 18 }]);
});

test('without the right to the tables, ids and the team are sent unchanged, and other names are refused', async () => {
  const { open, order, requests } = at({}, ({ method, path }) =>
    method === 'GET' && /\/(TicketType|Status|Priority|Team)$/u.test(path) ? { status: 403, body: 'no' } : undefined,
  );
  const ticket = { ...order.ticket, type: '29', status: 1, priority: 3 };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(created(requests)).toMatchObject([{ tickettype_id: 29, status_id: 1, priority_id: 3, team: 'Finance' }]);
  const other = { ...order, runKey: 'billing-count:other' };
  await expect(createTicket(open(), other, markerStore().markers)).rejects.toThrow(/ticket\.type.*give the number/u);
});

test('addresses may be written as Halo shows them', async () => {
  const { open, order, server } = at();
  const secret = { ...server.secret, baseUrl: 'https://northwind.halopsa.com/api' };
  for (const authUrl of ['https://northwind.halopsa.com/auth/', 'https://northwind.halopsa.com/auth/token']) {
    expect(await open({ secret: { ...secret, authUrl } }).find(order)).toBeUndefined();
  }
  expect(await open({ secret }).link('7')).toBe('https://northwind.halopsa.com/tickets?id=7');
});

test('where the address does not name the tenant, the token request does; without it the error explains that', async () => {
  const server = haloServer(demoMsp());
  const { open, order } = at();
  const { baseUrl, tenant } = server.shared;
  const secret = { ...server.secret, baseUrl };
  expect(await open({ secret: { ...secret, tenant } }).find(order)).toBeUndefined();
  await expect(open({ secret }).find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
    message: expect.stringContaining('secrets/halopsa.json needs "tenant"'),
  });
});

test('priorities that are listed once per SLA are one choice', async () => {
  const { open, order, requests } = at();
  await createTicket(open(), order, markerStore().markers);
  expect(created(requests)).toMatchObject([
    { tickettype_id: 29, status_id: 1, priority_id: 3, team: 'Finance', client_id: 2 },
  ]);
});

test("a priority is that of the SLA of the ticket's type; without a type its name may mean several", async () => {
  const { open, order, requests } = at();
  const of = (type: string | null) => ({ ...order, ticket: { ...order.ticket, type } });
  await createTicket(open(), of('Incident'), markerStore().markers);
  expect(created(requests)).toMatchObject([{ tickettype_id: 1, priority_id: 13 }]);
  await expect(createTicket(at().open(), of(null), markerStore().markers)).rejects.toThrow(
    /ticket\.priority: in HaloPSA "Medium" matches several, give the id; there are "Medium" \(3\), "Medium" \(13\)/u,
  );
});

test("a ticket for a person names the person's site too", async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(created(requests)).toMatchObject([{ user_id: 501, site_id: 18 }]);
});

test('a client that is not named by a number is refused before anything is sent', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, companyId: 'Northwind MSP' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('delivery.psa.ticket.companyId'),
  });
  expect(requests).toHaveLength(0);
});

test("a refused ticket reports Halo's reason", async () => {
  const { open, order } = at();
  const ticket = { ...order.ticket, type: null, priority: null };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('Please select a Ticket Type'),
  });
});

test('a token that ended before its time is renewed within the call', async () => {
  let refusals = 1;
  const { open, order, requests } = at({}, ({ path }) => {
    if (path !== '/api/Tickets' || refusals === 0) return undefined;
    refusals -= 1;
    return { status: 401, body: 'Unauthorized' };
  });
  expect(await open().find(order)).toBeUndefined();
  expect(requests.filter(({ path }) => path === '/auth/token')).toHaveLength(2);
});

test('a limit without Retry-After is waited out for longer than an ordinary back-off', async () => {
  let refusals = 6;
  const { open, order, clock } = at({}, ({ path }) => {
    if (path !== '/api/Tickets' || refusals === 0) return undefined;
    refusals -= 1;
    return { status: 429, body: 'Too Many Requests' };
  });
  expect(await open().find(order)).toBeUndefined();
  expect(clock.elapsed()).toBeGreaterThan(150_000);
});
