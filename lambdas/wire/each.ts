import { isReportError, type ReportError } from '../report/errors.ts';
import { Paused } from './session.ts';

/**
 * A finished piece of work: its facts count together or not at all, and it is not repeated after a pause. `unanswered`
 * if the API did not answer, or only with "too many requests": that is not progress.
 */
export type Piece<F> = { piece: string; facts: F[]; unanswered?: true };

/** If this many pieces cannot be reached before any could be, the API is down, not the pieces. */
const API_IS_DOWN_AFTER = 8;

/** How one kind of work is cut into pieces. `T` is what a piece is about, `F` what reading it yields. */
export type Work<T, F> = {
  /** Identifies a piece, also after a pause; an item that comes twice is one piece. */
  keyOf: (item: T) => string;
  read: (item: T) => AsyncIterable<F> | Iterable<F>;
  /** The facts of an item that could not be read. */
  failed: (item: T, error: ReportError) => F[];
  /** Whether the piece of this key was finished before a pause. */
  isDone: (key: string) => boolean;
  /** Pieces read at the same time. */
  concurrency: number;
};

type Ended<F> = { key: string; piece?: Piece<F>; stop?: unknown };

/**
 * Reads every item, some at a time, and yields each finished piece. A failed item affects only itself. An error that
 * affects everything (`wide`), a pause, or an API that is down ends the work, once the pieces under way have ended.
 */
export async function* eachPiece<T, F>(items: Iterable<T>, work: Work<T, F>): AsyncGenerator<Piece<F>> {
  const once = new Map([...items].map((item) => [work.keyOf(item), item]));
  const waiting = [...once].filter(([key]) => !work.isDone(key));
  const running = new Map<string, Promise<Ended<F>>>();
  const reach = { anybody: false, unreachable: 0 };
  let stop: unknown;

  while (running.size > 0 || (stop === undefined && waiting.length > 0)) {
    while (stop === undefined && running.size < work.concurrency) {
      const next = waiting.shift();
      if (next === undefined) break;
      running.set(next[0], readPiece(next[0], next[1], work, reach));
    }
    const ended = await Promise.race(running.values());
    running.delete(ended.key);
    if (ended.piece !== undefined) yield ended.piece;
    stop ??= ended.stop;
  }
  if (stop !== undefined) throw stop;
}

async function readPiece<T, F>(
  key: string,
  item: T,
  work: Work<T, F>,
  reach: { anybody: boolean; unreachable: number },
): Promise<Ended<F>> {
  try {
    const facts: F[] = [];
    for await (const fact of work.read(item)) facts.push(fact);
    reach.anybody = true;
    return { key, piece: { piece: key, facts } };
  } catch (error) {
    if (error instanceof Paused || !isReportError(error) || error.wide) return { key, stop: error };
    if (error.name === 'VendorUnavailableError') {
      reach.unreachable += 1;
      if (!reach.anybody && reach.unreachable >= API_IS_DOWN_AFTER) return { key, stop: error };
    }
    const unanswered = error.name === 'VendorUnavailableError' || error.name === 'VendorRateLimitError';
    return { key, piece: { piece: key, facts: work.failed(item, error), ...(unanswered ? { unanswered } : {}) } };
  }
}
