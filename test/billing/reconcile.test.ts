import { describe, expect, test } from 'vitest';
import type { BilledLine, BilledSide } from '../../lambdas/billing/line.ts';
import type { ReconciliationRow } from '../../lambdas/billing/reconciliation.ts';
import type { Outcome } from '../../lambdas/report/collection.ts';
import type { Organization } from '../../lambdas/report/organization.ts';
import { collected, company, customer } from '../report/sample.ts';
import {
  compared,
  exception,
  failedSide,
  LICENCE,
  licences,
  line,
  PSA,
  rowOf,
  service,
  settings,
  side,
  W,
  workstations,
} from './sample.ts';

const A = company('a', { agents: ['1'], [PSA]: ['251'] });

/** The row of company A, with so many workstations counted and these lines billed. */
function row(counted: number, lines: BilledLine[], billing?: Record<string, unknown>): ReconciliationRow {
  const sides = [side([...lines, line('other', '999', 'OTHER', 1)], ['251'])];
  const all = { organizations: [A], outcomes: [workstations({ 1: counted })], sides };
  return rowOf(compared(billing === undefined ? all : { ...all, billing }), 'a');
}

const edr = (quantity: number, more: Partial<BilledLine> = {}) => line('7001', '251', 'EDR', quantity, more);

describe('a row', () => {
  test.each([
    ['matched', 12, 12, '0', '0.00'],
    ['under-billed', 14, 12, '2', '8.00'],
    ['over-billed', 10, 12, '-2', '-8.00'],
    ['counted-not-billed', 3, 0, '3', '12.00'],
    ['billed-not-counted', 0, 12, '-12', '-48.00'],
  ])('is %s when %i are counted and %i billed', (state, counted, billed, difference, moneyDifference) => {
    expect(row(counted, [edr(billed)])).toMatchObject({
      state,
      counted: String(counted),
      billable: String(counted),
      billed: String(billed),
      difference,
      moneyDifference,
      unitPrice: '4.00',
      currency: 'USD',
      period: '2026-11',
      reason: null,
      lines: ['7001'],
      billedFrom: [PSA],
    });
  });

  test('adds up both sides before it compares', () => {
    const lines = [edr(7), line('7002', '251', 'EDR', 5, { agreement: { id: '311', name: 'Cloud' } })];
    expect(row(12, lines)).toMatchObject({
      state: 'matched',
      billed: '12',
      lines: ['7001', '7002'],
      agreements: [
        { id: '310', name: 'Managed' },
        { id: '311', name: 'Cloud' },
      ],
    });
  });

  test('is counted-not-billed without any line, if the PSA lists the customer', () => {
    expect(row(3, [])).toMatchObject({
      state: 'counted-not-billed',
      billed: '0',
      unitPrice: null,
      moneyDifference: null,
    });
  });

  test('is left out if nothing is counted and nothing billed', () => {
    expect(() => row(0, [])).toThrow('no row');
  });

  test('finds the service by id, by code, or by exact name', () => {
    const by = (product: BilledLine['product'], products: unknown[]) =>
      row(12, [edr(12, { product })], service({ products })).state;
    expect(by({ id: '88', name: 'x' }, [{ id: 88 }])).toBe('matched');
    expect(by({ code: 'MGD', name: 'x' }, ['MGD'])).toBe('matched');
    expect(by({ name: 'Managed EDR' }, ['Managed EDR'])).toBe('matched');
    expect(by({ name: 'managed edr' }, ['Managed EDR'])).toBe('counted-not-billed');
  });
});

describe('what counts on the first day of the period', () => {
  test('ended and future lines add nothing, and the note names them', () => {
    const ended = line('7003', '251', 'EDR', 40, { to: '2026-10-31' });
    const future = line('7005', '251', 'EDR', 25, { from: '2026-11-02' });
    expect(row(12, [edr(12), ended, future])).toMatchObject({
      state: 'matched',
      billed: '12',
      lines: ['7001', '7003', '7005'],
      note: 'line 7003 (40): ended 2026-10-31; line 7005 (25): begins 2026-11-02',
    });
  });

  test('a line with another doubt still has its dates', () => {
    const doubt = { kind: 'ambiguous', reason: 'billCustomer says "OnHold"' } as const;
    const ended = line('7003', '251', 'EDR', 40, { to: '2026-10-31', doubt });
    const future = line('7005', '251', 'EDR', 25, { from: '2026-11-02', doubt });
    expect(row(12, [edr(12), ended, future])).toMatchObject({ state: 'matched', billed: '12' });
  });

  test('dates are inclusive, and a line that ends in the period is named', () => {
    expect(row(12, [edr(12, { from: '2026-11-01', to: '2026-11-01' })])).toMatchObject({
      state: 'matched',
      note: 'line 7001: ends 2026-11-01',
    });
  });

  test('lines that are not charged add nothing, unless the service counts them', () => {
    const free = line('7104', '251', 'EDR', 18, { billable: false });
    expect(row(18, [free])).toMatchObject({
      state: 'counted-not-billed',
      billed: '0',
      note: 'line 7104 (18): not charged',
    });
    expect(row(18, [free], service({ notCharged: 'count' }))).toMatchObject({ state: 'matched', billed: '18' });
  });

  test('one-time lines are listed and not compared', () => {
    expect(row(12, [edr(12), line('7009', '251', 'EDR', 1, { kind: 'other' })])).toMatchObject({
      state: 'matched',
      lines: ['7001', '7009'],
      note: 'line 7009 (1): not recurring',
    });
  });

  test('units that the PSA itself gives for free are neither billed nor billable', () => {
    const some = edr(40, { included: '5' });
    expect(row(40, [some])).toMatchObject({ state: 'matched', counted: '40', billable: '35', billed: '35' });
    expect(row(42, [some])).toMatchObject({ state: 'under-billed', difference: '2' });
    expect(row(40, [some], service({ rule: { included: 0 } }))).toMatchObject({ state: 'matched', billable: '35' });
    expect(row(42, [some], service({ rule: { included: 7 } }))).toMatchObject({ state: 'matched', billable: '35' });
  });

  test('free units of a line are never more than it has, and of a credit none is', () => {
    const few = edr(3, { included: '5' });
    expect(row(3, [few])).toMatchObject({ state: 'matched', billable: '0', billed: '0' });
    expect(row(5, [few])).toMatchObject({ state: 'matched', note: 'line 7001: up to 5 are free' });
    expect(row(6, [few])).toMatchObject({ state: 'counted-not-billed', difference: '1' });
    const other = line('7002', '251', 'EDR', 10);
    expect(row(13, [few, other])).toMatchObject({ state: 'not-compared', reason: 'ambiguous line', billed: '10' });
    expect(row(13, [edr(5, { included: '5' }), other])).toMatchObject({ state: 'over-billed', billed: '10' });
    expect(row(0, [edr(-2, { included: '1' })])).toMatchObject({ billed: '-2' });
  });

  test.each([
    ['quantity calculated by the PSA', '12', { quantitySource: 'calculated' }],
    ['quantity unknown', null, { quantity: { unknown: 'the PSA hides it' } }],
    ['quantity unknown', null, { quantitySource: 'derived' }],
    ['quantity unknown', null, { quantitySource: 'unknown' }],
    ['boundary day', null, { doubt: { kind: 'boundary', reason: 'ends on the first' } }],
    ['ambiguous line', null, { doubt: { kind: 'ambiguous', reason: 'two readings' } }],
    ['other period', null, { doubt: { kind: 'other-period', reason: 'of October' } }],
    ['other period', null, { doubt: { kind: 'other-period', reason: 'of October' }, billable: false }],
  ] as const)('%s: not compared', (reason, billed, more) => {
    expect(row(12, [edr(12, more)])).toMatchObject({
      state: 'not-compared',
      reason,
      counted: '12',
      billed,
      difference: null,
      moneyDifference: null,
    });
  });
});

describe('money', () => {
  test('is the price over the months of its cycle', () => {
    expect(row(14, [edr(12, { price: { amount: '120', months: 12 } })])).toMatchObject({
      unitPrice: '10.00',
      moneyDifference: '20.00',
    });
    expect(row(15, [edr(12, { price: { amount: '100', months: 12 } })])).toMatchObject({
      unitPrice: '8.333333333333',
      moneyDifference: '25.00',
    });
  });

  test('is divided by the months of the cycle last, so that no cent is lost', () => {
    // 3 units at 35.02 a year are 105.06 / 12 = 8.755 a month; 35.02 / 12 alone does not end.
    const at = (counted: number) => row(counted, [edr(12, { price: { amount: '35.02', months: 12 } })]);
    expect([at(15), at(9)].map(({ moneyDifference }) => moneyDifference)).toEqual(['8.76', '-8.76']);
    expect(at(15).unitPrice).toBe('2.918333333333');
  });

  test('rounds half a cent away from zero', () => {
    const at = (counted: number) => row(counted, [edr(12, { price: { amount: '0.005', months: 1 } })]).moneyDifference;
    expect([at(13), at(11)]).toEqual(['0.01', '-0.01']);
  });

  test('is blank if lines have different prices, no price or no currency', () => {
    const two = [edr(7), line('7002', '251', 'EDR', 5, { price: { amount: '3', months: 1 } })];
    expect(row(14, two)).toMatchObject({ unitPrice: null, moneyDifference: null, currency: 'USD' });
    expect(row(14, two).note).toBe('its lines have different prices (4.00, 3.00)');
    const { price: _, ...unpriced } = edr(7);
    expect(row(14, [unpriced])).toMatchObject({ unitPrice: null, moneyDifference: null, note: 'no price was read' });
    const { currency: __, ...bare } = edr(7);
    expect(row(14, [bare])).toMatchObject({ unitPrice: '4.00', moneyDifference: null, note: 'no currency was read' });
  });

  test('of what is not billed uses the price of the service, or the note gives what most others are billed', () => {
    const price = { amount: '3.50', currency: 'EUR' };
    expect(row(2, [], service({ price }))).toMatchObject({
      unitPrice: '3.50',
      moneyDifference: '7.00',
      currency: 'EUR',
    });
    const organizations = [A, company('b', { agents: ['2'], [PSA]: ['252'] })];
    const sides = [side([line('1', '252', 'EDR', 1)], ['251'])];
    const result = compared({ organizations, outcomes: [workstations({ 1: 2, 2: 1 })], sides });
    expect(rowOf(result, 'a')).toMatchObject({ moneyDifference: null, note: 'most others are billed 4.00 USD' });
  });

  test('an amount that is not quantity times price is named', () => {
    expect(row(12, [edr(12, { amount: '40.00' })]).note).toBe(
      'line 7001: 40.00 is charged, but quantity times price is 48.00',
    );
    expect(row(12, [edr(12, { amount: '48.01' })]).note).toBeNull();
  });

  test('is added up by currency, and currencies are never added', () => {
    const organizations = [A, company('b', { agents: ['2'], [PSA]: ['252'] })];
    const sides = [side([edr(1), line('2', '252', 'EDR', 1, { currency: 'EUR' })])];
    const { totals, states } = compared({ organizations, outcomes: [workstations({ 1: 3, 2: 0 })], sides });
    const none = { underBilled: '0.00', countedNotBilled: '0.00', overBilled: '0.00', billedNotCounted: '0.00' };
    expect(totals).toEqual([
      { ...none, currency: 'EUR', billedNotCounted: '-4.00' },
      { ...none, currency: 'USD', underBilled: '8.00' },
    ]);
    expect(states).toMatchObject({ 'under-billed': 1, 'billed-not-counted': 1, matched: 0 });
  });
});

describe('a rule', () => {
  test.each([
    [{ included: 5 }, 12, '7'],
    [{ included: 20 }, 12, '0'],
    [{ minimum: 20 }, 12, '20'],
    [{ per: 10, round: 'up' }, 12, '2'],
    [{ per: 10, round: 'down' }, 12, '1'],
    [{ per: 8 }, 12, '1.5'],
    [{ included: 2, minimum: 15, per: 10, round: 'up' }, 12, '2'],
  ])('%j makes %i units %s', (rule, counted, billable) => {
    expect(row(counted, [edr(1)], service({ rule }))).toMatchObject({ counted: String(counted), billable });
  });

  test('has a minimum only if something is counted or billed', () => {
    expect(() => row(0, [], service({ rule: { minimum: 5 } }))).toThrow('no row');
    expect(row(0, [edr(5)], service({ rule: { minimum: 5 } }))).toMatchObject({ state: 'matched', billable: '5' });
  });
});

describe('an exception', () => {
  const agreed = (more: Record<string, unknown>, counted: number, lines: BilledLine[]) =>
    row(counted, lines, settings({ exceptions: [exception(more)] }));

  test('spare: up to this many more than billed are tolerated; one more, and the whole difference counts', () => {
    expect(agreed({ kind: 'spare', value: 5 }, 17, [edr(12)])).toMatchObject({
      state: 'tolerated',
      difference: '5',
      reason: 'spare 5: as agreed (anna@northwind.example, until 2027-05-01)',
    });
    expect(agreed({ kind: 'spare', value: 5 }, 18, [edr(12)])).toMatchObject({
      state: 'under-billed',
      difference: '6',
    });
    expect(agreed({ kind: 'spare', value: 5 }, 11, [edr(12)])).toMatchObject({ state: 'over-billed' });
  });

  test('ignore: the numbers stay', () => {
    expect(agreed({ kind: 'ignore' }, 17, [edr(12)])).toMatchObject({
      state: 'ignored',
      counted: '17',
      billed: '12',
      reason: 'ignore: as agreed (anna@northwind.example, until 2027-05-01)',
    });
  });

  test('minimum and included replace those of the rule, fixed replaces everything', () => {
    expect(agreed({ kind: 'minimum', value: 20 }, 17, [edr(20)])).toMatchObject({ state: 'matched', billable: '20' });
    expect(agreed({ kind: 'included', value: 3 }, 17, [edr(14)])).toMatchObject({ state: 'matched', billable: '14' });
    expect(agreed({ kind: 'fixed', value: 30 }, 17, [edr(12)])).toMatchObject({
      state: 'under-billed',
      counted: '17',
      billable: '30',
      note: 'fixed 30: as agreed (anna@northwind.example, until 2027-05-01)',
    });
  });

  test('fixed: is compared even where the count could not be read, which the note says', () => {
    const rowWith = (quantity: number, outcomes: Outcome[], ids: Record<string, string[]>, value = 30) =>
      rowOf(
        compared({
          organizations: [company('a', { ...ids, [PSA]: ['251'] })],
          outcomes,
          sides: [side([edr(quantity), line('other', '999', 'OTHER', 1)])],
          billing: settings({ exceptions: [exception({ kind: 'fixed', value })] }),
        }),
        'a',
      );
    const broken: Outcome = { integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'no' };
    expect(rowWith(12, [broken], { agents: ['1'] })).toMatchObject({
      state: 'under-billed',
      counted: null,
      billable: '30',
      billed: '12',
      difference: '18',
      reason: null,
      note: 'failed (VendorAuthError); fixed 30: as agreed (anna@northwind.example, until 2027-05-01)',
    });
    expect(rowWith(30, [workstations({ 1: 12 })], {})).toMatchObject({ state: 'matched', counted: null });
    expect(rowWith(12, [broken], { agents: ['1'] }, 0)).toMatchObject({ state: 'billed-not-counted', billable: '0' });
  });

  test('applies on its last day, and not on the next', () => {
    expect(agreed({ kind: 'ignore', until: '2026-11-22' }, 17, [edr(12)]).state).toBe('ignored');
    expect(agreed({ kind: 'ignore', until: '2026-11-21' }, 17, [edr(12)])).toMatchObject({
      state: 'under-billed',
      reason: null,
      note: 'exception expired 2026-11-21',
    });
  });
});

describe('counts that were not read', () => {
  const billed = side([edr(12)]);
  const rowWith = (
    organization: Organization,
    outcomes = [workstations({ 1: 12 })],
    billing = settings(),
    notAsked: string[] = [],
  ) => rowOf(compared({ organizations: [organization], outcomes, sides: [billed], billing, notAsked }), 'a');
  const both = settings({
    services: [{ id: 'edr', name: 'EDR', counts: [W, LICENCE], products: ['EDR'] }],
  });
  const at = (ids: Record<string, string[]>) => company('a', { [PSA]: ['251'], ...ids });

  test('a company without an id is not compared, and its billed units are shown', () => {
    expect(rowWith(at({}))).toMatchObject({
      state: 'not-compared',
      reason: 'unmapped',
      counted: null,
      billable: null,
      billed: '12',
      difference: null,
    });
  });

  test('not-found, failed, excluded, not installed: each is given as the reason', () => {
    const excluded = collected('agents', [customer('1', {}, { state: 'excluded', reason: 'suspended' })]);
    const broken = { integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'no' } as const;
    expect(rowWith(at({ agents: ['9'] })).reason).toBe('not-found');
    expect(rowWith(at({ agents: ['1'] }), [broken]).reason).toBe('failed (VendorAuthError)');
    expect(rowWith(at({ agents: ['1'] }), [excluded]).reason).toBe('excluded (suspended)');
    expect(rowWith(at({ agents: ['1'] }), []).reason).toBe('not installed');
  });

  test('next to a counted vendor, one without an id or not installed adds nothing and is named', () => {
    const outcomes = [workstations({ 1: 12 }), licences({ 5: 3 })];
    expect(rowWith(at({ agents: ['1'] }), outcomes, both)).toMatchObject({
      state: 'matched',
      counted: '12',
      note: 'no id at Shop',
    });
    expect(rowWith(at({ agents: ['1'] }), undefined, both).note).toBe('Shop is not installed');
    expect(rowWith(at({ agents: ['1'], shop: ['5'] }), outcomes, both)).toMatchObject({ counted: '15' });
  });

  test('if one of two was not asked, the other alone is not compared', () => {
    expect(rowWith(at({ agents: ['1'] }), undefined, both, ['shop'])).toMatchObject({
      state: 'not-compared',
      reason: 'not asked',
      counted: null,
      difference: null,
      note: 'Shop was not asked',
    });
    expect(rowWith(at({ agents: ['1'] }), [], undefined, ['agents']).reason).toBe('not asked');
  });

  test('if one of two is unknown, the row is unknown', () => {
    const outcomes = [workstations({ 1: 12 }), licences({ 5: 3 })];
    expect(rowWith(at({ agents: ['1'], shop: ['6'] }), outcomes, both)).toMatchObject({
      state: 'not-compared',
      reason: 'not-found',
      counted: null,
      note: `${LICENCE}: not-found`,
    });
  });

  test('an empty list means nothing is there: alone it is a true 0, next to a count it adds nothing', () => {
    const outcomes = [workstations({ 1: 12 }), licences({ 5: 3 })];
    expect(rowWith(at({ agents: [] }))).toMatchObject({ state: 'billed-not-counted', counted: '0', note: null });
    expect(rowWith(at({ agents: [], shop: [] }), outcomes, both)).toMatchObject({ counted: '0' });
    expect(rowWith(at({ agents: ['1'], shop: [] }), outcomes, both)).toMatchObject({ counted: '12', note: null });
    expect(rowWith(at({ agents: [] }), outcomes, both)).toMatchObject({ counted: null, reason: 'unmapped' });
  });

  test('a company with an id that could not be read has a row even if nothing is billed', () => {
    const broken = { integration: 'agents', outcome: 'failed', error: 'VendorAuthError', message: 'no' } as const;
    const sides = [side([line('1', '999', 'EDR', 1)], ['251'])];
    const result = compared({ organizations: [A], outcomes: [broken], sides });
    expect(rowOf(result, 'a')).toMatchObject({ state: 'not-compared', reason: 'failed (VendorAuthError)' });
  });
});

describe('a billed side that was not read', () => {
  const rowWith = (ids: string[] | undefined, sides: BilledSide[]) => {
    const organization = company('a', { agents: ['1'], ...(ids === undefined ? {} : { [PSA]: ids }) });
    return rowOf(compared({ organizations: [organization], outcomes: [workstations({ 1: 12 })], sides }), 'a');
  };
  const others = side([line('1', '999', 'EDR', 1)]);

  test.each([
    ['billed side failed (VendorAuthError)', ['251'], [failedSide]],
    ['billed side failed (VendorAuthError)', undefined, [failedSide]],
    ['billed side failed (VendorContractError)', ['251'], [side([])]],
    ['no id at connectwise-psa', undefined, [others]],
    ['not-found at connectwise-psa', ['251'], [others]],
    ['not-found at connectwise-psa', ['251', '999'], [others]],
    ['other period', ['251'], [side([edr(12)], [], { day: '2026-10-01' })]],
  ])('%s: counted is shown and billed is blank', (reason, ids, sides) => {
    expect(rowWith(ids, sides)).toMatchObject({
      state: 'not-compared',
      reason,
      counted: '12',
      billable: '12',
      billed: null,
      difference: null,
      moneyDifference: null,
    });
  });

  test('a source that may lack lines of that day shows what it has, and never that nothing is billed', () => {
    const ended = line('7', '252', 'EDR', 3, { to: '2026-10-31' });
    const sides = [side([edr(12), ended], ['253'], { mayLackLines: true })];
    const ids = ['251', '252', '253', '254'];
    const organizations = ids.map((id) => company(id, { agents: [id], [PSA]: [id] }));
    const counts = { 251: 14, 252: 14, 253: 14, 254: 14 };
    const result = compared({ organizations, outcomes: [workstations(counts)], sides });
    expect(rowOf(result, '251')).toMatchObject({ state: 'under-billed', billed: '12', difference: '2' });
    const unknown = { state: 'not-compared', reason: 'other period', billable: '14', billed: null, difference: null };
    for (const id of ['252', '253']) {
      const { note } = rowOf(result, id);
      expect(rowOf(result, id)).toMatchObject(unknown);
      expect(note).toContain('a line of 2026-11 may be missing');
    }
    expect(rowOf(result, '254').reason).toBe('not-found at connectwise-psa');
  });

  test('a customer that could not be read completely is not compared, but the others are', () => {
    const failure = { error: 'VendorUnavailableError', message: 'page 2' } as const;
    const customers = [{ id: '251', name: 'A', aliases: [], failure }];
    const sides = [side([edr(12), line('2', '252', 'EDR', 3)], [], { status: 'partial', customers })];
    const organizations = [A, company('b', { agents: ['2'], [PSA]: ['252'] })];
    const result = compared({ organizations, outcomes: [workstations({ 1: 12, 2: 3 })], sides });
    expect(rowOf(result, 'a')).toMatchObject({
      reason: 'billed side failed (VendorUnavailableError)',
      lines: ['7001'],
      note: 'page 2',
    });
    expect(rowOf(result, 'b').state).toBe('matched');
  });

  test('an id that two companies have is ambiguous for both, and its lines have their own row', () => {
    const organizations = [A, company('b', { agents: ['2'], [PSA]: ['251'] })];
    const { rows } = compared({ organizations, outcomes: [workstations({ 1: 12, 2: 3 })], sides: [side([edr(12)])] });
    expect(rows.map(({ companyId, reason, lines }) => [companyId, reason, lines])).toEqual([
      ['a', 'ambiguous at connectwise-psa', []],
      ['b', 'ambiguous at connectwise-psa', []],
      [null, 'ambiguous at connectwise-psa', ['7001']],
    ]);
  });

  test("an id that is another customer's alias is ambiguous, and the lines of both have their own rows", () => {
    const customers = [
      { id: '251', name: 'A', aliases: [] },
      { id: '400', name: 'B', aliases: ['251'] },
    ];
    const sides = [side([edr(12), line('2', '400', 'EDR', 3)], [], { customers })];
    const { rows } = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides });
    expect(rows.map(({ companyId, reason, lines }) => [companyId, reason, lines])).toEqual([
      [null, 'ambiguous at connectwise-psa', ['7001']],
      ['a', 'ambiguous at connectwise-psa', []],
      [null, 'ambiguous at connectwise-psa', ['2']],
    ]);
  });

  test('ids at two sources are refused with the name of the company', () => {
    const organizations = [company('a', { [PSA]: ['251'], halopsa: ['7'] })];
    const billing = settings({ source: [{ integration: PSA }, { integration: 'halopsa' }] });
    expect(() => compared({ organizations, outcomes: [], sides: [], billing })).toThrow(
      'billing.json: source: A has ids at connectwise-psa and at halopsa; keep those of one source',
    );
  });

  test('with two sources, each company is billed by the one where it has an id', () => {
    const billing = settings({ source: [{ integration: PSA }, { integration: 'halopsa' }] });
    const organizations = [A, company('b', { agents: ['2'], halopsa: ['7'] })];
    const halo = {
      ...side([line('1', '7', 'EDR', 3, { billedFrom: 'halopsa' })]),
      source: 'halopsa',
      label: 'halopsa',
    };
    const sides = [side([edr(12)]), halo];
    const result = compared({ organizations, outcomes: [workstations({ 1: 12, 2: 3 })], sides, billing });
    expect(rowOf(result, 'a')).toMatchObject({ state: 'matched', billedFrom: [PSA] });
    expect(rowOf(result, 'b')).toMatchObject({ state: 'matched', billedFrom: ['halopsa'] });
  });
});

describe('what does not belong to a service', () => {
  test('a billed line that no service names has its own row', () => {
    const sides = [side([edr(12), line('7010', '251', 'BACKUP', 3)])];
    const { rows } = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides });
    expect(rows.find(({ lines }) => lines.includes('7010'))).toMatchObject({
      company: 'A',
      service: null,
      state: 'not-compared',
      reason: 'product in no service',
      billed: '3',
      unitPrice: '4.00',
      moneyDifference: null,
      products: [{ id: 'id-BACKUP', code: 'BACKUP', name: 'BACKUP by name' }],
    });
  });

  test('a billed customer that is not mapped has its own row, with its money', () => {
    const sides = [side([edr(12), line('1', '999', 'EDR', 3), line('2', '999', 'X', 2, { amount: '9.00' })])];
    const { rows } = compared({ organizations: [A], outcomes: [workstations({ 1: 12 })], sides });
    expect(rows.find(({ companyId }) => companyId === null)).toMatchObject({
      company: 'PSA customer 999',
      customerId: '999',
      reason: 'customer that no company claims',
      lines: ['1', '2'],
      billed: null,
      note: 'charged 21.00 USD a month',
    });
  });

  test('columns with units that no service names are listed', () => {
    const outcomes = [workstations({ 1: 12 }), licences({ 5: 3 })];
    const organizations = [company('a', { agents: ['1'], shop: ['5'], [PSA]: ['251'] })];
    expect(compared({ organizations, outcomes, sides: [side([edr(12)])] }).columnsInNoService).toEqual([LICENCE]);
  });

  test('columns of products that no company has are listed if a service that is billed counts by them', () => {
    const counting = (...counts: string[]) =>
      compared({
        organizations: [company('a', { agents: ['1'], shop: ['5'], [PSA]: ['251'] })],
        outcomes: [workstations({ 1: 12 }), licences({ 5: 3 })],
        sides: [side([edr(12)])],
        billing: service({ counts }),
      }).columnsOfNobody;
    expect(counting('Shop Licences', LICENCE)).toEqual([{ service: 'Managed EDR', column: 'Shop Licences' }]);
    expect(counting(W, 'Agents Printers', LICENCE)).toEqual([]);
  });

  test.each([
    ['EDR', 'code (EDR)'],
    ['EDR by name', 'name (EDR by name)'],
  ])('a product that one service names by id and another by %s is refused', (product, how) => {
    const billing = settings({
      services: [
        { id: 'x', name: 'X', counts: [W], products: [{ id: 'id-EDR' }] },
        { id: 'y', name: 'Y', counts: [W], products: [product] },
      ],
    });
    const situation = { organizations: [A], outcomes: [workstations({ 1: 12 })], sides: [side([edr(12)])], billing };
    expect(() => compared(situation)).toThrow(`the product id-EDR belongs to "x" by its id and to "y" by its ${how}`);
  });

  test('a product that one service names by code and another by name is the first one, as names can be shared', () => {
    const billing = settings({
      services: [
        { id: 'x', name: 'X', counts: [W], products: ['EDR'] },
        { id: 'y', name: 'Y', counts: [W], products: ['EDR by name'] },
      ],
    });
    const result = compared({
      organizations: [A],
      outcomes: [workstations({ 1: 12 })],
      sides: [side([edr(12)])],
      billing,
    });
    expect(rowOf(result, 'a', 'x')).toMatchObject({ state: 'matched', lines: ['7001'] });
  });

  test('rows are sorted by money lost, then what is billed too much, what is not compared, and the rest', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const organizations = ids.map((id) => company(id, { agents: [id], ...(id === 'f' ? {} : { [PSA]: [id] }) }));
    const lines = ids.slice(0, 5).map((id) => line(`l-${id}`, id, 'EDR', 10));
    const outcomes = [workstations({ a: 10, b: 12, c: 9, d: 15, e: 12, f: 1 })];
    const { rows } = compared({ organizations, outcomes, sides: [side(lines)] });
    expect(rows.map(({ companyId }) => companyId)).toEqual(['d', 'b', 'e', 'c', 'f', 'a']);
  });
});
