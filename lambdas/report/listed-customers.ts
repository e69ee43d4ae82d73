import type { CustomerCount } from './collection.ts';
import type { CatalogEntry } from './column.ts';

/**
 * The customers of one vendor, found by their ids: one customer an id where all is well. Vendors write one id in several ways (upper and
 * lower case guids), so ids are compared in the form that the entry declares.
 */
export class ListedCustomers {
  readonly #formOf: (id: string) => string;
  /** The places of the customers that answer to an id: by its form, and by every text that a customer writes it in. */
  readonly #places = new Map<string, number[]>();

  constructor({ customerId }: CatalogEntry, customers: readonly CustomerCount[]) {
    this.#formOf = (written) => {
      const result = customerId.schema.safeParse(written);
      return result.success ? result.data : written;
    };
    for (const [place, customer] of customers.entries()) {
      this.#put(customer.id, place);
      for (const alias of customer.aliases) this.#put(alias, place);
    }
  }

  /** The places in the list of the customers that answer to this id. */
  placesOf(id: string): readonly number[] {
    return this.#places.get(id) ?? this.#places.get(this.#formOf(id)) ?? NOWHERE;
  }

  #put(written: string, place: number): void {
    const known = this.#places.get(written) ?? this.#placesUnder(written);
    if (known.at(-1) !== place) known.push(place);
  }

  /** The list of an id that is met for the first time in this writing. */
  #placesUnder(written: string): number[] {
    const form = this.#formOf(written);
    const places = this.#places.get(form) ?? [];
    this.#places.set(form, places);
    if (written !== form) this.#places.set(written, places);
    return places;
  }
}

const NOWHERE: readonly number[] = [];

const lists = new WeakMap<readonly CustomerCount[], { entry: CatalogEntry; listed: ListedCustomers }>();

/** The customers of a list that is final, put in order once: they are looked up when they are counted, and when owners are suggested. */
export function listedCustomers(entry: CatalogEntry, customers: readonly CustomerCount[]): ListedCustomers {
  const known = lists.get(customers);
  if (known?.entry === entry) return known.listed;
  const listed = new ListedCustomers(entry, customers);
  lists.set(customers, { entry, listed });
  return listed;
}
