import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';
import { type Fact, isCount } from './facts.ts';

/** What was counted, one by one: for units.csv, changes.csv and terms.csv. */
export type Detail = { unit: Unit } | { subscription: Subscription };

/**
 * Takes details as they come, for the collection itself holds none. Both functions resolve when it is kept; an error ends the
 * collection.
 */
export type DetailSink = {
  /**
   * Details of a finished piece of work, all of them in one call, or, without `piece`, of the lists that every reading begins
   * with. A piece may come again, where a lifetime ended before its checkpoint was kept: then this call replaces the one before.
   */
  add: (details: readonly Detail[], piece?: string) => Promise<void>;
  /** The lists are read from their start: what was added without a piece is void. */
  startAgain: () => Promise<void>;
};

/** Details that are handed on together. */
const BATCH = 500;

/** Hands details on in batches. */
export class DetailStream {
  readonly #sink: DetailSink | undefined;
  #waiting: Detail[] = [];

  constructor(sink: DetailSink | undefined) {
    this.#sink = sink;
  }

  async startAgain(): Promise<void> {
    this.#waiting = [];
    await this.#sink?.startAgain();
  }

  async add(fact: Fact): Promise<void> {
    if (this.#sink === undefined) return;
    this.#waiting.push(...detailsOf(fact));
    if (this.#waiting.length >= BATCH) await this.flush();
  }

  async addPiece(key: string, facts: readonly Fact[]): Promise<void> {
    const details = facts.flatMap(detailsOf);
    if (details.length > 0) await this.#sink?.add(details, key);
  }

  async flush(): Promise<void> {
    const details = this.#waiting;
    this.#waiting = [];
    if (details.length > 0) await this.#sink?.add(details);
  }
}

function detailsOf(fact: Fact): Detail[] {
  if (fact.fact === 'subscription') return [{ subscription: fact.subscription }];
  if (fact.fact !== 'count' || fact.unit === undefined) return [];
  const { customer, column, value: quantity, unit } = fact;
  if (!isCount(quantity)) return [];
  return [{ unit: { customer, column, ...unit, quantity } }];
}
