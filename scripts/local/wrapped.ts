/** The width if no terminal gives one. */
export const USUAL_WIDTH = 100;

/** Wider lines are hard to read. */
const WIDEST = 120;

/** Narrower lines would contain a single word each. */
const NARROWEST = 40;

export const readableWidth = (columns: number | undefined): number =>
  Math.max(NARROWEST, Math.min(WIDEST, columns ?? USUAL_WIDTH));

/**
 * A text in lines of at most `width` characters, broken between words; a longer word, such as an address, gets its own
 * line. `first` begins the first line, and the others are indented by its length. Control characters, which would act
 * on a terminal, become spaces.
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
