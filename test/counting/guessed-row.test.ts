import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { find, GuessedRow, numberOf, textOf } from '../../lambdas/counting/guessed-row.ts';

const NAMES = ['seats', 'seatCount', 'quantity'];

describe('a member known by several names', () => {
  it('is the first that is there, in the order of the names', () => {
    expect(find({ quantity: 3, seats: 1, seatCount: 2 }, NAMES)).toBe(1);
    expect(find({ quantity: 3, seats: null }, NAMES)).toBe(3);
    expect(find({ seats: 0, quantity: 3 }, NAMES)).toBe(0);
    expect(find({ seats: '', quantity: 3 }, NAMES)).toBe('');
    expect(find({ Seats: 1 }, NAMES)).toBeUndefined();
  });

  it('is none that every object has', () => {
    expect(find({}, ['constructor', 'toString', '__proto__'])).toBeUndefined();
    expect(() => textOf({}, ['constructor'], 'a row')).toThrow('expected a text as constructor');
  });

  it('is a row only if there are members', () => {
    for (const value of [[], null, 'text', 3]) expect(z.safeParse(GuessedRow, value).success).toBe(false);
    expect(z.safeParse(GuessedRow, {}).success).toBe(true);
  });
});

describe('what is found under no name', () => {
  it.each([textOf, numberOf])('is an error that names the fields seen and no value (%o)', (read) => {
    const attempt = () => read({ licences: 'hunter2', Id: 7 }, NAMES, 'Vendor subscription 7');
    expect(attempt).toThrow(/^Vendor subscription 7: expected a .* as seats or seatCount or quantity/u);
    expect(attempt).toThrow('(fields seen: licences, Id)');
    expect(attempt).toThrow('the API may have changed');
    expect(attempt).not.toThrow(/hunter2/u);
    expect(attempt).toThrow(expect.objectContaining({ name: 'VendorContractError' }));
  });
});

describe('a number', () => {
  it('is itself, or digits as text', () => {
    fc.assert(
      fc.property(fc.nat(), (value) => {
        expect(numberOf({ seats: value }, NAMES, 'row')).toBe(value);
        expect(numberOf({ quantity: ` ${value} ` }, NAMES, 'row')).toBe(value);
      }),
      { numRuns: 40 },
    );
    expect(numberOf({ seats: '12.50' }, NAMES, 'row')).toBe(12.5);
  });

  it.each(['', ' ', '1,000', '1e3', '0x10', '12 seats', 'unlimited', '-3', true, [], ['5'], {}, Number.NaN, Infinity])(
    'is not %j, and never 0 for it',
    (seats) => {
      expect(() => numberOf({ seats }, NAMES, 'row')).toThrow('expected a number');
    },
  );

  it('that is null or missing is not 0', () => {
    for (const row of [{}, { seats: null }, { seats: undefined }]) {
      expect(() => numberOf(row, NAMES, 'row')).toThrow('expected a number');
    }
  });
});

describe('a text', () => {
  it('is trimmed, and a number is written out', () => {
    expect(textOf({ seats: '  Contoso ' }, NAMES, 'row')).toBe('Contoso');
    expect(textOf({ seats: 4411 }, NAMES, 'row')).toBe('4411');
    expect(textOf({ seats: 0 }, NAMES, 'row')).toBe('0');
  });

  it.each(['', '   ', true, [], {}, null])('is not %j', (seats) => {
    expect(() => textOf({ seats }, NAMES, 'row')).toThrow('expected a text');
  });
});
