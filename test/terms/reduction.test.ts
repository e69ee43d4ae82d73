import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysAfter, isDay } from '../../lambdas/report/day.ts';
import { freedBy } from '../../lambdas/terms/committed.ts';
import { earliestReduction, type Reduction, type Terms } from '../../lambdas/terms/reduction.ts';

const on = (today: string, terms: Partial<Terms>): Reduction =>
  earliestReduction({ seller: 'distributor', ...terms }, today);

const layered: Partial<Terms> = {
  quantity: 27,
  termEnd: '2027-03-01',
  committed: [
    { quantity: 20, until: '2027-03-01' },
    { quantity: 5, until: '2026-12-03' },
  ],
};

describe('committed layers', () => {
  test('free today what no layer covers, and show what each later day frees', () => {
    expect(on('2026-11-22', layered)).toEqual({
      now: 2,
      earliest: '2026-11-22',
      units: 2,
      basis: 'committed quantities; 7 from 2026-12-04; 27 from 2027-03-02',
    });
  });

  test('cover their last day', () => {
    expect(on('2026-12-03', layered).now).toBe(2);
    expect(on('2026-12-04', layered).now).toBe(7);
    expect(on('2027-03-02', layered).now).toBe(27);
  });

  test('name the first day that frees a seat when none is free today', () => {
    const committed = [{ quantity: 22, until: '2026-12-31' }, ...(layered.committed ?? []).slice(1)];
    expect(on('2026-11-22', { ...layered, committed })).toEqual({
      now: 0,
      earliest: '2026-12-04',
      units: 5,
      basis: 'committed quantities; 27 from 2027-01-01',
    });
  });

  test('that end with the term must be ordered before it ends', () => {
    const committed = [{ quantity: 27, until: '2027-03-01' }];
    expect(on('2026-11-22', { ...layered, committed })).toMatchObject({
      earliest: '2027-03-02',
      lastDay: '2027-02-28',
    });
  });

  test('that exceed the quantity together are read as floors, and the reading is uncertain', () => {
    const { now, basis } = on('2026-11-22', { ...layered, quantity: 24 });
    expect({ now, basis }).toEqual({ now: 4, basis: expect.stringContaining('reading uncertain') });
  });

  test('give no numbers if the quantity is unknown', () => {
    const { quantity: _, ...rest } = layered;
    expect(on('2026-11-22', rest)).toEqual({ basis: 'committed quantities; the quantity is not known' });
  });

  test('take precedence over an open window', () => {
    expect(on('2026-11-22', { ...layered, windowEnd: '2026-11-25' }).now).toBe(2);
  });

  test('are ignored if the list is empty', () => {
    expect(on('2026-11-22', { quantity: 5, committed: [] })).toEqual({ basis: '' });
  });

  test('never free fewer seats on a later day', () => {
    const day = fc.integer({ min: -40, max: 400 }).map((days) => daysAfter('2026-11-22', days));
    const layers = fc.array(fc.record({ quantity: fc.nat(30), until: day }), { maxLength: 4 });
    fc.assert(
      fc.property(layers, fc.nat(60), (committed, quantity) => {
        const { steps } = freedBy(committed, quantity, '2026-11-22');
        const units = steps.map((step) => step.units);
        expect(units).toEqual([...units].sort((a, b) => a - b));
        expect(units.every((free) => free >= 0 && free <= quantity)).toBe(true);
        expect(steps.at(-1)?.units).toBe(quantity);
      }),
      { numRuns: 100 },
    );
  });
});

describe('an open window', () => {
  const windowed = { quantity: 9, windowEnd: '2026-11-28', termEnd: '2027-11-20' };

  test('lets everything go through its last day', () => {
    expect(on('2026-11-28', windowed)).toEqual({
      now: 9,
      units: 9,
      earliest: '2026-11-28',
      lastDay: '2026-11-28',
      basis: 'window',
    });
  });

  test('that has closed, or that the vendor rules out, leaves only the commitment end', () => {
    for (const windowEnd of ['2026-11-28', null]) {
      expect(on('2026-11-29', { ...windowed, windowEnd })).toMatchObject({
        now: 0,
        earliest: '2027-11-21',
        basis: 'commitment end',
      });
    }
  });
});

describe('a product rule', () => {
  test('that allows a decrease lets everything go today, without a last day', () => {
    expect(on('2026-11-22', { quantity: 9, mayDecrease: true, termEnd: '2027-03-01' })).toEqual({
      now: 9,
      units: 9,
      earliest: '2026-11-22',
      basis: 'product rule',
    });
  });

  test('that forbids it makes the number reducible now a true 0', () => {
    expect(on('2026-11-22', { quantity: 9, mayDecrease: false, termEnd: '2027-03-01' }).now).toBe(0);
  });
});

describe('a commitment end', () => {
  test('frees the seats on the day after, ordered a day earlier at a distributor than at the vendor', () => {
    const terms: Partial<Terms> = { quantity: 9, termEnd: '2027-03-01' };
    expect(on('2026-11-22', terms)).toEqual({
      earliest: '2027-03-02',
      lastDay: '2027-02-28',
      units: 9,
      basis: 'commitment end',
    });
    expect(on('2026-11-22', { ...terms, seller: 'vendor' }).lastDay).toBe('2027-03-01');
  });

  test.each([
    ['a leap year', '2028-02-29', '2028-03-01', '2028-02-28'],
    ['the eve of a leap day', '2028-02-28', '2028-02-29', '2028-02-27'],
    ['a common year', '2027-02-28', '2027-03-01', '2027-02-27'],
    ['a month of 30 days', '2027-04-30', '2027-05-01', '2027-04-29'],
    ['the end of a year', '2026-12-31', '2027-01-01', '2026-12-30'],
    ['the day that clocks change', '2027-03-28', '2027-03-29', '2027-03-27'],
  ])('is counted by the calendar in %s', (_, termEnd, earliest, lastDay) => {
    expect(on('2026-11-22', { termEnd })).toMatchObject({ earliest, lastDay });
  });

  test('still counts on its last day, when the distributor no longer accepts an order', () => {
    expect(on('2027-03-01', { termEnd: '2027-03-01' })).toEqual({
      earliest: '2027-03-02',
      lastDay: '2027-02-28',
      basis: 'commitment end; orders closed on 2027-02-28',
    });
  });

  test('gives a second chance of seven days from the renewal, if it renews', () => {
    const terms: Partial<Terms> = { quantity: 9, termEnd: '2027-03-01', autoRenew: true };
    expect(on('2026-11-22', terms).basis).toBe('commitment end; second chance until 2027-03-08');
    expect(on('2027-03-01', terms).lastDay).toBe('2027-03-08');
    for (const today of ['2027-03-02', '2027-03-08']) {
      expect(on(today, terms)).toMatchObject({ now: 9, earliest: today, lastDay: '2027-03-08' });
    }
    expect(on('2027-03-09', terms)).toEqual({ basis: 'commitment end has passed' });
  });

  test('that has passed gives nothing if no renewal was read', () => {
    for (const autoRenew of [{}, { autoRenew: false }]) {
      expect(on('2027-03-02', { termEnd: '2027-03-01', ...autoRenew })).toEqual({
        basis: 'commitment end has passed',
      });
    }
  });

  test('leaves out the seats whose decrease is booked', () => {
    expect(on('2026-11-22', { quantity: 27, scheduledQuantity: 22, termEnd: '2027-03-01' })).toMatchObject({
      units: 22,
      basis: 'commitment end; a decrease to 22 is booked',
    });
    expect(on('2026-11-22', { quantity: 27, scheduledQuantity: 30, termEnd: '2027-03-01' })).toMatchObject({
      units: 27,
      basis: 'commitment end',
    });
  });

  test('of a subscription that does not renew is stated as such', () => {
    expect(on('2026-11-22', { termEnd: '2027-03-01', autoRenew: false }).basis).toContain('does not renew by itself');
  });
});

describe('without a term end', () => {
  test.each(['Monthly', 'P1M', '1-Month', '1 month', 'month to month'])(
    'a commitment of %s has no day',
    (commitment) => {
      expect(on('2026-11-22', { quantity: 3, commitment })).toEqual({
        basis: 'at next monthly renewal (at most a month)',
      });
    },
  );

  test('nothing is known about a yearly commitment, even if it is paid monthly', () => {
    expect(on('2026-11-22', { quantity: 3, commitment: 'Annual' })).toEqual({ basis: '' });
    expect(on('2026-11-22', { quantity: 3, billingTerm: 'Monthly' })).toEqual({ basis: '' });
    expect(on('2026-11-22', {})).toEqual({ basis: '' });
  });
});

test('days are calendar days', () => {
  expect(['2028-02-29', '2026-12-31', '0001-01-01'].map(isDay)).toEqual([true, true, true]);
  expect(['2027-02-29', '2026-13-01', '2026-1-1', '', 'soon'].map(isDay)).toEqual(Array(5).fill(false));
  expect(() => daysAfter('soon', 1)).toThrow(RangeError);
});

test('a reduction is never earlier than today, and never of more than there is', () => {
  const day = fc.integer({ min: -60, max: 400 }).map((days) => daysAfter('2026-11-22', days));
  const facts = fc.record(
    {
      quantity: fc.nat(40),
      scheduledQuantity: fc.nat(50),
      termEnd: day,
      windowEnd: fc.option(day),
      autoRenew: fc.boolean(),
      mayDecrease: fc.boolean(),
      committed: fc.array(fc.record({ quantity: fc.nat(30), until: day }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(facts, (terms) => {
      const { now = 0, units = 0, earliest } = on('2026-11-22', terms);
      expect(now).toBeLessThanOrEqual(terms.quantity ?? 0);
      expect(units).toBeLessThanOrEqual(terms.quantity ?? 0);
      expect(earliest === undefined || earliest >= '2026-11-22').toBe(true);
      expect(now > 0 && earliest !== '2026-11-22').toBe(false);
    }),
    { numRuns: 150 },
  );
});
