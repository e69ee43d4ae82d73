import { expect, test } from 'vitest';
import { at, client, listAt } from '../client.ts';
import { demoMsp } from '../demo-msp.ts';
import duo, { signatureV2, signatureV5 } from './duo.ts';

const NOW = Date.UTC(2026, 2, 2, 8, 15);
const DATE = 'Mon, 02 Mar 2026 08:15:00 GMT';

type Sent = { method: string; url: string; body?: string; date?: string; key?: string; secret?: string; type?: string };

async function open() {
  const vendor = duo(demoMsp(), () => NOW);
  const ask = client(vendor);
  const send = ({ method, url, body, date = DATE, key, secret, type }: Sent) => {
    const { hostname: host, pathname: path, searchParams: query } = new URL(url);
    const signature = signatureV5(secret ?? String(vendor.secret.secretKey), {
      method,
      host,
      path,
      query,
      headers: { date },
      body: Buffer.from(body ?? ''),
    });
    const user = key ?? vendor.secret.integrationKey;
    const authorization = `Basic ${Buffer.from(`${user}:${signature}`).toString('base64')}`;
    const headers = { date, authorization, ...(type === undefined ? {} : { 'content-type': type }) };
    return ask(url, { method, headers, ...(body === undefined ? {} : { json: JSON.parse(body) }) });
  };
  const parent = `https://${vendor.secret.apiHost}`;
  const list = () => send({ method: 'POST', url: `${parent}/accounts/v1/account/list`, body: '{}' });
  const accounts = listAt((await list()).body, 'response').map((account) => ({
    id: String(at(account, 'account_id')),
    name: String(at(account, 'name')),
    host: at(account, 'api_hostname') === undefined ? parent : `https://${at(account, 'api_hostname')}`,
  }));
  const summary = (account: { id: string; host: string } | undefined) =>
    send({ method: 'GET', url: `${account?.host}/admin/v1/info/summary?account_id=${account?.id}` });
  return { vendor, ask, send, parent, list, accounts, summary };
}

test('signatures of version 5 are those of the official signers', () => {
  const key = 'exampleSecretKeyNotReal0123456789abcdefg';
  const get = {
    method: 'GET',
    host: 'api-1a2b3c4d.duosecurity.com',
    path: '/admin/v1/info/summary',
    query: new URLSearchParams('account_id=DACHILDEXAMPLE000001'),
    headers: { date: DATE },
    body: new Uint8Array(),
  };
  expect(signatureV5(key, get)).toBe(
    '2e65de21b399d27261e9d8eb7e22ebdafa2490a1b34f369ca696630e83cf95c6266a1cd02f1e78605a6b6a8c03ef47559ac6ab6f1a5d96213a9f2ec7450b4282',
  );
  const post = {
    ...get,
    method: 'POST',
    host: 'api-9z8y7x6w.duosecurity.com',
    path: '/accounts/v1/account/list',
    query: new URLSearchParams(),
    body: Buffer.from('{}'),
  };
  expect(signatureV5(key, post)).toBe(
    '0afdaa2e7f05ae66530ee99104070babb2da85e4d0725dbe49962411ffe33b27e11e5debc3f426c1b1b9b213f347bc786dc8c5df16a5b56646792ee21cc36a88',
  );
});

test('signatures of version 2 are those of the official signers, with either hash', () => {
  const get = {
    method: 'GET',
    host: 'api-1a2b3c4d.duosecurity.com',
    path: '/admin/v1/users',
    query: new URLSearchParams('offset=0&limit=1&account_id=DACHILDEXAMPLE000001'),
    headers: { date: DATE },
    body: new Uint8Array(),
  };
  const key = 'exampleSecretKeyNotReal0123456789abcdefg';
  expect(signatureV2(key, get)).toBe(
    '477216bf49df1a1d542a375cc5402a2494d592611abf0872c35527495d584d1c8aaacca5fa472dc4467c2e71fd377f7e89b3e807b1a15553547aa47f799c6b85',
  );
  expect(signatureV2(key, get, 'sha1')).toBe('662e93034e38891862689c5d9d784932ecfaa006');
});

test('parameters are sorted and escaped exactly, whatever their order in the address', () => {
  const sign = (search: string) =>
    signatureV5('k', {
      method: 'GET',
      host: 'h',
      path: '/p',
      query: new URLSearchParams(search),
      headers: { date: DATE },
      body: new Uint8Array(),
    });
  expect(sign("b=1&a=%C3%A9+x'*")).toBe(sign('a=é x%27%2A&b=1'));
  expect(sign('a=1&b=2')).not.toBe(sign('a=2&b=1'));
});

test('a wrong key, a wrong secret, another query, an old date and no credentials are each refused by their code', async () => {
  const { ask, send, parent } = await open();
  const url = `${parent}/accounts/v1/account/list`;
  const refused = async (sent: Partial<Sent>) => {
    const { status, body } = await send({ method: 'POST', url, body: '{}', ...sent });
    return [status, at(body, 'stat'), at(body, 'code')];
  };
  expect(await refused({ key: 'DIWRONG' })).toEqual([401, 'FAIL', 40102]);
  expect(await refused({ secret: 'wrong' })).toEqual([401, 'FAIL', 40103]);
  expect(await refused({ date: 'Mon, 02 Mar 2026 07:15:00 GMT' })).toEqual([401, 'FAIL', 40105]);
  expect(await refused({ date: 'yesterday' })).toEqual([401, 'FAIL', 40105]);
  expect(await refused({ date: '2026-03-02T08:15:00Z' })).toEqual([401, 'FAIL', 40105]);
  expect(at((await ask(url, { method: 'POST' })).body, 'code')).toBe(40101);
  expect(at((await ask(url, { method: 'POST', headers: { authorization: 'Basic !!' } })).body, 'code')).toBe(40101);
});

test('the body is part of the signature and must be JSON', async () => {
  const { send, parent } = await open();
  const url = `${parent}/accounts/v1/account/list`;
  expect((await send({ method: 'POST', url, body: '{}', type: 'text/plain' })).status).toBe(400);
  expect((await send({ method: 'POST', url })).status).toBe(400);
});

test('children are listed by a POST to the parent host and answer on their own hosts alone', async () => {
  const { accounts, vendor, send, parent, summary } = await open();
  expect(accounts.map(({ id }) => id)).toEqual(
    vendor.customers.filter(({ state }) => state !== 'gone').map(({ id }) => id),
  );
  const [first] = accounts;
  expect(at((await summary(first)).body, 'response', 'user_count')).toBe(vendor.customers[0]?.cells['Duo Users']);
  const elsewhere = await send({ method: 'GET', url: `${parent}/admin/v1/info/summary?account_id=${first?.id}` });
  expect(elsewhere.status).toBe(403);
  expect((await send({ method: 'GET', url: `${parent}/accounts/v1/account/list` })).status).toBe(405);
});

test('one child is forbidden, one has no host of its own, some do not tell their edition', async () => {
  const { accounts, vendor, summary, send, parent } = await open();
  const statuses = await Promise.all(accounts.map(async (account) => (await summary(account)).status));
  expect(statuses.filter((status) => status !== 200)).toEqual([403]);
  const failed = vendor.customers.filter(({ state }) => state === 'failed').map(({ id }) => id);
  expect(failed).toEqual(accounts.filter((_, index) => statuses[index] === 403).map(({ id }) => id));
  expect(accounts.filter(({ host }) => host === parent)).toHaveLength(1);
  const silent = [];
  for (const account of accounts) {
    const { body } = await summary(account);
    if (at(body, 'stat') === 'OK' && at(body, 'response', 'edition') === undefined) silent.push(account);
  }
  const billing = await Promise.all(
    silent.map(({ host, id }) => send({ method: 'GET', url: `${host}/admin/v1/billing/edition?account_id=${id}` })),
  );
  expect(billing.map(({ status }) => status)).toEqual([200, 403]);
});

test('users come 100 a page, 300 at most, with the offset of the next', async () => {
  const { accounts, send } = await open();
  const [first] = accounts;
  const users = (query: string) =>
    send({ method: 'GET', url: `${first?.host}/admin/v1/users?account_id=${first?.id}&${query}` });
  const { body } = await users('limit=1&offset=0');
  expect(at(body, 'metadata', 'next_offset')).toBe(1);
  const total = Number(at(body, 'metadata', 'total_objects'));
  const last = await users(`offset=${total - 1}`);
  expect(listAt(last.body, 'response')).toHaveLength(1);
  expect(at(last.body, 'metadata')).toEqual({ total_objects: total });
});
