import { failureOf, isReportError, type ReportError } from '../report/errors.ts';
import { Paused } from '../wire/session.ts';
import { type Fact, type Facts, flat, type Piece } from './facts.ts';

/** When this many customers in a row cannot be reached and none could, the vendor is down, not the customers. */
const VENDOR_IS_DOWN_AFTER = 8;

export type Each<T> = {
  items: Iterable<T>;
  /** The customer, or the several that one call speaks of. */
  customerOf: (item: T) => string | readonly string[];
  read: (item: T) => Facts;
  /** What is read of them: two tasks about one customer are two pieces of work. */
  task: string;
  /** How many at once. */
  concurrency: number;
  /** Whether a piece of work was finished in an earlier lifetime. */
  isDone: (key: string) => boolean;
};

/** How a piece of work ended: with its facts, or with what ends the whole. */
type Ended = { key: string; piece: Piece } | { key: string; stop: unknown };

/**
 * Reads something for each customer (or for several that one call speaks of), as many at once as `concurrency` allows. A customer
 * that fails is `failed` alone, or with those of the same call; an error that condemns the integration, a pause, or a vendor
 * that answers nobody ends the whole.
 */
export async function* each<T>({ items, customerOf, read, task, concurrency, isDone }: Each<T>): AsyncGenerator<Piece> {
  const keyOf = (item: T): string => `${task} ${customerOf(item)}`;
  // A vendor may list a customer twice; read twice, it would be counted twice.
  const distinct = new Map([...items].map((item) => [keyOf(item), item]));
  const waiting = [...distinct].filter(([key]) => !isDone(key));
  const running = new Map<string, Promise<Ended>>();
  const reached = { any: false, unreachable: 0 };
  let stop: { error: unknown } | undefined;

  const finish = async (key: string, item: T): Promise<Ended> => {
    try {
      const facts = await factsOf(read(item));
      reached.any = true;
      return { key, piece: { fact: 'piece', key, facts } };
    } catch (error) {
      if (error instanceof Paused || !isReportError(error) || error.wide) return { key, stop: error };
      if (error.name === 'VendorUnavailableError') reached.unreachable += 1;
      const isDown = !reached.any && reached.unreachable >= VENDOR_IS_DOWN_AFTER;
      if (error.name === 'VendorUnavailableError' && isDown) return { key, stop: error };
      return { key, piece: failedPiece(key, [customerOf(item)].flat(), error) };
    }
  };

  while (running.size > 0 || (stop === undefined && waiting.length > 0)) {
    while (stop === undefined && running.size < concurrency) {
      const next = waiting.shift();
      if (next === undefined) break;
      const [key, item] = next;
      running.set(key, finish(key, item));
    }
    const ended = await Promise.race(running.values());
    running.delete(ended.key);
    if ('piece' in ended) yield ended.piece;
    else stop ??= { error: ended.stop };
  }
  if (stop !== undefined) throw stop.error;
}

async function factsOf(said: Facts): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of flat(said)) {
    if (fact.fact === 'piece') throw new Error(`piece of work ${fact.key} is inside another one`);
    facts.push(fact);
  }
  return facts;
}

function failedPiece(key: string, customers: readonly string[], error: ReportError): Piece {
  const failure = failureOf(error);
  const facts = customers.map((customer): Fact => ({ fact: 'failed', customer, failure }));
  const unanswered = /^Vendor(Unavailable|RateLimit)Error$/u.test(error.name);
  return { fact: 'piece', key, facts, ...(unanswered ? { unanswered } : {}) };
}
