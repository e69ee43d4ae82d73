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

/** A number of a row, or that the row does not hold it as declared. */
type Figure = number | Unread;

/** What one thing that counts is called by the vendor; for units.csv and changes.csv. */
export type CountedUnit = { id: Id; name?: string | null | undefined };

/** What a collector's columns are, by key. */
export type Ledger<K extends string> = {
  prefix: string;
  columns: ColumnForms<K>;
  /** What the vendor calls a class, and where those go that no column names. */
  classes?: { called: string; otherwise: NoInfer<K> } | undefined;
  products?: Products | undefined;
};

/** What a collector can say and ask. Columns go by their key, so that one that is not declared does not compile. */
export type Verbs<K extends string> = {
  api: VendorApi;
  /** The same verbs through an API with other credentials or another base. */
  through: (api: VendorApi) => Verbs<K>;
  /** What the rows of a list say, one odd row costing no more than it speaks of. */
  read: <R>(list: ListOf<R>, onRow: (row: R) => Facts) => AsyncGenerator<Fact | Piece>;
  /** What `reading` says, while the first page of the list that is read after it is already asked for. */
  prefetching: <R, T>(list: ListOf<R>, reading: Reading<T>) => Reading<T>;
  /** The rows of a list on which all customers depend: one odd row is an error. */
  rows: <R>(list: ListOf<R>) => AsyncGenerator<R>;
  /** The length of a list by its own word, one row being read; whether that can be believed. */
  declaredTotal: <R>(list: ListOf<R>) => Promise<number | 'undeclared' | 'doubtful'>;
  /** Something for each customer, by its id, several at once; a customer that fails, fails alone. */
  each: <I extends Id, T>(
    customers: Iterable<readonly [id: I, about: T]>,
    read: (id: I, about: T) => Facts,
    task?: string,
  ) => AsyncGenerator<Piece>;
  /** The same for calls that name several customers at once, at most `size`. A call that is refused is halved; see `halved`. */
  inBatches: (
    ids: Iterable<string>,
    size: number,
    read: (ids: readonly string[]) => Facts,
    task: string,
  ) => AsyncGenerator<Piece>;
  /** A customer that the vendor lists. From now on everything not counted for it is a true 0. */
  customer: (id: Id, name: string, counts?: Partial<Record<K, Figure>>, aliases?: readonly Id[]) => Fact[];
  /** What a row says of who the customer is, for the mapping alone; what is missing or blank says nothing. */
  identity: (id: Id, marks: Marks) => Fact[];
  /** A customer whose own customers are in another list: where it fails, an id that no list has is failed, not "not found". */
  partner: (id: Id) => Fact;
  /** Adds to a customer's column. With `once`, the same key counts once. */
  count: (id: Id, column: K, value?: Figure, unit?: CountedUnit, once?: Id) => Fact;
  /** A text for a customer's column; several different ones are joined. */
  text: (id: Id, column: K, value: string | Unread) => Fact;
  /** One cell that stays blank, and why. */
  gap: (id: Id, column: K, reason: string, state?: CellGap['state']) => Fact;
  /** Counts one thing in the column that has its class; one of a class that no column has is noted. */
  classed: (id: Id, className: string, unit?: CountedUnit) => Fact[];
  /** The cell of a class stays blank, and why. */
  classGap: (id: Id, className: string, reason: string) => Fact;
  /** Seats by product: what `seatOf` makes of each row. */
  seats: <R>(id: Id, rows: Iterable<R>, seatOf: (row: R) => Seat) => Generator<Fact>;
  /** A listed customer that the definition leaves out. */
  excluded: (id: Id, reason: string) => Fact;
  /** A listed customer whose numbers are not known, for the reason that `error` gives: one that was caught, or a sentence. */
  failed: (id: Id, error: unknown) => Fact;
  /** A remark: on one customer's numbers, or on the whole collection. */
  note: (sentence: string, id?: Id) => Fact;
  /** Something that does not count, in the singular, and why; equal ones are added up into one remark. */
  leftOut: (thing: string, why: string, id?: Id) => Fact;
  /** Holds what was counted of a customer's columns against the vendor's second figure; all open where the two disagree. */
  compare: (
    figure: string,
    counted: number,
    declared: number,
    about?: { id?: Id; columns?: readonly K[] } & Pick<Figures, 'tolerance' | 'loose'>,
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
      { fact: 'customer', id: String(id), name, aliases: aliases.map(String) },
      ...keysOf(columns).flatMap((column) => {
        const value: Figure | undefined = counts[column];
        return value === undefined ? [] : [count(id, column, value)];
      }),
    ],
    partner: (id) => ({ fact: 'partner', customer: String(id) }),
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
    compare: (figure, counted, declared, { id, columns: open = [], ...options } = {}) =>
      api.compare(figure, counted, declared, {
        ...options,
        ...(id === undefined ? {} : { cells: { customer: String(id), columns: open.map(titleOf) } }),
      }),
  };
}

const unitOf = ({ id, name }: CountedUnit): UnitOf => ({ id: String(id), name: name?.trim() ?? '' });

export function keysOf<K extends string>(columns: Readonly<Record<K, ColumnForm>>): K[];
export function keysOf(columns: Readonly<Record<string, ColumnForm>>): string[] {
  return Object.keys(columns);
}
