import { expect, test } from 'vitest';
import { demoMsp } from '../sandbox/demo-msp.ts';
import connectWiseServer from '../sandbox/psa-apis/connectwise-psa.ts';
import dattoServer from '../sandbox/psa-apis/datto-psa.ts';
import freshdeskServer from '../sandbox/psa-apis/freshdesk.ts';
import haloServer from '../sandbox/psa-apis/halopsa.ts';
import serviceNowServer from '../sandbox/psa-apis/servicenow.ts';
import type { Server } from '../sandbox/vendor.ts';

const ask = async (
  server: Server,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
  host = 'x',
) => {
  const [bare = '', search = ''] = path.split('?');
  return server.handle({
    method,
    host,
    path: bare,
    query: new URLSearchParams(search),
    headers,
    body: Buffer.from(body),
  });
};

const manage = '/v2026_1/apis/3.0';
const keys = {
  authorization: `Basic ${Buffer.from('northwind+PubKey0123456789:PrivKeyABCDEFGHIJ').toString('base64')}`,
  clientid: '6d2a2b53-5c9a-4f0e-9a51-0f0c4b7f6a10',
  accept: 'application/json',
};

test('ConnectWise: wrong keys, a missing client id and a wrong codebase are distinguished', async () => {
  const server = connectWiseServer(demoMsp());
  const boards = `${manage}/service/boards`;
  expect(await ask(server, 'GET', boards, { ...keys, authorization: 'Basic eA==' })).toMatchObject({ status: 401 });
  expect(await ask(server, 'GET', boards, { ...keys, clientid: '' })).toMatchObject({
    status: 401,
    body: { code: 'ClientIdRequired' },
  });
  expect(await ask(server, 'GET', '/v4_6_release/apis/3.0/service/boards', keys)).toMatchObject({ status: 404 });
  expect(await ask(server, 'GET', '/login/companyinfo/nobody', {})).toMatchObject({ status: 200, body: 'null' });
});

test('ConnectWise: 25 rows a page by default, a Link to the next, unknown parameters ignored, bad conditions refused', async () => {
  const server = connectWiseServer(demoMsp());
  const first = await ask(server, 'GET', `${manage}/company/companies?colour=blue`, keys);
  expect(JSON.parse(String(first.body))).toHaveLength(25);
  expect(first.headers?.link).toContain('page=2');
  expect(await ask(server, 'GET', `${manage}/company/companies?pageSize=1001`, keys)).toMatchObject({ status: 400 });
  expect(await ask(server, 'GET', `${manage}/company/companies?conditions=name=Contoso`, keys)).toMatchObject({
    status: 400,
  });
});

test('Halo: no token, a bare object and an unknown type are refused', async () => {
  const server = haloServer(demoMsp());
  expect(await ask(server, 'GET', '/api/Client', {})).toMatchObject({ status: 401 });
  const form =
    'grant_type=client_credentials&client_id=3a6f1f40-demo-halo-client&client_secret=halo-demo-secret-9f27c1d4-5b6e&scope=all';
  const answer = await ask(
    server,
    'POST',
    '/auth/token',
    { 'content-type': 'application/x-www-form-urlencoded' },
    form,
  );
  const token: unknown =
    typeof answer.body === 'object' && 'access_token' in answer.body ? answer.body.access_token : '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  expect(await ask(server, 'POST', '/api/Tickets', headers, '{"summary":"x"}')).toMatchObject({ status: 400 });
  expect(await ask(server, 'POST', '/api/Tickets', headers, '[{"summary":"x","client_id":2}]')).toMatchObject({
    status: 400,
  });
  expect(await ask(server, 'GET', '/api/Client?page_no=9', headers)).toMatchObject({ body: { record_count: 43 } });
});

test('what the real ones forgive is forgiven: any Accept or none, any password text, small letters, a GET of no type', async () => {
  const forgiving = { authorization: keys.authorization, clientid: keys.clientid, accept: '*/*' };
  const connectWise = connectWiseServer(demoMsp());
  const companies = await ask(connectWise, 'GET', `${manage}/company/companies?orderBy=id`, forgiving);
  expect(companies.status).toBe(200);
  expect(companies.headers?.link).toMatch(/[?&]orderBy=id&page=2>/u);

  const freshdesk = freshdeskServer(demoMsp());
  const { apiKey } = freshdesk.secret;
  const authorization = `Basic ${Buffer.from(`${apiKey}:whatever`).toString('base64')}`;
  const host = 'northwind.freshdesk.com';
  expect(await ask(freshdesk, 'GET', '/api/v2/groups', { authorization }, '', host)).toMatchObject({ status: 200 });

  const serviceNow = serviceNowServer(demoMsp());
  const { username, password } = serviceNow.secret;
  const user = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const groups = await ask(serviceNow, 'GET', '/api/now/table/sys_user_group?sysparm_fields=', user);
  expect(groups).toMatchObject({ status: 200, body: { result: [{ name: 'Billing', active: 'true' }, {}, {}] } });

  const autotask = dattoServer(demoMsp());
  const path = `/atservicesrest/v1.0/zoneInformation?user=${encodeURIComponent(String(autotask.secret.userName))}`;
  expect(autotask.answers('webservices.autotask.net')).toBe(true);
  expect(await ask(autotask, 'GET', path, {})).toMatchObject({ status: 200 });
});
