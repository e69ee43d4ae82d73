import { ReportError } from '../report/errors.ts';
import { ownMember } from '../report/record.ts';
import { repeatedMember } from './repeated-member.ts';

/** How this project writes JSON for people: two spaces, a line break at the end. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Lists whose elements are already JSON, generated while they are written. */
type JsonLists = Readonly<Record<string, () => Iterable<string>>>;

/** Characters that are encoded together. */
const CHUNK = 1 << 18;

/**
 * The same value for files with up to millions of entries: one list element per line, which can still be read and
 * compared, in a third of the bytes. In chunks, which are generated while they are written; entries of `lists` replace
 * the value's own.
 */
export function jsonLines(value: object, lists: JsonLists = {}): Iterable<Uint8Array> {
  return {
    *[Symbol.iterator]() {
      let text = '';
      for (const line of linesOf(value, lists)) {
        text += line;
        if (text.length < CHUNK) continue;
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
    },
  };
}

function* linesOf(value: object, lists: JsonLists): Generator<string> {
  let separator = '{\n';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${separator}  ${JSON.stringify(name)}: `;
    separator = ',\n';
    if (Array.isArray(member)) yield* elementsOf(ownMember(lists, name)?.() ?? elementTexts(member));
    else yield JSON.stringify(member);
  }
  yield separator === '{\n' ? '{}\n' : '\n}\n';
}

function* elementsOf(texts: Iterable<string>): Generator<string> {
  let separator = '[';
  for (const text of texts) {
    yield `${separator}\n    ${text}`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : '\n  ]';
}

function* elementTexts(elements: readonly unknown[]): Generator<string> {
  for (const element of elements) yield JSON.stringify(element) ?? 'null';
}

/**
 * Parses a file's bytes. A byte order mark, as Windows editors write it, is accepted.
 * Errors: `ConfigurationError` naming the file and the position, never the content, which can be a secret.
 */
export function parseJsonFile(body: string | Uint8Array, name: string): unknown {
  const text = typeof body === 'string' ? body : fileText(body, name);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReportError('ConfigurationError', `${name} is not JSON: ${placeIn(text, error)}`);
  }
}

/**
 * The same for a file that a person wrote: a repeated field is refused as well, because only one of the two would
 * count.
 * Errors: `ConfigurationError`.
 */
export function parseWrittenJson(body: string | Uint8Array, name: string): unknown {
  const text = typeof body === 'string' ? body : fileText(body, name);
  const value = parseJsonFile(text, name);
  const twice = repeatedMember(text);
  if (twice === undefined) return value;
  throw new ReportError('ConfigurationError', `${name}: ${twice} appears twice; keep one`);
}

/** A file's bytes as text, without a byte order mark. Errors: `ConfigurationError` for what is not UTF-8. */
export function fileText(body: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new ReportError('ConfigurationError', `${name} is not UTF-8 text; save it as UTF-8`);
  }
}

function placeIn(text: string, error: unknown): string {
  if (text.trim() === '') return 'it is empty';
  const position = positionIn(error) ?? firstFault(text);
  const before = text.slice(0, position);
  const lines = before.split('\n');
  return `look at line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}${hint(before, text.slice(position))}`;
}

/** What people write that JSON does not allow. Gives only the kind of fault. */
function hint(before: string, after: string): string {
  if (/^[}\]]/u.test(after) && /,\s*$/u.test(before)) return ': remove the comma before the closing bracket';
  if (/^(\/[/*]|#)/u.test(after)) return ': JSON has no comments; remove this one';
  if (/^[\u2018-\u201F'`]/u.test(after)) return ': put names and texts in straight double quotes, "…"';
  if (/^[\r\n]\s*\S/u.test(after)) return ': keep a text on one line, and write a line break in it as \\n';
  if (after.trim() === '') return ': the file ends too soon; a bracket or quote is not closed';
  return '';
}

const positionIn = (error: unknown): number | undefined => {
  const position = /at position (\d+)/u.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? undefined : Number(position);
};

/** Some engine messages quote the text instead of a position: then the longest valid beginning shows it. */
function firstFault(text: string): number {
  let sound = 0;
  let faulty = text.length;
  while (faulty - sound > 1) {
    const middle = Math.floor((sound + faulty) / 2);
    if (isBeginning(text.slice(0, middle))) sound = middle;
    else faulty = middle;
  }
  return sound;
}

/** True if the text is the beginning of valid JSON. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const position = positionIn(error);
    if (position !== undefined && position >= text.length) return true;
    return /^(Unexpected end|Unterminated)/u.test(error instanceof Error ? error.message : '');
  }
}
