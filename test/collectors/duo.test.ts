import { describe, expect, it } from 'vitest';
import { duoSignature, type SignatureVersion } from '../../lambdas/collectors/duo/signature.ts';
import duo from '../../lambdas/collectors/duo.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest } from '../sandbox/vendor.ts';
import { signatureV5 } from '../sandbox/vendor-apis/duo.ts';
import { asTruth, type Bench, bench, collection, failure } from './run.ts';
import { spoil } from './spoil.ts';

type Accounts = { stat: string; response: { account_id: string; name: string; api_hostname?: string | null }[] };
type Summary = { stat: string; response: Record<string, unknown> };

const LIST = /account\/list$/u;
const SUMMARY = /info\/summary$/u;
const BILLING = /billing\/edition$/u;
const USERS = 'Duo Users';
const EDITION = 'Duo Edition';

const truth = ({ vendor }: Bench) =>
  vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const find = async (of: Bench, id: string | undefined) =>
  (await collection(of)).customers.find((customer) => customer.id === id);

describe('the signature of Duo', () => {
  const now = Date.UTC(2026, 2, 2, 8, 15);
  const sign = (method: 'GET' | 'POST', url: string, body: string, version?: SignatureVersion) => {
    const key = 'exampleSecretKeyNotReal0123456789abcdefg';
    const signed = duoSignature('DIEXAMPLEIKEY0000001', key, { method, url: new URL(url), body, now }, version);
    const basic = Buffer.from(String(signed.authorization).slice('Basic '.length), 'base64').toString();
    return { date: signed.date, basic };
  };

  it('of a GET is that of the official signers (version 5)', () => {
    const url = 'https://API-1A2B3C4D.duosecurity.com/admin/v1/info/summary?account_id=DACHILDEXAMPLE000001';
    expect(sign('GET', url, '')).toEqual({
      date: 'Mon, 02 Mar 2026 08:15:00 GMT',
      basic:
        'DIEXAMPLEIKEY0000001:2e65de21b399d27261e9d8eb7e22ebdafa2490a1b34f369ca696630e83cf95c6266a1cd02f1e78605a6b6a8c03ef47559ac6ab6f1a5d96213a9f2ec7450b4282',
    });
  });

  it('of a POST covers the body and no parameters (version 5)', () => {
    expect(sign('POST', 'https://api-9z8y7x6w.duosecurity.com/accounts/v1/account/list', '{}').basic).toBe(
      'DIEXAMPLEIKEY0000001:0afdaa2e7f05ae66530ee99104070babb2da85e4d0725dbe49962411ffe33b27e11e5debc3f426c1b1b9b213f347bc786dc8c5df16a5b56646792ee21cc36a88',
    );
  });

  it('of a GET is that of the official signers (version 2)', () => {
    const query = 'limit=1&offset=0&account_id=DACHILDEXAMPLE000001';
    expect(sign('GET', `https://api-1a2b3c4d.duosecurity.com/admin/v1/users?${query}`, '', 2).basic).toBe(
      'DIEXAMPLEIKEY0000001:477216bf49df1a1d542a375cc5402a2494d592611abf0872c35527495d584d1c8aaacca5fa472dc4467c2e71fd377f7e89b3e807b1a15553547aa47f799c6b85',
    );
  });

  it('of a form covers its fields instead of a query (version 2)', () => {
    const host = 'https://api-1a2b3c4d.duosecurity.com/p';
    expect(sign('POST', host, 'b=2&a=1', 2)).toEqual(sign('POST', host, 'a=1&b=2', 2));
    expect(sign('POST', host, 'a=1', 2)).not.toEqual(sign('POST', host, 'a=2', 2));
  });

  it.each(["q=a b+c!'()*~é日", 'a=1&a-b=2&a.c=3&A=4&_=5', 'z=&y=%2F&x=%20'])(
    'escapes and sorts %s to the letter',
    (q) => {
      const url = new URL('https://api-1a2b3c4d.duosecurity.com/p');
      for (const [name, value] of new URLSearchParams(q)) url.searchParams.append(name, value);
      const { date, basic } = sign('GET', url.href, '');
      const independent = signatureV5('exampleSecretKeyNotReal0123456789abcdefg', {
        method: 'GET',
        host: url.hostname,
        path: '/p',
        query: url.searchParams,
        headers: { date: String(date) },
        body: new Uint8Array(),
      });
      expect(basic.split(':')[1]).toBe(independent);
    },
  );

  it('is made again for every attempt, so that a wait of minutes does not make it too old', async () => {
    const of = await bench(duo);
    const dates: string[] = [];
    const { customers } = await collection(of, {
      before: ({ path, headers }) => {
        if (!LIST.test(path)) return undefined;
        dates.push(headers.date ?? '');
        return dates.length === 1 ? { status: 429, headers: { 'retry-after': '400' }, body: '' } : undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(truth(of));
    expect(new Set(dates).size).toBe(2);
  });
});

describe('Duo', () => {
  it('lists accounts by a POST to the parent and asks each account at its own host, with its id', async () => {
    const of = await bench(duo);
    await collection(of);
    const [first, ...others] = of.asked;
    expect(first).toMatchObject({ method: 'POST', host: of.vendor.secret.apiHost, path: '/accounts/v1/account/list' });
    expect(Buffer.from(first?.body ?? []).toString()).toBe('{}');
    expect(new Set(others.map(({ host }) => host)).size).toBeGreaterThan(10);
    for (const { method, query, headers } of others) {
      expect(method).toBe('GET');
      expect([...query.keys()]).toEqual(['account_id']);
      expect(Object.keys(headers).filter((name) => name.startsWith('x-duo'))).toEqual([]);
    }
  });

  it('asks the parent about an account that has no host of its own', async () => {
    const of = await bench(duo);
    const hostless = spoil<Accounts>(of, LIST, ({ stat, response }) => ({
      stat,
      response: response.map((account) => ({ ...account, api_hostname: null })),
    }));
    await collection(hostless).catch(() => undefined);
    expect(new Set(of.asked.map(({ host }) => host))).toEqual(new Set([of.vendor.secret.apiHost]));
  });

  it.each(['evil.example', 'api-1.duosecurity.com.evil.example', 'api-1.duosecurity.com/../x', 'a@b', ''.padEnd(3)])(
    'signs nothing for "%s": that account fails alone',
    async (api_hostname) => {
      const of = await bench(duo);
      const victim = of.vendor.customers.find(({ state }) => state === 'counted')?.id;
      const spoilt = spoil<Accounts>(of, LIST, ({ stat, response }) => ({
        stat,
        response: response.map((account) => (account.account_id === victim ? { ...account, api_hostname } : account)),
      }));
      expect(await find(spoilt, victim)).toMatchObject({
        state: 'failed',
        error: 'VendorContractError',
        reason: expect.stringContaining('api_hostname'),
      });
      for (const { host } of of.asked) expect(host.endsWith('.duosecurity.com')).toBe(true);
    },
  );

  it('counts an account that is listed twice once', async () => {
    const of = await bench(duo);
    const doubled = spoil<Accounts>(of, LIST, ({ stat, response }) => ({ stat, response: [...response, ...response] }));
    expect((await collection(doubled)).customers.map(asTruth)).toEqual(truth(of));
  });

  it('takes every user of the account: those in the trash are reported apart and not added', async () => {
    const of = await bench(duo);
    const busy = spoil<Summary>(of, SUMMARY, ({ stat, response }) => ({
      stat,
      response: { ...response, user_count: 41, user_pending_deletion_count: 3 },
    }));
    for (const { state, counts } of (await collection(busy)).customers) {
      if (state === 'counted') expect(counts[USERS]).toBe(41);
    }
  });

  it('shows an account without a user as 0', async () => {
    const of = await bench(duo);
    const id = of.vendor.customers.find(({ state }) => state === 'counted')?.id;
    const empty = spoil<Summary>(of, SUMMARY, ({ stat, response }, { query }) => ({
      stat,
      response: query.get('account_id') === id ? { ...response, user_count: 0 } : response,
    }));
    expect((await find(empty, id))?.counts[USERS]).toBe(0);
  });

  it('fails for the account whose user_count is missing, and counts the others', async () => {
    const of = await bench(duo);
    const id = of.vendor.customers.find(({ state }) => state === 'counted')?.id;
    const spoilt = spoil<Summary>(of, SUMMARY, ({ stat, response: { user_count, ...rest } }, { query }) => ({
      stat,
      response: query.get('account_id') === id ? rest : { ...rest, user_count },
    }));
    const { customers, status } = await collection(spoilt);
    expect(status).toBe('partial');
    expect(customers.find((customer) => customer.id === id)).toMatchObject({
      state: 'failed',
      error: 'VendorContractError',
      reason: expect.stringContaining('response.user_count'),
    });
  });

  it('fails the account whose row is odd, and it alone', async () => {
    const of = await bench(duo);
    const victim = of.vendor.customers.find(({ state }) => state === 'counted')?.id;
    const spoilt = spoil<Accounts>(of, LIST, ({ stat, response }) => ({
      stat,
      response: response.map((account) =>
        account.account_id === victim ? { account_id: account.account_id, api_hostname: 7 } : account,
      ),
    }));
    const { customers } = await collection(spoilt);
    const failures = customers.filter(({ error }) => error === 'VendorContractError');
    expect(failures).toMatchObject([{ id: victim, reason: expect.stringMatching(/response\.\d+\.api_hostname/u) }]);
  });

  it('takes a FAIL for one whatever the status says', async () => {
    const of = spoil<Accounts>(await bench(duo), LIST, () => ({ stat: 'FAIL', code: 50001, message: 'internal' }));
    expect(await failure(of)).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('stat') });
  });

  it('needs one request for the list and one for each account', async () => {
    const of = await bench(duo, demoMsp(500));
    const { customers } = await collection(of);
    expect(customers.length).toBeGreaterThan(250);
    const summaries = of.asked.filter(({ path }) => SUMMARY.test(path));
    const editions = of.asked.filter(({ path }) => BILLING.test(path));
    expect(summaries).toHaveLength(customers.length);
    // The edition is requested separately only if the summary did not contain it.
    expect(editions).toHaveLength(2);
    expect(of.asked).toHaveLength(1 + summaries.length + editions.length);
  });
});

describe('the edition of a Duo account', () => {
  const summaryWithout = ({ stat, response: { edition: _, ...rest } }: Summary) => ({ stat, response: rest });
  const coded = async (edition: string) => {
    const of = spoil<Summary>(await bench(duo), SUMMARY, summaryWithout);
    return spoil<Summary>(of, BILLING, ({ stat }) => ({ stat, response: { edition } }));
  };

  it.each([
    ['ENTERPRISE', 'Duo Essentials'],
    ['PLATFORM', 'Duo Advantage'],
    ['BEYOND', 'Duo Premier'],
    ['PERSONAL', 'Duo Free'],
    [' personal ', 'Duo Free'],
    ['BUSINESS', 'BUSINESS'],
    ['constructor', 'constructor'],
  ])('%s is %s', async (code, name) => {
    const of = await coded(code);
    const id = of.vendor.customers.find(({ cells }) => cells[EDITION] !== undefined)?.id;
    expect((await find(of, id))?.counts[EDITION]).toBe(name);
  });

  it('is read from the billing if that of the summary is odd', async () => {
    const plain = (await coded('PLATFORM')).vendor.customers.find(({ cells }) => cells[EDITION] !== undefined);
    const odd = spoil<Summary>(await coded('PLATFORM'), SUMMARY, ({ stat, response }) => ({
      stat,
      response: { ...response, edition: { code: 'BEYOND' } },
    }));
    expect(await find(odd, plain?.id)).toMatchObject({
      counts: { [USERS]: plain?.cells[USERS], [EDITION]: 'Duo Advantage' },
    });
  });

  it('that is free is counted with a remark', async () => {
    const of = await coded('PERSONAL');
    const id = of.vendor.customers.find(({ cells }) => cells[EDITION] !== undefined)?.id;
    expect(await find(of, id)).toMatchObject({ state: 'counted', notes: ['Duo Free is not billed'] });
  });

  it('that may not be read leaves its own cell blank, not the number of users', async () => {
    const of = await bench(duo);
    const silent = of.vendor.customers.find(({ state, cells }) => state === 'counted' && cells[EDITION] === undefined);
    expect(await find(of, silent?.id)).toMatchObject({
      state: 'counted',
      counts: { [USERS]: silent?.cells[USERS] },
      gaps: { [EDITION]: { state: 'excluded' } },
    });
  });

  it('that cannot be reached leaves its own cell blank, not the number of users', async () => {
    const of = spoil<Summary>(await bench(duo), SUMMARY, summaryWithout);
    const { customers } = await collection(of, {
      before: ({ path }) => (BILLING.test(path) ? { status: 503, body: 'busy' } : undefined),
    });
    for (const { state, counts, gaps } of customers.filter((customer) => customer.state === 'counted')) {
      expect({ state, users: typeof counts[USERS] }).toEqual({ state: 'counted', users: 'number' });
      expect(gaps[EDITION]).toMatchObject({ state: 'failed', reason: expect.stringContaining('503') });
    }
  });
});

describe('the credentials of Duo', () => {
  it('sign with version 2 if that is asked for: forms instead of JSON, and the same numbers', async () => {
    const of = await bench(duo);
    const secret = { ...of.vendor.secret, signatureVersion: 2 };
    expect((await collection(of, { credentials: { secret } })).customers.map(asTruth)).toEqual(truth(of));
    const [list] = of.asked;
    expect(list?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(list?.body).toHaveLength(0);
  });

  it.each([
    { signatureVersion: 3 },
    { apiHost: 'https://api-5d0c9a1e.duosecurity.com' },
    { apiHost: 'api-5d0c9a1e.duosecurity.com.evil.example' },
    { apiHost: 'evil-duosecurity.com' },
  ])('with %j are refused before anything is sent', async (wrong) => {
    const of = await bench(duo);
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, ...wrong } } });
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(Object.keys(wrong)[0] ?? ''),
    });
    expect(of.asked).toEqual([]);
  });

  it('may belong to a federal tenant, and to a host written in capitals', async () => {
    for (const apiHost of ['api-5d0c9a1e.duofederal.com', 'API-5D0C9A1E.duosecurity.com']) {
      const of = await bench(duo);
      const there = { ...of, vendor: { ...of.vendor, answers: () => true } };
      await failure(there, {
        credentials: { secret: { ...of.vendor.secret, apiHost } },
        before: () => ({ status: 403, body: { stat: 'FAIL', code: 40301, message: 'Access forbidden' } }),
      });
      expect(of.asked.map(({ host }) => host)).toEqual([apiHost.toLowerCase()]);
    }
  });

  it('that are refused say what to look at: the keys, the kind of application, the clock', async () => {
    const of = await bench(duo);
    const secret = { ...of.vendor.secret, secretKey: 'anotherSecretKeyNotReal0123456789abcdefg' };
    expect(await failure(of, { credentials: { secret } })).toMatchObject({
      name: 'VendorAuthError',
      message: expect.stringMatching(/40103.*Accounts API.*clock/u),
    });
    expect(of.asked).toHaveLength(1);
  });

  it('that one account refuses cost that account alone', async () => {
    const of = await bench(duo);
    const barred = of.vendor.customers.filter(({ state }) => state === 'failed').map(({ id }) => id);
    const { customers, status } = await collection(of);
    expect(status).toBe('partial');
    expect(customers.filter(({ error }) => error === 'VendorAuthError').map(({ id }) => id)).toEqual(barred);
  });

  it('take only an account_id for a customer id', () => {
    expect(duo.customerId.schema.safeParse('DAEXAMPLE00000000042').success).toBe(true);
    for (const id of ['Fabrikam Dental', 'DIEXAMPLEIKEY0000001', 'DA1', 'DA', 'daexample00000000042']) {
      expect(duo.customerId.schema.safeParse(id).success).toBe(false);
    }
  });
});

it('Duo is asked by no more than 5 at once', async () => {
  const of = await bench(duo);
  let [running, most] = [0, 0];
  const { handle } = of.vendor;
  const slow = async (request: SandboxRequest) => {
    running += 1;
    most = Math.max(most, running);
    await of.clock.sleep(1);
    running -= 1;
    return handle(request);
  };
  await collection({ ...of, vendor: { ...of.vendor, handle: slow } });
  expect(most).toBe(5);
});
