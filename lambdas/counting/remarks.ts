import { quantity } from '../report/quantity.ts';
import type { Fact } from './facts.ts';

type Added = Extract<Fact, { fact: 'left-out' | 'usual' }>;
type LeftOut = Extract<Added, { fact: 'left-out' }>;
type Usual = Extract<Added, { fact: 'usual' }>;

export type RemarksSnapshot = { notes: string[]; added: Added[] };

/** Remarks on a collection: sentences, and figures that are added up and shown in one sentence. */
export class Remarks {
  readonly #notes = new Set<string>();
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #usual = new Map<string, Usual>();

  note(sentence: string): void {
    this.#notes.add(sentence);
  }

  add(fact: Added): void {
    if (fact.fact === 'left-out') {
      const key = JSON.stringify([fact.things, fact.why, fact.customer]);
      const before = this.#leftOut.get(key);
      this.#leftOut.set(key, { ...fact, count: fact.count + (before?.count ?? 0) });
    } else {
      const key = JSON.stringify([fact.rows, fact.member]);
      const before = this.#usual.get(key);
      this.#usual.set(key, { ...fact, read: fact.read + (before?.read ?? 0), met: fact.met + (before?.met ?? 0) });
    }
  }

  merge(other: Remarks): void {
    this.restore(other.snapshot());
  }

  snapshot(): RemarksSnapshot {
    return { notes: [...this.#notes], added: [...this.#leftOut.values(), ...this.#usual.values()] };
  }

  /** Adds the content of a `snapshot`. */
  restore({ notes, added }: RemarksSnapshot): void {
    for (const note of notes) this.#notes.add(note);
    for (const fact of added) this.add(fact);
  }

  /** The remarks on the whole collection. */
  ofAll(): string[] {
    const unmet = [...this.#usual.values()].filter(({ read, met }) => read > 0 && met === 0);
    return [
      ...this.#notes,
      ...[...this.#leftOut.values()].filter(({ customer }) => customer === undefined).map(leftOutSentence),
      ...unmet.map(({ rows, member, meaning, read }) => `none of ${read} ${rows} has "${member}": ${meaning}`),
    ];
  }

  /** The remarks on one customer's numbers. */
  ofCustomers(): { customer: string; note: string }[] {
    return [...this.#leftOut.values()].flatMap((fact) =>
      fact.customer === undefined ? [] : [{ customer: fact.customer, note: leftOutSentence(fact) }],
    );
  }
}

const leftOutSentence = ({ things, why, count }: LeftOut): string => `${quantity(count, things)} left out: ${why}`;
