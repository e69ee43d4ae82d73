import type { CellGap, CustomerIdentity } from '../report/collection.ts';
import type { Column } from '../report/column.ts';
import type { Failure } from '../report/errors.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';

/** What is counted: the vendor's id of it, and its name where the row has one. */
export type UnitOf = Pick<Unit, 'id' | 'name'>;

/** What a collector says while it reads: the whole vocabulary of counting. */
export type Fact =
  | { fact: 'customer'; id: string; name: string; aliases: string[] }
  | { fact: 'count'; customer: string; column: string; value: number; key?: string; unit?: UnitOf }
  | { fact: 'text'; customer: string; column: string; value: string }
  | { fact: 'gap'; customer: string; column: string; gap: CellGap }
  | { fact: 'product'; column: Column }
  | { fact: 'excluded'; customer: string; reason: string }
  | { fact: 'failed'; customer: string; failure: Failure }
  | { fact: 'identity'; customer: string; identity: CustomerIdentity }
  /** A customer that has customers of its own, in a list of its own. */
  | { fact: 'partner'; customer: string }
  | { fact: 'note'; note: string; customer?: string }
  /** `things` that do not count, and why; equal ones are added up. */
  | { fact: 'left-out'; things: string; why: string; count: number; customer?: string }
  /** How many rows had a member that hardly every row lacks; added up over all readings of such rows. */
  | { fact: 'usual'; rows: string; member: string; meaning: string; read: number; met: number }
  | { fact: 'subscription'; subscription: Subscription };

/**
 * A finished piece of work: its facts count together or not at all, and it is not done again after a pause. `unanswered` where the
 * vendor did not answer, or only that it is asked too often: that is no progress.
 */
export type Piece = { fact: 'piece'; key: string; facts: Fact[]; unanswered?: true };

/** What may be yielded: facts, pieces of work, or lists of them. */
export type Said = Fact | Piece | readonly Said[];

/** True for what can be a number of things. */
export const isCount = (value: number): boolean => value >= 0 && value <= Number.MAX_SAFE_INTEGER;

/** What one row or customer has to say. */
export type Facts = Fact | readonly Said[] | Iterable<Said> | AsyncIterable<Said> | undefined;

/** What is said while something is read, and what the reader learns by it. */
export type Reading<R = void> = AsyncGenerator<Said, R>;

const isMany = (said: Said | Facts): said is Iterable<Said> | AsyncIterable<Said> =>
  said !== undefined && !('fact' in said);

/** Facts one by one, in their order. */
export async function* flat(said: Said | Facts): AsyncGenerator<Fact | Piece> {
  if (said === undefined) return;
  if (!isMany(said)) yield said;
  else if (Symbol.asyncIterator in said) for await (const each of said) yield* flat(each);
  // Nearly all of them: told apart, because a turn for each costs as much as counting it.
  else for (const fact of flatNow(said)) yield fact;
}

function* flatNow(said: Iterable<Said>): Generator<Fact | Piece> {
  for (const each of said) {
    if ('fact' in each) yield each;
    else yield* flatNow(each);
  }
}
