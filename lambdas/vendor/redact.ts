/** Shorter strings are words, not secrets: hiding "us" or "all" would blank half of every message. */
const SHORTEST_SECRET = 6;

/** Members that say where, not who: a message without the host would help nobody. */
const ADDRESS = /(url|host|domain|region|stack)$/iu;

/**
 * Keeps secrets out of whatever a person may read. Every value that was ever a credential is added, and each of its usual
 * disguises (URL-encoded, Base64) goes with it.
 */
export class Redactor {
  readonly #hidden = new Set<string>();

  /** Hides every string found anywhere in `value` that has at least `shortest` characters, addresses aside. */
  hide(value: unknown, shortest = SHORTEST_SECRET): void {
    if (typeof value === 'string') {
      if (value.length < shortest) return;
      this.#hidden.add(value);
      this.#hidden.add(encodeURIComponent(value));
      this.#hidden.add(Buffer.from(value).toString('base64'));
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
    return cleaned;
  }
}
