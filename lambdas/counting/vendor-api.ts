import { failureOf, isReportError, ReportError } from '../report/errors.ts';
import { Api, type Evidence } from '../wire/api.ts';
import type { Auth } from '../wire/auth.ts';
import type { RequestPath } from '../wire/request.ts';
import { Paused } from '../wire/session.ts';
import type { Fact } from './tally.ts';

/**
 * A finished piece of work: its facts count together or not at all, and it is not done again after a pause. `unanswered` where the
 * vendor did not answer, or only that it is asked too often: that is no progress.
 */
export type Unit = { fact: 'unit'; key: string; facts: Fact[]; unanswered?: true };

/** When this many customers in a row cannot be reached and none could, the vendor is down, not the customers. */
const VENDOR_IS_DOWN_AFTER = 8;

/** A vendor's API as a collector's code sees it: what every API offers, and reading customer by customer. */
export class VendorApi extends Api {
  readonly #isDone: (key: string) => boolean;

  /** `isDone` is asked for every piece of work, by its key: whether it was finished in an earlier lifetime. */
  constructor(path: RequestPath, isDone: (key: string) => boolean = () => false, evidence?: Evidence) {
    super(path, evidence);
    this.#isDone = isDone;
  }

  override with(changes: { auth?: Auth; base?: string; headers?: Record<string, string> }): VendorApi {
    return new VendorApi(this.path.with(changes), this.#isDone, this.evidence);
  }

  /**
   * Holds what was counted against the vendor's own second figure. With a disagreement above `tolerance` the collection is
   * not believed, unless the vendor is known to be `loose`: then both figures are noted.
   */
  *compare(
    figure: string,
    counted: number,
    declared: number,
    options: { tolerance?: number; loose?: string } = {},
  ): Generator<Fact> {
    const tolerance = options.tolerance ?? 0;
    const agrees = Math.abs(counted - declared) <= tolerance;
    this.evidence.comparisons.push({ figure, counted, declared, tolerance, agrees });
    if (agrees) return;
    const sentence = `${this.name}: ${figure}: counted ${counted}, the vendor declares ${declared}`;
    if (options.loose === undefined) throw new ReportError('VendorContractError', sentence);
    yield { fact: 'note', note: `${sentence} (${options.loose})` };
  }

  /**
   * Reads something for each customer (or for several that one call speaks of), as many at once as the limit allows. A customer
   * that fails is `failed` alone, or with those of the same call; an error that condemns the integration, a pause, or a vendor
   * that answers nobody ends the whole.
   */
  async *each<T>(
    items: Iterable<T>,
    customerOf: (item: T) => string | readonly string[],
    read: (item: T) => AsyncIterable<Fact> | Iterable<Fact>,
    task = 'customer',
  ): AsyncGenerator<Unit> {
    const keyOf = (item: T) => `${task} ${customerOf(item)}`;
    // A vendor may list a customer twice; read twice, it would be counted twice.
    const once = new Map([...items].map((item) => [keyOf(item), item]));
    const waiting = [...once].filter(([key]) => !this.#isDone(key)).map(([, item]) => item);
    const running = new Map<string, Promise<{ key: string; unit?: Unit; stop?: unknown }>>();
    const reached = { any: false, unreachable: 0 };
    let stop: unknown;

    const start = (item: T) => {
      const key = keyOf(item);
      running.set(
        key,
        (async () => {
          try {
            const facts: Fact[] = [];
            for await (const fact of read(item)) facts.push(fact);
            reached.any = true;
            return { key, unit: { fact: 'unit' as const, key, facts } };
          } catch (error) {
            if (error instanceof Paused || (isReportError(error) && error.wide)) return { key, stop: error };
            if (!isReportError(error)) return { key, stop: error };
            if (error.name === 'VendorUnavailableError') {
              reached.unreachable += 1;
              if (!reached.any && reached.unreachable >= VENDOR_IS_DOWN_AFTER) return { key, stop: error };
            }
            const failure = failureOf(error);
            const unanswered = /^Vendor(Unavailable|RateLimit)Error$/u.test(error.name);
            const facts = [customerOf(item)].flat().map((customer): Fact => ({ fact: 'failed', customer, failure }));
            return { key, unit: { fact: 'unit' as const, key, facts, ...(unanswered ? { unanswered } : {}) } };
          }
        })(),
      );
    };

    const { concurrency } = this.path.declaration.limit;
    while (running.size > 0 || (stop === undefined && waiting.length > 0)) {
      while (stop === undefined && running.size < concurrency) {
        const item = waiting.shift();
        if (item === undefined) break;
        start(item);
      }
      const ended = await Promise.race(running.values());
      running.delete(ended.key);
      if (ended.unit !== undefined) yield ended.unit;
      stop ??= ended.stop;
    }
    if (stop !== undefined) throw stop;
  }
}
