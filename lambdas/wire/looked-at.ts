import {
  $ZodArray,
  $ZodCatch,
  $ZodDefault,
  $ZodNullable,
  $ZodObject,
  $ZodOptional,
  $ZodPipe,
  type $ZodType,
} from 'zod/v4/core';
import { isRecord } from '../report/record.ts';
import { fingerprint } from './fingerprint.ts';

/** What a form reads: a whole value, each element of a list, or fields by their names. */
type Lens = 'whole' | { elements: Lens } | { members: ReadonlyMap<string, Lens> };

const lenses = new WeakMap<$ZodType, Lens>();
const marks = new WeakMap<$ZodType, string>();

/**
 * The part of a raw value that `form` reads: records take kilobytes, of which a few fields matter, and some contain
 * data that must go no further. The part fits the form like the whole.
 */
export const lookedAt = (form: $ZodType, value: unknown): unknown => through(lensOf(form), value, 'gone');

/** The same with the names and kinds of all other fields, for a message that lists what was seen. */
export const lookedAtAndNames = (form: $ZodType, value: unknown): unknown => through(lensOf(form), value, 'hollow');

/** Identifies what a form reads, so that a part that was kept for one form is not taken for another's. */
export function mark(form: $ZodType): string {
  const made = marks.get(form) ?? fingerprint(written(lensOf(form)));
  marks.set(form, made);
  return made;
}

function lensOf(form: $ZodType): Lens {
  const cached = lenses.get(form);
  if (cached !== undefined) return cached;
  const lens = made(form);
  lenses.set(form, lens);
  return lens;
}

function made(form: $ZodType): Lens {
  if (form instanceof $ZodObject) {
    // A form that takes or refuses further fields reads all of them.
    if (form._zod.def.catchall !== undefined) return 'whole';
    return { members: new Map(Object.entries(form._zod.def.shape).map(([name, member]) => [name, lensOf(member)])) };
  }
  if (form instanceof $ZodArray) return { elements: lensOf(form._zod.def.element) };
  if (
    form instanceof $ZodOptional ||
    form instanceof $ZodNullable ||
    form instanceof $ZodDefault ||
    form instanceof $ZodCatch
  )
    return lensOf(form._zod.def.innerType);
  if (form instanceof $ZodPipe) return lensOf(form._zod.def.in);
  return 'whole';
}

function through(lens: Lens, value: unknown, others: 'gone' | 'hollow'): unknown {
  if (lens === 'whole') return value;
  if ('elements' in lens) {
    return Array.isArray(value) ? value.map((element) => through(lens.elements, element, others)) : hollow(value);
  }
  if (!isRecord(value)) return hollow(value);
  const part = others === 'gone' ? {} : hollow(value);
  for (const [name, member] of lens.members) {
    if (Object.hasOwn(value, name)) part[name] = through(member, value[name], others);
  }
  return part;
}

/** A value of the same kind, with fields of the same names, but empty. */
function hollow(value: Readonly<Record<string, unknown>>): Record<string, unknown>;
function hollow(value: unknown): unknown;
function hollow(value: unknown): unknown {
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return [];
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hollow(member)]));
}

function written(lens: Lens): unknown {
  if (lens === 'whole') return lens;
  if ('elements' in lens) return [written(lens.elements)];
  return Object.fromEntries([...lens.members].map(([name, member]) => [name, written(member)]));
}
