/** Longer secrets are recognized in pieces, so that no pattern grows without bound. */
const PIECE = 200;

/** Characters that every encoder leaves as they are; cautious ones write a hyphen in HTML as a number. */
const PLAIN = /^\w*$/u;

/**
 * What else some characters are written as: HTML's entities, the plus sign of a form, JSON's letters for the ends of
 * lines.
 */
const OTHER_LOOKS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  ' ': '\\+',
  '\n': '\\\\{1,3}n',
  '\r': '\\\\{1,3}r',
  '\t': '\\\\{1,3}t',
};

/** Below this, a part of a Base64 text may be an ordinary word. */
const SHORTEST_CORE = 8;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');

/** A pattern for a hexadecimal number in lower or upper case. */
const hexadecimal = (text: string): string =>
  text.replace(/[a-f]/giu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/**
 * A pattern for every way to write a character: itself, escaped, percent-encoded, as a JSON escape or an HTML entity.
 */
function looksOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16));
  const bytes = Array.from(Buffer.from(character), (byte) => `%${hexadecimal(byte.toString(16).padStart(2, '0'))}`);
  const code = character.codePointAt(0) ?? 0;
  const looks = [
    // PHP and JSON put backslashes before some characters; JSON within JSON doubles them.
    `\\\\{0,3}${literal(character)}`,
    bytes.join(''),
    units.map((unit) => `\\\\{1,3}u${hexadecimal(unit.padStart(4, '0'))}`).join(''),
    `&#0*${code};`,
    `&#[xX]0*${hexadecimal(code.toString(16))};`,
    OTHER_LOOKS[character],
  ].filter((look) => look !== undefined);
  return `(?:${looks.join('|')})`;
}

/**
 * Patterns that find a secret even if each of its characters is escaped in another way. None if no encoder would change
 * it.
 */
export function escapedForms(secret: string): RegExp[] {
  if (PLAIN.test(secret)) return [];
  const characters = Array.from(secret);
  const pieces = Math.ceil(characters.length / PIECE);
  const size = Math.ceil(characters.length / pieces);
  return Array.from({ length: pieces }, (_, at) => {
    const piece = characters.slice(at * size, (at + 1) * size);
    return new RegExp(
      piece.map((character) => (/\w/u.test(character) ? character : looksOf(character))).join(''),
      'gu',
    );
  });
}

/**
 * The secret in the Base64 of a longer text (user and password): the characters that depend on its bytes alone, for
 * each position in a group of three bytes at which it can begin.
 */
export function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const cores = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return cores
    .filter(({ length }) => length >= SHORTEST_CORE)
    .flatMap((core) => [core, core.replaceAll('-', '+').replaceAll('_', '/')]);
}
