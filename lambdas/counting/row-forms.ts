import * as z from 'zod/mini';
// Imported by name: through the namespace `z.core` all of zod would be bundled, its languages included.
import { $ZodNullable, $ZodObject, $ZodOptional, $ZodPipe } from 'zod/v4/core';
import { isRecord } from '../report/record.ts';

/*
 * Marks what a field of a row decides, so that one odd row affects only that.
 */

type Part = 'owner' | 'itself';

const parts = z.registry<{ part: Part }>();
const meanings = z.registry<{ meaning: string }>();

/** A figure that is not as declared: the cell that it would have counted in becomes blank. */
export class Unread {
  readonly issues: readonly z.core.$ZodIssue[];
  /** The reason, once it is known where it was read. */
  reason = 'it could not be read';

  constructor(issues: readonly z.core.$ZodIssue[]) {
    this.issues = issues;
  }
}

/** The id of the customer that the row belongs to. A row that is not as declared fails this customer. */
export function owner<T extends z.ZodMiniType>(form: T): T {
  return marked(form, 'owner');
}

/** The id of a row in a list of customers. A row that is not as declared fails this customer. */
export function itself<T extends z.ZodMiniType>(form: T): T {
  return marked(form, 'itself');
}

function marked<T extends z.ZodMiniType>(form: T, part: Part): T;
function marked(form: z.ZodMiniType, part: Part): z.ZodMiniType {
  const copy = form.clone();
  parts.add(copy, { part });
  return copy;
}

const unread = z.custom<Unread>((value) => value instanceof Unread);

/**
 * A value that decides only one cell: if it is not as declared, that cell becomes blank and the rest of the row counts.
 */
export const figure = <T extends z.ZodMiniType>(form: T) =>
  z.catch(z.union([form, unread]), ({ input }) => new Unread(z.safeParse(form, input).error?.issues ?? []));

/** A field that no number depends on: undefined if it is missing or not as declared. */
export const aside = <T extends z.ZodMiniType>(form: T) => z.catch(z.optional(z.nullable(form)), undefined);

/**
 * A field that a row can lack, but hardly every row: if none has it, it may have been renamed, which a note reports
 * with its `meaning` for the numbers.
 */
export function usual<T extends z.ZodMiniType>(form: T, meaning: string): z.ZodMiniOptional<z.ZodMiniNullable<T>> {
  const free = z.optional(z.nullable(form));
  meanings.add(free, { meaning });
  return free;
}

/**
 * The form of a row with an id that is compared in lower case and sent back as it was written: `written` keeps the
 * latter.
 */
export const withWritten = <M extends Readonly<Record<string, z.ZodMiniType>>>(id: string, members: M) =>
  z.pipe(
    z.transform((row: unknown) => (isRecord(row) ? { ...row, written: row[id] } : row)),
    z.object({ ...members, written: z.string() }),
  );

/** The marks of a row's fields. */
export type RowForms = {
  customer: { part: Part; path: readonly string[]; form: z.core.$ZodType } | undefined;
  usual: readonly { path: readonly string[]; meaning: string }[];
};

const formsByRow = new WeakMap<z.core.$ZodType, RowForms>();

/** Reads the marks of a row, those of nested objects included. */
export function formsOf(row: z.core.$ZodType): RowForms {
  const cached = formsByRow.get(row);
  if (cached !== undefined) return cached;
  let customer: RowForms['customer'];
  const usual: { path: readonly string[]; meaning: string }[] = [];
  const walk = (form: z.core.$ZodType, path: readonly string[]): void => {
    const part = parts.get(form)?.part;
    if (part !== undefined) customer ??= { part, path, form };
    const meaning = meanings.get(form)?.meaning;
    if (meaning !== undefined) usual.push({ path, meaning });
    for (const [name, member] of membersOf(form)) walk(member, [...path, name]);
  };
  walk(row, []);
  const forms = { customer, usual };
  formsByRow.set(row, forms);
  return forms;
}

function membersOf(form: z.core.$ZodType): [string, z.core.$ZodType][] {
  if (form instanceof $ZodObject) return Object.entries(form._zod.def.shape);
  if (form instanceof $ZodOptional || form instanceof $ZodNullable) return membersOf(form._zod.def.innerType);
  if (form instanceof $ZodPipe) return membersOf(form._zod.def.out);
  return [];
}
