import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Fact } from '../../lambdas/counting/facts.ts';
import type { GuessedRow } from '../../lambdas/counting/guessed-row.ts';
import {
  customerNamed,
  guessedSeats,
  refuseStranger,
  ruleFaults,
  type SubscriptionRules,
  subscriptionRules,
} from '../../lambdas/counting/guessed-subscriptions.ts';
import { type Seat, seatFacts } from '../../lambdas/counting/seats.ts';
import type { Verbs } from '../../lambdas/counting/verbs.ts';
import { ReportError } from '../../lambdas/report/errors.ts';

const products = { prefix: 'Shop', definition: 'seats of live subscriptions' };
const members = {
  product: ['productName', 'offer'],
  sku: ['sku'],
  quantity: ['quantity', 'seats'],
  state: ['status'],
  trial: ['isTrial'],
};

const verbs: Pick<Verbs<never>, 'customer' | 'note' | 'seats'> = {
  customer: (id, name) => [{ fact: 'customer', id: String(id), name: name ?? String(id), aliases: [] }],
  note: (note) => ({ fact: 'note', note }),
  *seats<R>(id: string | number, rows: Iterable<R>, seatOf: (row: R) => Seat) {
    for (const row of rows) yield* seatFacts(products, String(id), seatOf(row));
  },
};

const read = (rows: GuessedRow[], more: Partial<SubscriptionRules> = {}): Fact[] => {
  const rules = { ...z.object(subscriptionRules).parse({}), members, ...more };
  return [
    ...guessedSeats(verbs, 'c1', rows, {
      rules,
      what: 'Shop subscriptions of c1',
      idOf: () => 's1',
      today: '2026-11-22',
    }),
  ];
};

const row = (more: GuessedRow = {}): GuessedRow => ({ productName: 'Backup', quantity: 5, status: 'Active', ...more });

const counts = (facts: readonly Fact[]) =>
  facts.flatMap((fact) => (fact.fact === 'count' ? [[fact.customer, fact.column, fact.value]] : []));
const notes = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.fact === 'note' ? [fact.note] : []));
const leftOut = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.fact === 'left-out' ? [fact.why] : []));
const termsOf = (facts: readonly Fact[]) =>
  facts.flatMap((fact) => (fact.fact === 'subscription' ? [fact.subscription] : []));
const gaps = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.fact === 'gap' ? [fact] : []));

describe('the seats of a live subscription', () => {
  it('are counted under the product’s column, which they bring along', () => {
    const facts = read([row(), row({ quantity: '2' })]);
    expect(facts).toContainEqual({
      fact: 'product',
      column: { title: 'Shop Backup', type: 'number', appears: 'product', definition: products.definition },
    });
    expect(counts(facts)).toEqual([
      ['c1', 'Shop Backup', 5],
      ['c1', 'Shop Backup', 2],
    ]);
    expect(facts).toContainEqual(expect.objectContaining({ fact: 'count', unit: { id: 's1', name: 'Backup' } }));
  });

  it('stand under the SKU if the product has no name', () => {
    expect(counts(read([row({ productName: null, sku: 'SKU-7' })]))).toEqual([['c1', 'Shop SKU-7', 5]]);
  });

  it('carry the unit behind the name if the vendor says what it counts', () => {
    const units = { members: { ...members, unit: ['unit'] } };
    expect(counts(read([row({ unit: 'GB' }), row()], units))).toEqual([
      ['c1', 'Shop Backup (GB)', 5],
      ['c1', 'Shop Backup', 5],
    ]);
  });

  it('come in fractions only where the vendor says what it counts', () => {
    const units = { members: { ...members, unit: ['unit'] } };
    expect(counts(read([row({ unit: 'TB', quantity: 2.5 })], units))).toEqual([['c1', 'Shop Backup (TB)', 2.5]]);
    expect(counts(read([row({ quantity: 2.5 })]))).toEqual([]);
  });

  it('of 0 bring no column', () => {
    expect(read([row({ quantity: 0 })])).toEqual([]);
  });

  it('that one row alone does not tell leave that product’s cell open, and say what to do', () => {
    const facts = read([row(), row({ productName: 'Metered', quantity: undefined })]);
    expect(counts(facts)).toContainEqual(['c1', 'Shop Backup', 5]);
    expect(gaps(read([row({ productName: 'Metered', quantity: null })]))).toEqual(gaps(facts));
    expect(gaps(facts)).toMatchObject([
      {
        column: 'Shop Metered',
        gap: {
          state: 'failed',
          reason:
            'a subscription of Metered cannot be counted: it has no quantity; in the configuration, add its name to ' +
            'usageProducts if it is priced by usage, else the name of the field to members.quantity',
        },
      },
    ]);
  });

  it('that are not told are an error naming the fields seen, not 0', () => {
    expect(() => read([row({ quantity: undefined })])).toThrow(/Shop subscriptions of c1.*quantity or seats/u);
    expect(() => read([row({ productName: '' })])).toThrow(/productName or offer or sku/u);
  });
});

describe('the state of a subscription', () => {
  it.each([
    ...['Inactive', 'CANCELLED', 'Canceled', 'suspended', 'Expired', 'disabled', 'deleted', 'Terminated', 'Failed'],
    ...['pending', 'Pending-Active', 'Trial expired', 'TRIAL_ENDED'],
  ])('%s: it is not counted', (status) => {
    expect(read([row({ status })])).toEqual([]);
  });

  it.each(['active', 'ACTIVE', ' Active '])('%s: it is counted', (status) => {
    expect(counts(read([row({ status })]))).toHaveLength(1);
  });

  it.each(['Active (renewing)', 'ACTIVE - PENDING CANCELLATION', 'Pending renewal', 'Active (auto-renew disabled)'])(
    '%s: it may be billed, so its cell is open until the configuration says what it is',
    (status) => {
      expect(gaps(read([row({ status })]))).toHaveLength(1);
      expect(counts(read([row({ status })], { liveStates: [status] }))).toHaveLength(1);
      expect(read([row({ status })], { endedStates: [status] })).toEqual([]);
    },
  );

  it('has a name in the configuration', () => {
    const rules = z.object(subscriptionRules);
    expect(rules.parse({})).toEqual({ liveStates: [], endedStates: [], includeTrials: false, usageProducts: [] });
    for (const option of ['liveStates', 'endedStates', 'usageProducts'])
      expect(rules.safeParse({ [option]: [''] }).success).toBe(false);
  });

  it('cannot be live and ended at once', () => {
    expect(ruleFaults({ liveStates: ['on hold'], endedStates: ['ON-HOLD', 'x'] })).toEqual([
      'endedStates: "ON-HOLD" is in liveStates too; leave it in one of them',
    ]);
  });

  it('that no rule knows leaves the product’s cell open, whatever else is counted there', () => {
    const facts = read([row(), row({ status: 'Hibernating' })]);
    expect(gaps(facts)).toEqual([
      {
        fact: 'gap',
        customer: 'c1',
        column: 'Shop Backup',
        gap: {
          state: 'failed',
          reason: expect.stringMatching(/"Hibernating", which is not known; add it to liveStates or endedStates/u),
        },
      },
    ]);
    expect(counts(facts)).toEqual([['c1', 'Shop Backup', 5]]);
  });

  it('that no rule knows leaves the cell of its unit open', () => {
    const units = { members: { ...members, unit: ['unit'] } };
    expect(gaps(read([row({ status: 'Hibernating', unit: 'GB' })], units))).toMatchObject([
      { column: 'Shop Backup (GB)' },
    ]);
  });

  it('may be told in the words of the configuration', () => {
    const words = { liveStates: ['Hibernating'], endedStates: ['Active'] };
    expect(counts(read([row({ status: 'hibernating' }), row({ status: 'active' })], words))).toHaveLength(1);
  });

  it('that some rows have and one lacks leaves that one’s cell open', () => {
    const facts = read([row(), row({ productName: 'Mail', status: undefined })]);
    expect(gaps(facts)).toMatchObject([{ column: 'Shop Mail' }]);
    expect(notes(facts)).toEqual([]);
  });

  it('that no row has is remarked on, and all are counted', () => {
    const facts = read([row({ status: undefined }), row({ status: undefined })]);
    expect(notes(facts)).toEqual(['some subscriptions have no state and were counted']);
    expect(counts(facts)).toHaveLength(2);
  });

  it('that a row has a field for, but does not tell, leaves its cell open', () => {
    const facts = read([row({ status: null })]);
    expect(gaps(facts)).toMatchObject([
      { gap: { reason: 'a subscription of Backup cannot be counted: its state is missing' } },
    ]);
    expect([...counts(facts), ...notes(facts)]).toEqual([]);
  });

  it('of an ended subscription is enough: such a row can lack everything else', () => {
    expect(counts(read([row(), { status: 'Cancelled' }]))).toEqual([['c1', 'Shop Backup', 5]]);
  });

  it('of no row at all needs no remark', () => {
    expect(read([])).toEqual([]);
  });
});

describe('a trial', () => {
  const TRIALS: GuessedRow[] = [
    { isTrial: true },
    { isTrial: 'True' },
    { isTrial: 1 },
    { isTrial: '1' },
    { isTrial: 'yes' },
    { productName: 'Backup (Trial)' },
  ];

  it.each(TRIALS)('%j is left out, unless the configuration says otherwise', (more) => {
    expect(read([row(more)])).toEqual([]);
    expect(counts(read([row(more)], { includeTrials: true }))).toHaveLength(1);
  });

  it('can be a state: it is left out, and counted if trials are wanted', () => {
    for (const status of ['Trial', 'FREE_TRIAL', 'Active trial', 'Trial - active', 'In trial']) {
      expect(read([row({ status })])).toEqual([]);
      expect(counts(read([row({ status })], { includeTrials: true }))).toEqual([['c1', 'Shop Backup', 5]]);
    }
    expect(read([row({ status: 'Trial expired' })], { includeTrials: true })).toEqual([]);
  });

  it.each([
    ...[{ isTrial: false }, { isTrial: 0 }, { isTrial: null }, { isTrial: 'No' }, {}],
    { productName: 'Industrial Trialling' },
  ])('is not seen in %j', (more) => {
    expect(counts(read([row(more)]))).toHaveLength(1);
  });
});

describe('what may be no seat of the month', () => {
  it.each<[string, GuessedRow, string]>([
    ['a trial flag nobody knows', { isTrial: 'perhaps' }, 'its trial flag is "perhaps", which is not known'],
    ['a billing cycle nobody knows', { billingCycle: 'Decade' }, 'its billing cycle is "Decade", which is not known'],
    ['a term nobody knows', { term: 'Decade' }, 'its term is "Decade", which is not known'],
    ['a commitment nobody knows', { commitmentTerm: 'Zzqx' }, 'its term is "Zzqx", which is not known'],
    ['half a seat', { quantity: 2.5 }, 'its quantity is not a whole number'],
    [
      'two quantities that disagree',
      { seats: 9 },
      'it has 5 seats, but its seats is 9; name the right field alone in members.quantity in the configuration',
    ],
    [
      'a state nobody knows',
      { status: 'Odd' },
      'its state is "Odd", which is not known; add it to liveStates or endedStates in the configuration',
    ],
    ['a frequency nobody knows', { billingFrequency: 'Decade' }, 'its billing cycle is "Decade", which is not known'],
    ['a start that is not a date', { startDate: 'soon' }, 'its startDate is not a date'],
    ['an end that is not a date', { endDate: 'soon' }, 'its endDate is not a date'],
    [
      'an end in the past, which renewed on that day',
      { endDate: '2026-11-20', renewalDate: '2026-11-20' },
      'it ended on 2026-11-20, but its state is that of a live subscription',
    ],
  ])('opens its cell: %s', (_, more, reason) => {
    expect(gaps(read([row(more)]))).toEqual([
      {
        ...{ fact: 'gap', customer: 'c1', column: 'Shop Backup' },
        gap: { state: 'failed', reason: `a subscription of Backup cannot be counted: ${reason}` },
      },
    ]);
  });

  it.each([
    ...[12, '36', '7 years', '18-month', '18months', '45 day', '2-weeks', 'P18M', 'P10D', 'P1Y6M'],
    ...['Month-to-month', 'Month to month', 'none', 'No commitment', 'Annual'],
  ])('is none for a term of %j', (term) => {
    for (const more of [{ term }, { commitmentTerm: term }]) expect(counts(read([row(more)]))).toHaveLength(1);
  });

  it.each(['about 12', '12 of them', '12/years', '12x', 'P1Y or so', 'none yet', 'month/to/month'])(
    'is known of no term of %j, which leaves the cell open',
    (term) => {
      expect(gaps(read([row({ term })]))).toHaveLength(1);
    },
  );

  it('is none where two quantities agree, or where trials are wanted anyway', () => {
    expect(counts(read([row({ seats: '5' })]))).toHaveLength(1);
    expect(counts(read([row({ seats: 'n/a' })]))).toHaveLength(1);
    expect(counts(read([row({ isTrial: 'perhaps' })], { includeTrials: true }))).toHaveLength(1);
  });
});

describe('a product priced by usage', () => {
  it.each(['Azure Plan', 'microsoft azure', 'Contoso Azure plan', 'Pay-as-you-go compute', 'Pay as you go'])(
    '%s has no seats, whatever its quantity: it is named, not counted',
    (productName) => {
      const facts = read([row({ productName, quantity: 1 })]);
      expect(counts(facts)).toEqual([]);
      expect(leftOut(facts)).toEqual([`${productName} is priced by usage`]);
    },
  );

  it.each(['Azure Virtual Desktop', 'Data usage', 'Consumption credits'])(
    '%s is one where it has no quantity, and has seats where it has one',
    (productName) => {
      expect(counts(read([row({ productName, quantity: undefined })]))).toEqual([]);
      expect(counts(read([row({ productName })]))).toHaveLength(1);
    },
  );

  it('can be named in the configuration', () => {
    const both = [row(), row({ productName: 'Backup Pro' })];
    expect(counts(read(both, { usageProducts: ['BACKUP'] }))).toEqual([['c1', 'Shop Backup Pro', 5]]);
  });

  it.each(['Microsoft Azure Support', 'Not Microsoft Azure', 'Azure Planner'])('is not %s', (productName) => {
    expect(counts(read([row({ productName })]))).toEqual([['c1', `Shop ${productName}`, 5]]);
  });

  it('is known by its name with blanks around it', () => {
    expect(counts(read([row({ productName: ' Microsoft Azure ' })]))).toEqual([]);
  });

  it('that has ended is not even named', () => {
    expect(read([row({ productName: 'Azure Plan', status: 'expired' })])).toEqual([]);
  });
});

describe('what is no seat of the month', () => {
  it('begins later; a start that is not a date leaves the cell open, one that was never set does not', () => {
    const later = read([row(), row({ startDate: '2026-11-23T00:00:00Z' })]);
    expect(counts(later)).toHaveLength(1);
    expect(leftOut(later)).toEqual(['Backup begins on 2026-11-23']);
    expect(gaps(read([row({ startDate: 'next month' })]))).toHaveLength(1);
    for (const startDate of ['0001-01-01T00:00:00', '2026-11-22', ' ', null]) {
      expect(counts(read([row({ startDate })]))).toHaveLength(1);
    }
  });

  it('is in doubt if it ended by its date and is live by its state: a change of term lists the old one too', () => {
    const [{ gap } = {}] = gaps(read([row(), row({ id: 's2', endDate: '2026-11-21' })]));
    expect(gap?.reason).toContain('it ended on 2026-11-21, but its state is that of a live subscription');
    expect(gaps(read([row({ endDate: 'soon' })]))).toHaveLength(1);
    for (const dates of [{ endDate: '2026-11-22' }, { endDate: '2026-10-31', renewalDate: '2026-12-01' }]) {
      expect(counts(read([row(dates)]))).toHaveLength(1);
    }
  });

  it.each(['One-Time', 'ONETIME', 'Perpetual'])('is bought once: %s', (cycle) => {
    for (const field of ['billingCycle', 'billingFrequency', 'commitmentTerm', 'term']) {
      const facts = read([row({ [field]: cycle })]);
      expect(counts(facts)).toEqual([]);
      expect(leftOut(facts)).toEqual([`Backup is bought once (${cycle})`]);
    }
  });

  it('is in no doubt for an end in the past where no row has a state', () => {
    expect(counts(read([row({ status: undefined, endDate: '2026-11-21' })]))).toHaveLength(1);
  });
});

describe('the term of a subscription', () => {
  it('is read under the names that other distributors use, its end the day before it renews', () => {
    const term = { billingCycle: 'MONTHLY', commitmentTerm: 'P1Y', renewalDate: '2027-03-02', unitCost: '15.60' };
    expect(termsOf(read([row({ ...term, currency: 'cad' })]))).toEqual([
      {
        ...{ customer: 'c1', product: 'Backup', column: 'Shop Backup', id: 's1', seller: 'distributor', joins: [] },
        ...{ quantity: 5, unitCost: '15.60', currency: 'CAD', billingTerm: 'MONTHLY', commitment: 'P1Y' },
        termEnd: '2027-03-01',
      },
    ]);
  });

  it('is read under other names too, and ends on its last day where it does not renew', () => {
    const term = { billingFrequency: 'Annual', term: 'P3Y', endDate: '2027-03-01T00:00:00Z' };
    expect(termsOf(read([row(term)]))).toMatchObject([
      { billingTerm: 'Annual', commitment: 'P3Y', termEnd: '2027-03-01' },
    ]);
  });

  it.each([{ autoRenew: false }, { autoRenewal: false }, { autoRenew: null, autoRenewal: false }])(
    'says with %j that it does not renew',
    (more) => {
      expect(termsOf(read([row(more)]))).toMatchObject([{ autoRenew: false }]);
    },
  );

  it('can be missing or odd: the seats still count', () => {
    const odd = { endDate: '0001-01-01T00:00:00', unitCost: 'on request', autoRenew: 'Y' };
    const facts = read([row(odd)]);
    expect(counts(facts)).toHaveLength(1);
    expect(Object.keys(termsOf(facts)[0] ?? {}).sort()).toEqual(
      ['column', 'customer', 'id', 'joins', 'product', 'quantity', 'seller'].sort(),
    );
  });
});

describe('a row that names its customer', () => {
  const names = ['customerNo'];
  it('is refused if that is another one, but not if it names none', () => {
    expect(() => refuseStranger({ customerNo: 8 }, names, '7', 'Shop subscription')).toThrow(
      new ReportError('VendorContractError', 'Shop subscription: it belongs to 8, not to 7'),
    );
    for (const row of [{ customerNo: 7 }, { customerNo: ' 7 ' }, {}, { id: 8 }]) refuseStranger(row, names, '7', 'row');
    refuseStranger({ customerNo: 'aB' }, names, 'Ab', 'row');
  });
});

describe('a customer', () => {
  it('goes by its name, or by its id with a remark that names the fields seen', () => {
    expect([
      ...customerNamed(verbs, '7', { no: 7, title: 'Contoso' }, ['name', 'title'], 'members.name'),
    ]).toMatchObject([{ fact: 'customer', id: '7', name: 'Contoso' }]);
    expect([...customerNamed(verbs, '7', { no: 7, state: 'live' }, ['name', 'title'], 'members.name')]).toMatchObject([
      { fact: 'customer', id: '7', name: '7' },
      {
        fact: 'note',
        note: 'a customer has no name or title (fields seen: no, state); if the field has another name, set it in members.name',
      },
    ]);
    expect([...customerNamed(verbs, '7', { no: 7, name: {} }, ['name'], 'members.name')]).toMatchObject([
      { fact: 'customer', id: '7', name: '7' },
      { fact: 'note' },
    ]);
  });
});
