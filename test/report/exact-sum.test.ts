import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactSum, sumExact } from '../../lambdas/report/exact-sum.ts';

const count = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true }));

describe('exact sum', () => {
  test('adds in decimal, as a clerk would', () => {
    expect(sumExact([0.1, 0.2])).toBe(0.3);
    expect(sumExact([1.005, 2.005])).toBe(3.01);
    expect(sumExact([29.966666666666665, 0.1, 0.1])).toBe(Number('30.166666666666665'));
    expect(sumExact([])).toBe(0);
  });

  test('loses nothing to a very large or a very small number next to it', () => {
    expect(sumExact([1e21, 1e-20])).toBe(1e21);
    expect(sumExact([1e-20])).toBe(1e-20);
    expect(sumExact([Number.MAX_SAFE_INTEGER, 2, 2])).toBe(2 ** 53 + 4);
    expect(sumExact([-1.5, 1.5])).toBe(0);
  });

  test('gives the same total in whatever order', () => {
    fc.assert(
      fc.property(
        fc
          .array(count, { maxLength: 20 })
          .chain((values) => fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length }))),
        ([values, shuffled]) => {
          expect(sumExact(shuffled)).toBe(sumExact(values));
        },
      ),
    );
  });

  test('gives the same total in however many parts, also when a part was written down in between', () => {
    fc.assert(
      fc.property(fc.array(count), fc.array(count), (some, others) => {
        const part = new ExactSum();
        for (const value of some) part.add(value);
        const kept = ExactSum.from(String(part));
        const rest = new ExactSum();
        for (const value of others) rest.add(value);
        expect(kept.merge(rest).value).toBe(sumExact([...some, ...others]));
      }),
    );
  });

  test('of whole numbers is their ordinary sum', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000)), (values) => {
        expect(sumExact(values)).toBe(values.reduce((total, value) => total + value, 0));
      }),
    );
  });
});
