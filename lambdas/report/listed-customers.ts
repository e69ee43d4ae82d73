import type { CustomerCount } from './collection.ts';
import type { CatalogEntry } from './column.ts';

/**
 * The customers of one vendor, found by id; normally an id has one customer. Vendors write an id in several ways (guids
 * in upper and lower case), so ids are compared in the form that the entry declares.
 */
export class ListedCustomers {
  readonly #formOf: (id: string) => string;
  /** The places of the customers that have an id, by its form. */
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

  /** The places in the list of the customers that have this id. */
  placesOf(id: string): readonly number[] {
    return this.#places.get(id) ?? this.#places.get(this.#formOf(id)) ?? NOWHERE;
  }

  #put(written: string, place: number): void {
    const form = this.#formOf(written);
    const places = this.#places.get(form) ?? [];
    if (places.at(-1) !== place) places.push(place);
    this.#places.set(form, places);
  }
}

const NOWHERE: readonly number[] = [];

const lists = new WeakMap<readonly CustomerCount[], { entry: CatalogEntry; listed: ListedCustomers }>();

/**
 * The customers of a list that no longer changes. They are indexed once, for counting and for suggesting their
 * companies.
 */
export function listedCustomers(entry: CatalogEntry, customers: readonly CustomerCount[]): ListedCustomers {
  const cached = lists.get(customers);
  if (cached?.entry === entry) return cached.listed;
  const listed = new ListedCustomers(entry, customers);
  lists.set(customers, { entry, listed });
  return listed;
}
