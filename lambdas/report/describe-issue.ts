import type * as z from 'zod/mini';
import { quantity } from './quantity.ts';
import { isRecord, memberOf } from './record.ts';

const FIELDS_NAMED = 12;

/** The first names of fields in a message, and whether there are more. */
export const firstNames = (names: readonly string[]): string =>
  `${names.slice(0, FIELDS_NAMED).join(', ')}${names.length > FIELDS_NAMED ? ', and more' : ''}`;

/** One fault in a sentence: where, what is expected, what is there instead. Names and kinds only, never values. */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown): string {
  const place = issue.path.length === 0 ? 'the whole' : issue.path.map(String).join('.');
  const custom = issue.message === 'Invalid input' ? undefined : issue.message;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const unknown = custom ?? `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
      return issue.path.length === 0 ? unknown : `${place}: ${unknown}`;
    }
    case 'invalid_type':
      return `${place}: expected ${issue.expected}, found ${kindAt(root, issue.path)}${siblings(root, issue.path)}`;
    case 'invalid_value':
      return `${place}: ${custom ?? `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, found ${otherAt(root, issue.path)}`}`;
    case 'invalid_format':
      return `${place}: ${custom ?? (issue.format === 'url' ? 'expected an address, https://…' : `not valid (${issue.format})`)}`;
    case 'invalid_union':
      return `${place}: ${forms(issue)}, found ${kindAt(root, issue.path)}${siblings(root, issue.path)}`;
    case 'too_small':
      return `${place}: ${custom ?? `must be at least ${bound(issue.origin, issue.minimum)}`}`;
    case 'too_big':
      return `${place}: ${custom ?? `must be at most ${bound(issue.origin, issue.maximum)}`}`;
    default:
      return `${place}: ${custom ?? `not valid (${issue.code})`}`;
  }
}

function bound(origin: string, size: number | bigint): string {
  if (origin === 'string') return `${quantity(Number(size), 'character')} long`;
  if (origin === 'array') return `${quantity(Number(size), 'entry')} long`;
  return String(size);
}

/** The kinds that a union accepts, if each of its options failed only by kind. */
function forms(issue: z.core.$ZodIssueInvalidUnion): string {
  const expected = issue.errors.map(([first]) =>
    first?.code === 'invalid_type' && first.path.length === 0 ? first.expected : undefined,
  );
  const kinds = expected.filter((kind) => kind !== undefined);
  return kinds.length > 0 && kinds.length === expected.length
    ? `expected ${[...new Set(kinds)].join(' or ')}`
    : 'none of the expected forms';
}

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => memberOf(value, String(key)), root);

const kindAt = (root: unknown, path: readonly PropertyKey[]): string => kindOf(at(root, path));

/** The kind of a JSON value in one word. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** What was found instead of one of the expected values: for a text, "another text", as it is never shown. */
function otherAt(root: unknown, path: readonly PropertyKey[]): string {
  const kind = kindAt(root, path);
  return kind === 'string' ? 'another text' : kind;
}

/** The names next to a missing field, so that a renamed one can be recognized from the message alone. */
function siblings(root: unknown, path: readonly PropertyKey[]): string {
  const holder = at(root, path.slice(0, -1));
  if (path.length === 0 || !isRecord(holder)) return '';
  return ` (fields seen: ${firstNames(Object.keys(holder))})`;
}
