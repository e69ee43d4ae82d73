const CODE = /^[A-Z]{3}$/u;

const wordOf = (named: string | null | undefined): string => named?.trim().toUpperCase() ?? '';

/**
 * Finds the ISO 4217 code for what an agreement names: its own, or the `configured` one where it names none. Another
 * word, such as "Euro", is only taken for the configured one if all agreements (`names`) have it: one of several
 * currencies must not be called by another's code.
 */
export function currencyFinder(
  names: Iterable<string | null | undefined>,
  configured: string | undefined,
): (named: string | null | undefined) => string | undefined {
  const words = new Set([...names].map(wordOf));
  return (named) => {
    const word = wordOf(named);
    if (CODE.test(word)) return word;
    return word === '' || words.size === 1 ? configured : undefined;
  };
}
