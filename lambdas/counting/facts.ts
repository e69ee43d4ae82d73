import type { CellGap, CustomerIdentity } from '../report/collection.ts';
import { type Column, productTitle } from '../report/column.ts';
import { type Failure, failureOf } from '../report/errors.ts';
import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';
import type { Products } from './seats.ts';

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

/** What one row or customer has to say. */
export type Facts = Fact | readonly Said[] | Iterable<Said> | AsyncIterable<Said> | undefined;

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

/** A customer that the vendor lists. From now on everything not counted for it is a true 0. */
export const customer = (id: string | number, name: string, aliases: (string | number)[] = []): Fact => ({
  fact: 'customer',
  id: String(id),
  name,
  aliases: aliases.map(String),
});

/** What a row says of who the customer is: mail domains, ids elsewhere, what the MSP typed in. For the mapping; nothing is counted. */
export const identity = (customerId: string | number, known: CustomerIdentity): Fact => ({
  fact: 'identity',
  customer: String(customerId),
  identity: known,
});

/** Adds `value` to a customer's column. With `key`, the same key counts once. */
export const count = (customerId: string | number, column: string, value = 1, key?: string | number): Fact => ({
  fact: 'count',
  customer: String(customerId),
  column,
  value,
  ...(key === undefined ? {} : { key: String(key) }),
});

/** A text for a customer's column; several different ones are joined. */
export const words = (customerId: string | number, column: string, value: string): Fact => ({
  fact: 'text',
  customer: String(customerId),
  column,
  value,
});

/** One cell that stays blank, and why. */
export const gap = (customerId: string | number, column: string, state: CellGap['state'], reason: string): Fact => ({
  fact: 'gap',
  customer: String(customerId),
  column,
  gap: { state, reason },
});

/** A listed customer that the definition leaves out. */
export const excluded = (customerId: string | number, reason: string): Fact => ({
  fact: 'excluded',
  customer: String(customerId),
  reason,
});

/** A listed customer whose numbers could not be read, for the reason that `error` gives. */
export const failed = (customerId: string | number, error: unknown): Fact => ({
  fact: 'failed',
  customer: String(customerId),
  failure: failureOf(error),
});

/** A remark: on one customer's numbers, or on the whole collection. */
export const note = (sentence: string, customerId?: string | number): Fact => ({
  fact: 'note',
  note: sentence,
  ...(customerId === undefined ? {} : { customer: String(customerId) }),
});

/**
 * Adds `quantity` of a product, under a column that its name brings along. `suffix` stands behind the name. Fewer than none cannot
 * be: that customer's cell stays open.
 */
export function* product(
  { prefix, definition }: Products,
  customerId: string | number,
  name: string,
  quantity: number,
  suffix = '',
): Generator<Fact> {
  const title = `${productTitle(prefix, name)}${suffix}`;
  yield { fact: 'product', column: { title, type: 'number', appears: 'product', definition } };
  if (quantity >= 0) yield count(customerId, title, quantity);
  else yield gap(customerId, title, 'failed', `the vendor says ${quantity} of ${name}`);
}
