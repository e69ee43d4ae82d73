import { describe, expect, it } from 'vitest';
import type { Fact } from '../../lambdas/counting/facts.ts';
import { Unread } from '../../lambdas/counting/row-forms.ts';
import { cycleOf, isAzurePlan, notBegun, type Seat, seatFacts } from '../../lambdas/counting/seats.ts';
import { UnknownWord } from '../../lambdas/counting/words.ts';
import type { Day } from '../../lambdas/report/day.ts';

const products = { prefix: 'Acme', definition: 'seats' };
const factsOf = (seat: Seat): Fact[] => [...seatFacts(products, '7', seat)];
const cell = (seat: Seat) => factsOf(seat).filter(({ fact }) => fact === 'count' || fact === 'gap');

describe('a row of seats', () => {
  it('counts in the column of its product, which it brings along', () => {
    expect(factsOf({ product: 'Backup', seats: 4 })).toStrictEqual([
      { fact: 'product', column: { title: 'Acme Backup', type: 'number', appears: 'product', definition: 'seats' } },
      { fact: 'count', customer: '7', column: 'Acme Backup', value: 4 },
    ]);
  });

  it('counts apart if the same product is measured in another way', () => {
    expect(cell({ product: 'Backup', seats: 4, measure: 'assigned' })).toMatchObject([
      { column: 'Acme Backup (assigned)' },
    ]);
  });

  it('counts in the same column where the measure has blanks around it, or is blank', () => {
    expect(cell({ product: 'Backup', seats: 4, measure: ' assigned ' })).toMatchObject([
      { column: 'Acme Backup (assigned)' },
    ]);
    expect(cell({ product: 'Backup', seats: 4, measure: ' ' })).toMatchObject([{ column: 'Acme Backup' }]);
  });

  it.each<[string, Seat, string]>([
    [
      'an unread number',
      { product: 'Backup', seats: new Unread([]) },
      'a subscription of Backup: it could not be read',
    ],
    [
      'an unknown word',
      { product: 'Backup', unknown: 'its status is "Odd", which is not known' },
      'a subscription of Backup cannot be counted: its status is "Odd", which is not known',
    ],
  ])('opens its cell for %s', (_, seat, reason) => {
    expect(cell(seat)).toEqual([
      { fact: 'gap', customer: '7', column: 'Acme Backup', gap: { state: 'failed', reason } },
    ]);
  });

  it('that is left out is said, of all or of its customer', () => {
    const why = 'Backup is bought once';
    expect(factsOf({ leftOut: why })).toEqual([{ fact: 'left-out', things: 'subscription', why, count: 1 }]);
    expect(factsOf({ leftOut: why, of: 'customer', things: 'licence' })).toEqual([
      { fact: 'left-out', things: 'licence', why, count: 1, customer: '7' },
    ]);
  });

  it('that is over says nothing', () => {
    expect(factsOf(undefined)).toEqual([]);
  });

  it('passes on its unit, its term and its remark', () => {
    const terms = { id: 's1', seller: 'distributor', joins: [] } as const;
    const unit = { id: 's1', name: 'Backup' };
    expect(factsOf({ product: 'Backup', seats: 4, unit, terms, note: '4 end soon' }).slice(1)).toEqual([
      { fact: 'count', customer: '7', column: 'Acme Backup', value: 4, unit },
      { fact: 'subscription', subscription: { ...terms, customer: '7', product: 'Backup', column: 'Acme Backup' } },
      { fact: 'note', note: '4 end soon', customer: '7' },
    ]);
    expect(factsOf({ leftOut: 'pending', product: 'Backup', terms }).slice(1)).toEqual([
      { fact: 'subscription', subscription: { ...terms, customer: '7', product: 'Backup' } },
    ]);
    // Of a term without a product, or the other way round, no line of terms.csv can be made.
    for (const half of [{ product: 'Backup' }, { terms }]) {
      expect(factsOf({ leftOut: 'pending', ...half }).map(({ fact }) => fact)).toEqual(['left-out']);
    }
  });
});

it('a subscription counts from the day on which it begins, and until then is a remark on its customer', () => {
  const told = (starts: Day | null | undefined) => notBegun('Backup', starts, '2026-11-24');
  expect(told('2026-11-25')).toEqual({ leftOut: 'Backup begins on 2026-11-25', of: 'customer' });
  for (const begun of ['2026-11-24', '2026-11-23', null, undefined]) expect(told(begun)).toBeUndefined();
});

it.each(['One-Time', 'one time', 'ONE_TIME', 'OneTime', 'Activation', 'Perpetual', ' one-off ', 'Once', 'Setup'])(
  '%s is bought once',
  (term) => {
    expect(cycleOf(term)).toBe('once');
  },
);

it.each([
  ...['Month', 'Monthly', 'Quarterly', 'Semi-Annual', 'Half-Yearly', 'Year', 'Yearly', 'ANNUAL', 'Annually'],
  ...['Biennial', 'Triennial', '1 month', '3 Month', '6-month', '12-month', '1 year', '2 years', '2-year', '3-Year'],
  ...['3 years', 'P1M', 'P3M', 'P6M', 'P12M', 'P1Y', 'P2Y', 'P3Y'],
])('%s is paid again and again', (term) => {
  expect(cycleOf(term)).toBe('recurring');
});

it.each(['Trial', 'one time a month', 'Decade', '', null])('%s may be either', (term) => {
  expect(cycleOf(term)).toBeInstanceOf(UnknownWord);
});

it('nobody sells an Azure plan by the seat', () => {
  for (const name of ['Azure Plan', 'Microsoft Azure', ' azure ', 'Microsoft Azure Plan for DevTest'])
    expect(isAzurePlan(name)).toBe(true);
  for (const name of ['Azure Information Protection', 'Azure Planner']) expect(isAzurePlan(name)).toBe(false);
});
