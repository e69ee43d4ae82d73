import { expect, test } from 'vitest';
import { listCompanies } from '../../lambdas/psa/delivery/companies.ts';
import { CANNOT_TELL } from '../../lambdas/psa/delivery/operations.ts';
import { createTicket } from '../../lambdas/psa/delivery/ticket.ts';
import serviceNow from '../../lambdas/psa/servicenow.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import serviceNowServer from '../sandbox/psa-apis/servicenow.ts';
import { psaContract } from './contract.ts';
import { atOnce, bench, markerStore, NAMES } from './psa-rig.ts';

psaContract({
  psa: serviceNow,
  make: (msp, now) => serviceNowServer(msp, now),
  badSecret: {
    instanceUrl: 'https://northwind.service-now.com',
    username: 'billing.integration',
    password: 'not-the-password',
  },
  boards: ['"Billing" (', '"Service Desk" ('],
  extra: { members: { state: '6' }, status: 'Resolved', kept: ['correlation_id', 'company'] },
  threePages: 2100,
  isCreate: ({ method, path }) => method === 'POST' && path.endsWith('/incident'),
  spellings: (id) => [` ${id} `, id.toUpperCase()],
  link: (id) => `https://northwind.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D${id}`,
});

const at = (before?: Parameters<typeof bench>[2]) => {
  const server = serviceNowServer(demoMsp());
  return { ...bench(serviceNow, () => server, before), instance: server };
};

const sent = (requests: { method: string; path: string; body: Uint8Array }[]): unknown =>
  JSON.parse(
    Buffer.from(
      requests.find(({ method, path }) => method === 'POST' && path.includes('/table/'))?.body ?? [],
    ).toString(),
  );

test('a query that was dropped and answers with every row takes none of them; the own record keeps the ticket single', async () => {
  const { open, order, ticket, instance } = at();
  expect(await open({ configuration: { table: 'u_billing' } }).find(order)).toBe(CANNOT_TELL);
  instance.hideColumn('incident', 'correlation_id');
  const made = atOnce(await createTicket(open(), order, ticket.markers));
  expect(made.created).toBe(true);
  expect(await createTicket(open(), order, ticket.markers)).toEqual({ ...made, created: false });
  expect(instance.tickets()).toHaveLength(1);
});

test('rows that bear another key, or ours in other letters, are not ours', async () => {
  const { open, order } = at(({ method, path }) =>
    method === 'GET' && path.endsWith('/table/incident')
      ? {
          status: 200,
          body: {
            result: [
              { sys_id: 'a', correlation_id: '' },
              { sys_id: 'b', correlation_id: order.runKey.toLowerCase() },
            ],
          },
        }
      : undefined,
  );
  expect(order.runKey).not.toBe(order.runKey.toLowerCase());
  expect(await open().find(order)).toBeUndefined();
});

test('a table that does not exist is refused at its setting', async () => {
  const { open, order } = at();
  await expect(open({ configuration: { table: 'x_nothing' } }).find(order)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(
      'integrations.servicenow.table: in ServiceNow x_nothing cannot be read (Invalid table',
    ),
  });
});

test("attachments of other records are not this ticket's, whatever the list holds", async () => {
  const row = { table_name: 'incident', file_name: 'report.csv', size_bytes: '3' };
  const { open } = at(({ path }) =>
    path === '/api/now/attachment'
      ? {
          status: 200,
          headers: { 'x-total-count': '3' },
          body: {
            result: [
              { ...row, sys_id: '1', table_sys_id: 'other' },
              { ...row, sys_id: '2', table_sys_id: 'mine', table_name: 'problem' },
              { ...row, sys_id: '3', table_sys_id: 'mine', file_name: 'unmapped.csv' },
            ],
          },
        }
      : undefined,
  );
  expect(await open().attachments('mine')).toEqual([{ name: 'unmapped.csv', size: 3 }]);
});

test('choices, groups, users and companies that a dropped query lets through are not taken', async () => {
  const { open, order, instance } = at();
  for (const [table, column] of [
    ['sys_choice', 'element'],
    ['sys_user', 'email'],
    ['core_company', 'customer'],
  ] as const) {
    instance.hideColumn(table, column);
  }
  const ticket = { ...order.ticket, contactEmail: 'someone@else.example' };
  await expect(open().prepare({ ...order, ticket: { ...ticket, status: null } })).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining('no active user with someone@else.example'),
  });
  await expect(open().prepare(order)).rejects.toMatchObject({ name: 'VendorContractError' });
  await expect(listCompanies(open())).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(/ServiceNow lists no active company.*report\.json.*rights/u),
  });
});

test('short and empty pages are not the end: rows that we may not see were taken out of them', async () => {
  const msp = demoMsp(2500);
  const server = serviceNowServer(msp);
  const { open } = bench(serviceNow, () => ({
    ...server,
    handle: async (request) => {
      const answer = await server.handle(request);
      const isSecondPage = request.path.endsWith('core_company') && request.query.get('sysparm_offset') === '1000';
      return isSecondPage ? { ...answer, body: { result: [] } } : answer;
    },
  }));
  expect(await listCompanies(open())).toHaveLength(msp.companies.length + 1 - 1000);
});

test('without a declared total, a list goes on while there is a next link, or until an empty page', async () => {
  for (const kept of ['link', 'nothing']) {
    const server = serviceNowServer(demoMsp(1500));
    const { open } = bench(serviceNow, () => ({
      ...server,
      handle: async (request) => {
        const { headers, ...answer } = await server.handle(request);
        return {
          ...answer,
          ...(kept === 'link' && headers?.link !== undefined ? { headers: { link: headers.link } } : {}),
        };
      },
    }));
    expect(await listCompanies(open())).toHaveLength(1501);
  }
});

test('an instance that gives no total and ignores the offset is read through once', async () => {
  const groups = [{ sys_id: 'ab'.repeat(16), name: 'Billing' }];
  const { open, order, requests } = at(({ path }) =>
    path.endsWith('sys_user_group') ? { status: 200, body: { result: groups } } : undefined,
  );
  await createTicket(open(), order, markerStore().markers);
  expect(sent(requests)).toMatchObject({ assignment_group: 'ab'.repeat(16) });
});

for (const [what, answer] of [
  [
    'a page of HTML from a hibernating instance',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
  ],
  [
    'half an answer with the time-out behind it',
    { status: 200, body: '{"result":[{"sys_id":"1"{"error":"maximum execution time exceeded"' },
  ],
] as const) {
  test(`${what} is requested again, and reported if it stays`, async () => {
    let faults = 2;
    const { open, order } = at(({ path }) => {
      if (faults === 0 || !path.includes('/table/')) return undefined;
      faults -= 1;
      return answer;
    });
    expect(await open().find(order)).toBeUndefined();
    faults = 9;
    await expect(open().find(order)).rejects.toMatchObject({
      name: 'VendorUnavailableError',
      message: expect.stringMatching(/hibernating|breaks off/u),
    });
  });
}

test('group, state and category become ids, the priority impact and urgency, the contact the caller', async () => {
  const { open, order, requests } = at();
  const ticket = { ...order.ticket, type: 'billing', priority: 'moderate', contactEmail: 'BILLING@northwind.example' };
  const configuration = { defaultFields: { u_cost_centre: '4711' } };
  await createTicket(open({ configuration }), { ...order, ticket }, markerStore().markers);
  expect(sent(requests)).toMatchObject({
    short_description: 'Billing Reconciliation',
    company: order.ticket.companyId,
    assignment_group: expect.stringMatching(/^[0-9a-f]{32}$/u),
    state: '1',
    category: 'billing',
    impact: '2',
    urgency: '2',
    caller_id: expect.stringMatching(/^[0-9a-f]{32}$/u),
    correlation_id: order.runKey,
    correlation_display: 'billing-count-report',
    u_cost_centre: '4711',
  });
  expect(sent(requests)).not.toHaveProperty('priority');
});

test("a state of task, an inactive one and an unknown priority are refused with the table's own", async () => {
  const { open, order } = at();
  for (const [member, value, listed] of [
    ['status', 'Closed Complete', '"In Progress" (2)'],
    ['status', 'Awaiting', '"Resolved" (6)'],
    ['priority', 'Urgent', '"Planning" (5)'],
  ] as const) {
    const ticket = { ...order.ticket, [member]: value };
    const failed = await open()
      .prepare({ ...order, ticket })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'DeliveryError' });
    expect(String(failed)).toContain(`ticket.${member}`);
    expect(String(failed)).toContain(listed);
  }
});

test('a company is checked before the ticket: ServiceNow would store any reference', async () => {
  const { open, order, requests, server } = at();
  for (const companyId of ['Northwind MSP', '0'.repeat(32)]) {
    const ticket = { ...order.ticket, companyId };
    await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringContaining('delivery.psa.ticket.companyId'),
    });
  }
  expect(requests.some(({ method }) => method === 'POST')).toBe(false);
  expect(server.tickets()).toHaveLength(0);
});

test('an instance that serves no more than tickets and attachments gets ids and words as they were written', async () => {
  for (const status of [403, 404]) {
    const { open, order, deliver, requests } = at(({ path }) =>
      /table\/(core_company|sys_)/u.test(path) ? { status, body: { error: { message: 'no' } } } : undefined,
    );
    const members = { board: 'ab'.repeat(16), status: 'on hold', type: 'billing', priority: '2 - High' };
    await createTicket(open(), { ...order, ticket: { ...order.ticket, ...members } }, markerStore().markers);
    expect(sent(requests)).toMatchObject({
      company: order.ticket.companyId,
      assignment_group: members.board,
      state: '3',
      category: 'billing',
      impact: '1',
      urgency: '2',
    });
    await expect(deliver()).resolves.toBeDefined();
    const named = { ...order, runKey: 'another', ticket: { ...order.ticket, board: 'Billing' } };
    await expect(createTicket(open(), named, markerStore().markers)).rejects.toMatchObject({
      name: 'DeliveryError',
      message: expect.stringContaining('ticket.board'),
    });
  }
});

test('attachments may leave out their size, and tell it as a number', async () => {
  const row = { table_name: 'incident', table_sys_id: 'mine' };
  const { open } = at(({ path }) =>
    path === '/api/now/attachment'
      ? {
          status: 200,
          body: {
            result: [
              { ...row, sys_id: '1', file_name: 'report.csv' },
              { ...row, sys_id: '2', file_name: 'unmapped.csv', size_bytes: 3 },
            ],
          },
          headers: { 'x-total-count': '2' },
        }
      : undefined,
  );
  expect(await open().attachments('mine')).toEqual([{ name: 'report.csv' }, { name: 'unmapped.csv', size: 3 }]);
});

test("a data policy's refusal is reported in its words and the ticket is not sent again", async () => {
  const { open, order, requests, clock } = at();
  const ticket = { ...order.ticket, extra: { short_description: '' } };
  await expect(createTicket(open(), { ...order, ticket }, markerStore().markers)).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringContaining(
      '(HTTP 403): Operation Failed: Data Policy Exception: Short description is mandatory',
    ),
  });
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(clock.elapsed()).toBe(0);
});

test('a ticket that cannot be seen refuses its files, and the error says what to look at', async () => {
  const { open } = at();
  await expect(
    open().attach('nowhere', { name: 'report.csv', bytes: Buffer.from('a'), contentType: 'text/csv' }),
  ).rejects.toMatchObject({
    name: 'DeliveryError',
    message: expect.stringMatching(/refused report\.csv \(HTTP 404\).*glide\.attachment\.extensions/u),
  });
});

test('files go as raw bytes with a plain type, for which the instance may hold the extension responsible', async () => {
  const { deliver, requests } = at();
  await deliver();
  const uploads = requests.filter(({ path }) => path === '/api/now/attachment/file');
  expect(uploads.map(({ headers }) => headers['content-type'])).toEqual(['text/csv', 'text/csv']);
  expect(uploads.map(({ query }) => query.get('file_name'))).toEqual(NAMES);
});

test('each kind of credentials opens the instance; what one of them lacks is named', async () => {
  const { open, order, instance, requests } = at();
  for (const secret of Object.values(instance.others)) {
    expect(await open({ secret }).find(order)).toBeUndefined();
  }
  expect(requests.filter(({ path }) => path === '/oauth_token.do')).toHaveLength(2);
  const { clientSecret, ...incomplete } = instance.others.clientCredentials;
  expect(clientSecret).toBeDefined();
  expect(() => serviceNow.check({ secret: incomplete, configuration: {} })).toThrow(
    /secrets\/servicenow\.json: .*clientId, clientSecret with authType oauth_client_credentials/u,
  );
});

test('a refused client credentials grant says what the instance has to allow', async () => {
  const { open, order, instance } = at();
  const secret = { ...instance.others.clientCredentials, clientSecret: 'wrong-secret' };
  await expect(open({ secret }).find(order)).rejects.toMatchObject({
    name: 'VendorAuthError',
    message: expect.stringContaining('glide.oauth.inbound.client.credential.grant_type.enabled'),
  });
});

test('a text longer than the column takes keeps where the files lie', async () => {
  const { open, order, server } = at();
  const plain = `Two failed.\n${'- Company: Duo Users: failed\n'.repeat(300)}\nFiles:\n- s3://bucket/runs/r1/report.csv\n`;
  await createTicket(open(), { ...order, plain }, markerStore().markers);
  expect(server.tickets()[0]?.description).toContain('s3://bucket/runs/r1/report.csv');
  expect(server.tickets()[0]?.description).toContain(order.runKey);
});

test("the companies' filter is the tenant's own if it never sets the customer flag", async () => {
  const { open } = at();
  const names = (await listCompanies(open({ configuration: { companyQuery: '' } }))).map(({ name }) => name);
  expect(names).toContain('Asleep Ltd');
  expect(names).not.toContain('Microsoft');
});

test('the address of a page, as a browser shows it, leads to the instance', async () => {
  const { open, order, server } = at();
  const instanceUrl = `${server.secret.instanceUrl}/now/nav/ui/home`;
  const made = atOnce(
    await createTicket(open({ secret: { ...server.secret, instanceUrl } }), order, markerStore().markers),
  );
  expect(made.ticketUrl).toMatch(/^https:\/\/northwind\.service-now\.com\/nav_to\.do\?/u);
});
