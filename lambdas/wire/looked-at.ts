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

const known = new WeakMap<$ZodType, Lens>();
const marks = new WeakMap<$ZodType, string>();

/**
 * The part of a raw value that `form` looks at: records run to kilobytes, of which a few members decide, and some hold what must go
 * no further. This part fits the form as the whole does.
 */
export const lookedAt = (form: $ZodType, value: unknown): unknown => through(lensOf(form), value, 'gone');

/** The same with the names and kinds of all other fields, for a message that lists what was seen. */
export const lookedAtAndNames = (form: $ZodType, value: unknown): unknown => through(lensOf(form), value, 'hollow');

/** Changes when a form looks at something else, so that nobody takes the part that another form looked at for its own. */
export function mark(form: $ZodType): string {
  const made = marks.get(form) ?? fingerprint(written(lensOf(form)));
  marks.set(form, made);
  return made;
}

function lensOf(form: $ZodType): Lens {
  const before = known.get(form);
  if (before !== undefined) return before;
  const lens = made(form);
  known.set(form, lens);
  return lens;
}

function made(form: $ZodType): Lens {
  if (form instanceof $ZodObject) {
    // One that takes further members, or refuses them, looks at all of them.
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

/** A value of the same kind, and with members of the same names, that says nothing. */
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
