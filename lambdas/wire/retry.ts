import { ReportError } from '../report/errors.ts';
import type { ApiDeclaration } from './api-declaration.ts';
import type { Session } from './session.ts';

/** Attempts at one request when the vendor does not answer, and when it says "slow down". */
const UNAVAILABLE_ATTEMPTS = 5;
const LIMITED_ATTEMPTS = 8;
const FIRST_BACKOFF_SECONDS = 1;
const LONGEST_BACKOFF_SECONDS = 30;

/** The next attempt: after how many milliseconds, and why. */
export type Retry = { wait: number; reason: string };

/** Why an attempt failed. `after` is the wait that the vendor asks for, in seconds; `words` are the vendor's own. */
export type Setback = { after?: number | undefined } & (
  | { verdict: 'limited' }
  | { verdict: 'unavailable'; fault: string; words?: string }
);

/** How often one request is sent, and how long it waits in between. Every request has its own. */
export class RetryPolicy {
  readonly #declaration: ApiDeclaration;
  readonly #random: Session['random'];
  readonly #repeatable: boolean;
  #attempts = 0;

  /** `repeatable`: sent twice, the request does no harm. */
  constructor(declaration: ApiDeclaration, random: Session['random'], repeatable: boolean) {
    this.#declaration = declaration;
    this.#random = random;
    this.#repeatable = repeatable;
  }

  /**
   * What follows a setback. Errors: `VendorRateLimitError` or `VendorUnavailableError` once there is no further
   * attempt.
   */
  after(setback: Setback, where: string): Retry {
    this.#attempts += 1;
    const { name, limitedSeconds } = this.#declaration;
    if (setback.verdict === 'limited') {
      if (this.#attempts >= LIMITED_ATTEMPTS) {
        throw new ReportError('VendorRateLimitError', `${where}: still limited after ${this.#attempts} attempts`);
      }
      return { wait: this.#wait(setback.after, limitedSeconds), reason: `${name} limits the rate` };
    }
    const { fault, words = '' } = setback;
    if (!this.#repeatable) {
      throw new ReportError(
        'VendorUnavailableError',
        `${where}: ${fault}${words}; it may or may not have taken effect`,
      );
    }
    if (this.#attempts >= UNAVAILABLE_ATTEMPTS) {
      throw new ReportError('VendorUnavailableError', `${where}: ${fault} (${this.#attempts} attempts)${words}`, {
        cause: fault,
      });
    }
    return { wait: this.#wait(setback.after), reason: `${name}: ${fault}` };
  }

  #wait(after: number | undefined, leastSeconds = 0): number {
    // "0" does not help: without a wait, all attempts would be over within a second.
    if (after !== undefined && after > 0) return after * 1000;
    const ceiling = Math.min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** (this.#attempts - 1));
    return Math.max(leastSeconds * 1000, Math.ceil(this.#random() * ceiling * 1000));
  }
}
