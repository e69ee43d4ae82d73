import { failureOf } from '../report/errors.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import { type Fact, type Facts, flat, type Piece } from './facts.ts';

/** Ids in batches. */
export const batchesOf = (ids: Iterable<string>, size: number): string[][] => {
  const all = [...ids];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
};

/**
 * Reads several customers per call. One without access can make the vendor refuse them all; then the batch is halved
 * until that one is alone, and only it fails. Errors: those of `read`, other than refusals.
 */
export async function* halved(
  ids: readonly string[],
  read: (ids: readonly string[]) => Facts,
): AsyncGenerator<Fact | Piece> {
  const facts: (Fact | Piece)[] = [];
  try {
    for await (const fact of flat(read(ids))) facts.push(fact);
  } catch (error) {
    if (!(error instanceof RefusedAnswer)) throw error;
    const [first, ...others] = ids;
    if (first === undefined) throw error;
    if (others.length === 0) {
      yield { fact: 'failed', customer: first, failure: failureOf(error) };
      return;
    }
    const half = Math.ceil(ids.length / 2);
    for (const part of [ids.slice(0, half), ids.slice(half)]) yield* halved(part, read);
    return;
  }
  yield* facts;
}
