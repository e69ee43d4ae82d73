/** Where no terminal says how wide it is. */
export const USUAL_WIDTH = 100;

/** Wider lines are hard to read, however wide the terminal is. */
const WIDEST = 120;

/** Narrower than this a line would hold a word each. */
const NARROWEST = 40;

export const readableWidth = (columns: number | undefined): number =>
  Math.max(NARROWEST, Math.min(WIDEST, columns ?? USUAL_WIDTH));

/**
 * A text in lines of at most `width` characters, broken between words; a longer word, such as an address, keeps a line of its own.
 * `first` begins the first line, and the others are indented as far. Control characters, which would do more on a terminal than be
 * read, become blanks.
 */
export function wrapped(text: string, width: number, first = ''): string[] {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text
    .replace(/\p{Cc}+/gu, ' ')
    .split(' ')
    .filter(Boolean)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}
