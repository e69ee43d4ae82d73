import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../lambdas/counting/facts.ts';
import { Tally } from '../../lambdas/counting/tally.ts';
import { isReportError } from '../../lambdas/report/errors.ts';

const ids = ['1', '2', '3'];
const id = fc.constantFrom(...ids);
const column = fc.constantFrom('Seats', 'Servers', 'constructor', '__proto__');
const reason = fc.constantFrom('inactive', 'a member is missing', 'suspended');

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ fact: fc.constant('count' as const), customer: id, column, value: fc.nat(50) }),
  fc.record({
    fact: fc.constant('count' as const),
    customer: id,
    column,
    value: fc.double({ min: 0, max: 1000, noNaN: true }),
  }),
  fc.nat(5).chain((key) =>
    fc.record({
      fact: fc.constant('count' as const),
      customer: id,
      column,
      value: fc.constant(key * 1.1),
      key: fc.constant(String(key)),
    }),
  ),
  fc.record({ fact: fc.constant('text' as const), customer: id, column: fc.constant('Plan'), value: fc.string() }),
  fc.record({
    fact: fc.constant('gap' as const),
    customer: id,
    column,
    gap: fc.record({ state: fc.constantFrom('excluded' as const, 'failed' as const), reason }),
  }),
  fc.record({ fact: fc.constant('count' as const), customer: id, column, value: fc.nat(2), key: fc.constant('once') }),
  fc.record({
    ...{ fact: fc.constant('left-out' as const), things: fc.constantFrom('node', 'company'), why: reason },
    count: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    ...{ fact: fc.constant('left-out' as const), things: fc.constant('node'), why: reason, customer: id },
    count: fc.constant(1),
  }),
  fc.record({
    ...{ fact: fc.constant('usual' as const), rows: fc.constantFrom('users', 'sites'), member: fc.constant('admin') },
    ...{ meaning: fc.constant('nobody leads'), read: fc.integer({ min: 1, max: 3 }), met: fc.nat(1) },
  }),
  fc.record({ fact: fc.constant('note' as const), note: reason, customer: id }),
  fc.record({
    fact: fc.constant('identity' as const),
    customer: id,
    identity: fc.record({
      domains: fc.subarray(['contoso.example', 'uk.contoso.example']),
      ids: fc.subarray([
        { integration: 'microsoft-365', id: '1' },
        { integration: 'datto-psa', id: '1' },
      ]),
      references: fc.subarray(['1', '2']),
    }),
  }),
  fc.record({ fact: fc.constant('note' as const), note: reason }),
  fc.record({ fact: fc.constant('customer' as const), id, name: reason, aliases: fc.subarray(['a', 'b']) }),
  fc.record({
    fact: fc.constant('product' as const),
    column: fc.record({
      title: column,
      type: fc.constant('number' as const),
      appears: fc.constant('product' as const),
      definition: reason,
    }),
  }),
  fc.record({ fact: fc.constant('excluded' as const), customer: fc.constant('3'), reason }),
  fc.record({
    fact: fc.constant('failed' as const),
    customer: fc.constant('3'),
    failure: fc.record({ error: fc.constant('VendorAuthError' as const), message: reason }),
  }),
);

const listed: Fact[] = ids.map((each) => ({ fact: 'customer', id: each, name: `n${each}`, aliases: [] }));

const tallied = (facts: readonly Fact[]): Tally => {
  const tally = new Tally();
  for (const each of facts) tally.add(each);
  return tally;
};

describe('tally', () => {
  test('gives equal bytes for the same facts in any order', () => {
    const facts = fc.array(fact, { maxLength: 30 }).map((more) => [...listed, ...more]);
    fc.assert(
      fc.property(
        facts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(JSON.stringify(tallied(shuffled).result())).toBe(JSON.stringify(tallied(all).result()));
        },
      ),
    );
  });

  test('gives equal bytes however the rows are split into pages, one part resumed from a checkpoint', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 30 }), fc.nat(30), (more, at) => {
        const all = [...listed, ...more];
        const first = Tally.restore(JSON.parse(JSON.stringify(tallied(all.slice(0, at)).snapshot())));
        first.merge(tallied(all.slice(at)));
        expect(JSON.stringify(first.result())).toBe(JSON.stringify(tallied(all).result()));
      }),
    );
  });

  test('counts a keyed row once, also when two parts saw it', () => {
    const row: Fact = { fact: 'count', customer: '1', column: 'Users', value: 2, key: 'ann' };
    const tally = tallied([...listed, row, row]);
    tally.merge(tallied([row, { ...row, key: 'bob' }]));
    expect(tally.result().customers[0]?.counts).toEqual({ Users: 4 });
  });

  test('adds up rows without a key', () => {
    const row: Fact = { fact: 'count', customer: '1', column: 'Seats', value: 0.1 };
    expect(tallied([...listed, row, row, row]).result().customers[0]?.counts).toEqual({ Seats: 0.3 });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 63])('%d is no count, and opens its own cell', (value) => {
    const seats: Fact = { fact: 'count', customer: '1', column: 'Seats', value };
    const [first, second] = tallied([...listed, seats, { ...seats, column: 'Users', value: 3 }]).result().customers;
    expect(first?.gaps).toEqual({ Seats: { state: 'failed', reason: `the vendor reports ${value}` } });
    expect([first?.counts, second?.gaps]).toEqual([{ Users: 3 }, {}]);
  });

  test('refuses a customer or row without id, rather than to count it as none', () => {
    expect(() => tallied([{ fact: 'count', customer: '', column: 'Seats', value: 1 }])).toThrow(
      /without a customer id/u,
    );
  });

  test('refuses rows of a customer that the vendor does not list', () => {
    try {
      tallied([{ fact: 'count', customer: '9', column: 'Seats', value: 1 }]).result();
      expect.unreachable();
    } catch (error) {
      expect(isReportError(error, 'VendorContractError')).toBe(true);
    }
  });

  test('keeps no counts of a customer that failed or is excluded', () => {
    const counted: Fact = { fact: 'count', customer: '1', column: 'Seats', value: 1 };
    const [failed] = tallied([
      ...listed,
      counted,
      { fact: 'excluded', customer: '1', reason: 'inactive' },
      { fact: 'failed', customer: '1', failure: { error: 'VendorAuthError', message: 'no consent' } },
    ]).result().customers;
    expect(failed).toMatchObject({ state: 'failed', error: 'VendorAuthError', reason: 'no consent', counts: {} });
  });

  test('counts nothing for a key of which two rows say different things, and opens the cell', () => {
    const row: Fact = { fact: 'count', customer: '1', column: 'Seats', value: 2, key: 'ann' };
    const [first] = tallied([...listed, row, { ...row, value: 3 }, { ...row, key: 'bob' }]).result().customers;
    expect(first).toMatchObject({
      counts: { Seats: 2 },
      gaps: { Seats: { state: 'failed', reason: 'two rows of ann disagree on how many there are' } },
    });
  });

  test('counts nothing for such a key whatever comes after, in the same part or another', () => {
    const row = (value: number): Fact => ({ fact: 'count', customer: '1', column: 'Seats', value, key: 'ann' });
    const values = [2, 3, 2];
    for (let at = 0; at <= values.length; at += 1) {
      const tally = tallied([...listed, ...values.slice(0, at).map(row)]);
      tally.merge(tallied(values.slice(at).map(row)));
      expect(tally.result().customers[0]).toMatchObject({
        counts: { Seats: 0 },
        gaps: { Seats: { reason: 'two rows of ann disagree on how many there are' } },
      });
    }
  });

  test('counts nothing for a subscription: its seats are counted apart', () => {
    const subscription = { customer: '1', id: 's1', product: 'Backup', seller: 'vendor', joins: [] } as const;
    expect(tallied([...listed, { fact: 'subscription', subscription }]).result()).toEqual(tallied(listed).result());
  });

  test('adds up what is left out, for all and for one customer', () => {
    const left: Fact = { fact: 'left-out', things: 'node', why: 'retired', count: 1 };
    const { notes, customers } = tallied([...listed, left, left, { ...left, customer: '1' }]).result();
    expect(notes).toEqual(['2 nodes left out: retired']);
    expect(customers[0]?.notes).toEqual(['1 node left out: retired']);
  });

  test('takes titles that differ in case, blanks or Unicode form for one column', () => {
    const titles = ['Acme  backup', 'Acme Backup', 'Acme Backu\u0070', 'Acme Caf\u00e9', 'Acme Cafe\u0301'];
    const facts = titles.flatMap((column): Fact[] => [
      { fact: 'product', column: { title: column, type: 'number', appears: 'product', definition: 'seats' } },
      { fact: 'count', customer: '1', column, value: 1 },
      { fact: 'gap', customer: '2', column, gap: { state: 'failed', reason: 'unread' } },
    ]);
    for (const order of [facts, facts.toReversed()]) {
      const { columns, customers } = tallied([...listed, ...order]).result();
      expect(columns.map(({ title }) => title)).toEqual(['Acme  backup', 'Acme Cafe\u0301']);
      expect(customers[0]?.counts).toEqual({ 'Acme  backup': 3, 'Acme Cafe\u0301': 2 });
      expect(Object.keys(customers[1]?.gaps ?? {})).toEqual(['Acme  backup', 'Acme Cafe\u0301']);
    }
  });

  test('moves a gap to the spelling that its column goes by', () => {
    const facts = ['Acme Backup', 'ACME BACKUP'].map(
      (title): Fact => ({
        fact: 'product',
        column: { title, type: 'number', appears: 'product', definition: 'seats' },
      }),
    );
    const gap = { state: 'failed', reason: 'unread' } as const;
    const [first, second] = tallied([
      ...[...listed, ...facts],
      { fact: 'gap', customer: '1', column: 'Acme Backup', gap },
      { fact: 'count', customer: '2', column: 'Acme Backup', value: 2 },
    ]).result().customers;
    expect([first?.counts, first?.gaps]).toEqual([{}, { 'ACME BACKUP': gap }]);
    expect([second?.counts, second?.gaps]).toStrictEqual([{ 'ACME BACKUP': 2 }, {}]);
  });

  test('remarks on each field that no row has, of each kind of rows that there are', () => {
    const usual = (rows: string, member: string, met: number, read = 3): Fact => ({
      ...{ fact: 'usual', rows, member, meaning: `no ${member} is known` },
      ...{ read, met },
    });
    const facts = [usual('users', 'admin', 0), usual('users', 'kind', 0), usual('sites', 'kind', 0)];
    facts.push(usual('sites', 'admin', 1), usual('users', 'admin', 0), usual('roles', 'admin', 0, 0));
    expect(tallied(facts).result().notes).toEqual([
      'none of 3 sites has "kind": no kind is known',
      'none of 3 users has "kind": no kind is known',
      'none of 6 users has "admin": no admin is known',
    ]);
  });

  test('joins distinct texts', () => {
    const text = (value: string): Fact => ({ fact: 'text', customer: '1', column: 'Plan', value });
    const [first] = tallied([...listed, text('Pro'), text('Basic'), text('Pro')]).result().customers;
    expect(first?.counts).toEqual({ Plan: 'Basic; Pro' });
  });
});

describe('a customer in the tally', () => {
  const named = (name: string, aliases: string[] = []): Fact => ({ fact: 'customer', id: '1', name, aliases });
  const first = (facts: readonly Fact[]) => tallied(facts).result().customers[0];
  /** The customer, which must not depend on which fact came first. */
  const either = (...facts: Fact[]) => {
    const forth = first(facts);
    expect(first(facts.toReversed())).toEqual(forth);
    return forth;
  };

  test('has its aliases once each, in order, its own id not among them', () => {
    const merged = either(named('One', ['b', '1', 'a']), named('One', ['a']));
    expect(merged).toEqual({
      id: '1',
      aliases: ['a', 'b'],
      name: 'One',
      state: 'counted',
      counts: {},
      gaps: {},
      notes: [],
    });
  });

  test('has the first of several names by the alphabet', () => {
    expect(either(named('Beta'), named('Alpha'))?.name).toBe('Alpha');
  });

  test('that is excluded says why, and holds no counts', () => {
    const excluded = (reason: string): Fact => ({ fact: 'excluded', customer: '1', reason });
    expect(
      either(named('One'), excluded('suspended'), excluded('inactive'), {
        fact: 'count',
        customer: '1',
        column: 'Seats',
        value: 1,
      }),
    ).toEqual({
      id: '1',
      aliases: [],
      name: 'One',
      state: 'excluded',
      reason: 'inactive',
      counts: {},
      gaps: {},
      notes: [],
    });
  });

  test('that failed for two reasons says the first by the alphabet, error before message', () => {
    const failed = (error: 'VendorAuthError' | 'VendorUnavailableError', message: string): Fact => ({
      fact: 'failed',
      customer: '1',
      failure: { error, message },
    });
    expect(either(named('One'), failed('VendorUnavailableError', 'a'), failed('VendorAuthError', 'b'))).toMatchObject({
      error: 'VendorAuthError',
      reason: 'b',
    });
    expect(either(named('One'), failed('VendorAuthError', 'b'), failed('VendorAuthError', 'a'))?.reason).toBe('a');
  });

  test('has a failed cell before an excluded one, else the first reason by the alphabet', () => {
    const gap = (state: 'failed' | 'excluded', reason: string): Fact => ({
      fact: 'gap',
      customer: '1',
      column: 'Seats',
      gap: { state, reason },
    });
    expect(either(named('One'), gap('excluded', 'a'), gap('failed', 'z'))?.gaps).toEqual({
      Seats: { state: 'failed', reason: 'z' },
    });
    expect(either(named('One'), gap('failed', 'b'), gap('failed', 'a'))?.gaps).toEqual({
      Seats: { state: 'failed', reason: 'a' },
    });
  });

  test('has its remarks once each, in order; a remark on nobody is one on the whole', () => {
    const note = (text: string): Fact => ({ fact: 'note', note: text, customer: '1' });
    expect(either(named('One'), note('b'), note('a'), note('b'))?.notes).toEqual(['a', 'b']);
    const whole = tallied([named('One'), { fact: 'note', note: 'z' }, { fact: 'note', note: 'y' }]).result();
    expect(whole.notes).toEqual(['y', 'z']);
    expect(whole.customers[0]?.notes).toEqual([]);
  });

  test('is named in the error if it was never listed', () => {
    expect(() => first([{ fact: 'count', customer: '9', column: 'Seats', value: 1 }])).toThrow(
      'rows name customer 9, which the vendor',
    );
    expect(() => tallied([{ fact: 'count', customer: '', column: 'Seats', value: 1 }])).toThrow(
      expect.objectContaining({ name: 'VendorContractError' }),
    );
  });

  const count: Fact = { fact: 'count', customer: '9', column: 'Seats', value: 1 };
  const text: Fact = { fact: 'text', customer: '9', column: 'Plan', value: 'Pro' };
  const gap: Fact = { fact: 'gap', customer: '9', column: 'Seats', gap: { state: 'failed', reason: 'unread' } };
  const failed: Fact = { fact: 'failed', customer: '9', failure: { error: 'VendorContractError', message: 'odd' } };
  const excluded: Fact = { fact: 'excluded', customer: '9', reason: 'inactive' };

  test.each<[string, Fact[]]>([
    ['a count', [failed, count]],
    ['a text', [failed, text]],
    ['an open cell', [failed, gap]],
    ['a count and a text', [failed, count, text]],
    ['a count and an open cell', [failed, count, gap]],
    ['that it is left out', [failed, excluded]],
    ['a remark', [{ fact: 'note', note: 'n', customer: '9' }]],
  ])('that was never listed is an error if rows say of it %s, whatever else failed', (_, facts) => {
    expect(() => first([named('One'), ...facts])).toThrow('rows name customer 9, which the vendor');
  });

  test('that was never listed and only failed is a remark on the whole', () => {
    const { customers, notes } = tallied([named('One'), failed]).result();
    expect(customers.map(({ id }) => id)).toEqual(['1']);
    expect(notes).toEqual(['a row that cannot be read names customer 9, which the vendor does not list']);
  });

  test('can have as many units as a number can hold exactly', () => {
    const most: Fact = { fact: 'count', customer: '1', column: 'Seats', value: Number.MAX_SAFE_INTEGER };
    expect(first([named('One'), most])?.counts).toEqual({ Seats: Number.MAX_SAFE_INTEGER });
  });

  test('is counted as soon as it is seen', () => {
    expect(tallied([]).customers).toBe(0);
    expect(tallied([named('One'), { fact: 'excluded', customer: '2', reason: 'inactive' }]).customers).toBe(2);
  });
});

describe('products in the tally', () => {
  const product = (title: string, definition: string): Fact => ({
    fact: 'product',
    column: { title, type: 'number', appears: 'product', definition },
  });

  test('are no more than a report can have columns, and fail the vendor, also where each customer has its own', () => {
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => product(`P${from + index}`, 'seats'));
    const tally = new Tally();
    for (const fact of [...numbered(0, 2_500), ...numbered(0, 2_500)]) tally.add(fact);
    expect(tally.result().columns).toHaveLength(2_500);
    const other = new Tally();
    for (const fact of numbered(2_500, 2_501)) other.add(fact);
    expect(() => tally.merge(other)).toThrow(
      expect.objectContaining({
        name: 'VendorContractError',
        message:
          'more than 2500 product columns, such as "P2500": a report cannot have a column for each; the vendor may name each ' +
          'subscription differently',
        wide: true,
      }),
    );
  });

  test('occur once each by title, with the first of several definitions by the alphabet', () => {
    const facts = [product('B', 'seats'), product('A', 'seats'), product('B', 'licences')];
    for (const all of [facts, facts.toReversed()]) {
      expect(
        tallied(all)
          .result()
          .columns.map(({ title, definition }) => [title, definition]),
      ).toEqual([
        ['A', 'seats'],
        ['B', 'licences'],
      ]);
    }
  });
});

describe('parts of a tally', () => {
  const row = (key: string): Fact => ({ fact: 'count', customer: '1', column: 'Users', value: 2, key });
  const users = (tally: Tally) => tally.result().customers[0]?.counts;

  test('that share a keyed row count it once, however many parts there are', () => {
    const whole = tallied(listed);
    for (const part of [[row('ann')], [row('ann'), row('bob')], [row('bob'), row('ann')]]) whole.merge(tallied(part));
    expect(users(whole)).toEqual({ Users: 4 });
  });

  test('know after a pause which rows they counted', () => {
    const resumed = Tally.restore(JSON.parse(JSON.stringify(tallied([...listed, row('ann')]).snapshot())));
    resumed.add(row('ann'));
    expect(users(resumed)).toEqual({ Users: 2 });
  });

  test('keep a failure that only one of them saw', () => {
    const failed: Fact = { fact: 'failed', customer: '1', failure: { error: 'VendorAuthError', message: 'no' } };
    for (const [ours, theirs] of [
      [[...listed, failed], listed],
      [listed, [failed]],
    ] as const) {
      const whole = tallied(ours);
      whole.merge(tallied(theirs));
      expect(whole.result().customers[0]).toMatchObject({ state: 'failed', reason: 'no' });
    }
  });
});

test('what rows say of who a customer is adds up, each thing once; a customer of whom none says anything has no identity', () => {
  const known = { domains: ['b.example'], ids: [{ integration: 'microsoft-365', id: 't' }] };
  const tally = tallied([
    ...listed,
    { fact: 'identity', customer: '1', identity: known },
    { fact: 'identity', customer: '1', identity: { ...known, domains: ['a.example'], references: ['118'] } },
    { fact: 'excluded', customer: '1', reason: 'inactive' },
  ]);
  const [first, second] = tally.result().customers;
  expect(first?.identity).toEqual({ ...known, domains: ['a.example', 'b.example'], references: ['118'] });
  expect(second).not.toHaveProperty('identity');
});
