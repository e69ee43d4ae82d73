import type { CellGap, CellValue, CustomerCount } from './collection.ts';
import type { Column } from './column.ts';
import { type Failure, ReportError } from './errors.ts';
import { addExact } from './exact-sum.ts';

/** What a collector says while it reads: the whole vocabulary of counting. */
export type Fact =
  | { fact: 'customer'; id: string; name: string; aliases: string[] }
  | { fact: 'count'; customer: string; column: string; value: number; key?: string }
  | { fact: 'text'; customer: string; column: string; value: string }
  | { fact: 'gap'; customer: string; column: string; gap: CellGap }
  | { fact: 'product'; column: Column }
  | { fact: 'excluded'; customer: string; reason: string }
  | { fact: 'failed'; customer: string; failure: Failure }
  | { fact: 'note'; note: string; customer?: string };

type Draft = {
  id: string;
  name: string | undefined;
  aliases: Set<string>;
  excluded?: string;
  failed?: Failure;
  numbers: Map<string, number>;
  texts: Map<string, Set<string>>;
  gaps: Map<string, CellGap>;
  notes: Set<string>;
};

/** A tally at rest: what a paused collection keeps until it resumes. */
export type TallySnapshot = { customers: unknown[]; products: Column[]; notes: string[]; keys: string[] };

/**
 * Adds facts up, customer by customer, whatever their order: a count may come before its customer's name.
 * Errors: `VendorContractError` for a customer without id, for a count that is no finite number or below 0, and, at the end,
 * for counts of a customer that the vendor never listed.
 */
export class Tally {
  readonly #customers = new Map<string, Draft>();
  readonly #products = new Map<string, Column>();
  readonly #notes = new Set<string>();
  readonly #keys = new Set<string>();

  /** Number of customers listed so far. */
  get customers(): number {
    return this.#customers.size;
  }

  add(fact: Fact): void {
    switch (fact.fact) {
      case 'customer': {
        const draft = this.#draft(fact.id);
        draft.name ??= fact.name;
        for (const alias of fact.aliases) draft.aliases.add(alias);
        return;
      }
      case 'count': {
        if (!Number.isFinite(fact.value) || fact.value < 0) {
          throw new ReportError(
            'VendorContractError',
            `"${fact.column}" of customer ${fact.customer} is ${fact.value}: a count is a number of 0 or more`,
          );
        }
        if (fact.key !== undefined) {
          const key = `${fact.customer}\u0000${fact.column}\u0000${fact.key}`;
          if (this.#keys.has(key)) return;
          this.#keys.add(key);
        }
        const numbers = this.#draft(fact.customer).numbers;
        numbers.set(fact.column, addExact(numbers.get(fact.column) ?? 0, fact.value));
        return;
      }
      case 'text': {
        const texts = this.#draft(fact.customer).texts;
        const values = texts.get(fact.column) ?? new Set<string>();
        texts.set(fact.column, values.add(fact.value));
        return;
      }
      case 'gap':
        this.#draft(fact.customer).gaps.set(fact.column, fact.gap);
        return;
      case 'product':
        this.#products.set(fact.column.title, fact.column);
        return;
      case 'excluded':
        this.#draft(fact.customer).excluded = fact.reason;
        return;
      case 'failed':
        this.#draft(fact.customer).failed = fact.failure;
        return;
      case 'note':
        if (fact.customer === undefined) this.#notes.add(fact.note);
        else this.#draft(fact.customer).notes.add(fact.note);
    }
  }

  /** Adds everything that `other` holds. */
  merge(other: Tally): void {
    for (const column of other.#products.values()) this.#products.set(column.title, column);
    for (const note of other.#notes) this.#notes.add(note);
    for (const key of other.#keys) this.#keys.add(key);
    for (const [id, theirs] of other.#customers) {
      const ours = this.#draft(id);
      ours.name ??= theirs.name;
      if (theirs.excluded !== undefined) ours.excluded = theirs.excluded;
      if (theirs.failed !== undefined) ours.failed = theirs.failed;
      for (const alias of theirs.aliases) ours.aliases.add(alias);
      for (const [column, gap] of theirs.gaps) ours.gaps.set(column, gap);
      for (const note of theirs.notes) ours.notes.add(note);
      for (const [column, value] of theirs.numbers) {
        ours.numbers.set(column, addExact(ours.numbers.get(column) ?? 0, value));
      }
      for (const [column, values] of theirs.texts) {
        ours.texts.set(column, new Set([...(ours.texts.get(column) ?? []), ...values]));
      }
    }
  }

  /** Products, notes and customers in a fixed order, so that equal facts give equal bytes. */
  result(): { columns: Column[]; customers: CustomerCount[]; notes: string[] } {
    return {
      columns: [...this.#products.values()].sort((a, b) => compare(a.title, b.title)),
      customers: [...this.#customers.values()].map(finish).sort((a, b) => compare(a.id, b.id)),
      notes: [...this.#notes].sort(compare),
    };
  }

  snapshot(): TallySnapshot {
    return {
      customers: [...this.#customers.values()].map((draft) => ({
        ...draft,
        aliases: [...draft.aliases],
        numbers: [...draft.numbers],
        texts: [...draft.texts].map(([column, values]) => [column, [...values]]),
        gaps: [...draft.gaps],
        notes: [...draft.notes],
      })),
      products: [...this.#products.values()],
      notes: [...this.#notes],
      keys: [...this.#keys],
    };
  }

  /** The tally that `snapshot` described. */
  static restore(snapshot: TallySnapshot): Tally {
    const tally = new Tally();
    for (const kept of snapshot.customers as KeptDraft[]) {
      const { aliases, numbers, texts, gaps, notes, ...rest } = kept;
      tally.#customers.set(kept.id, {
        ...rest,
        name: kept.name,
        aliases: new Set(aliases),
        numbers: new Map(numbers),
        texts: new Map(texts.map(([column, values]) => [column, new Set(values)])),
        gaps: new Map(gaps),
        notes: new Set(notes),
      });
    }
    for (const column of snapshot.products) tally.#products.set(column.title, column);
    for (const note of snapshot.notes) tally.#notes.add(note);
    for (const key of snapshot.keys) tally.#keys.add(key);
    return tally;
  }

  #draft(id: string): Draft {
    if (id === '')
      throw new ReportError('VendorContractError', 'the vendor gave a customer or a row without a customer id');
    let draft = this.#customers.get(id);
    if (draft === undefined) {
      draft = {
        id,
        name: undefined,
        aliases: new Set(),
        numbers: new Map(),
        texts: new Map(),
        gaps: new Map(),
        notes: new Set(),
      };
      this.#customers.set(id, draft);
    }
    return draft;
  }
}

type KeptDraft = {
  id: string;
  name?: string;
  aliases: string[];
  excluded?: string;
  failed?: Failure;
  numbers: [string, number][];
  texts: [string, string[]][];
  gaps: [string, CellGap][];
  notes: string[];
};

function finish(draft: Draft): CustomerCount {
  const { id, name, excluded, failed } = draft;
  if (name === undefined) {
    throw new ReportError(
      'VendorContractError',
      `rows name customer ${id}, which the vendor's customer list does not hold`,
    );
  }
  const aliases = [...draft.aliases].filter((alias) => alias !== id).sort(compare);
  const notes = [...draft.notes].sort(compare);
  const bare = { id, aliases, name, counts: {}, gaps: {}, notes };
  if (failed !== undefined) return { ...bare, state: 'failed', error: failed.error, reason: failed.message };
  if (excluded !== undefined) return { ...bare, state: 'excluded', reason: excluded };
  const texts = [...draft.texts].map(([column, values]): [string, CellValue] => [
    column,
    [...values].sort(compare).join('; '),
  ]);
  return {
    ...bare,
    state: 'counted',
    counts: Object.fromEntries<CellValue>([...draft.numbers, ...texts].sort(([a], [b]) => compare(a, b))),
    gaps: Object.fromEntries([...draft.gaps].sort(([a], [b]) => compare(a, b))),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
