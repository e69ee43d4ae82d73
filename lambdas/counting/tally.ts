import type { CellGap, CustomerCount, CustomerIdentity } from '../report/collection.ts';
import type { Column } from '../report/column.ts';
import { type Failure, ReportError } from '../report/errors.ts';
import { marksOf } from '../report/identity-marks.ts';
import { byText } from '../report/order.ts';
import {
  type Draft,
  finishDraft,
  type KeptDraft,
  keepDraft,
  mergeDraft,
  newDraft,
  restoreDraft,
  setExcluded,
  setFailed,
  setGap,
  setName,
  sumOf,
} from './customer-draft.ts';

/** What a collector says while it reads: the whole vocabulary of counting. */
export type Fact =
  | { fact: 'customer'; id: string; name: string; aliases: string[] }
  | { fact: 'count'; customer: string; column: string; value: number; key?: string }
  | { fact: 'text'; customer: string; column: string; value: string }
  | { fact: 'gap'; customer: string; column: string; gap: CellGap }
  | { fact: 'product'; column: Column }
  | { fact: 'excluded'; customer: string; reason: string }
  | { fact: 'failed'; customer: string; failure: Failure }
  | { fact: 'identity'; customer: string; identity: CustomerIdentity }
  | { fact: 'note'; note: string; customer?: string };

/** A tally at rest: what a paused collection keeps until it resumes. */
export type TallySnapshot = { customers: KeptDraft[]; products: Column[]; notes: string[]; keys: [string, number][] };

/**
 * Adds facts up, customer by customer, whatever their order: a count may come before its customer's name.
 * Errors: `VendorContractError` for a customer without id, for a count that is no number or below 0, and, at the end,
 * for counts of a customer that the vendor never listed.
 */
export class Tally {
  readonly #customers = new Map<string, Draft>();
  readonly #products = new Map<string, Column>();
  readonly #notes = new Set<string>();
  /** What each keyed count added, so that a key which two tallies share still counts once. */
  readonly #keys = new Map<string, number>();

  /** Number of customers listed so far. */
  get customers(): number {
    return this.#customers.size;
  }

  add(fact: Fact): void {
    switch (fact.fact) {
      case 'customer': {
        const draft = this.#draft(fact.id);
        setName(draft, fact.name);
        for (const alias of fact.aliases) draft.aliases.add(alias);
        return;
      }
      case 'count': {
        if (!(fact.value >= 0 && fact.value <= Number.MAX_SAFE_INTEGER)) {
          throw new ReportError(
            'VendorContractError',
            `"${fact.column}" of customer ${fact.customer} is ${fact.value}: a count is a number of 0 or more`,
          );
        }
        if (fact.key !== undefined) {
          const key = JSON.stringify([fact.customer, fact.column, fact.key]);
          if (this.#keys.has(key)) return;
          this.#keys.set(key, fact.value);
        }
        sumOf(this.#draft(fact.customer), fact.column).add(fact.value);
        return;
      }
      case 'text': {
        const texts = this.#draft(fact.customer).texts;
        const values = texts.get(fact.column) ?? new Set<string>();
        texts.set(fact.column, values.add(fact.value));
        return;
      }
      case 'gap':
        setGap(this.#draft(fact.customer), fact.column, fact.gap);
        return;
      case 'product':
        this.#product(fact.column);
        return;
      case 'excluded':
        setExcluded(this.#draft(fact.customer), fact.reason);
        return;
      case 'failed':
        setFailed(this.#draft(fact.customer), fact.failure);
        return;
      case 'identity': {
        const { identity } = this.#draft(fact.customer);
        for (const mark of marksOf(fact.identity)) identity.add(mark);
        return;
      }
      case 'note':
        if (fact.customer === undefined) this.#notes.add(fact.note);
        else this.#draft(fact.customer).notes.add(fact.note);
    }
  }

  /** Adds everything that `other` holds. */
  merge(other: Tally): void {
    for (const column of other.#products.values()) this.#product(column);
    for (const note of other.#notes) this.#notes.add(note);
    for (const [id, theirs] of other.#customers) {
      mergeDraft(this.#draft(id), theirs);
    }
    for (const [key, value] of other.#keys) {
      if (this.#keys.has(key)) this.#takeBack(key, value);
      else this.#keys.set(key, value);
    }
  }

  /** Products, notes and customers in a fixed order, so that equal facts give equal bytes. */
  result(): { columns: Column[]; customers: CustomerCount[]; notes: string[] } {
    return {
      columns: [...this.#products.values()].sort((a, b) => byText(a.title, b.title)),
      customers: [...this.#customers.values()].map(finishDraft).sort((a, b) => byText(a.id, b.id)),
      notes: [...this.#notes].sort(byText),
    };
  }

  snapshot(): TallySnapshot {
    return {
      customers: [...this.#customers.values()].map(keepDraft),
      products: [...this.#products.values()],
      notes: [...this.#notes],
      keys: [...this.#keys],
    };
  }

  /** The tally that `snapshot` described. */
  static restore(snapshot: TallySnapshot): Tally {
    const tally = new Tally();
    for (const kept of snapshot.customers) tally.#customers.set(kept.id, restoreDraft(kept));
    for (const column of snapshot.products) tally.#products.set(column.title, column);
    for (const note of snapshot.notes) tally.#notes.add(note);
    for (const [key, value] of snapshot.keys) tally.#keys.set(key, value);
    return tally;
  }

  #product(column: Column): void {
    const known = this.#products.get(column.title);
    if (known === undefined || column.definition < known.definition) this.#products.set(column.title, column);
  }

  #takeBack(key: string, value: number): void {
    const [customer, column]: string[] = JSON.parse(key);
    if (customer !== undefined && column !== undefined) sumOf(this.#draft(customer), column).add(-value);
  }

  #draft(id: string): Draft {
    const known = this.#customers.get(id);
    if (known !== undefined) return known;
    const draft = newDraft(id);
    this.#customers.set(id, draft);
    return draft;
  }
}
