import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf, halved } from '../../lambdas/counting/batches.ts';
import type { Fact } from '../../lambdas/counting/facts.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { RefusedAnswer } from '../../lambdas/wire/refused-answer.ts';

const refused = () => new RefusedAnswer('VendorContractError', 'answered HTTP 404', 404);
const ids = fc.uniqueArray(fc.uuid(), { maxLength: 40 });

/** What a vendor says that refuses every call which names one of `barred`, and how often it was asked. */
async function readInBatches(of: readonly string[], barred: ReadonlySet<string>) {
  const facts: { counted: string[]; failed: string[]; calls: number } = { counted: [], failed: [], calls: 0 };
  const read = async function* (asked: readonly string[]): AsyncGenerator<Fact> {
    facts.calls += 1;
    for (const customer of asked) {
      if (barred.has(customer)) throw refused();
      yield { fact: 'count', customer, column: 'Devices', value: 1 };
    }
  };
  for await (const fact of halved(of, read)) {
    if (fact.fact === 'count') facts.counted.push(fact.customer);
    if (fact.fact === 'failed') facts.failed.push(fact.customer);
  }
  return facts;
}

it('batches hold every id once, in order, and none is larger than asked for', () => {
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 9 }), (all, size) => {
      const batches = batchesOf(all, size);
      expect(batches.flat()).toEqual(all);
      expect(batches.every(({ length }) => length > 0 && length <= size)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('whoever is refused fails alone, all others count once, also those before it in the same call', async () => {
  await fc.assert(
    fc.asyncProperty(ids, fc.func(fc.boolean()), async (all, isBarred) => {
      const barred = new Set(all.filter((id) => isBarred(id)));
      const { counted, failed } = await readInBatches(all, barred);
      expect(failed).toEqual(all.filter((id) => barred.has(id)));
      expect(counted).toEqual(all.filter((id) => !barred.has(id)));
    }),
    { numRuns: 50 },
  );
});

it('one refused customer of 50 costs no more than two calls for each halving', async () => {
  const all = Array.from({ length: 50 }, (_, index) => String(index));
  expect((await readInBatches(all, new Set(['17']))).calls).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(50)));
});

it('a refusal of a call that names nobody is nobody’s', async () => {
  const read = (): never => {
    throw refused();
  };
  await expect(halved([], read).next()).rejects.toBeInstanceOf(RefusedAnswer);
});

it('what is not a refusal ends the whole', async () => {
  const down = new ReportError('VendorUnavailableError', 'down');
  const read = (): never => {
    throw down;
  };
  await expect(halved(['1', '2'], read).next()).rejects.toBe(down);
});
