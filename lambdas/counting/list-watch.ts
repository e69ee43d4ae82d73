import { ReportError } from '../report/errors.ts';
import type { ListOf } from '../wire/lists.ts';
import { type CheckedRow, unreadIn, valueIn } from './checked-row.ts';
import type { Fact } from './facts.ts';
import { formsOf } from './row-forms.ts';

/** Watches what all rows of a list have in common. */
export class ListWatch<R> {
  readonly #list: ListOf<R>;
  readonly #met = new Map<readonly string[], number>();
  /** Path of a figure -> how many rows lack it, and why the first does. */
  readonly #unread = new Map<string, { rows: number; reason: string }>();
  #rows = 0;
  #failed = 0;
  #fault: string | undefined;

  constructor(list: ListOf<R>) {
    this.#list = list;
  }

  see(checked: CheckedRow<R>): void {
    this.#rows += 1;
    for (const { path } of formsOf(this.#list.row).usual) {
      const has = (valueIn(checked.raw, path) ?? undefined) !== undefined;
      this.#met.set(path, (this.#met.get(path) ?? 0) + (has ? 1 : 0));
    }
    if ('fault' in checked) {
      this.#failed += 1;
      this.#fault ??= checked.fault;
      return;
    }
    if (!checked.isOdd) return;
    for (const [path, { reason }] of unreadIn(checked.row)) {
      const figure = path.join('.');
      const before = this.#unread.get(figure);
      this.#unread.set(figure, { rows: (before?.rows ?? 0) + 1, reason: before?.reason ?? reason });
    }
  }

  failed(error: ReportError): void {
    this.#failed += 1;
    this.#fault ??= error.message;
  }

  /** Errors: `VendorContractError` if no row could be read, or none has some figure. */
  refuseUnreadable(where: string): void {
    const gone = [...this.#unread.values()].find(({ rows }) => rows === this.#rows)?.reason;
    const fault = this.#failed === this.#rows ? this.#fault : gone;
    // For a list of one customer, that customer's cells show it.
    if (fault === undefined || this.#list.of !== undefined) return;
    throw new ReportError('VendorContractError', fault.startsWith(where) ? fault : `${where}: ${fault}`);
  }

  /** The facts that follow from all rows together. */
  *facts(): Generator<Fact> {
    for (const { path, meaning } of formsOf(this.#list.row).usual) {
      const member = path.join('.');
      yield {
        fact: 'usual',
        rows: this.#list.called ?? this.#list.path.split('/').at(-1) ?? 'rows',
        ...{ member, meaning, read: this.#rows, met: this.#met.get(path) ?? 0 },
      };
    }
  }
}
