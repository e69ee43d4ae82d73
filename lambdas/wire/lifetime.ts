import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import type { Evidence } from './api.ts';
import { KeptAnswers, KeptForm } from './kept-answers.ts';
import { ListLost, ListUnsound } from './list-unsound.ts';
import { Paused, type Session } from './session.ts';

/** What is kept between two lifetimes of one reading; `Piece` is the result of a finished piece of work, as JSON. */
export type Checkpoint<Piece> = {
  /** Finished pieces of work, each by its key. */
  done: [key: string, piece: Piece][];
  /** Other answers, mostly pages of lists. */
  answers: KeptForm;
  /** The most answers kept at any time. */
  furthest: number;
  requests: number;
  idle: number;
};

/** How one lifetime ended: with what was read, or with a checkpoint and a wait. */
export type Lifetime<Result, Piece> =
  | { outcome: 'complete'; result: Result }
  | { outcome: 'paused'; checkpoint: Checkpoint<Piece>; waitSeconds: number; reason: string };

/** The form of a checkpoint. Its pieces are our own, so their content is not checked. */
export const checkpointForm = <Piece>() =>
  z.object({
    done: z.array(z.tuple([z.string(), z.custom<Piece>((piece) => typeof piece === 'object' && piece !== null)])),
    /** From an older build, or unreadable: then those requests are sent again. */
    answers: z.catch(KeptForm, []),
    furthest: z.catch(z.number(), 0),
    requests: z.number(),
    idle: z.number(),
  });

/** How often we read again what changed while it was read, before that is an error. */
const REREADS = 1;

/** After this many lifetimes in a row without an answered piece of work, more waiting does not help. */
const IDLE_LIFETIMES = 3;

/** The pieces of work of one reading, those of earlier lifetimes included. */
export class Pieces<Piece> {
  readonly #done: Map<string, Piece>;
  readonly #asked = new Set<string>();
  #progressed = false;

  constructor(done: Iterable<[key: string, piece: Piece]>) {
    this.#done = new Map(done);
  }

  /** The code that reads starts again and names its pieces from the first. */
  begin(): void {
    this.#asked.clear();
  }

  readonly isDone = (key: string): boolean => {
    this.#asked.add(key);
    return this.#done.has(key);
  };

  /** `unanswered`: the piece is done, but the vendor did not answer, so it is not progress. */
  add(key: string, piece: Piece, { unanswered = false }: { unanswered?: boolean | undefined }): void {
    this.#done.set(key, piece);
    this.#progressed ||= !unanswered;
  }

  /** The pieces that this reading asked for: what the vendor no longer lists is gone, or in another piece. */
  *asked(): Generator<Piece> {
    for (const [key, piece] of this.#done) if (this.#asked.has(key)) yield piece;
  }

  get progressed(): boolean {
    return this.#progressed;
  }

  /** Every finished piece, by its key. */
  get done(): ReadonlyMap<string, Piece> {
    return this.#done;
  }
}

const isUnsound = (error: unknown): boolean => error instanceof ListUnsound;

/** How to read. `Piece` is a finished piece of work, `Kept` the same as JSON. */
export type Work<Result, Piece, Kept> = {
  read: (pieces: Pieces<Piece>, kept: KeptAnswers) => Promise<Result>;
  snapshot: (piece: Piece) => Kept;
  restore: (kept: Kept) => Piece;
  /** True if an error of `read` shows that something changed while it was read; by default that a list was unsound. */
  hasMoved?: (error: unknown) => boolean;
};

/**
 * Reads within one lifetime, from the start or from a checkpoint. `read` runs from its beginning, and once more if
 * something changed while it was read. Pieces become JSON only at a pause.
 * Errors: those of `read`; `VendorRateLimitError` after too many lifetimes without progress.
 */
export async function oneLifetime<Result, Piece, Kept>(
  session: Session,
  checkpoint: Checkpoint<Kept> | undefined,
  { read, snapshot, restore, hasMoved = isUnsound }: Work<Result, Piece, Kept>,
): Promise<Lifetime<Result, Kept>> {
  session.requests += checkpoint?.requests ?? 0;
  const pieces = new Pieces((checkpoint?.done ?? []).map(([key, piece]) => [key, restore(piece)]));
  const kept = new KeptAnswers(session.redactor, checkpoint?.answers);
  for (let rereads = 0; ; ) {
    kept.begin();
    pieces.begin();
    try {
      return { outcome: 'complete', result: await read(pieces, kept) };
    } catch (error) {
      if (error instanceof ListLost) continue;
      if (hasMoved(error) && rereads < REREADS) {
        rereads += 1;
        kept.clear();
        continue;
      }
      if (!(error instanceof Paused)) throw error;
      const { waitSeconds, reason } = error;
      const before = checkpoint?.furthest ?? 0;
      const furthest = Math.max(kept.furthest, before);
      const idle = idleAfter(error, pieces.progressed || furthest > before, checkpoint?.idle);
      const { requests } = session;
      const done = [...pieces.done].map(([key, piece]): [string, Kept] => [key, snapshot(piece)]);
      return {
        outcome: 'paused',
        checkpoint: { done, answers: kept.snapshot(), furthest, requests, idle },
        waitSeconds,
        reason,
      };
    }
  }
}

/**
 * How many lifetimes in a row got nowhere, including this one, which pauses; `before` is the number in its checkpoint.
 * Errors: `VendorRateLimitError` if that is too many.
 */
function idleAfter(paused: Paused, progressed: boolean, before = 0): number {
  const idle = progressed ? 0 : before + 1;
  if (idle < IDLE_LIFETIMES) return idle;
  throw new ReportError('VendorRateLimitError', `${paused.reason}; ${idle} attempts in a row made no progress`);
}

/** The receipt of what was read: what was asked for, and the proof that it came. */
export function receiptOf(evidence: Evidence, { requests }: Session) {
  const sum = (figure: 'pages' | 'rows' | 'distinct') =>
    evidence.lists.reduce((total, list) => total + list[figure], 0);
  return { requests, pages: sum('pages'), rows: sum('rows'), distinct: sum('distinct'), ...evidence };
}
