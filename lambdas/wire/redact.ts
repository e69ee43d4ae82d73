import { base64Cores, escapedForms } from './disguise.ts';

/** Shorter strings are words, not secrets: hiding "us" or "all" would blank half of every message. */
const SHORTEST_SECRET = 6;

/** A secret of this length or more is a key or a token. */
const SHORTEST_KEY = 16;

/** Fields that hold an address, not a credential: a message without the host would help nobody. */
const ADDRESS = /(url|host|domain|region|stack)$/iu;

/** Credentials in a header that a vendor repeats: user and password together look like neither of them. */
const RECITED = /\b(basic|bearer)\s+[\w+/=.~-]{20,}/giu;

/** Every escape of a character contains one of these. */
const ESCAPE = /[%\\&]/u;

const HIDDEN = '[secret]';

/** A secret as it is written, in an address, in a form, in JSON, and in Base64. */
const disguises = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  new URLSearchParams([['', value]]).toString().slice(1),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64'),
  Buffer.from(value).toString('base64url'),
];

type Texts = { whole: readonly string[]; long: readonly string[]; cores: readonly string[] };

/**
 * Keeps secrets out of whatever a person may read. Every value that was ever a credential is added, and its usual
 * disguises are hidden with it.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  /** Every disguise, longest first so that no remainder of one stays behind; made again after a secret is added. */
  #texts: Texts | undefined;
  /** Made when the first text needs them, each once. */
  readonly #patterns = new Map<string, readonly RegExp[]>();

  /** Hides every string found anywhere in `value` that has at least `shortest` characters, addresses aside. */
  hide(value: unknown, shortest = SHORTEST_SECRET): void {
    if (typeof value !== 'string') {
      for (const [name, item] of Object.entries(value ?? {})) if (!ADDRESS.test(name)) this.hide(item, shortest);
      return;
    }
    if (value.length < shortest || this.#secrets.has(value)) return;
    this.#secrets.add(value);
    this.#texts = undefined;
  }

  /**
   * Whether a key or a token is in it, in one of its usual disguises. Shorter secrets can be an account's id, which
   * rows name.
   */
  isIn(bytes: Buffer): boolean {
    return this.#known().long.some((secret) => bytes.includes(secret));
  }

  /** The text with every secret replaced. */
  clean(text: string): string {
    const { whole, cores } = this.#known();
    let cleaned = without(whole, text);
    if (ESCAPE.test(cleaned)) {
      for (const secret of this.#secrets)
        for (const pattern of this.#patternsOf(secret)) cleaned = cleaned.replace(pattern, HIDDEN);
    }
    // After the whole secrets, of which these might leave a remainder.
    return without(cores, cleaned.replace(RECITED, `$1 ${HIDDEN}`));
  }

  #known(): Texts {
    const longDisguises = (secret: string): string[] => (secret.length < SHORTEST_KEY ? [] : disguises(secret));
    this.#texts ??= {
      ...{ whole: this.#all(disguises), long: this.#all(longDisguises) },
      cores: this.#all(base64Cores),
    };
    return this.#texts;
  }

  #all(formsOf: (secret: string) => string[]): string[] {
    return [...new Set([...this.#secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  }

  #patternsOf(secret: string): readonly RegExp[] {
    const patterns = this.#patterns.get(secret) ?? escapedForms(secret);
    this.#patterns.set(secret, patterns);
    return patterns;
  }
}

const without = (hidden: readonly string[], text: string): string =>
  hidden.reduce((left, secret) => (left.includes(secret) ? left.replaceAll(secret, HIDDEN) : left), text);
