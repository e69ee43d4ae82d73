import { failureOf, type ReportError } from '../report/errors.ts';
import { eachPiece } from '../wire/each.ts';
import { type Fact, type Facts, flat, type Piece } from './facts.ts';

export type Each<T> = {
  items: Iterable<T>;
  /** The customer, or all customers of one call. */
  customerOf: (item: T) => string | readonly string[];
  read: (item: T) => Facts;
  /** What is read: two tasks for one customer are two pieces of work. */
  task: string;
  /** How many at once. */
  concurrency: number;
  /** Whether a piece of work was finished in an earlier lifetime. */
  isDone: (key: string) => boolean;
};

/**
 * Reads something for each customer (or for the several customers of one call), as pieces of work: see `eachPiece`. A
 * customer that fails is `failed` alone, or with the others of its call. One that a vendor lists twice is read once, so
 * that it is not counted twice.
 */
export async function* each<T>({ items, customerOf, read, task, concurrency, isDone }: Each<T>): AsyncGenerator<Piece> {
  const pieces = eachPiece(items, {
    keyOf: (item) => `${task} ${customerOf(item)}`,
    read: (item) => factsOf(read(item)),
    failed: (item, error) => failedFacts([customerOf(item)].flat(), error),
    isDone,
    concurrency,
  });
  for await (const { piece: key, ...rest } of pieces) yield { fact: 'piece', key, ...rest };
}

async function* factsOf(facts: Facts): AsyncGenerator<Fact> {
  for await (const fact of flat(facts)) {
    if (fact.fact === 'piece') throw new Error(`piece of work ${fact.key} is inside another one`);
    yield fact;
  }
}

function failedFacts(customers: readonly string[], error: ReportError): Fact[] {
  const failure = failureOf(error);
  return customers.map((customer) => ({ fact: 'failed', customer, failure }));
}
