/** Shorter strings are words, not secrets: hiding "us" or "all" would blank half of every message. */
const SHORTEST_SECRET = 6;

/** Members that say where, not who: a message without the host would help nobody. */
const ADDRESS = /(url|host|domain|region|stack)$/iu;

/** Credentials in a header that a vendor recites: user and password together look like neither of them. */
const RECITED = /\b(basic|bearer)\s+[\w+/=.~-]{20,}/giu;

/** A secret as it is written, in an address, in a form, in JSON, and in both kinds of Base64. */
const disguises = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  new URLSearchParams([['', value]]).toString().slice(1),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64'),
  Buffer.from(value).toString('base64url'),
];

/**
 * Keeps secrets out of whatever a person may read. Every value that was ever a credential is added, and each of its usual
 * disguises goes with it.
 */
export class Redactor {
  readonly #hidden = new Set<string>();

  /** Hides every string found anywhere in `value` that has at least `shortest` characters, addresses aside. */
  hide(value: unknown, shortest = SHORTEST_SECRET): void {
    if (typeof value === 'string') {
      if (value.length < shortest) return;
      for (const disguise of disguises(value)) this.#hidden.add(disguise);
    } else if (Array.isArray(value)) {
      for (const item of value) this.hide(item, shortest);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) if (!ADDRESS.test(name)) this.hide(item, shortest);
    }
  }

  /** The text with every secret replaced, longest first so that no remainder of one stays behind. */
  clean(text: string): string {
    let cleaned = text;
    for (const secret of [...this.#hidden].sort((a, b) => b.length - a.length)) {
      if (cleaned.includes(secret)) cleaned = cleaned.replaceAll(secret, '[secret]');
    }
    return cleaned.replace(RECITED, '$1 [secret]');
  }
}
