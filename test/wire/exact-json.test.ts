import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly } from '../../lambdas/wire/exact-json.ts';

describe('JSON read exactly', () => {
  it('is what JSON.parse reads if every whole number is below 2^53', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.maxSafeInteger(), (value, number) => {
        const text = JSON.stringify([value, number, { number }]);
        fc.pre(!/\d{16,}/u.test(text));
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps every digit of a whole number beyond it, wherever it is', () => {
    const beyond = fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n });
    fc.assert(
      fc.property(beyond, fc.boolean(), fc.constantFrom('', ' ', '\n'), (size, negative, blank) => {
        const digits = String(negative ? -size : size);
        const read = parseExactly(`${blank}{"id":${blank}${digits},"rows":[${digits},1,${blank}${digits}]}`);
        expect(read).toEqual({ id: digits, rows: [digits, 1, digits] });
        expect(parseExactly(digits)).toBe(digits);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740993', '-9007199254740993'],
    ['0.12345678901234567890', 0.12345678901234568],
    ['1234567890123456.5', 1234567890123456.5],
    ['12345678901234567890.5', 12345678901234567000],
    ['1234567890123456789e3', 1234567890123456800000],
    ['"1234567890123456789"', '1234567890123456789'],
    ['"a: 1234567890123456789"', 'a: 1234567890123456789'],
    ['{"__proto__":9007199254740993}', JSON.parse('{"__proto__":"9007199254740993"}')],
    ['[1e400, 9007199254740993]', [Number.POSITIVE_INFINITY, '9007199254740993']],
  ])('reads %s as %j', (text, value) => {
    expect(parseExactly(text)).toEqual(value);
  });

  it('refuses what is not JSON, long numbers or not', () => {
    for (const text of ['{"id":9007199254740993', '{"id":1']) expect(() => parseExactly(text)).toThrow(SyntaxError);
  });
});
