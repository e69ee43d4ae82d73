/** A word that no outcome has. The cell that it would have decided becomes blank. */
export class UnknownWord {
  /** The reason of the blank cell. */
  readonly reason: string;

  constructor(what: string, word: string) {
    this.reason = word === '' ? `its ${what} is missing` : `its ${what} is "${word}", which is not known`;
  }
}

type Given = string | null | undefined;

/** Reads a word: the outcome that has it, or `UnknownWord`. */
export type Words<O extends string> = (word: Given) => O | UnknownWord;

/**
 * Words that decide whether something counts: `words('status', { live: ['Active'], ended: ['Cancelled', 'Expired'] })`.
 * A word is known as a whole, in any case and however its parts are joined (`PENDING_CANCEL`, `Pending cancel`). A word
 * that no outcome has is unknown, because it can be a new word for either. `absent`: what a missing word means, if the
 * vendor documents it.
 */
export function words<O extends string>(
  what: string,
  table: Readonly<Record<O, readonly string[]>>,
  options: { absent?: NoInfer<O> } = {},
): Words<O> {
  const outcomes = new Map<string, O>();
  for (const outcome of keysOf(table)) {
    for (const word of table[outcome]) {
      const other = outcomes.get(folded(word));
      if (other !== undefined && other !== outcome) {
        throw new Error(`the ${what} "${word}" is both ${other} and ${outcome}`);
      }
      outcomes.set(folded(word), outcome);
    }
  }
  return (word) => {
    const trimmed = word?.trim() ?? '';
    const outcome = trimmed === '' ? options.absent : outcomes.get(folded(trimmed));
    return outcome ?? new UnknownWord(what, trimmed);
  };
}

/** The same text for words that differ only in case, blanks or how their parts are joined. */
export const folded = (word: string): string =>
  word
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/gu, '');

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[];
function keysOf(table: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(table);
}
