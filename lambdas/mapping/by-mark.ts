type Key = { realm: string; value: string };

/**
 * Finds items by mark. Each realm has its own map of values: joining both into one key would cost more than everything
 * else.
 */
export class ByMark<T extends { mark: Key }> {
  readonly #realms = new Map<string, Map<string, T[]>>();

  /** Collects items with this mark from now on. */
  expect({ realm, value }: Key): void {
    const values = this.#realms.get(realm) ?? new Map<string, T[]>();
    this.#realms.set(realm, values);
    if (!values.has(value)) values.set(value, []);
  }

  /** The items with this mark; undefined if the mark is not expected. */
  of({ realm, value }: Key): T[] | undefined {
    return this.#realms.get(realm)?.get(value);
  }

  /** A copy with more items, as far as their marks are expected. */
  with(more: readonly T[]): ByMark<T> {
    const copy = new ByMark<T>();
    for (const [realm, values] of this.#realms) {
      copy.#realms.set(realm, new Map([...values].map(([value, found]) => [value, [...found]])));
    }
    for (const each of more) copy.of(each.mark)?.push(each);
    return copy;
  }
}
