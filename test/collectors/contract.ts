import { expect, it } from 'vitest';
import type { Detail, DetailSink } from '../../lambdas/counting/details.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import { isRecord } from '../../lambdas/report/record.ts';
import { rowsIn } from '../faults/fault-rig.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse, VendorFactory } from '../sandbox/vendor.ts';
import { spoilt } from '../spoilt.ts';
import { asTruth, bench, collection, failure, lifetime } from './run.ts';

/** A token request, as far as this suite can tell: answers to it stay good when only the API proper must fail. */
const isToken = ({ path }: SandboxRequest): boolean => /token|login|auth\/(?!info)/iu.test(path);

const withoutToken =
  (answer: () => SandboxResponse) =>
  (request: SandboxRequest): SandboxResponse | undefined =>
    isToken(request) ? undefined : answer();

const SENSELESS: Record<string, () => SandboxResponse> = {
  'an HTML page': () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Sign in</title>',
  }),
  'an empty body': () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '' }),
  '{}': () => ({ status: 200, body: {} }),
  '[]': () => ({ status: 200, body: [] }),
  null: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: 'null' }),
  'half of a JSON text': () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"data":[{"id":',
  }),
  'bytes that are no UTF-8': () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
  }),
};

/** Answers with rows that are not a list to be read to its end. */
const NO_LISTS: Record<string, RegExp> = {
  // The rights of the credentials.
  immybot: /\/users\/claims$/u,
  // Around other answers, each of which has its receipt.
  'microsoft-365': /\/\$batch$/u,
  // Not yet declared as lists.
  sherweb: /\/subscriptions\/details$/u,
  'synnex-australia': /\/marketplace\//u,
};

/** A fact of a subscription's term, and not what identifies it. */
const isFact = (member: string): boolean =>
  !['customer', 'id', 'product', 'column', 'seller', 'joins'].includes(member);

/** What every collector must do, for any vendor. `make` is the sandbox vendor; by default the one with the same id. */
export function collectorContract(collector: Collector, make?: VendorFactory): void {
  const set = () => bench(collector, demoMsp(), make);

  it('has the true value in every cell of every customer', async () => {
    const of = await set();
    const { customers, columns } = await collection(of);
    const expected = of.vendor.customers
      .filter(({ state }) => state !== 'gone')
      .map(({ id: customer, state, cells }) => ({ id: customer, state, cells }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(customers.map(asTruth)).toEqual(expected);
    const titles = new Set([...collector.columns, ...columns].map(({ title }) => title));
    for (const { counts } of customers) for (const title of Object.keys(counts)) expect(titles).toContain(title);
  });

  it('counts customers whose names are missing', async () => {
    const whole = await collection(await set());
    const ids = new Set(whole.customers.map(({ id }) => id));
    const names = new Set(whole.customers.map(({ name }) => name).filter((name) => !ids.has(name)));
    const { customers } = await collection(await set(), {
      after: (_, response) => {
        const { body } = response;
        const text = isRecord(body) || Array.isArray(body) ? JSON.stringify(body) : body;
        if (typeof text !== 'string' || !/^[[{]/u.test(text)) return;
        response.body = JSON.stringify(JSON.parse(text), (_, value) => (names.has(value) ? null : value));
      },
    });
    expect(customers.map(({ name }) => name)).not.toContain('');
    expect(customers.map(asTruth)).toEqual(whole.customers.map(asTruth));
  });

  it('names its product columns by its prefix and states what they count', async () => {
    const { columns } = await collection(await set());
    for (const column of columns) {
      expect(column.title.startsWith(`${collector.products?.prefix} `)).toBe(true);
      expect(column.definition).not.toBe('');
    }
    for (const column of collector.columns) expect(column.definition).not.toBe('');
  });

  it('names one by one what it declares, and nothing else', async () => {
    const details: Detail[] = [];
    const sink: DetailSink = {
      add: async (some) => void details.push(...some),
      startAgain: async () => void details.splice(0),
    };
    expect((await lifetime(await set(), { details: sink })).outcome).toBe('complete');
    expect(details.some((detail) => 'unit' in detail)).toBe(collector.names !== undefined);
    const facts = new Set(
      details.flatMap((detail) => ('subscription' in detail ? Object.keys(detail.subscription) : [])).filter(isFact),
    );
    // The sandbox need not have every fact that a real vendor can have.
    for (const fact of facts) expect(collector.names?.terms).toContain(fact);
    expect(facts.size > 0).toBe(collector.names?.terms !== undefined);
  });

  it('keeps a receipt that adds up', async () => {
    const of = await set();
    const { receipt } = await collection(of);
    expect(receipt.requests).toBe(of.asked.length);
    for (const list of receipt.lists) {
      expect(list.end).not.toBe('');
      if (list.declaredTotal !== undefined) expect(list.distinct).toBe(list.declaredTotal);
    }
  });

  it('leaves a receipt for every list that its vendor serves', async () => {
    const of = await set();
    const served = new Set<string>();
    const { handle } = of.vendor;
    of.vendor.handle = async (request) => {
      const response = await handle(request);
      if (response.status === 200 && rowsIn(response.body).length > 0) served.add(request.path);
      return response;
    };
    const { receipt } = await collection(of);
    // A receipt's name begins with the end of the path that was read.
    const ends = receipt.lists.map(({ list }) => list.replace(/^https:\/\/[^/]+/u, '').replace(/[?\s].*$/u, ''));
    const isOther = NO_LISTS[collector.id] ?? /$^/u;
    const unread = [...served].filter((path) => !isOther.test(path) && !ends.some((end) => path.endsWith(end)));
    expect(unread).toEqual([]);
  });

  it('asks only the hosts of its vendor', async () => {
    const of = await set();
    await collection(of);
    for (const { host } of of.asked) expect(of.vendor.answers(host)).toBe(true);
  });

  it('gives the same result when every request is answered 503 first', async () => {
    const smooth = await collection(await set());
    const met = new Set<string>();
    const rough = await collection(await set(), {
      before: (request) => {
        const key = `${request.method} ${request.host} ${request.path} ${request.query} ${Buffer.from(request.body)}`;
        if (met.has(key)) return undefined;
        met.add(key);
        return { status: 503, body: 'busy' };
      },
    });
    expect(rough.customers).toEqual(smooth.customers);
    expect(rough.status).toBe(smooth.status);
  });

  it('continues from its checkpoint when its time is up, with the same result', async () => {
    const smooth = await set();
    const whole = await collection(smooth, { latency: 1 });
    const of = await set();
    const short = { latency: 1, lifetime: Math.ceil((smooth.clock.elapsed() / 1000) * 0.6) };
    const first = await lifetime(of, short);
    if (first.outcome !== 'paused') throw new Error('a lifetime of 60 % of the work did not end in a pause');
    const resumed = await collection(of, { latency: 1, checkpoint: first.checkpoint });
    expect(resumed.customers).toEqual(whole.customers);
    expect(resumed.notes).toEqual(whole.notes);
  });

  it('fails with VendorAuthError when the API refuses it', async () => {
    for (const status of [401, 403]) {
      const error = await failure(await set(), {
        before: withoutToken(() => ({ status, body: { message: 'denied' } })),
      });
      expect(error.name).toBe('VendorAuthError');
    }
  });

  it('fails with VendorUnavailableError when nobody answers', async () => {
    const error = await failure(await set(), { before: () => ({ status: 0, fault: 'refuse' }) });
    expect(error.name).toBe('VendorUnavailableError');
  });

  it('fails with VendorRateLimitError when it has to wait until tomorrow', async () => {
    const error = await failure(await set(), {
      before: () => ({ status: 429, headers: { 'retry-after': '90000' }, body: '' }),
    });
    expect(error.name).toBe('VendorRateLimitError');
  });

  it.each(Object.entries(SENSELESS))('fails with VendorContractError when the API answers %s', async (_, answer) => {
    const error = await failure(await set(), { before: withoutToken(answer) });
    expect(error.name).toBe('VendorContractError');
  });

  it('refuses an unknown field by name before anything is sent', async () => {
    const of = await set();
    const error = await failure(of, { credentials: { secret: { ...of.vendor.secret, apiKye: 'x' } } });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('"apiKye"') });
    const other = await failure(of, { credentials: { configuration: { ...of.vendor.configuration, exakt: true } } });
    expect(other).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('"exakt"') });
    expect(of.asked).toEqual([]);
  });

  it('refuses at once, itself or by its vendor, a credential with a character that none has', async () => {
    for (const secret of spoilt((await set()).vendor.secret)) {
      const of = await set();
      const error = await failure(of, { credentials: { secret } });
      expect(error.name, JSON.stringify(secret)).toMatch(/^(ConfigurationError|VendorAuthError)$/u);
      expect(of.clock.elapsed()).toBe(0);
    }
  });

  it('never lets a secret into what it keeps or reports', async () => {
    const of = await set();
    const secrets = Object.entries(of.vendor.secret)
      .filter(([name]) => !/(url|host|domain|region|stack|id|username)$/iu.test(name))
      .flatMap(([, value]) => (typeof value === 'string' && value.length >= 6 ? [value] : []));
    const kept = JSON.stringify(await collection(of));
    const refused = await failure(await set(), {
      before: (request) => ({
        status: 400,
        body: { error: `${JSON.stringify(request.headers)} ${Buffer.from(request.body)}` },
      }),
    });
    for (const secret of secrets) {
      expect(kept).not.toContain(secret);
      expect(refused.message).not.toContain(secret);
      expect(refused.message).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });

  it('distinguishes an unknown customer from an empty one: an MSP without this customer has no cell for it', async () => {
    const of = await bench(collector, demoMsp(12), make);
    const { customers } = await collection(of);
    const listed = new Set(customers.map(({ id: customer }) => customer));
    for (const customer of of.vendor.customers) expect(listed.has(customer.id)).toBe(customer.state !== 'gone');
  });
}
