import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, flat, isCount, type Yielded } from '../../lambdas/counting/facts.ts';

const fact = fc.nat().map((at): Yielded => ({ fact: 'note', note: String(at) }));

/** Facts in lists of lists, and the same facts in one list. */
const { nested } = fc.letrec<{ nested: Yielded }>((tie) => ({
  nested: fc.oneof({ maxDepth: 4 }, fact, fc.array(tie('nested'), { maxLength: 3 })),
}));

const inOrder = (facts: Yielded): unknown[] => ('fact' in facts ? [facts] : facts.flatMap(inOrder));

async function* asynchronously(facts: readonly Yielded[]): AsyncGenerator<Yielded> {
  yield* facts;
}

describe('facts', () => {
  it('come one by one in their order, however they lie in each other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nested, { maxLength: 4 }), async (given) => {
        for (const facts of [given, given.values(), asynchronously(given)])
          expect(await Array.fromAsync(flat(facts))).toEqual(inOrder(given));
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Facts]>([
    ['nothing', undefined],
    ['an empty list', []],
  ])('are none in %s', async (_, none) => {
    expect(await Array.fromAsync(flat(none))).toEqual([]);
  });
});

describe('a number of things', () => {
  it.each([0, 1, 0.5, Number.MAX_SAFE_INTEGER])('can be %d', (value) => {
    expect(isCount(value)).toBe(true);
  });

  it.each([-1, Number.MAX_SAFE_INTEGER + 1, Number.POSITIVE_INFINITY, Number.NaN])('cannot be %d', (value) => {
    expect(isCount(value)).toBe(false);
  });
});
