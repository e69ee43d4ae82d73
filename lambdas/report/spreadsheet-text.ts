import { withoutControlCharacters } from './control-characters.ts';

/**
 * Text that a spreadsheet would run: it starts with = + - @ (full-width ones too), if need be behind blanks and invisible
 * characters, or with a tab or line break, which some programs skip before they look.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/u;

/** Comma, quote and line break by RFC 4180; semicolon and tab for programs that split there; outer blanks lest they be trimmed. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/u;

/** A text as one field of a CSV file: formulas neutralised by a leading apostrophe, quoted where need be. */
export function spreadsheetText(text: string): string {
  const clean = withoutControlCharacters(text);
  const safe = FORMULA.test(clean) ? `'${clean}` : clean;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
