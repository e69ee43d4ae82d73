import { isAzurePlan } from '../../counting/seats.ts';

/** Products priced by usage: those that are never sold by the seat, and those in the configuration, by id or name. */
export class UsageProducts {
  readonly #wanted: ReadonlyMap<string, string>;
  readonly #met = new Set<string>();

  constructor(products: readonly string[]) {
    this.#wanted = new Map(products.map((product) => [marked(product), product]));
  }

  has(productId: string, name: string): boolean {
    const marks = [marked(productId), marked(name)].filter((mark) => this.#wanted.has(mark));
    for (const mark of marks) this.#met.add(mark);
    return marks.length > 0 || isAzurePlan(name);
  }

  /** Configured products that nobody bought; they may be misspelt. */
  unmet(): string[] {
    return [...this.#wanted].flatMap(([mark, product]) => (this.#met.has(mark) ? [] : [product]));
  }
}

const marked = (product: string): string => product.trim().toLowerCase();
