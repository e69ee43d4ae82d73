import { Api, type Evidence } from '../wire/api.ts';
import type { Auth } from '../wire/auth.ts';
import type { KeptAnswers } from '../wire/kept-answers.ts';
import type { RequestPath } from '../wire/request.ts';
import { compare, type Figures } from './compare.ts';
import { type Each, each } from './each.ts';
import type { Fact, Facts, Piece } from './facts.ts';

/** A vendor's API for collectors: what every API offers, and reading customer by customer. */
export class VendorApi extends Api {
  readonly #isDone: (key: string) => boolean;

  /** `isDone` is asked for every piece of work, by its key: whether it was finished in an earlier lifetime. */
  constructor(
    path: RequestPath,
    isDone: (key: string) => boolean = () => false,
    evidence?: Evidence,
    kept?: KeptAnswers,
  ) {
    super(path, evidence, kept);
    this.#isDone = isDone;
  }

  override with(changes: { auth?: Auth; base?: string; headers?: Record<string, string> }): VendorApi {
    return new VendorApi(this.path.with(changes), this.#isDone, this.evidence, this.kept);
  }

  /** Compares what was counted with the vendor's own second figure; see `compare`. */
  compare(figure: string, counted: number, declared: number, options: Figures = {}): Generator<Fact> {
    return compare(this, { figure, counted, declared, ...options });
  }

  /** Reads something for each customer, as many at once as the limit allows; see `each`. */
  each<T>(
    items: Iterable<T>,
    customerOf: Each<T>['customerOf'],
    read: (item: T) => Facts,
    task = 'customer',
  ): AsyncGenerator<Piece> {
    const { concurrency } = this.path.declaration.limit;
    const pieces = each({ items, customerOf, read, task, concurrency, isDone: this.#isDone });
    return this.kept?.aside(pieces) ?? pieces;
  }
}
