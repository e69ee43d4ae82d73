import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Exception, Rule } from '../../lambdas/billing/configuration.ts';
import { decimal, over, plain, sum } from '../../lambdas/billing/decimal.ts';
import type { BilledLine } from '../../lambdas/billing/line.ts';
import type { Reconciliation, ReconciliationRow } from '../../lambdas/billing/reconciliation.ts';
import { reconciliationCsv } from '../../lambdas/billing/reconciliation-csv.ts';
import { agreedOn, billableOf } from '../../lambdas/billing/rule.ts';
import { collected, company, customer } from '../report/sample.ts';
import { compared, exception, line, PSA, read, type Situation, settings, side, W } from './sample.ts';

const RUNS = { numRuns: 120 };
const IDS = ['1', '2', '3', 'gone'];

const someIds = fc.option(fc.subarray(IDS, { maxLength: 2 }), { nil: undefined });

const organization = (id: string) =>
  fc.tuple(someIds, someIds).map(([agents, psa]) =>
    company(id, {
      ...(agents === undefined ? {} : { agents }),
      ...(psa === undefined ? {} : { [PSA]: psa }),
    }),
  );

const vendorCustomer = (id: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 30 }).map((value) => customer(id, { [W]: value })) },
    {
      weight: 1,
      arbitrary: fc.constant(customer(id, {}, { state: 'failed', error: 'VendorAuthError', reason: 'refused' })),
    },
  );

const tenths = fc.integer({ min: -50, max: 300 }).map((value) => plain(decimal(value).div(10)));

const unusual: fc.Arbitrary<Partial<BilledLine>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  fc.constant({ to: '2026-10-31' }),
  fc.constant({ from: '2026-12-01' }),
  fc.constant({ billable: false }),
  fc.constant({ kind: 'other' as const }),
  fc.constant({ quantitySource: 'calculated' as const }),
  fc.constant({ quantitySource: 'derived' as const }),
  fc.constant({ quantity: { unknown: 'hidden' } }),
  fc.constant({ doubt: { kind: 'boundary' as const, reason: 'ends today' } }),
  fc.constant({ currency: 'EUR' }),
  fc.constant({ price: { amount: '99.99', months: 12 } }),
);

const billedLine = fc
  .record({
    of: fc.constantFrom('1', '2', '3', '9'),
    code: fc.constantFrom('EDR', 'BACKUP'),
    quantity: tenths,
    unusual,
  })
  .map(
    ({ of, code, quantity, unusual }) =>
      (id: string) =>
        line(id, of, code, 0, { quantity: { value: quantity }, ...unusual }),
  );

const lines = fc
  .array(billedLine, { minLength: 1, maxLength: 8 })
  .map((all) => all.map((make, index) => make(`l${index}`)));

const amount = fc.nat({ max: 40 });

const rule = fc.record(
  {
    included: amount,
    minimum: amount,
    per: fc.integer({ min: 1, max: 9 }),
    round: fc.constantFrom('none', 'up', 'down'),
  },
  { requiredKeys: [] },
);

const someException = fc
  .record({
    company: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('spare', 'ignore', 'minimum', 'included', 'fixed'),
    value: amount,
    until: fc.constantFrom('2026-11-21', '2026-11-22', '2027-05-01'),
  })
  .map(({ kind, value, ...more }) => exception({ ...more, kind, ...(kind === 'ignore' ? {} : { value }) }));

const exceptions = fc.uniqueArray(someException, { maxLength: 3, selector: (each) => `${each.company} ${each.kind}` });

const situation: fc.Arbitrary<Situation> = fc
  .record({
    organizations: fc.tuple(organization('a'), organization('b'), organization('c')),
    customers: fc.tuple(...['1', '2', '3'].map(vendorCustomer)),
    lines,
    rule,
    exceptions,
  })
  .map(({ organizations, customers, lines, rule, exceptions }) => ({
    organizations,
    outcomes: [collected('agents', customers)],
    sides: [side(lines, ['1', '2', '3'])],
    billing: settings({
      services: [{ id: 'edr', name: 'Managed EDR', counts: [W], products: ['EDR'], rule }],
      exceptions,
    }),
  }));

const linesOf = ({ sides }: Situation): BilledLine[] =>
  sides.flatMap((each) => (each.status === 'failed' ? [] : each.lines));

const withLines = (given: Situation, lines: BilledLine[]): Situation => ({
  ...given,
  sides: given.sides.map((each) => (each.status === 'failed' ? each : { ...each, lines })),
});

/** The number that an exception in force states for a row, whatever is counted. */
const fixedFor = ({ billing }: Situation, { companyId, serviceId }: ReconciliationRow): string | undefined =>
  read(billing, [company('a'), company('b'), company('c')])
    .exceptions.flatMap((each) => (each.kind === 'fixed' && each.until >= '2026-11-22' ? [each] : []))
    .find((each) => each.company === companyId && each.service === serviceId)?.value;

/** What a row says in numbers, whatever its lines are called. */
const numbers = ({ rows, totals }: Reconciliation) => ({
  rows: rows
    .filter(({ serviceId }) => serviceId !== null)
    .map(({ agreements, products, lines, note, ...row }: ReconciliationRow) => row),
  totals,
});

describe('the comparison', () => {
  test('has every billed line in exactly one row', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const lineIds = compared(given).rows.flatMap((row) => row.lines);
        expect(lineIds.sort()).toEqual(
          linesOf(given)
            .map(({ id }) => id)
            .sort(),
        );
      }),
      RUNS,
    );
  });

  test('gives the same bytes in whatever order lines, customers and companies come', () => {
    const reordered = situation.chain((given) =>
      fc.record({
        given: fc.constant(given),
        lines: fc.shuffledSubarray(linesOf(given), { minLength: linesOf(given).length }),
        organizations: fc.shuffledSubarray(given.organizations, { minLength: given.organizations.length }),
      }),
    );
    fc.assert(
      fc.property(reordered, ({ given, lines, organizations }) => {
        const [expected, other] = [given, withLines({ ...given, organizations }, lines)].map(compared);
        expect(JSON.stringify(other)).toBe(JSON.stringify(expected));
        expect(other === undefined ? '' : reconciliationCsv(other)).toBe(
          expected === undefined ? '' : reconciliationCsv(expected),
        );
      }),
      RUNS,
    );
  });

  test('gives the same numbers however a quantity is split into lines', () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 1, max: 99 }), (given, part) => {
        const parts = linesOf(given).flatMap((each): BilledLine[] => {
          if ('unknown' in each.quantity) return [each];
          const whole = decimal(each.quantity.value);
          const piece = whole.times(part).div(100);
          return [piece, whole.minus(piece)].map((value, index) => ({
            ...each,
            id: `${each.id}.${index}`,
            quantity: { value: plain(value) },
          }));
        });
        const expected = numbers(compared(given));
        expect(numbers(compared(withLines(given, parts)))).toEqual(expected);
      }),
      RUNS,
    );
  });

  test('has the money of its rows as totals, each currency by itself', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { rows, totals } = compared(given);
        const members = {
          'under-billed': 'underBilled',
          'counted-not-billed': 'countedNotBilled',
          'over-billed': 'overBilled',
          'billed-not-counted': 'billedNotCounted',
        } as const;
        for (const [state, member] of Object.entries(members)) {
          for (const currency of ['EUR', 'USD']) {
            const of = rows.filter((row) => row.state === state && row.currency === currency);
            const total = totals.find((each) => each.currency === currency);
            const expected = sum(of.map(({ moneyDifference }) => decimal(moneyDifference ?? '0')));
            expect(decimal(total?.[member as keyof typeof total] ?? '0').eq(expected)).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  test('shows no number of a side that was not read, and no difference if one is missing', () => {
    fc.assert(
      fc.property(situation, (given) => {
        for (const row of compared(given).rows) {
          const { state, reason, counted, billable, billed, difference, moneyDifference } = row;
          if (state === 'not-compared') expect([difference, moneyDifference]).toEqual([null, null]);
          const fixed = fixedFor(given, row);
          if (billed === null || (counted === null && fixed === undefined)) expect(difference).toBeNull();
          if (counted === null) expect(billable).toBe(fixed ?? null);
          if (/ at connectwise-psa$|unknown|boundary/u.test(reason ?? '')) expect(billed).toBeNull();
          if (/^(?:unmapped|not-found|ambiguous|failed \(.*\)|excluded.*)$/u.test(reason ?? ''))
            expect(counted).toBeNull();
        }
      }),
      RUNS,
    );
  });

  test('is the same with and without expired exceptions, except for the note', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const all = Array.isArray(given.billing?.exceptions) ? given.billing.exceptions : [];
        const inForce = all.filter(({ until }) => until >= '2026-11-22');
        const without = { ...given, billing: { ...given.billing, exceptions: inForce } };
        const bare = ({ rows }: Reconciliation) => rows.map(({ note, ...row }) => row);
        expect(bare(compared(given))).toEqual(bare(compared(without)));
      }),
      RUNS,
    );
  });
});

describe('a rule', () => {
  const exceptionsOf = (all: readonly Record<string, unknown>[]): Exception[] =>
    all.flatMap(({ kind, value }): Exception[] => {
      const agreed = { company: 'a', service: 'edr', reason: 'r', owner: 'o', until: '2027-01-01' };
      if (kind === 'minimum' || kind === 'included') return [{ ...agreed, kind, value: String(value) }];
      return [];
    });

  test('never bills less if more is counted', () => {
    fc.assert(
      fc.property(
        rule,
        exceptions,
        tenths,
        fc.nat({ max: 500 }),
        fc.option(amount),
        (given, all, counted, more, free) => {
          const texts: Rule = Object.fromEntries(
            Object.entries(given).map(([member, value]) => [member, typeof value === 'number' ? String(value) : value]),
          );
          const agreed = agreedOn('2026-11-22', exceptionsOf(all));
          const billed = free === null ? undefined : { units: decimal(1), included: decimal(free) };
          const of = (value: string) => billableOf(decimal(value), texts, agreed, billed);
          const larger = plain(decimal(counted).plus(decimal(more).div(10)));
          expect(of(larger).gte(of(counted))).toBe(true);
          expect(of(counted).gte(0)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('divides as whole numbers do', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (value, by) => {
        const quotient = (rounding: 'up' | 'down') =>
          plain(over(decimal(String(value)), decimal(String(by)), rounding));
        expect(quotient('down')).toBe(String(value / by));
        expect(quotient('up')).toBe(String((value + by - 1n) / by));
      }),
      RUNS,
    );
  });
});
