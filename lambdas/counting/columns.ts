import type { Column } from '../report/column.ts';

/** A column as declared by its vendor: its title without the vendor's prefix, and the classes that count in it. */
export type ColumnForm = Column & { classes: readonly string[] };

type Declare = (title: string, definition: string, classes?: readonly string[]) => ColumnForm;

const declare =
  (type: Column['type'], appears: Column['appears']): Declare =>
  (title, definition, classes = []) => ({ title, type, appears, definition, classes });

/** A number that always has its column. */
export const number = declare('number', 'always');

/** A number whose column appears only when some company has one. */
export const numberWhenUsed = declare('number', 'when-used');

/** A text that always has its column. */
export const text = declare('text', 'always');

/** A text whose column appears only when some company has one. */
export const textWhenUsed = declare('text', 'when-used');

/** Columns by key. */
export type ColumnForms<K extends string> = Readonly<Record<K, ColumnForm>>;

/** The column in the form of the report. */
export const titled = (prefix: string, { title, type, appears, definition }: ColumnForm): Column => ({
  title: `${prefix} ${title}`,
  type,
  appears,
  definition,
});
