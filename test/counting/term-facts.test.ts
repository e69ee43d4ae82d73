import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Unread } from '../../lambdas/counting/row-forms.ts';
import { dayForm, termDay, termsOf } from '../../lambdas/counting/term-facts.ts';
import { ReportError } from '../../lambdas/report/errors.ts';

describe('a day of a row', () => {
  it('is a day, or none where it is blank or was never set', () => {
    expect(dayForm().parse('2026-11-22')).toBe('2026-11-22');
    for (const none of ['', ' ', '0001-01-01T00:00:00']) expect(dayForm().parse(none)).toBeNull();
  });

  it('that is not a date is a fault, in the words of its reader', () => {
    const result = dayForm(() => {
      throw new ReportError('VendorContractError', 'no such month');
    }).safeParse('2026-13-01');
    expect(result.error?.issues).toMatchObject([{ code: 'custom', message: 'no such month' }]);
    expect(dayForm().safeParse('soon').success).toBe(false);
  });

  it('is read in the vendor’s own way, which may find none', () => {
    expect(dayForm((text) => `20${text}`).parse('26-11-22')).toBe('2026-11-22');
    expect(dayForm(() => undefined).parse('never')).toBeNull();
  });

  it('does not hide a mistake of ours', () => {
    const broken = dayForm(() => {
      throw new TypeError('ours');
    });
    expect(() => broken.safeParse('2026-11-22')).toThrow('ours');
  });

  it('of a term is unknown where it is missing or not a date', () => {
    const row = z.object({ ends: termDay() });
    expect(row.parse({ ends: '2026-11-22' })).toEqual({ ends: '2026-11-22' });
    for (const ends of [undefined, 'soon', 7]) expect(row.parse({ ends }).ends).toBeUndefined();
  });
});

describe('the facts of a term', () => {
  const bare = { id: '7', seller: 'vendor', joins: [] };

  it('are those that the row has, a 0 and a no among them', () => {
    const facts = {
      ...{ quantity: 0, assigned: 3, billingTerm: 'monthly', commitment: 'P1Y' },
      ...{ termEnd: '2027-03-01', autoRenew: false, scheduledQuantity: 0, windowEnd: '2027-02-01' },
    };
    expect(
      termsOf(7, {
        ...facts,
        seller: 'distributor',
        unitCost: 15.6,
        currency: ' cad ',
        joins: ['a', null, '', undefined, 'b'],
      }),
    ).toEqual({
      ...{ id: '7', seller: 'distributor', ...facts, unitCost: '15.6', currency: 'CAD', joins: ['a', 'b'] },
    });
  });

  it('leave out what is missing, blank or could not be read', () => {
    expect(termsOf(7, { seller: 'vendor' })).toEqual(bare);
    const none = { quantity: null, assigned: null, unitCost: null, currency: null, commitment: null, termEnd: null };
    expect(termsOf(7, { seller: 'vendor', ...none })).toEqual(bare);
    const blank = { unitCost: ' ', currency: '', billingTerm: '', quantity: new Unread([]), assigned: new Unread([]) };
    expect(termsOf(7, { seller: 'vendor', ...blank })).toEqual(bare);
  });

  it.each<[string | number, string | undefined]>([
    [0, '0'],
    [' 15.60 ', '15.60'],
    ['7', '7'],
    ...['on request', '-1', '1.', '.5', '1e3', '15,60', '7 EUR', 'EUR 7', '1.2.3'].map((odd): [string, undefined] => [
      odd,
      undefined,
    ]),
  ])('have a cost that is a decimal number, or none: %j', (unitCost, cost) => {
    expect(termsOf(7, { seller: 'vendor', unitCost }).unitCost).toBe(cost);
  });
});
