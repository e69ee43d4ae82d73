import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { LARGE_BYTES } from './answer-size.ts';
import type { Call } from './call.ts';
import { fingerprint } from './fingerprint.ts';
import type { Redactor } from './redact.ts';
import type { WireResponse } from './transport.ts';

/** The fastest level already packs most pages to a tenth, in a few milliseconds. */
const LEVEL = 1;

/**
 * Kept answers in a checkpoint: the mark of each call, and every answer to it, packed, in Base64; '' for one that is
 * missing.
 */
export const KeptForm = z.array(z.tuple([z.string(), z.array(z.string())]));
export type KeptForm = z.output<typeof KeptForm>;

/**
 * A kept answer, packed if it is large: to pack a small one takes longer than to read it, and most collections never
 * pause.
 */
type Kept = { bytes: Buffer; isPacked: boolean };

/** Answers below this size are packed only in a checkpoint. */
const SMALL_BYTES = 16 * 1024;

/**
 * One turn of a call: the answer that was kept, if any, and a function that keeps the part of a new answer that `part`
 * makes.
 */
export type Turn = {
  kept: WireResponse | undefined;
  keep: (answer: WireResponse, part: () => WireResponse) => void;
};

/**
 * The answers of one collection. After a pause the code that reads runs again from its beginning and gets these answers
 * first, so its checks of a list hold across the pause as if there had been none. It makes the same calls in the same
 * order, so the n-th answer kept for a call belongs to the n-th time it is made.
 */
export class KeptAnswers {
  readonly #kept: Map<string, (Kept | undefined)[]>;
  readonly #asked = new Map<string, number>();
  readonly #redactor: Pick<Redactor, 'isIn'>;
  #aside = 0;
  #count = 0;

  /** The most answers kept at any time: how far the collection has come. */
  furthest = 0;

  constructor(redactor: Pick<Redactor, 'isIn'>, kept: KeptForm = []) {
    this.#redactor = redactor;
    this.#kept = new Map(
      kept.map(([call, answers]) => [
        call,
        answers.map((packed) => (packed === '' ? undefined : { bytes: Buffer.from(packed, 'base64'), isPacked: true })),
      ]),
    );
    for (const answers of this.#kept.values()) for (const answer of answers) if (answer !== undefined) this.#counted(1);
  }

  /** The code that reads starts again: each call's turns are counted from the first. */
  begin(): void {
    this.#asked.clear();
  }

  /** Drops all answers, as what was read cannot be right. */
  clear(): void {
    this.forget([...this.#kept.keys()]);
  }

  /** Drops the answers to these calls. */
  forget(calls: Iterable<string>): void {
    for (const call of calls) {
      for (const answer of this.#kept.get(call) ?? []) if (answer !== undefined) this.#counted(-1);
      this.#kept.delete(call);
    }
  }

  /** Runs `work` without keeping its answers, as its results are kept elsewhere. */
  async *aside<T>(work: AsyncIterable<T>): AsyncGenerator<T> {
    this.#aside += 1;
    try {
      yield* work;
    } finally {
      this.#aside -= 1;
    }
  }

  turnOf(call: string): Turn {
    if (this.#aside > 0) return NOT_KEPT;
    const time = this.#asked.get(call) ?? 0;
    this.#asked.set(call, time + 1);
    const kept = this.#kept.get(call)?.[time];
    return {
      kept: kept === undefined ? undefined : readAnswer(kept),
      keep: (answer, part) => {
        if (answer.body.byteLength > LARGE_BYTES) return;
        const bytes = written(part());
        if (this.#redactor.isIn(bytes)) return;
        const answers = this.#kept.get(call) ?? [];
        if (answers[time] === undefined) this.#counted(1);
        const plain = { bytes, isPacked: false };
        answers[time] = bytes.byteLength < SMALL_BYTES ? plain : packed(plain);
        this.#kept.set(call, answers);
      },
    };
  }

  /** For a checkpoint. */
  snapshot(): KeptForm {
    return [...this.#kept].map(([call, answers]) => [
      call,
      Array.from(answers, (answer) => (answer === undefined ? '' : packed(answer).bytes.toString('base64'))),
    ]);
  }

  #counted(more: number): void {
    this.#count += more;
    this.furthest = Math.max(this.furthest, this.#count);
  }
}

const NOT_KEPT: Turn = { kept: undefined, keep: () => {} };

/** Identifies a call. `partMark` identifies the part of its answer that is used. */
export const callMark = (
  { base }: { base: string },
  method: string,
  path: string,
  { query, json, form, headers }: Call,
  partMark = '',
): string => fingerprint([base, method, path, query, json, form, headers, partMark]);

/** One line with status and headers, then the body unchanged. */
function written({ status, headers, body }: WireResponse): Buffer {
  const { 'set-cookie': _, ...rest } = headers;
  return Buffer.concat([Buffer.from(`${JSON.stringify([status, rest])}\n`), body]);
}

const Head = z.tuple([z.int(), z.record(z.string(), z.string())]);

const packed = ({ bytes, isPacked }: Kept): Kept => ({
  bytes: isPacked ? bytes : deflateRawSync(bytes, { level: LEVEL }),
  isPacked: true,
});

/** Undefined if it cannot be read; then the call is made again. */
function readAnswer(kept: Kept): WireResponse | undefined {
  try {
    const bytes = kept.isPacked ? inflateRawSync(kept.bytes) : kept.bytes;
    const end = bytes.indexOf('\n');
    const [status, headers] = z.parse(Head, JSON.parse(bytes.toString('utf8', 0, end)));
    return { status, headers, body: bytes.subarray(end + 1) };
  } catch {
    return undefined;
  }
}
