import type { CellGap } from '../report/collection.ts';
import { failureOf, ReportError } from '../report/errors.ts';
import type { ListOf } from '../wire/lists.ts';
import { batchesOf, halved } from './batches.ts';
import { prefetching } from './checked-rows.ts';
import { type ColumnForm, type ColumnForms, titled } from './columns.ts';
import type { Figures } from './compare.ts';
import type { Fact, Facts, Piece, Reading, UnitOf } from './facts.ts';
import { identityFacts, type Marks } from './identity.ts';
import { declaredTotal, read, strictRows } from './read.ts';
import { Unread } from './row-forms.ts';
import { type Products, type Seat, seatFacts } from './seats.ts';
import type { VendorApi } from './vendor-api.ts';
import { folded } from './words.ts';

type Id = string | number;

/** A number of a row, or `Unread` if it is not as declared. */
type Figure = number | Unread;

/** The vendor's id and name of one thing that counts, for units.csv and changes.csv. */
export type CountedUnit = { id: Id; name?: string | null | undefined };

/** A collector's columns, by key. */
export type Ledger<K extends string> = {
  prefix: string;
  columns: ColumnForms<K>;
  /** The vendor's word for a class, and the column for classes that no column names. */
  classes?: { called: string; otherwise: NoInfer<K> } | undefined;
  products?: Products | undefined;
};

/**
 * What a collector can report and read. Columns are named by key, so that one that is not declared does not compile.
 */
export type Verbs<K extends string> = {
  api: VendorApi;
  /** The same verbs through an API with other credentials or another base. */
  through: (api: VendorApi) => Verbs<K>;
  /** The facts of a list's rows. An odd row affects only the customer or cell that it belongs to. */
  read: <R>(list: ListOf<R>, onRow: (row: R) => Facts) => AsyncGenerator<Fact | Piece>;
  /** The facts of `reading`, while the first page of the list that is read next is already requested. */
  prefetching: <R, T>(list: ListOf<R>, reading: Reading<T>) => Reading<T>;
  /** The rows of a list that all customers depend on: one odd row is an error. */
  rows: <R>(list: ListOf<R>) => AsyncGenerator<R>;
  /** The declared length of a list, read with one row; `doubtful` if it cannot be believed. */
  declaredTotal: <R>(list: ListOf<R>) => Promise<number | 'undeclared' | 'doubtful'>;
  /** Reads something for each customer, by its id, several at once; a customer that fails, fails alone. */
  each: <I extends Id, T>(
    customers: Iterable<readonly [id: I, about: T]>,
    read: (id: I, about: T) => Facts,
    task?: string,
  ) => AsyncGenerator<Piece>;
  /** The same for calls that name several customers each, at most `size`. A refused call is halved; see `halved`. */
  inBatches: (
    ids: Iterable<string>,
    size: number,
    read: (ids: readonly string[]) => Facts,
    task: string,
  ) => AsyncGenerator<Piece>;
  /**
   * A customer that the vendor lists; one without a name is called by its id, because no number depends on the name.
   * From now on everything not counted for it is a true 0.
   */
  customer: (
    id: Id,
    name: string | null | undefined,
    counts?: Partial<Record<K, Figure>>,
    aliases?: readonly Id[],
  ) => Fact[];
  /** What a row says about who the customer is, only for the mapping; what is missing or blank is ignored. */
  identity: (id: Id, marks: Marks) => Fact[];
  /**
   * A customer whose own customers are in another list, or whose own id could not be read: if it fails, an id that no
   * list has is failed, not "not found".
   */
  hides: (id: Id) => Fact;
  /** Adds to a customer's column. With `once`, each key counts only once. */
  count: (id: Id, column: K, value?: Figure, unit?: CountedUnit, once?: Id) => Fact;
  /** A text for a customer's column; several different ones are joined. */
  text: (id: Id, column: K, value: string | Unread) => Fact;
  /** One cell that stays blank, and why. */
  gap: (id: Id, column: K, reason: string, state?: CellGap['state']) => Fact;
  /** Counts one thing in the column of its class; if no column has its class, that is noted. */
  classed: (id: Id, className: string, unit?: CountedUnit) => Fact[];
  /** The cell of a class stays blank, and why. */
  classGap: (id: Id, className: string, reason: string) => Fact;
  /** Seats by product, as `seatOf` reads them from each row. */
  seats: <R>(id: Id, rows: Iterable<R>, seatOf: (row: R) => Seat) => Generator<Fact>;
  /** A listed customer that the definition excludes. */
  excluded: (id: Id, reason: string) => Fact;
  /** A listed customer whose numbers are not known, and why: `error` is a caught error, or a sentence. */
  failed: (id: Id, error: unknown) => Fact;
  /** A remark: on one customer's numbers, or on the whole collection. */
  note: (sentence: string, id?: Id) => Fact;
  /** Something that does not count, in the singular, and why; equal ones are added up into one remark. */
  leftOut: (thing: string, why: string, id?: Id) => Fact;
  /**
   * Compares what was counted with the vendor's second figure; a customer's `cells` of it are blank if the two
   * disagree.
   */
  compare: (
    figure: string,
    counted: number,
    declared: number,
    about?: { cells?: { id: Id; columns: readonly K[] } } & Pick<Figures, 'tolerance' | 'loose'>,
  ) => Generator<Fact>;
};

/** The verbs of one vendor. */
export function verbs<K extends string>(api: VendorApi, ledger: Ledger<K>): Verbs<K> {
  const { columns, classes, products } = ledger;
  const titles = new Map(keysOf(columns).map((column) => [column, titled(ledger.prefix, columns[column]).title]));
  const titleOf = (column: K): string => {
    const title = titles.get(column);
    if (title === undefined) throw new Error(`no column ${column} is declared`);
    return title;
  };
  const byClass = new Map<string, K>();
  for (const column of keysOf(columns)) {
    for (const className of columns[column].classes) byClass.set(folded(className), column);
  }

  const gap: Verbs<K>['gap'] = (id, column, reason, state = 'failed') => ({
    ...{ fact: 'gap', customer: String(id), column: titleOf(column) },
    gap: { state, reason },
  });
  const count: Verbs<K>['count'] = (id, column, value = 1, unit, once) =>
    value instanceof Unread
      ? gap(id, column, value.reason)
      : {
          ...{ fact: 'count', customer: String(id), column: titleOf(column), value },
          ...(once === undefined ? {} : { key: String(once) }),
          ...(unit === undefined ? {} : { unit: unitOf(unit) }),
        };
  const note: Verbs<K>['note'] = (sentence, id) => ({
    ...{ fact: 'note', note: sentence },
    ...(id === undefined ? {} : { customer: String(id) }),
  });

  function columnOf(className: string): K {
    const column = byClass.get(folded(className)) ?? classes?.otherwise;
    if (column === undefined) throw new Error('the declaration has no classes');
    return column;
  }

  return {
    api,
    through: (other) => verbs(other, ledger),
    read: (list, onRow) => read(api, list, onRow),
    prefetching: (list, reading) => prefetching(api, list, reading),
    rows: (list) => strictRows(api, list),
    declaredTotal: (list) => declaredTotal(api, list),
    each: (customers, readOne, task) =>
      api.each(
        customers,
        ([id]) => String(id),
        ([id, about]) => readOne(id, about),
        task,
      ),
    inBatches: (ids, size, readBatch, task) =>
      api.each(
        batchesOf(ids, size),
        (batch) => batch,
        (batch) => halved(batch, readBatch),
        task,
      ),
    customer: (id, name, counts = {}, aliases = []) => [
      { fact: 'customer', id: String(id), name: name?.trim() || String(id), aliases: aliases.map(String) },
      ...keysOf(columns).flatMap((column) => {
        const value: Figure | undefined = counts[column];
        return value === undefined ? [] : [count(id, column, value)];
      }),
    ],
    hides: (id) => ({ fact: 'hides', customer: String(id) }),
    identity: (id, marks) => identityFacts(String(id), marks),
    count,
    text: (id, column, value) => {
      if (value instanceof Unread) return gap(id, column, value.reason);
      const shown = value.trim();
      if (shown === '') return gap(id, column, 'the vendor leaves it blank');
      return { fact: 'text', customer: String(id), column: titleOf(column), value: shown };
    },
    gap,
    classGap: (id, className, reason) => gap(id, columnOf(className), reason),
    classed: (id, className, unit) => {
      const column = columnOf(className);
      const counted = count(id, column, 1, unit);
      if (byClass.has(folded(className))) return [counted];
      return [counted, note(`${classes?.called} ${className} is not known: counted in "${titleOf(column)}"`)];
    },
    *seats(id, rows, seatOf) {
      if (products === undefined) throw new Error('the declaration has no products');
      for (const row of rows) yield* seatFacts(products, String(id), seatOf(row));
    },
    excluded: (id, reason) => ({ fact: 'excluded', customer: String(id), reason }),
    failed: (id, error) => ({
      ...{ fact: 'failed', customer: String(id) },
      failure: failureOf(typeof error === 'string' ? new ReportError('VendorContractError', error) : error),
    }),
    note,
    leftOut: (things, why, id) => ({
      ...{ fact: 'left-out', things, why, count: 1 },
      ...(id === undefined ? {} : { customer: String(id) }),
    }),
    compare: (figure, counted, declared, { cells, ...options } = {}) =>
      api.compare(figure, counted, declared, {
        ...options,
        ...(cells === undefined ? {} : { cells: { customer: String(cells.id), columns: cells.columns.map(titleOf) } }),
      }),
  };
}

const unitOf = ({ id, name }: CountedUnit): UnitOf => ({ id: String(id), name: name?.trim() ?? '' });

export function keysOf<K extends string>(columns: Readonly<Record<K, ColumnForm>>): K[];
export function keysOf(columns: Readonly<Record<string, ColumnForm>>): string[] {
  return Object.keys(columns);
}
