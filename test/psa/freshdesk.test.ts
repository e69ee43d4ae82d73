import { expect, test } from 'vitest';
import { attachFiles } from '../../lambdas/psa/delivery/attachments.ts';
import { shortKey } from '../../lambdas/psa/delivery/run-key.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import freshdesk from '../../lambdas/psa/freshdesk.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { formParts } from '../sandbox/psa.ts';
import freshdeskServer, { type FreshdeskHabits } from '../sandbox/psa-apis/freshdesk.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { psaContract } from './contract.ts';
import { atOnce, attachedName, bench, FILES, keyOf, markerStore, NAMES, RUN_KEY } from './psa-rig.ts';

const TAG = shortKey(RUN_KEY, 32);

psaContract({
  psa: freshdesk,
  make: (msp, now) => freshdeskServer(msp, now),
  badSecret: { domain: 'northwind', apiKey: 'not-the-api-key' },
  boards: ['"Billing" (7000555)', '"Service Desk" (7000556)'],
  extra: { members: { status: 4 }, status: 'Resolved', kept: ['subject', 'company_id'] },
  threePages: 210,
  isCreate: ({ method, path }) => method === 'POST' && path.endsWith('/tickets'),
  link: (id) => `https://northwind.freshdesk.com/a/tickets/${id}`,
});

const at = (habits: Partial<FreshdeskHabits> = {}, before?: Parameters<typeof bench>[2]) => {
  const made: { account?: ReturnType<typeof freshdeskServer> } = {};
  const joined = bench(
    freshdesk,
    (now) => {
      const account = freshdeskServer(demoMsp(), now);
      Object.assign(account.habits, habits);
      made.account = account;
      return account;
    },
    before,
  );
  if (made.account === undefined) throw new Error('no server was made');
  return { ...joined, account: made.account };
};

const named = (requests: readonly SandboxRequest[]) =>
  requests.map(({ method, path }) => `${method} ${path.replace('/api/v2', '')}`);
const sent = (requests: readonly SandboxRequest[]): unknown =>
  JSON.parse(
    Buffer.from(
      requests.find(({ method, path }) => method === 'POST' && path.endsWith('/tickets'))?.body ?? [],
    ).toString(),
  );

test('ticket and files appear together, in one call', async () => {
  const { deliver, requests } = at();
  await deliver();
  expect(named(requests).filter((call) => call.startsWith('POST'))).toEqual(['POST /tickets']);
  const form = formParts(
    requests.find(({ method }) => method === 'POST')?.headers['content-type'],
    requests.find(({ method }) => method === 'POST')?.body ?? new Uint8Array(),
  );
  expect(form?.filter(({ name }) => name === 'attachments[]').map((part) => [part.filename, part.contentType])).toEqual(
    [
      [NAMES[0], 'text/csv'],
      [NAMES[1], 'text/csv'],
    ],
  );
});

test('the search index, which is minutes late, is never asked: a ticket just made is found', async () => {
  const { open, order, account, requests } = at();
  account.mishap({ at: 'create', when: 'after', answer: { status: 500 } });
  const made = atOnce(await createTicket(open(), order, markerStore().markers));
  expect(await open().find(order)).toBe(made.ticketId);
  const late = account.handle({
    method: 'GET',
    host: 'northwind.freshdesk.com',
    path: '/api/v2/search/tickets',
    query: new URLSearchParams({ query: `"tag:'${TAG}'"` }),
    headers: requests[0]?.headers ?? {},
    body: new Uint8Array(),
  });
  expect(await late).toMatchObject({ status: 200, body: { total: 0 } });
  expect(requests.some(({ path }) => path.includes('/search/'))).toBe(false);
  expect(account.tickets()).toHaveLength(1);
});

test('a list that shows a ticket only after a minute and a half gets no second one', async () => {
  let madeAt: number | undefined;
  const late = at({}, ({ method, path }) => {
    const isList = method === 'GET' && path.endsWith('/tickets');
    if (method === 'POST' && path.endsWith('/tickets')) madeAt ??= late.clock.elapsed();
    return isList && (madeAt === undefined || late.clock.elapsed() - madeAt < 90_000)
      ? { status: 200, body: [] }
      : undefined;
  });
  late.account.mishap({ at: 'create', when: 'after', answer: { status: 500 } });
  const made = atOnce(await createTicket(late.open(), late.order, markerStore().markers));
  expect(made.created).toBe(true);
  expect(late.account.tickets()).toHaveLength(1);
});

test('a run that is delivered again weeks later finds its ticket: without a date the list covers 30 days', async () => {
  const { open, order, clock, deliver } = at();
  const { ticket } = await deliver();
  await clock.sleep(40 * 86_400_000);
  expect(await open().find(order)).toBe(ticket.ticketId);
});

test('a list without tags is looked through by the texts, and only if the title is ours', async () => {
  const { open, order, deliver, requests, account } = at({ listsTags: false });
  const { ticket } = await deliver();
  requests.length = 0;
  expect(await open().find(order)).toBe(ticket.ticketId);
  expect(named(requests).filter((call) => /tickets\/\d+$/u.test(call))).toEqual([
    'GET /tickets/47002',
    `GET /tickets/${ticket.ticketId}`,
  ]);
  account.untag();
  expect(await open().find(order)).toBe(ticket.ticketId);
});

test('a run id too long for a tag is found again, and a run that begins alike is not', async () => {
  const { open, order, account, requests } = at();
  const long = { ...order, runKey: keyOf('x'.repeat(70)) };
  const made = atOnce(await createTicket(open(), long, markerStore().markers));
  requests.length = 0;
  expect(await open().find(long)).toBe(made.ticketId);
  expect(named(requests)).not.toContain(`GET /tickets/${made.ticketId}`);
  account.untag();
  expect(await open().find(long)).toBe(made.ticketId);
  expect(await open().find({ ...order, runKey: keyOf(`${'x'.repeat(70)}y`) })).toBeUndefined();
});

for (const sizeMember of ['size', 'file_size'] as const) {
  test(`files that did not come with the ticket are added once, by a private note, if sizes are listed as ${sizeMember}`, async () => {
    const { open, order, account } = at({ sizeMember });
    const ticket = atOnce(await createTicket(open(), order, markerStore().markers));
    account.mishap({ at: 'attach', when: 'after', answer: { status: 500 } });
    account.mishap({ at: 'attach', when: 'before', answer: { status: 200, fault: 'silence' } });
    const { markers } = markerStore();
    await expect(attachFiles(open(), ticket, FILES, markers)).rejects.toMatchObject({ name: 'VendorUnavailableError' });
    expect(await attachFiles(open(), ticket, FILES, markers)).toMatchObject({ attached: true });
    await attachFiles(open(), ticket, FILES, markerStore().markers);
    expect(await open().attachments(ticket.ticketId)).toEqual(
      FILES.map((file) => ({ name: attachedName(file), size: file.bytes.byteLength })),
    );
    expect(account.tickets()[0]?.attachments.map(({ name }) => name)).toEqual(NAMES);
    expect(
      Buffer.from(account.tickets()[0]?.attachments[0]?.bytes ?? []).equals(FILES[0]?.bytes ?? new Uint8Array()),
    ).toBe(true);
  });
}

test('an address that Freshdesk does not know makes no contact: it is refused', async () => {
  const { open, order, account, requests } = at();
  const ticket = { ...order.ticket, contactEmail: 'nobody@northwind.example' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining(
      'ticket.contactEmail: in Freshdesk there is no contact with nobody@northwind.example',
    ),
  });
  expect(account.newContacts()).toBe(0);
  expect(requests.some(({ method }) => method === 'POST')).toBe(false);
});

test('without any requester the error says what to name', async () => {
  const { open, order } = at();
  await expect(open({ configuration: {} }).find(order)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('delivery.psa.ticket.contactEmail'),
  });
  expect(await open({ configuration: { requesterId: 70_009_911 } }).find(order)).toBeUndefined();
  expect(await open({ configuration: { requesterId: '70009911' } }).find(order)).toBeUndefined();
  await expect(
    createTicket(open({ configuration: { requesterId: 7 } }), order, markerStore().markers),
  ).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('requester_id: There is no contact matching the given id'),
  });
});

test("a requester of another company is refused if no ticket can name its company: it would be that company's", async () => {
  const { open, order, account } = at();
  const ticket = { ...order.ticket, contactEmail: 'someone@alder.example' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/companyId.*the requester belongs to 70001001, not to 70001000/u),
  });
  expect(account.tickets()).toHaveLength(0);
});

test('a requester of no company, an agent say, gets a ticket that names it if possible, and of no company otherwise', async () => {
  for (const [multipleCompanies, companyId] of [
    [true, '70001000'],
    [false, 'null'],
  ] as const) {
    const { open, order, account } = at({ multipleCompanies });
    const ticket = { ...order.ticket, contactEmail: 'smith@northwind.example' };
    await createTicket(open(), { ...order, files: FILES, ticket }, markerStore().markers);
    expect(account.tickets().map((each) => [each.companyId, each.attachments.length])).toEqual([[companyId, 2]]);
  }
});

test('with multipleCompanies set, an account without the feature is reported', async () => {
  const { open, order, clock } = at();
  await expect(
    createTicket(
      open({ configuration: { requesterId: 70_009_911, multipleCompanies: true } }),
      order,
      markerStore().markers,
    ),
  ).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('(HTTP 403): require_feature: The multiple_user_companies feature'),
  });
  expect(clock.elapsed()).toBe(0);
});

test('an account that serves no more than tickets gets the address, and numbers as they were written', async () => {
  const { open, order, deliver, account, requests } = at({}, ({ path }) =>
    path.includes('/tickets') ? undefined : { status: 404 },
  );
  const ticket = { ...order.ticket, board: 7_000_555, type: 'Incident', status: 'pending' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject({
    ...{ email: 'billing@northwind.example', group_id: 7_000_555, type: 'Incident', status: 3 },
  });
  expect(account.newContacts()).toBe(0);
  expect((await deliver()).ticket.created).toBe(false);
  const named = { ...order, runKey: 'another', ticket: { ...order.ticket, status: 'New' } };
  await expect(createTicket(open(), named, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('"Open" (2)'),
  });
});

test("tags of extra are added to the run's own", async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, extra: { tags: ['billing', 'monthly'] } };
  const { ticketId } = atOnce(await createTicket(open(), { ...order, ticket }, markerStore().markers));
  expect(sent(requests)).toMatchObject({ tags: ['billing', 'monthly', TAG] });
  expect(await open().find(order)).toBe(ticketId);
});

test('names become numbers, the account’s own statuses too; what is not said is Open and Low', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, status: 'waiting for finance', type: 'service task', priority: 'HIGH' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject({
    requester_id: 70_009_911,
    status: 8,
    type: 'Service Task',
    priority: 3,
    source: 2,
    group_id: 7_000_555,
    tags: [TAG],
  });
  const other = at();
  await createTicket(other.open(), { ...other.order, ticket: { companyId: '70001000' } }, markerStore().markers);
  expect(sent(other.requests)).toMatchObject({ status: 2, priority: 1 });
  expect(sent(other.requests)).not.toHaveProperty('group_id');
  expect(named(other.requests)).not.toContain('GET /ticket_fields');
});

test('unknown statuses, types and priorities are refused with the valid ones, wherever they are configured', async () => {
  const { open, order } = at();
  for (const [member, listed] of [
    ['status', '"Waiting for Finance" (8)'],
    ['type', '"Service Task" (Service Task)'],
    ['priority', '"Urgent" (4)'],
  ] as const) {
    const inTicket = open().prepare({ ...order, ticket: { ...order.ticket, [member]: 'Nonsense' } });
    await expect(inTicket).rejects.toMatchObject({ message: expect.stringContaining(listed) });
    const configuration = { requesterId: 70_009_911, [member]: 'Nonsense' };
    const inSettings = open({ configuration }).prepare({ ...order, ticket: { ...order.ticket, status: null } });
    await expect(inSettings).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(
        `report.json: integrations.freshdesk.${member}: in Freshdesk there is no "Nonsense"`,
      ),
    });
  }
});

test('an agent who may not see the fields sends the type as it is, and Freshdesk lists the valid ones', async () => {
  const { open, order, account } = at({ seesFields: false });
  const typed = (type: string) => ({ ...order, ticket: { ...order.ticket, type } });
  await expect(createTicket(open(), typed('Nonsense'), markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining(
      "Validation failed; type: It should be one of these values: 'Question,Service Task,Incident'",
    ),
  });
  await createTicket(open(), typed('Incident'), markerStore().markers);
  expect(account.tickets()).toHaveLength(1);
});

test("the account's own fields are sent as it wants them, in JSON and together with files", async () => {
  const configuration = {
    requesterEmail: 'billing@northwind.example',
    customFields: { cf_cost_centre: '4711' },
    runKeyField: 'cf_run_key',
    responderId: 70_008_001,
  };
  const { open, order, requests } = at();
  await createTicket(open({ configuration }), { ...order, files: FILES }, markerStore().markers);
  const { headers, body } = requests.find(({ method }) => method === 'POST') ?? { headers: {}, body: new Uint8Array() };
  const form = formParts(new Headers(headers).get('content-type') ?? undefined, body) ?? [];
  const values = form.flatMap(({ name, filename, bytes }) =>
    filename === undefined && /custom|tags|responder/u.test(name) ? [[name, Buffer.from(bytes).toString()]] : [],
  );
  expect(values).toEqual([
    ['responder_id', '70008001'],
    ['custom_fields[cf_cost_centre]', '4711'],
    ['custom_fields[cf_run_key]', order.runKey],
    ['tags[]', TAG],
  ]);
});

test('a deleted ticket is reported as such, and not mistaken for the run’s own', async () => {
  const { open, order, deliver, account } = at();
  const { ticket } = await deliver();
  account.discard();
  expect(await open().find(order)).toBeUndefined();
  await expect(open().attachments(ticket.ticketId)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('deleted or marked as spam'),
  });
});

test('a domain without a Freshdesk, and one that is not a label, are reported as wrong', async () => {
  const { open, order, server } = at();
  await expect(open({ secret: { ...server.secret, domain: 'southwind' } }).find(order)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining('https://southwind.freshdesk.com'),
  });
  expect(() => open({ secret: { ...server.secret, domain: 'northwind.freshdesk.com' } })).toThrow(
    'secrets/freshdesk.json: domain: expected the first part alone',
  );
});

test('a limit shared with other tools is waited out as long as it says', async () => {
  let refusals = 2;
  const { deliver, clock, account } = at({}, ({ method }) => {
    if (method !== 'POST' || refusals === 0) return undefined;
    refusals -= 1;
    return { status: 429, headers: { 'retry-after': '41' } };
  });
  await deliver();
  expect(clock.elapsed()).toBe(82_000);
  expect(account.tickets()).toHaveLength(1);
});

test('two files of the largest size go along with the ticket', async () => {
  const { deliver, account } = at();
  const bytes = new Uint8Array(freshdesk.attachmentLimit).fill(65);
  const { files } = await deliver(['a.csv', 'b.csv'].map((name) => ({ name, bytes, contentType: 'text/csv' })));
  expect(files.attached).toBe(true);
  expect(account.tickets()[0]?.attachments).toHaveLength(2);
});

test('an agent who cannot be looked up as one is named by requesterId, which is reported', async () => {
  const { open, order } = at({}, ({ path }) => (path.endsWith('/agents') ? { status: 403 } : undefined));
  const ticket = { ...order.ticket, contactEmail: 'agent@northwind.example' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/agents cannot be looked up.*integrations\.freshdesk\.requesterId/u),
  });
});
