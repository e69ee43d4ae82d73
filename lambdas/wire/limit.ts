import type { Clock } from './clock.ts';

/** A vendor's rate limit: at most `requests` in any window of `perSeconds`, `concurrency` at once. */
export type Limit = { requests?: number; perSeconds?: number; concurrency: number };

/**
 * Keeps requests inside a vendor's limit before the vendor has to say so: a sliding window of start times and a cap on
 * requests in flight, first come first served.
 */
export class Limiter {
  readonly #clock: Clock;
  readonly #limit: Limit;
  readonly #started: number[] = [];
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(clock: Clock, limit: Limit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Milliseconds until the window has room for one more request; 0 when it has. */
  #delay(): number {
    const { requests, perSeconds } = this.#limit;
    if (requests === undefined || perSeconds === undefined) return 0;
    const opened = this.#clock.now() - perSeconds * 1000;
    while (this.#started[0] !== undefined && this.#started[0] <= opened) this.#started.shift();
    const oldest = this.#started[0];
    if (oldest === undefined || this.#started.length < requests) return 0;
    return oldest - opened;
  }

  /** Runs `send` when the limit allows. `mayWait` is asked first, with the milliseconds, and may refuse by throwing. */
  async run<T>(send: () => Promise<T>, mayWait: (milliseconds: number) => void): Promise<T> {
    await this.#slot();
    try {
      await this.#window(mayWait);
      return await send();
    } finally {
      this.#inFlight -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #slot(): Promise<void> {
    while (this.#inFlight >= this.#limit.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#inFlight += 1;
  }

  async #window(mayWait: (milliseconds: number) => void): Promise<void> {
    const before = this.#turn;
    let done = () => {};
    this.#turn = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    try {
      for (let delay = this.#delay(); delay > 0; delay = this.#delay()) {
        mayWait(delay);
        await this.#clock.sleep(delay);
      }
      this.#started.push(this.#clock.now());
    } finally {
      done();
    }
  }
}
