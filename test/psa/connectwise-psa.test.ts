import { expect, test } from 'vitest';
import connectWise from '../../lambdas/psa/connectwise-psa.ts';
import { withCompanyId } from '../../lambdas/psa/delivery/companies.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import connectWiseServer from '../sandbox/psa-apis/connectwise-psa.ts';
import { psaContract } from './contract.ts';
import { bench, markerStore } from './psa-rig.ts';

psaContract({
  psa: connectWise,
  make: (msp) => connectWiseServer(msp),
  badSecret: {
    companyId: 'northwind',
    publicKey: 'PubKey0123456789',
    privateKey: 'not-the-private-key',
    clientId: '6d2a2b53-5c9a-4f0e-9a51-0f0c4b7f6a10',
    siteUrl: 'https://na.myconnectwise.net',
  },
  boards: ['"Billing" (4)', '"Help Desk" (1)'],
  extra: { members: { status: { name: 'Done' } }, status: 'Done', kept: ['externalXRef', 'company'] },
  threePages: 2100,
  spellings: (id) => [Number(id), ` ${id} `, 'NorthwindMSP', ' northwindmsp '],
  isCreate: ({ method, path }) => method === 'POST' && path.endsWith('/service/tickets'),
  link: (id) =>
    `https://na.myconnectwise.net/v4_6_release/services/system_io/router/openrecord.rails?locale=en_US&recordType=ServiceFv&recid=${id}&companyName=northwind`,
});

const at = (before?: Parameters<typeof bench>[2]) => {
  const server = connectWiseServer(demoMsp());
  return { ...bench(connectWise, () => server, before), cloud: server };
};

const created = (requests: readonly { method: string; body: Uint8Array }[]): unknown =>
  JSON.parse(Buffer.from(requests.find(({ method }) => method === 'POST')?.body ?? []).toString());

test('a codebase that changed between two calls is read again: lists, look-up, creation and upload go on', async () => {
  const { open, order, cloud, requests } = at();
  const opened = open();
  await opened.find(order);
  cloud.upgrade();
  expect(await opened.find(order)).toBeUndefined();
  cloud.upgrade();
  const act = await opened.prepare(order);
  cloud.upgrade();
  const id = await act();
  cloud.upgrade();
  await opened.attach(id, { name: 'report.csv', bytes: Buffer.from('a'), contentType: 'text/csv' });
  cloud.upgrade();
  expect(await opened.attachments(id)).toEqual([{ name: 'report.csv', size: 1 }]);
  expect(cloud.tickets()).toHaveLength(1);
  expect(requests.filter(({ path }) => path.startsWith('/login/')).length).toBe(6);
});

test('a 404 under the right codebase is the answer, not a reason to go on asking', async () => {
  const { open } = at();
  await expect(
    open().attach('1', { name: 'report.csv', bytes: Buffer.from('a'), contentType: 'text/csv' }),
  ).rejects.toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('404') });
});

test('a company id that ConnectWise does not know is refused credentials', async () => {
  const { open, order, server } = at();
  await expect(open({ secret: { ...server.secret, companyId: 'elsewhere' } }).find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
  });
});

test('company id, plus sign, public key, colon, private key: in this order', async () => {
  const { open, order, requests, server } = at(() => ({ status: 200, body: { Codebase: 'v4_6_release/' } }));
  const secret = {
    ...server.secret,
    companyId: 'acmemsp',
    publicKey: 'PubKey0123456789',
    privateKey: 'PrivKeyABCDEFGHIJ',
    apiVersion: '2025.1',
  };
  await open({ secret })
    .find(order)
    .catch(() => {});
  expect(requests[0]?.headers.authorization).toBeUndefined();
  expect(requests[1]?.headers).toMatchObject({
    authorization: 'Basic YWNtZW1zcCtQdWJLZXkwMTIzNDU2Nzg5OlByaXZLZXlBQkNERUZHSElK',
    accept: 'application/vnd.connectwise.com+json; version=2025.1',
  });
});

test("a server of the MSP's own is asked under its fixed codebase and its own host", async () => {
  const { open, order, server } = at();
  const asked: string[] = [];
  const permissive = bench(
    connectWise,
    () => ({ ...server, answers: () => true }),
    ({ host, path }) => {
      asked.push(`${host}${path}`);
      return { status: 200, body: [] };
    },
  );
  const opened = permissive.open({ secret: { ...server.secret, siteUrl: 'https://psa.northwind.example' } });
  expect(await opened.find(order)).toBeUndefined();
  expect(asked).toEqual(['psa.northwind.example/v4_6_release/apis/3.0/service/tickets']);
  expect(await opened.link('7')).toContain('https://psa.northwind.example/v4_6_release/');
  expect(await open({ secret: { ...server.secret, siteUrl: 'https://api-na.myconnectwise.net' } }).link('7')).toContain(
    'https://na.myconnectwise.net/',
  );
});

test('a status of another board is refused with the statuses of this one', async () => {
  const { open, order } = at();
  const ticket = { ...order.ticket, board: 'Help Desk', status: 'New' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/ticket\.status.*"New \(not responded\)" \(11\)/u),
  });
});

test('an inactive board is refused with the active ones', async () => {
  const { open, order } = at();
  const ticket = { ...order.ticket, board: 'Old Projects' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('"Billing" (4)'),
  });
});

test('without a board the default one is taken, and extra may name another', async () => {
  const { open, order, server } = at();
  const bare = { ...order, ticket: { companyId: 2, board: null } };
  await createTicket(open(), bare, markerStore().markers);
  const extra = { ...order, runKey: 'billing-count:2', ticket: { companyId: 2, extra: { board: { id: 4 } } } };
  await createTicket(open(), extra, markerStore().markers);
  expect(server.tickets().map(({ board }) => board)).toEqual(['Help Desk', 'Billing']);
});

test('without the right to the tables, names and ids are sent unchanged', async () => {
  const { open, order, requests, server } = at(({ path }) =>
    /\/(boards|statuses|types|priorities|contacts)$/u.test(path)
      ? { status: 403, body: { code: 'Forbidden', message: 'no' } }
      : undefined,
  );
  const ticket = { ...order.ticket, priority: 8, contactEmail: 'billing@northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(created(requests)).toMatchObject({
    board: { name: 'Billing' },
    status: { name: 'New' },
    priority: { id: 8 },
    contactEmailAddress: 'billing@northwind.example',
  });
  expect(server.tickets()).toHaveLength(1);
});

test('a cloud that does not give its codebase is called under the fixed one', async () => {
  const { open, order, requests } = at(({ path }) =>
    path.startsWith('/login/') ? { status: 404 } : { status: 200, body: [] },
  );
  expect(await open().find(order)).toBeUndefined();
  expect(requests.at(-1)?.path).toBe('/v4_6_release/apis/3.0/service/tickets');
});

test("a refused file reports ConnectWise's reason at once", async () => {
  const { deliver, clock } = at(({ method, path }) =>
    method === 'POST' && path.endsWith('/system/documents')
      ? { status: 415, body: { code: 'UnsupportedMediaType', message: 'This type is not allowed.' } }
      : undefined,
  );
  await expect(deliver()).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('This type is not allowed.'),
  });
  expect(clock.elapsed()).toBe(0);
});

test('a create call that is refused for certain is not waited for', async () => {
  const { deliver, clock, requests } = at(({ method, path }) =>
    method === 'POST' && path.endsWith('/service/tickets') ? { status: 405, body: '' } : undefined,
  );
  await expect(deliver()).rejects.toMatchObject({ name: 'VendorContractError' });
  expect(clock.elapsed()).toBe(0);
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('a document that keeps the name as its title alone is the file', async () => {
  const { open } = at(({ method, path }) =>
    method === 'GET' && path.endsWith('/system/documents')
      ? { status: 200, body: [{ id: 1, fileName: 'f1d2.csv', title: 'report.csv', size: 3 }] }
      : undefined,
  );
  expect(await open().attachments('48211')).toContainEqual({ name: 'report.csv', size: 3 });
});

test('type, priority and contact become references by id', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, type: 'monthly', priority: 8, contactEmail: 'Billing@Northwind.example' };
  await createTicket(open(), { ...order, ticket }, markerStore().markers);
  expect(created(requests)).toMatchObject({
    recordType: 'ServiceTicket',
    company: { id: 2 },
    board: { id: 4 },
    status: { id: 55 },
    type: { id: 71 },
    priority: { id: 8 },
    contact: { id: 801 },
    externalXRef: order.runKey,
  });
});

test('an identifier that no company has is refused, and so is one that cannot be looked up: its number is asked for', async () => {
  const named = (companyId: string) => ({ ...at().order.ticket, companyId });
  // Deleted.
  for (const identifier of ['Elsewhere', 'GoneCo']) {
    await expect(withCompanyId(at().open(), named(identifier))).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringContaining(`delivery.psa.ticket.companyId: in ConnectWise PSA there is no "${identifier}"`),
    });
  }
  const { open } = at(({ path }) =>
    path.endsWith('/companies') ? { status: 403, body: { message: 'no' } } : undefined,
  );
  await expect(withCompanyId(open(), named('NorthwindMSP'))).rejects.toThrow(/give the number of "NorthwindMSP"/u);
});

test("a refused ticket reports ConnectWise's reason and is not sent again", async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, companyId: '999999999' };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('company: The company is not known.'),
  });
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('a search that answers with other tickets finds none', async () => {
  const { open, order, cloud } = at(({ path }) =>
    path.endsWith('/service/tickets')
      ? {
          status: 200,
          body: [
            { id: 1, externalXRef: null },
            { id: 2, externalXRef: 'other' },
          ],
        }
      : undefined,
  );
  expect(await open().find(order)).toBeUndefined();
  expect(cloud.tickets()).toHaveLength(0);
});
