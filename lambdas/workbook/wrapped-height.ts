/** The height of one line, in points. */
export const LINE = 15;

const MOST_LINES = 8;

/** A column's width is measured in digits, which are wider than the average letter. */
const LETTERS_PER_DIGIT = 1.1;

/** The height that a cell needs for a text that wraps at its width: not every program adjusts it by itself. */
export function wrappedHeight(text: string, width: number): number {
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / (width * LETTERS_PER_DIGIT))), 0);
  return LINE * Math.min(lines, MOST_LINES);
}
