type Key = { realm: string; value: string };

/** Finds by mark. Each realm has its own map of values: joining both to one key costs more than everything else. */
export class ByMark<T extends { mark: Key }> {
  readonly #realms = new Map<string, Map<string, T[]>>();

  /** Looks for this mark from now on. */
  expect({ realm, value }: Key): void {
    const values = this.#realms.get(realm) ?? new Map<string, T[]>();
    this.#realms.set(realm, values);
    if (!values.has(value)) values.set(value, []);
  }

  /** Those found with this mark; undefined where nobody looks for it. */
  of({ realm, value }: Key): T[] | undefined {
    return this.#realms.get(realm)?.get(value);
  }

  /** The same with more of those that bear marks that are looked for. */
  with(more: readonly T[]): ByMark<T> {
    const copy = new ByMark<T>();
    for (const [realm, values] of this.#realms) {
      copy.#realms.set(realm, new Map([...values].map(([value, found]) => [value, [...found]])));
    }
    for (const each of more) copy.of(each.mark)?.push(each);
    return copy;
  }
}
