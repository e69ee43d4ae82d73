/** The text on one line: a line break in a vendor's text would break output that is read line by line. */
export const onOneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** The first characters of a text, at most `longest`, and never half a character. */
export const beginningOf = (text: string, longest: number): string =>
  text.slice(0, longest).replace(/[\uD800-\uDBFF]$/u, '');

/** The text, or its first `longest` characters and a mark if there is more. */
export const shortened = (text: string, longest: number): string =>
  text.length > longest ? `${beginningOf(text, longest).trimEnd()}…` : text;

/** A longer list in a message does not help; the files have all entries. */
const MOST_LISTED = 50;

/** The first entries of a list, and how many more there are. */
export function capped(entries: readonly string[], most = MOST_LISTED): string[] {
  const more = entries.length - most;
  return more > 0 ? [...entries.slice(0, most), `and ${more} more`] : [...entries];
}

/** The entries in one line. */
export const listed = (entries: readonly string[]): string => capped(entries).join(', ');
