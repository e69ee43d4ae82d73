declare global {
  interface JSON {
    /** `source` is the text of a primitive value as it was written (ECMAScript: JSON.parse source text access). */
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  }
}

/** Sixteen digits or more where a number can begin: a double holds every shorter one exactly. */
const LONG_NUMBER = /(?:^|[:,[\s])-?\d{16}/u;

const WHOLE = /^-?\d+$/u;

/**
 * Parses JSON. A whole number beyond 2^53 becomes the text of its digits: rounded, an id would be another customer's. A
 * reviver takes ten times as long, so it runs only if there can be such a number.
 * Errors: SyntaxError.
 */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value, { source }) =>
    source !== undefined && WHOLE.test(source) && !Number.isSafeInteger(value) ? source : value,
  );
}
