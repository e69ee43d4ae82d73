import { ownMember } from '../report/record.ts';
import { note } from './collector.ts';
import type { Fact } from './facts.ts';

/**
 * Watches members that a row may lack, but hardly every row: a flag by which rows are left out, say. Where no row at all has one, it
 * may have been renamed; nothing can be refused for that, but it is said.
 */
export class Presence {
  readonly #meanings: ReadonlyMap<string, string>;
  readonly #met = new Set<string>();
  #rows = 0;

  /** Member -> what its absence from every row means for the numbers. */
  constructor(meanings: Record<string, string>) {
    this.#meanings = new Map(Object.entries(meanings));
  }

  /** Looks at a row, before anything of it is left out. */
  see(row: Readonly<Record<string, unknown>>): void {
    this.#rows += 1;
    for (const name of this.#meanings.keys()) if ((ownMember(row, name) ?? null) !== null) this.#met.add(name);
  }

  /** A remark for each member that no row had. */
  *notes(list: string): Generator<Fact> {
    for (const [name, meaning] of this.#meanings) {
      if (this.#rows > 0 && !this.#met.has(name)) yield note(`none of ${this.#rows} ${list} has "${name}": ${meaning}`);
    }
  }
}
