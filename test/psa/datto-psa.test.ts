import { expect, test } from 'vitest';
import datto from '../../lambdas/psa/datto-psa.ts';
import { attachFiles } from '../../lambdas/psa/delivery/attachments.ts';
import { listCompanies } from '../../lambdas/psa/delivery/companies.ts';
import { shortKey } from '../../lambdas/psa/delivery/run-key.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import dattoServer from '../sandbox/psa-apis/datto-psa.ts';
import { psaContract } from './contract.ts';
import { atOnce, bench, FILES, keyOf, markerStore, NAMES, RUN_KEY } from './psa-rig.ts';

psaContract({
  psa: datto,
  make: (msp, now) => dattoServer(msp, now),
  badSecret: {
    userName: 'api-billing@northwind.example',
    secret: 'not-the-secret-at-all',
    apiIntegrationCode: 'NWBILLINGCOUNT0000000000001',
  },
  boards: ['"Billing" (29690101)', '"Help Desk" (29682833)'],
  extra: { members: { status: 5 }, status: 'Complete', kept: ['externalID', 'companyID'] },
  threePages: 1100,
  readsCompanies: ({ path }) => path.includes('/Companies/query'),
  faultBody: { errors: ['The board is closed for maintenance'] },
  isCreate: ({ method, path }) => method === 'POST' && path.endsWith('/Tickets'),
  link: (id) =>
    `https://ww5.autotask.net/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=${id}`,
});

const at = (before?: Parameters<typeof bench>[2]) => {
  const server = dattoServer(demoMsp());
  return { ...bench(datto, () => server, before), zones: server };
};

const sent = (requests: { method: string; path: string; body: Uint8Array }[], path: RegExp): unknown =>
  JSON.parse(
    Buffer.from(requests.find((each) => each.method === 'POST' && path.test(each.path))?.body ?? []).toString(),
  );

test('a database that moved to another zone between two calls is found there, and nothing is lost or made twice', async () => {
  const { open, order, zones, requests } = at();
  const opened = open();
  await opened.find(order);
  zones.moveZone();
  expect(await opened.find(order)).toBeUndefined();
  zones.moveZone();
  const act = await opened.prepare(order);
  zones.moveZone();
  const id = await act();
  zones.moveZone();
  await opened.attach(id, { name: 'report.csv', bytes: Buffer.from('a'), contentType: 'text/csv' });
  zones.moveZone();
  expect(await opened.attachments(id)).toEqual([{ name: 'report.csv', size: 1 }]);
  expect(await opened.link(id)).toContain('https://ww10.autotask.net/');
  expect(zones.tickets()).toHaveLength(1);
  expect(requests.filter(({ path }) => path.endsWith('/zoneInformation'))).toHaveLength(6);
});

test('refused keys in the right zone are not sent a second time, which would lock the user out', async () => {
  const { open, order, server, requests } = at();
  const secret = { ...server.secret, secret: 'not-the-secret-at-all' };
  await expect(open({ secret }).find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
    message: expect.stringContaining('API user is active and not locked'),
  });
  expect(requests.filter(({ path }) => path.endsWith('/query'))).toHaveLength(1);
});

test('a user that no zone knows is refused credentials, although the answer is HTTP 500', async () => {
  const { open, order, server, requests } = at();
  const secret = { ...server.secret, userName: 'nobody@northwind.example' };
  await expect(open({ secret }).find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
    message: expect.stringMatching(/knows no zone.*userName in secrets\/datto-psa\.json/u),
  });
  expect(requests).toHaveLength(1);
});

test('a discovery that fails without a word is retried; lasting HTTP 500 is the answer for an unknown user', async () => {
  for (const [status, name] of [
    [500, 'VendorAuthError'],
    [503, 'VendorUnavailableError'],
  ] as const) {
    const { open, order, requests } = at(({ path }) =>
      path.endsWith('/zoneInformation') ? { status, body: 'Internal Server Error' } : undefined,
    );
    await expect(open().find(order)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/5 attempts.*check userName/u),
    });
    expect(requests).toHaveLength(6);
  }
});

test("a zone outside Autotask's own domain gets no keys, and no link leads there", async () => {
  const zone = { url: 'https://webservices5.autotask.net/ATServicesRest/', webUrl: 'https://ww5.autotask.net/' };
  for (const body of [
    { ...zone, url: 'https://autotask.net.evil.example/ATServicesRest/' },
    { ...zone, webUrl: 'https://autotask.net.evil.example/' },
  ]) {
    const { open, order, requests } = at(({ path }) =>
      path.endsWith('/zoneInformation') ? { status: 200, body } : undefined,
    );
    await expect(open().find(order)).rejects.toThrow(
      'refused to send credentials to https://autotask.net.evil.example',
    );
    expect(requests).toHaveLength(1);
  }
});

test('a configured zone is asked without discovery, and only the link asks for it', async () => {
  const { open, order, server, requests } = at();
  for (const version of ['', '/', '/V1.0', '/V1.0/']) {
    const zoneUrl = `https://webservices5.autotask.net/ATServicesRest${version}`;
    const opened = open({ secret: { ...server.secret, zoneUrl } });
    expect(await opened.find(order)).toBeUndefined();
    expect(new Set(requests.map(({ path }) => path))).toEqual(new Set(['/ATServicesRest/V1.0/Tickets/query']));
    expect(await opened.link('7')).toContain('https://ww5.autotask.net/');
    requests.length = 0;
  }
});

test('a ticket is not lost because its web address is unknown', async () => {
  const { open, server } = at(() => ({ status: 404 }));
  const zoneUrl = 'https://webservices14.autotask.net/ATServicesRest/';
  expect(await open({ secret: { ...server.secret, zoneUrl } }).link('7')).toContain('https://ww14.autotask.net/');
});

test('the foreign id is asked for as plainly as Autotask documents it, and an answer with other tickets finds none', async () => {
  const { open, order, requests } = at(({ path }) =>
    path.endsWith('/query')
      ? {
          status: 200,
          body: {
            items: [
              { id: 7, title: order.title, status: 1 },
              { id: 8, title: order.title, externalID: `${RUN_KEY}-2`, description: 'by hand' },
            ],
            pageDetails: { nextPageUrl: null },
          },
        }
      : undefined,
  );
  expect(await open().find(order)).toBeUndefined();
  expect(sent(requests, /\/Tickets\/query$/u)).toMatchObject({
    filter: [{ op: 'eq', field: 'externalID', value: shortKey(order.runKey, 50) }],
  });
});

test('where contacts cannot be looked up, the ticket is made with a remark', async () => {
  const { open, order, server } = at(({ path }) => (path.includes('/Contacts/') ? { status: 404 } : undefined));
  const ticket = { ...order.ticket, contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(server.tickets()[0]?.description).toContain('The contact billing@northwind.example could not be looked up');
});

test("a refused ticket comes as HTTP 500: Autotask's reason is reported at once, and it is not sent again", async () => {
  const { open, order, requests, clock } = at();
  const ticket = { ...order.ticket, companyId: '999999999' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/refused the ticket \(HTTP 500\): companyID does not exist.*"extra"/u),
  });
  expect(requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/Tickets'))).toHaveLength(1);
  expect(clock.elapsed()).toBe(0);
});

test('errors under HTTP 200 are a refusal too, of a ticket, a list and a file', async () => {
  for (const [path, words] of [
    [/\/Tickets$/u, /refused the ticket \(HTTP 200\): no right/u],
    [/\/Tickets\/query$/u, /refused POST Tickets\/query: no right/u],
    [/\/Attachments$/u, /refused report-[0-9a-f]{8}\.csv \(HTTP 200\): no right; correct what it names/u],
  ] as const) {
    const { deliver } = at((request) =>
      request.method === 'POST' && path.test(request.path)
        ? { status: 200, body: { errors: ['no right'] } }
        : undefined,
    );
    await expect(deliver()).rejects.toMatchObject({ name: 'DeliveryError', message: expect.stringMatching(words) });
  }
});

test('too many calls at once come as HTTP 500 too, and are waited out: one ticket', async () => {
  let refusals = 3;
  const { deliver, server, waits } = at(({ method, path }) => {
    if (refusals === 0 || method !== 'POST' || !/\/(Tickets|Attachments)$/u.test(path)) return undefined;
    refusals -= 1;
    return { status: 500, body: { errors: ['Itgenatr005: thread threshold exceeded'] } };
  });
  await deliver();
  expect(refusals).toBe(0);
  expect(waits.length).toBeGreaterThan(0);
  expect(server.tickets()).toHaveLength(1);
});

test('a suspended tenant is waited for by the minute if it does not say how long', async () => {
  let refusals = 2;
  const { open, order, clock } = at(({ path }) => {
    if (refusals === 0 || !path.endsWith('/query')) return undefined;
    refusals -= 1;
    return { status: 429 };
  });
  expect(await open().find(order)).toBeUndefined();
  expect(clock.elapsed()).toBe(120_000);
});

test('labels become integers, and what is not configured takes the default of the tenant', async () => {
  const { open, order, requests, clock } = at();
  const ticket = {
    ...order.ticket,
    status: null,
    type: 'service request',
    contactEmail: 'billing@northwind.example',
  };
  const before = clock.now();
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(sent(requests, /\/Tickets$/u)).toMatchObject({
    companyID: 0,
    queueID: 29_690_101,
    status: 1,
    priority: 2,
    ticketType: 1,
    contactID: 801,
    externalID: shortKey(order.runKey, 50),
    dueDateTime: new Date(before + 5 * 86_400_000).toISOString(),
  });
});

test('a field that the tenant does not describe takes a number unchanged', async () => {
  const { open, order, requests, server } = at(({ path }) => {
    if (!path.endsWith('/Tickets/entityInformation/fields')) return undefined;
    const queue = { value: 29690101, label: 'Billing', isActive: true };
    return { status: 200, body: { fields: [{ name: 'queueID', picklistValues: [queue] }] } };
  });
  const ticket = { ...order.ticket, status: '1', priority: 2, type: 1 };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(sent(requests, /\/Tickets$/u)).toMatchObject({ queueID: 29_690_101, status: 1, priority: 2, ticketType: 1 });
  expect(server.tickets()).toHaveLength(1);
});

test('an inactive queue is refused with the active ones; so is a priority that nobody chose', async () => {
  const { open, order } = at();
  for (const [member, value, listed] of [
    ['board', 'Old Projects', '"Billing" (29690101)'],
    ['board', null, '"Billing" (29690101)'],
    ['priority', null, '"Medium" (2)'],
  ] as const) {
    const ticket = { ...order.ticket, [member]: value };
    await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringMatching(new RegExp(`ticket\\.${member}: .*${listed.replace(/[()]/gu, '\\$&')}`, 'u')),
    });
  }
});

test('a resource with its role replaces the queue', async () => {
  const { open, order, server } = at();
  const extra = { assignedResourceID: 29_682_885, assignedResourceRoleID: 29_683_396 };
  const ticket = { ...order.ticket, board: null, extra };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(server.tickets()).toHaveLength(1);
});

test('a company that is not named by a number is refused before anything is sent', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, companyId: 'Northwind MSP' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('delivery.psa.ticket.companyId'),
  });
  expect(requests).toHaveLength(0);
});

test('where another tool overwrites foreign ids, the ticket is found by the key in its text', async () => {
  const { deliver, open, order, zones } = at();
  const { ticket } = await deliver();
  zones.overwriteExternalIds();
  expect(await open().find(order)).toBe(ticket.ticketId);
});

test('a run id too long for the foreign id is found again, and a run that begins alike is not', async () => {
  const { open, order, server } = at();
  const long = { ...order, runKey: keyOf('x'.repeat(70)) };
  const made = atOnce(await createTicket(open(), long, markerStore().markers));
  expect(await open().find(long)).toBe(made.ticketId);
  expect(await open().find({ ...order, runKey: keyOf(`${'x'.repeat(70)}y`) })).toBeUndefined();
  expect(server.tickets()).toHaveLength(1);
});

test('a text too long for the tenant keeps its beginning, the files’ location, and the key', async () => {
  const { open, order, server } = at();
  const middle = Array.from({ length: 400 }, (_, row) => `- Company ${row}: Duo Users: failed`).join('\n');
  const plain = `Two integrations failed.\n\n${middle}\n\nFiles:\n- s3://bucket/runs/r1/report.csv\n`;
  await createTicket(open(), { ...order, plain }, markerStore().markers);
  const description = server.tickets()[0]?.description ?? '';
  expect(description.length).toBeLessThanOrEqual(8000);
  expect(description.startsWith('Two integrations failed.')).toBe(true);
  expect(description).toContain('s3://bucket/runs/r1/report.csv');
  expect(description).toContain('shortened');
  expect(description).toContain(`Run key: ${order.runKey}`);
});

test('two files of the largest size fit into what Autotask takes in five minutes', async () => {
  const { open, deliver, server } = at();
  const { ticket } = await deliver();
  const bytes = new Uint8Array(datto.attachmentLimit - 1000).fill(65);
  const files = ['a.csv', 'b.csv'].map((name) => ({ name, bytes, contentType: 'text/csv' }));
  expect(await attachFiles(open(), ticket, files, markerStore().markers)).toMatchObject({ attached: true });
  expect(server.tickets()[0]?.attachments).toHaveLength(4);
});

test('attachments are for the people of the MSP, in the name of whom the settings say', async () => {
  const { open, order, server, requests } = at();
  const secret = { ...server.secret, impersonationResourceId: 29_682_885 };
  const ticket = atOnce(await createTicket(open({ secret }), order, markerStore().markers));
  await attachFiles(open({ secret }), ticket, FILES, markerStore().markers);
  expect(requests.some(({ path }) => path.includes('/TicketAttachments/'))).toBe(false);
  expect(sent(requests, /\/Attachments$/u)).toMatchObject({ publish: 2, title: NAMES[0], fullPath: NAMES[0] });
  const impersonated = requests.filter(({ headers }) => headers.impersonationresourceid === '29682885');
  expect(impersonated.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual([
    'POST Tickets',
    'POST Attachments',
    'POST Attachments',
  ]);
});

test('an audience that Autotask does not list is refused with those it does', async () => {
  const { open, order } = at();
  const opened = open({ configuration: { publish: 'Everybody' } });
  const ticket = atOnce(await createTicket(opened, order, markerStore().markers));
  await expect(attachFiles(opened, ticket, FILES, markerStore().markers)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(/integrations\.datto-psa\.publish: .*"Internal Users Only" \(2\)/u),
  });
});

test('leads are not customers unless they are asked for; the MSP itself always is listed', async () => {
  const { open } = at();
  const named = async (configuration: Record<string, unknown>) =>
    (await listCompanies(open({ configuration }))).map(({ name }) => name);
  expect(await named({})).toContain('Northwind MSP');
  expect(await named({})).not.toContain('Maybe One Day GmbH');
  expect(await named({ companyType: null })).toContain('Maybe One Day GmbH');
  await expect(named({ companyType: 'Client' })).rejects.toThrow(
    /integrations\.datto-psa\.companyType.*"Customer" \(1\)/u,
  );
});

test('a company that is not active is not listed, even if the filter let it through', async () => {
  const row = { companyName: 'Contoso Ltd', isActive: true };
  const { open } = at(({ path }) =>
    path.endsWith('/Companies/query')
      ? {
          status: 200,
          body: {
            items: [
              { ...row, id: 7 },
              { ...row, id: 8, isActive: false },
            ],
            pageDetails: { nextPageUrl: null },
          },
        }
      : undefined,
  );
  expect(await listCompanies(open())).toEqual([{ id: '7', name: 'Contoso Ltd' }]);
});

test('a value without a name in a list that nobody asked for does not stop a ticket', async () => {
  const values = (all: object[]) => all.map((each) => ({ isActive: true, ...each }));
  const { open, order, server } = at(({ path }) => {
    if (!path.endsWith('/Tickets/entityInformation/fields')) return undefined;
    const fields = [
      { name: 'queueID', picklistValues: values([{ value: '29690101', label: 'Billing', isDefaultValue: null }]) },
      {
        name: 'subIssueType',
        picklistValues: values([
          { value: '7', label: null },
          { value: '8', isActive: null },
        ]),
      },
    ];
    return { status: 200, body: { fields } };
  });
  const ticket = { ...order.ticket, status: '1', priority: 2, type: 1 };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(server.tickets()[0]?.board).toBe('Billing');
});

test("where the clients' address for zones is not served, the one of the vendor's document is asked", async () => {
  const { open, order, requests } = at(({ host }) =>
    host === 'webservices.autotask.net' ? { status: 404, body: '<html>404</html>' } : undefined,
  );
  expect(await open().find(order)).toBeUndefined();
  expect(requests.slice(0, 2).map(({ host, path }) => `${host}${path}`)).toEqual([
    'webservices.autotask.net/atservicesrest/v1.0/zoneInformation',
    'webservices2.autotask.net/ATServicesRest/V1.0/zoneInformation',
  ]);
});
