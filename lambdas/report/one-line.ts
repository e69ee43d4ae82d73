/** Texts come from vendors; a line break in one would tear apart what is read line by line. */
export const onOneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** The first characters of a text, `longest` at most, and never half of one. */
export const beginningOf = (text: string, longest: number): string =>
  text.slice(0, longest).replace(/[\uD800-\uDBFF]$/u, '');
