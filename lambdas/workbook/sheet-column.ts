import { exactNumber } from '../views/decimal.ts';

/**
 * What a column holds: `text` is short or an id, `long` is wrapped; `money`, `number` and `date` come as texts too. A
 * `count` is a number without a style: there may be millions.
 */
export type Kind = 'text' | 'long' | 'count' | 'number' | 'money' | 'date';

type Value = string | number | undefined;

/** One column of a sheet. An `optional` column is left out if no row has a value. */
export type SheetColumn<Row> = {
  title: string;
  kind: Kind;
  width: number;
  value: (row: Row) => Value;
  optional?: boolean;
};

/** A column whose values are all of one kind: programs infer a column's type from its first rows. */
export type UniformColumn<Row> = {
  title: string;
  kind: Kind;
  width: number;
  value: (row: Row) => string | number | Date | null;
};

/** The columns as they are written: one that is not entirely numbers (or days) becomes entirely text. */
export const uniform = <Row>(columns: readonly SheetColumn<Row>[], rows: readonly Row[]): UniformColumn<Row>[] =>
  columns.flatMap((column) => {
    const { title, width, value, optional } = column;
    if (optional === true && rows.every((row) => value(row) === undefined)) return [];
    const kind = kindOf(column, rows);
    const read = READERS[kind];
    return [{ title, width, kind, value: (row: Row) => orNull(value(row), read) }];
  });

function kindOf<Row>({ kind, value }: SheetColumn<Row>, rows: readonly Row[]): Kind {
  const read = READERS[kind];
  const fits = rows.every((row) => {
    const cell = value(row);
    return cell === undefined || read(cell) !== undefined;
  });
  return fits ? kind : 'text';
}

type Reader = (value: string | number) => string | number | Date | undefined;

const READERS: Record<Kind, Reader> = {
  text: String,
  long: String,
  count: numberOf,
  number: numberOf,
  money: numberOf,
  date: (value) => dayOf(String(value)),
};

function orNull(value: Value, read: Reader): string | number | Date | null {
  return value === undefined ? null : (read(value) ?? null);
}

/** The library silently leaves out what is not a finite number. */
function numberOf(value: string | number): number | undefined {
  if (typeof value === 'string') return exactNumber(value);
  if (!Number.isFinite(value)) throw new RangeError(`a workbook cannot hold ${value}`);
  return value;
}

/** For earlier days a workbook counts one that never existed (29 February 1900), and programs differ. */
const FIRST_DAY = '1900-03-01';

function dayOf(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text) || text < FIRST_DAY) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text ? undefined : day;
}
