import type { CellGap, CustomerIdentity } from '../report/collection.ts';
import type { Column } from '../report/column.ts';
import type { Failure } from '../report/errors.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';

/** What is counted: its id at the vendor, and its name if the row has one. */
export type UnitOf = Pick<Unit, 'id' | 'name'>;

/** What a collector reports while it reads: the whole vocabulary of counting. */
export type Fact =
  | { fact: 'customer'; id: string; name: string; aliases: string[] }
  | { fact: 'count'; customer: string; column: string; value: number; key?: string; unit?: UnitOf }
  | { fact: 'text'; customer: string; column: string; value: string }
  | { fact: 'gap'; customer: string; column: string; gap: CellGap }
  | { fact: 'product'; column: Column }
  | { fact: 'excluded'; customer: string; reason: string }
  | { fact: 'failed'; customer: string; failure: Failure }
  | { fact: 'identity'; customer: string; identity: CustomerIdentity }
  /** A customer that has customers of its own, in a separate list, or whose own id could not be read. */
  | { fact: 'hides'; customer: string }
  | { fact: 'note'; note: string; customer?: string }
  /** `things` that do not count, and why; equal ones are added up. */
  | { fact: 'left-out'; things: string; why: string; count: number; customer?: string }
  /** How many rows had a field that some rows can lack, but hardly all; added up over all readings of such rows. */
  | { fact: 'usual'; rows: string; member: string; meaning: string; read: number; met: number }
  | { fact: 'subscription'; subscription: Subscription };

/**
 * A finished piece of work: its facts count together or not at all, and it is not done again after a pause.
 * `unanswered` if the vendor did not answer, or only with "too many requests": that is not progress.
 */
export type Piece = { fact: 'piece'; key: string; facts: Fact[]; unanswered?: true };

/** What a collector can yield: facts, pieces of work, or lists of them. */
export type Yielded = Fact | Piece | readonly Yielded[];

/** True for what can be a number of things. */
export const isCount = (value: number): boolean => value >= 0 && value <= Number.MAX_SAFE_INTEGER;

/** The facts of one row or customer. */
export type Facts = Fact | readonly Yielded[] | Iterable<Yielded> | AsyncIterable<Yielded> | undefined;

/** Yields facts while it reads, and returns what the reading found. */
export type Reading<R = void> = AsyncGenerator<Yielded, R>;

const isMany = (facts: NonNullable<Yielded | Facts>): facts is Iterable<Yielded> | AsyncIterable<Yielded> =>
  !('fact' in facts);

/** Facts one by one, in their order. */
export async function* flat(facts: Yielded | Facts): AsyncGenerator<Fact | Piece> {
  if (facts === undefined) return;
  if (!isMany(facts)) yield facts;
  else if (Symbol.asyncIterator in facts) for await (const each of facts) yield* flat(each);
  // Nearly all facts come this way; an asynchronous turn for each would cost as much as counting it.
  else for (const fact of flatNow(facts)) yield fact;
}

function* flatNow(facts: Iterable<Yielded>): Generator<Fact | Piece> {
  for (const each of facts) {
    if ('fact' in each) yield each;
    else yield* flatNow(each);
  }
}
