import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Subscription } from '../../lambdas/report/subscription.ts';
import { termRows } from '../../lambdas/terms/terms.ts';
import { termsCsv } from '../../lambdas/terms/terms-csv.ts';
import { rowsOf, sourceOf, subscription, TODAY } from './sample.ts';

const COMMERCE = '0F8FAD5B-D9CB-469F-A165-70867728950E';

const graph = (more: Partial<Subscription> = {}): Subscription =>
  subscription({ id: 'g1', seller: 'vendor', quantity: 27, assigned: 20, joins: [COMMERCE], ...more });
const pax8 = (more: Partial<Subscription> = {}): Subscription =>
  subscription({ quantity: 27, termEnd: '2026-12-31', joins: [COMMERCE.toLowerCase()], ...more });

const joinOf = (vendors: Subscription[], distributors: Subscription[]) =>
  termRows([sourceOf('microsoft-365', 'Microsoft 365', ...vendors), sourceOf('pax8', 'Pax8', ...distributors)], TODAY);

describe('Microsoft 365 with its distributor', () => {
  test('is one row with the terms of one and the assigned seats of the other', () => {
    const [row, ...others] = joinOf([graph()], [pax8()]);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: 's1', quantity: 27, assigned: 20, termEnd: '2026-12-31' });
    expect(row?.integrations.map(({ name }) => name)).toEqual(['Pax8', 'Microsoft 365']);
  });

  test('leaves a quantity open on which the two disagree, and all that follows from it', () => {
    const [row] = joinOf([graph({ quantity: 25 })], [pax8()]);
    expect(row).not.toHaveProperty('quantity');
    expect(row?.reduction).not.toHaveProperty('units');
    expect(row?.basis).toBe('commitment end; Quantity: 27 by Pax8, 25 by Microsoft 365');
  });

  test.each([
    ['two distributors sell under the id', [graph()], [pax8(), pax8({ id: 's2' })]],
    ['the vendor lists the id twice', [graph(), graph({ id: 'g2' })], [pax8()]],
    ['they belong to two companies', [graph({ customer: 'c2' })], [pax8()]],
    ['nobody knows whose they are', [graph({ customer: 'x' })], [pax8({ customer: 'x' })]],
    ['they share no id', [graph({ joins: ['other'] })], [pax8()]],
    ['the shared id is empty', [graph({ joins: [''] })], [pax8({ joins: [' '] })]],
    [
      'two ids lead to two subscriptions',
      [graph({ joins: ['a', 'b'] })],
      [pax8({ joins: ['a'] }), pax8({ id: 's2', joins: ['b'] })],
    ],
  ])('is not joined where %s', (_, vendors, distributors) => {
    const rows = joinOf(vendors, distributors);
    expect(rows).toHaveLength(vendors.length + distributors.length);
    expect(rows.every(({ integrations }) => integrations.length === 1)).toBe(true);
  });

  test('two distributors are never joined with each other', () => {
    const rows = termRows([sourceOf('pax8', 'Pax8', pax8()), sourceOf('ion', 'ION', pax8({ id: 's9' }))], TODAY);
    expect(rows).toHaveLength(2);
  });
});

describe('rows of terms', () => {
  test('keep two subscriptions of one product apart, and customers without a company last', () => {
    const rows = rowsOf(
      subscription({ customer: 'x', id: 's0' }),
      subscription({ id: 's2', termEnd: '2027-01-01' }),
      subscription({ id: 's1', termEnd: '2027-05-01' }),
    );
    expect(rows.map(({ id }) => id)).toEqual(['s1', 's2', 's0']);
  });

  test('are the same in whatever order the subscriptions come', () => {
    const some = fc.record({
      id: fc.constantFrom(...'abcdefgh'),
      customer: fc.constantFrom('c1', 'c2', 'x'),
      seller: fc.constantFrom('vendor' as const, 'distributor' as const),
      quantity: fc.nat(9),
      joins: fc.subarray(['j1', 'j2']),
    });
    const many = fc.uniqueArray(some, { maxLength: 7, selector: ({ id }) => id });
    const orders = many.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(orders, ([first, second]) => {
        const rows = (all: typeof first) => rowsOf(...all.map(subscription));
        expect(rows(second)).toEqual(rows(first));
      }),
      { numRuns: 60 },
    );
  });

  test('become a file that a spreadsheet does not run, blank where nothing was read', () => {
    const file = termsCsv(
      rowsOf(
        subscription({ product: '=cmd()', quantity: 27, unitCost: '19.50', currency: 'USD', autoRenew: false }),
        subscription({ customer: 'x', id: 's2', windowEnd: '2026-11-23', quantity: 2 }),
      ),
    );
    expect(file.startsWith('\uFEFFCompany,Integration,Product,Subscription Id,')).toBe(true);
    expect(file.endsWith('\r\n')).toBe(true);
    const rows: Record<string, string>[] = parse(file, { bom: true, columns: true });
    expect(rows[0]).toMatchObject({ Company: 'Contoso', Product: "'=cmd()", 'Unit Cost': '19.50', 'Auto-renew': 'no' });
    expect(rows[0]).toMatchObject({ Assigned: '', 'Term End': '', 'Reducible Now': '', Basis: '' });
    expect(rows[1]).toMatchObject({ Company: '(no company) Customer x', 'Reducible Now': '2', Basis: 'window' });
  });

  test('are only a header if no vendor sells by term', () => {
    expect(termsCsv([]).trim().split('\r\n')).toHaveLength(1);
  });
});

describe('what to act on', () => {
  const idle = { quantity: 27, assigned: 20, seller: 'vendor' } as const;
  const actions = (...subscriptions: Partial<Subscription>[]) =>
    rowsOf(...subscriptions.map(subscription)).flatMap(({ act }) => act ?? []);

  test('is what has its last day within 45 days from today, both included', () => {
    const days = ['2026-11-21', '2026-11-22', '2027-01-06', '2027-01-07'];
    const due = actions(...days.map((termEnd, index) => ({ ...idle, id: `s${index}`, termEnd })));
    expect(due.map(({ lastDay }) => lastDay)).toEqual(['2026-11-22', '2027-01-06']);
  });

  test('is nothing whose orders are closed', () => {
    expect(actions({ ...idle, seller: 'distributor', termEnd: TODAY })).toEqual([]);
    expect(actions({ ...idle, seller: 'distributor', termEnd: '2026-11-23' })).toHaveLength(1);
  });

  test('is only what is unused, less what is booked', () => {
    const termEnd = '2026-12-31';
    expect(actions({ ...idle, termEnd })).toMatchObject([{ units: 7, from: '2027-01-01', why: 'unused' }]);
    expect(actions({ ...idle, termEnd, scheduledQuantity: 22 })).toMatchObject([{ units: 2 }]);
    expect(actions({ ...idle, termEnd, scheduledQuantity: 20 })).toEqual([]);
    expect(actions({ ...idle, termEnd, assigned: 27 })).toEqual([]);
    expect(actions({ quantity: 27, termEnd })).toEqual([]);
  });

  test('is also what no customer is billed for', () => {
    const source = sourceOf('pax8', 'Pax8', subscription({ quantity: 27, termEnd: '2026-12-31' }));
    const [row] = termRows([source], TODAY, () => () => 4);
    expect(row?.act).toMatchObject({ units: 4, why: 'not billed' });
  });

  test('is never more than can go on the day that it names', () => {
    const committed = [{ quantity: 25, until: '2027-03-01' }];
    expect(actions({ ...idle, committed })).toMatchObject([{ units: 2, from: TODAY }]);
  });

  test('costs the monthly price that was read, in whole months, and nothing if that is a guess', () => {
    const priced = {
      ...idle,
      seller: 'distributor',
      unitCost: '19.335',
      currency: 'USD',
      termEnd: '2026-12-31',
    } as const;
    expect(actions({ ...priced, billingTerm: 'monthly' })).toMatchObject([
      { units: 7, from: '2027-01-01', waiting: { amount: '135.35', currency: 'USD', months: 1 } },
    ]);
    const without = [
      { ...priced, billingTerm: 'Annual' },
      { ...priced },
      { ...idle, unitCost: '19.50', billingTerm: 'monthly', termEnd: '2026-12-31' },
      // Not one whole month away.
      { ...priced, billingTerm: 'P1M', termEnd: '2026-12-20' },
    ];
    expect(actions(...without).map(({ waiting }) => waiting)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
