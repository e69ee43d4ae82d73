import { failureOf, isReportError, ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import { ListUnsound } from '../wire/list.ts';
import { MoreAnnounced } from '../wire/list-paging.ts';
import type { ListOf } from '../wire/lists.ts';
import { pathOf, valueAt } from '../wire/place.ts';
import { pathIsWrong } from '../wire/refused-answer.ts';
import { type CheckedRow, checkedRow, unreadIn, valueIn } from './checked-row.ts';
import { CustomerUnlisted } from './customer-draft.ts';
import { type Fact, type Facts, flat, type Piece } from './facts.ts';
import { formsOf } from './row-forms.ts';
import type { VendorApi } from './vendor-api.ts';

/**
 * Reads a list and has `onRow` say what each row counts. Rows are looked at one by one: one that is not as declared, or that `onRow`
 * cannot make sense of, costs the customer that it names; one that names none, or a list of which no row can be read, costs the
 * collection. The facts of `usual` members that no row has are noted.
 * Errors: `ListUnsound`; `VendorContractError` for such a row or list; those of the request path.
 */
export async function* read<R>(
  api: VendorApi,
  list: ListOf<R>,
  onRow: (row: R) => Facts,
): AsyncGenerator<Fact | Piece> {
  const watch = new Watch(list);
  try {
    for await (const checked of rowsOf(api, list)) {
      watch.see(checked);
      if ('fault' in checked) {
        yield* cost(list, checked, new ReportError('VendorContractError', `${whereOf(api, list)}: ${checked.fault}`));
        continue;
      }
      try {
        yield* flat(onRow(checked.row));
      } catch (error) {
        if (!isOfOneRow(error)) throw error;
        watch.failed(error);
        yield* cost(list, checked, error);
      }
    }
  } catch (error) {
    // Rows without an id look like rows that repeat; what is wrong with them says more.
    if (error instanceof ListUnsound) watch.refuseUnreadable(whereOf(api, list));
    throw error;
  }
  watch.refuseUnreadable(whereOf(api, list));
  yield* watch.facts();
}

/** The rows of a list that every customer depends on. Errors: as of `read`, and for a single row that is not as declared. */
export async function* strictRows<R>(api: VendorApi, list: ListOf<R>): AsyncGenerator<R> {
  for await (const checked of rowsOf(api, list)) {
    if ('fault' in checked) {
      throw new ReportError('VendorContractError', `${whereOf(api, list)}: ${checked.fault}`);
    }
    yield checked.row;
  }
}

/** The declared length of a list of which one row is asked for. A total of 1 may be that page's own: then it says nothing. */
export async function declaredTotal<R>(api: VendorApi, list: ListOf<R>): Promise<number | 'undeclared' | 'doubtful'> {
  const { paging, path, query } = list;
  const answer = await api.get(path, { query: { ...query, ...paging.single }, schema: paging.envelope });
  const total = paging.paging.declared?.(answer, {}).rows;
  if (total === undefined) return 'undeclared';
  const { length } = paging.rowsOf(answer);
  if (total <= length && length > 0) return 'doubtful';
  api.evidence.lists.push({
    ...{ list: list.name ?? path, pages: 1, rows: length, distinct: length },
    ...(total === 0 ? { declaredTotal: 0 } : {}),
    end: `its declared total of ${total}`,
  });
  return total;
}

const whereOf = <R>(api: VendorApi, list: ListOf<R>): string => `${api.name} list ${list.name ?? list.path}`;

/** Every row of a list once, checked. Errors: as of `readList`. */
async function* rowsOf<R>(api: VendorApi, list: ListOf<R>): AsyncGenerator<CheckedRow<R>> {
  const { path, paging, name, method, query, json, form, headers, key } = list;
  const call = {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(form === undefined ? {} : { form }),
    ...(name === undefined ? {} : { list: name }),
    query,
    json,
    page: paging.envelope,
    rows: (answer: unknown) => paging.rowsOf(answer).map((raw, index) => checkedRow(list, raw, index, answer)),
    key: (checked: CheckedRow<R>) => identityOf(checked, key),
    // Two rows of one id have to agree in what is looked at, and in nothing else.
    content: (checked: CheckedRow<R>) => ('row' in checked ? checked.row : checked.raw),
  };
  try {
    yield* api.pages(path, call, paging.paging);
  } catch (error) {
    throw withRemedy(error, api, list);
  }
}

/** The error with what a person can do, where the list's path or its id is a matter of configuration. */
function withRemedy<R>(error: unknown, api: VendorApi, list: ListOf<R>): unknown {
  const { path, id } = list.configured ?? {};
  if (error instanceof MoreAnnounced) return new ListUnsound(whereOf(api, list), error.message);
  if (error instanceof ListUnsound && id !== undefined) {
    const remedy = `if its rows are told apart by another member, name that in ${id}`;
    return new ListUnsound(whereOf(api, list), `${error.message.replace(`${whereOf(api, list)}: `, '')}; ${remedy}`);
  }
  return path === undefined ? error : pathIsWrong(error, path);
}

/** What tells a row from others; the whole of it where it is not as declared and its id cannot be read. */
function identityOf<R>(checked: CheckedRow<R>, key: ListOf<R>['key']): string | number {
  if (typeof key === 'function') {
    return 'row' in checked ? key(checked.row) : JSON.stringify(checked.raw);
  }
  const path = pathOf(key);
  const id = ('row' in checked ? valueIn(checked.row, path) : undefined) ?? valueAt(checked.raw, key);
  return typeof id === 'string' || typeof id === 'number' ? id : JSON.stringify(checked.raw);
}

/** True for a fault of the row's own making, not of the list or of a call. */
const isOfOneRow = (error: unknown): error is ReportError =>
  isReportError(error, 'VendorContractError') &&
  !error.wide &&
  !(error instanceof ListUnsound) &&
  !(error instanceof CustomerUnlisted);

/** The customer that a faulty row names has failed. Errors: the fault itself, where the row names none. */
function* cost<R>(list: ListOf<R>, { raw, customer }: CheckedRow<R>, error: ReportError): Generator<Fact> {
  if (customer === undefined) throw error;
  if (formsOf(list.row).customer?.part === 'itself' && list.of === undefined) {
    const name = isRecord(raw) && typeof raw.name === 'string' ? raw.name : customer;
    yield { fact: 'customer', id: customer, name, aliases: [] };
  }
  yield { fact: 'failed', customer, failure: failureOf(error) };
}

/** Watches what all rows of a list have in common. */
class Watch<R> {
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
    for (const [path, { reason }] of unreadIn(checked.row)) {
      const known = this.#unread.get(path.join('.'));
      this.#unread.set(path.join('.'), { rows: (known?.rows ?? 0) + 1, reason: known?.reason ?? reason });
    }
  }

  failed(error: ReportError): void {
    this.#failed += 1;
    this.#fault ??= error.message;
  }

  /** Errors: `VendorContractError` where no row could be read, or none has some figure. */
  refuseUnreadable(where: string): void {
    const gone = [...this.#unread.values()].find(({ rows }) => rows === this.#rows)?.reason;
    const fault = this.#failed === this.#rows ? this.#fault : gone;
    // Of a list that is read for one customer, that customer's cells say so.
    if (fault === undefined || this.#list.of !== undefined) return;
    throw new ReportError('VendorContractError', fault.startsWith(where) ? fault : `${where}: ${fault}`);
  }

  /** What all rows together say. */
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
