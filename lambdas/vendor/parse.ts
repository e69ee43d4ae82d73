import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';

/** How many members a message names before it says "and more". */
const MEMBERS_NAMED = 12;

/** Decodes an answer strictly and parses it as JSON. Errors: `VendorContractError`, naming what came instead. */
export function parseJson(body: Uint8Array, contentType: string | undefined, where: string): unknown {
  const text = decode(body, contentType, where);
  if (text.trim() === '')
    throw new ReportError('VendorContractError', `${where}: the answer is empty where JSON is due`);
  try {
    return JSON.parse(text);
  } catch {
    const kind = /^\s*<(!doctype|html)/iu.test(text) ? 'an HTML page' : `no JSON (${body.byteLength} bytes)`;
    throw new ReportError('VendorContractError', `${where}: the answer is ${kind}`);
  }
}

function decode(body: Uint8Array, contentType: string | undefined, where: string): string {
  const charset = /charset="?([\w-]+)/iu.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    throw new ReportError('VendorContractError', `${where}: the answer is not readable as ${charset} text`);
  }
}

/** Checks `value` against `schema`. Errors: `VendorContractError` with the paths at fault and the members seen, never values. */
export function conform<T>(schema: z.ZodMiniType<T>, value: unknown, where: string): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 3).map((issue) => describeIssue(issue, value));
  const more = result.error.issues.length > 3 ? ` (and ${result.error.issues.length - 3} more)` : '';
  throw new ReportError('VendorContractError', `${where}: ${faults.join('; ')}${more}`);
}

/** One fault in a sentence: where, what is expected, what is there instead. */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown): string {
  const place = issue.path.length === 0 ? 'the whole' : issue.path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${issue.path.length === 0 ? '' : `${place}: `}unknown member ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_type':
      return `${place}: expected ${issue.expected}, found ${kindAt(root, issue.path)}${siblings(root, issue.path)}`;
    case 'invalid_value':
      return `${place}: expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, found ${kindAt(root, issue.path)}`;
    case 'invalid_union':
      return `${place}: none of the expected forms, found ${kindAt(root, issue.path)}${siblings(root, issue.path)}`;
    case 'too_small':
      return `${place}: must be at least ${issue.minimum}`;
    case 'too_big':
      return `${place}: must be at most ${issue.maximum}`;
    default:
      return `${place}: ${issue.message === '' || issue.message === 'Invalid input' ? `not valid (${issue.code})` : issue.message}`;
  }
}

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), root);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function kindAt(root: unknown, path: readonly PropertyKey[]): string {
  const value = at(root, path);
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The names beside a missing member, so that a renamed one can be recognised from the message alone. */
function siblings(root: unknown, path: readonly PropertyKey[]): string {
  const holder = at(root, path.slice(0, -1));
  if (path.length === 0 || Array.isArray(holder) || !isRecord(holder)) return '';
  const names = Object.keys(holder);
  const more = names.length > MEMBERS_NAMED ? ', and more' : '';
  return ` (members seen: ${names.slice(0, MEMBERS_NAMED).join(', ')}${more})`;
}
