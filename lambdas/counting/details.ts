import type { Subscription } from '../report/subscription.ts';
import type { Unit } from '../report/unit.ts';
import { type Fact, isCount } from './facts.ts';

/** A single thing that was counted, for units.csv, changes.csv and terms.csv. */
export type Detail = { unit: Unit } | { subscription: Subscription };

/**
 * Takes details as they come, as the collection itself holds none. Both functions resolve once the change is durable;
 * an error ends the collection.
 */
export type DetailSink = {
  /**
   * Adds all details of a finished piece of work or, without `piece`, details of the lists that every reading begins
   * with. A piece can come again if a lifetime ended before its checkpoint was kept; the later call then replaces the
   * earlier one.
   */
  add: (details: readonly Detail[], piece?: string) => Promise<void>;
  /** The lists are read from their start: drops what was added without a piece. */
  startAgain: () => Promise<void>;
};

/** How many details are passed on together. */
const BATCH = 500;

/** Passes details on in batches. */
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
