import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Fact, Piece } from '../../lambdas/counting/facts.ts';
import { VendorApi } from '../../lambdas/counting/vendor-api.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { Paused } from '../../lambdas/wire/session.ts';
import { count } from '../facts.ts';
import { requestPath, wire } from '../wire/wire.ts';

const api = (done: string[] = [], concurrency = 3) =>
  new VendorApi(requestPath(wire({}), { limit: { concurrency } }), (key) => done.includes(key));

const customers = Array.from({ length: 20 }, (_, index) => `c${index}`);

async function units(of: AsyncIterable<Piece>): Promise<{ units: Piece[]; stopped?: unknown }> {
  const got: Piece[] = [];
  try {
    for await (const unit of of) got.push(unit);
    return { units: got };
  } catch (stopped) {
    return { units: got, stopped };
  }
}

const read = async function* (customer: string): AsyncGenerator<Fact> {
  yield count(customer, 'Seats', 2);
};

const failing = (error: () => Error) =>
  async function* (): AsyncGenerator<Fact> {
    yield* await Promise.reject<Fact[]>(error());
  };

describe('reading customer by customer', () => {
  it('gives one finished piece per customer, and never more at once than the limit', async () => {
    let inFlight = 0;
    let most = 0;
    const slow = async function* (customer: string): AsyncGenerator<Fact> {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise(setImmediate);
      inFlight -= 1;
      yield* read(customer);
    };
    const got = await units(api().each(customers, String, slow));
    expect(got.units.map(({ key }) => key).sort()).toEqual(customers.map((customer) => `customer ${customer}`).sort());
    expect(most).toBe(3);
  });

  it('leaves out what a checkpoint contains already', async () => {
    const done = customers.slice(0, 18).map((customer) => `customer ${customer}`);
    const got = await units(api(done).each(customers, String, read));
    expect(got.units).toHaveLength(2);
  });

  it('reads a customer once that the vendor lists twice', async () => {
    const got = await units(api().each([...customers, 'c0', 'c7'], String, read));
    expect(got.units).toHaveLength(customers.length);
  });

  it('fails a customer alone, and keeps nothing of what was read of it before', async () => {
    const withoutConsent = async function* (customer: string): AsyncGenerator<Fact> {
      yield count(customer, 'Seats', 1);
      if (customer === 'c3') throw new ReportError('VendorAuthError', 'no consent');
    };
    const got = await units(api().each(customers, String, withoutConsent));
    expect(got.stopped).toBeUndefined();
    expect(got.units.find(({ key }) => key === 'customer c3')?.facts).toEqual([
      { fact: 'failed', customer: 'c3', failure: { error: 'VendorAuthError', message: 'no consent' } },
    ]);
  });

  it('stops for an error of the whole integration', async () => {
    const condemned = failing(() => new ReportError('VendorAuthError', 'the secret has expired', { wide: true }));
    const got = await units(api().each(customers, String, condemned));
    expect(got.units).toEqual([]);
    expect(got.stopped).toMatchObject({ message: 'the secret has expired' });
  });

  it('stops for a fault of our own instead of blaming a customer', async () => {
    const broken = failing(() => new TypeError('undefined is not a function'));
    expect((await units(api().each(customers, String, broken))).stopped).toBeInstanceOf(TypeError);
  });

  it('treats a vendor that answers nobody as down, without asking for all customers', async () => {
    let asked = 0;
    const unreachable = failing(() => {
      asked += 1;
      return new ReportError('VendorUnavailableError', 'HTTP 503');
    });
    const got = await units(api().each(customers, String, unreachable));
    expect(got.stopped).toMatchObject({ name: 'VendorUnavailableError' });
    expect(asked).toBeLessThan(customers.length);
  });

  it('treats it as down at the eighth customer in a row, not at the seventh', async () => {
    const failingUntil = (answered: number) => {
      const asked: string[] = [];
      const reading = async function* (customer: string): AsyncGenerator<Fact> {
        asked.push(customer);
        if (asked.length < answered) throw new ReportError('VendorUnavailableError', 'HTTP 503');
        yield* read(customer);
      };
      return { asked, reading };
    };
    const eighth = failingUntil(9);
    expect((await units(api([], 1).each(customers, String, eighth.reading))).stopped).toBeDefined();
    expect(eighth.asked).toHaveLength(8);
    const seventh = failingUntil(8);
    expect((await units(api([], 1).each(customers, String, seventh.reading))).units).toHaveLength(20);
  });

  it('fails each refused customer by itself, however many there are', async () => {
    const refused = failing(() => new ReportError('VendorAuthError', 'no consent'));
    const got = await units(api([], 1).each(customers, String, refused));
    expect(got.stopped).toBeUndefined();
    expect(got.units).toHaveLength(20);
  });

  it('fails together the customers of one call', async () => {
    const pairs = [['a', 'b']];
    const refused = failing(() => new ReportError('VendorAuthError', 'no consent'));
    const got = await units(
      api().each(
        pairs,
        (pair) => pair,
        () => refused(),
        'batch',
      ),
    );
    expect(got.units).toEqual([
      {
        fact: 'piece',
        key: 'batch a,b',
        facts: ['a', 'b'].map((customer) => ({
          fact: 'failed',
          customer,
          failure: { error: 'VendorAuthError', message: 'no consent' },
        })),
      },
    ]);
  });

  it('yields the facts of a customer as they were read', async () => {
    const [unit] = (await units(api().each(['c0'], String, read))).units;
    expect(unit).toEqual({ fact: 'piece', key: 'customer c0', facts: [count('c0', 'Seats', 2)] });
  });

  it.each([
    ['VendorUnavailableError', true],
    ['VendorRateLimitError', true],
    ['VendorAuthError', undefined],
  ] as const)('says of a customer that failed with %s whether it was answered', async (name, unanswered) => {
    const [unit] = (
      await units(
        api().each(
          ['c0'],
          String,
          failing(() => new ReportError(name, 'no')),
        ),
      )
    ).units;
    expect(unit?.unanswered).toBe(unanswered);
  });

  it('is not done inside a piece of work', async () => {
    const nested = () => api().each(['c1'], String, read);
    expect((await units(api().each(['c0'], String, nested))).stopped).toMatchObject({
      message: 'piece of work customer c1 is inside another one',
    });
  });

  it('goes on if some customers answer', async () => {
    const flaky = async function* (customer: string): AsyncGenerator<Fact> {
      if (customer !== 'c0') throw new ReportError('VendorUnavailableError', 'HTTP 503');
      yield* read(customer);
    };
    const got = await units(api([], 1).each(customers, String, flaky));
    expect(got.stopped).toBeUndefined();
    expect(got.units).toHaveLength(20);
  });

  it('lets what is under way finish when it has to pause, and starts nothing more', async () => {
    let asked = 0;
    const pausing = async function* (customer: string): AsyncGenerator<Fact> {
      asked += 1;
      if (customer === 'c1') throw new Paused(30, 'limit');
      await new Promise(setImmediate);
      yield* read(customer);
    };
    const got = await units(api().each(customers, String, pausing));
    expect(got.stopped).toBeInstanceOf(Paused);
    expect(got.units.map(({ key }) => key)).toEqual(['customer c0', 'customer c2']);
    expect(asked).toBe(3);
  });
});

describe('a second figure of the vendor', () => {
  it('that agrees is kept in the receipt', () => {
    const of = api();
    expect([...of.compare('devices', 10, 11, { tolerance: 1 })]).toEqual([]);
    expect(of.evidence.comparisons).toEqual([
      { figure: 'devices', counted: 10, declared: 11, tolerance: 1, agrees: true },
    ]);
  });

  it('that disagrees is an error with both figures', () => {
    expect(() => [...api().compare('devices', 10, 12)]).toThrow(
      expect.objectContaining({
        name: 'VendorContractError',
        message: 'Vendor: devices: counted 10, the vendor declares 12',
      }),
    );
  });

  it('that disagrees is a note if the vendor is known to be loose', () => {
    expect([...api().compare('devices', 10, 12, { loose: 'its totals lag' })]).toEqual([
      { fact: 'note', note: 'Vendor: devices: counted 10, the vendor declares 12 (its totals lag)' },
    ]);
  });
});

describe('an API', () => {
  const Name = z.object({ name: z.string() });

  it('reads by GET and by POST, and says whose it is', async () => {
    const w = wire({ json: { name: 'x' } });
    const of = new VendorApi(requestPath(w));
    expect(await of.get('/a', { schema: Name })).toEqual({ name: 'x' });
    expect(await of.post('/b', { schema: Name, json: {} })).toEqual({ name: 'x' });
    expect(w.sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(of.name).toBe('Vendor');
    expect(of.evidence).toEqual({ lists: [], comparisons: [] });
  });

  it('reads an answer that was sent for by itself, and a value inside another', async () => {
    const of = new VendorApi(requestPath(wire({ json: { name: 7 } })));
    const answer = await of.send('GET', '/a');
    expect(() => of.parse(answer, Name, 'GET', '/a')).toThrow('Vendor GET /v1/a: name: expected string');
    expect(of.check(Name, { name: 'x' }, 'the first site')).toEqual({ name: 'x' });
    expect(() => of.check(Name, {}, 'the first site')).toThrow('Vendor the first site: name: expected string');
  });
});
