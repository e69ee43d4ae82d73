import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { LARGE_BYTES } from './answer-size.ts';
import type { Call } from './call.ts';
import { fingerprint } from './fingerprint.ts';
import type { Redactor } from './redact.ts';
import type { WireResponse } from './transport.ts';

/** The fastest level already packs most pages to a tenth, in a few milliseconds. */
const LEVEL = 1;

/** Kept answers in a checkpoint: the mark of each call, and every answer to it, packed, in Base64; '' for one that is missing. */
export const KeptForm = z.array(z.tuple([z.string(), z.array(z.string())]));
export type KeptForm = z.output<typeof KeptForm>;

/** One turn of a call: the answer that was kept, if any, and a function that keeps the part of a new answer that `part` makes. */
export type Turn = {
  kept: WireResponse | undefined;
  keep: (answer: WireResponse, part: () => WireResponse) => void;
};

/**
 * The answers of one collection. After a pause the code that reads runs again from its beginning and gets these answers first, so its
 * checks of a list hold across the pause as if there had been none. It makes the same calls in the same order, so the n-th answer
 * kept for a call belongs to the n-th time it is made.
 */
export class KeptAnswers {
  readonly #packed: Map<string, (Uint8Array | undefined)[]>;
  readonly #asked = new Map<string, number>();
  readonly #redactor: Pick<Redactor, 'isIn'>;
  #aside = 0;
  #count = 0;

  /** The most answers kept at any time: how far the collection has come. */
  furthest = 0;

  constructor(redactor: Pick<Redactor, 'isIn'>, kept: KeptForm = []) {
    this.#redactor = redactor;
    this.#packed = new Map(
      kept.map(([call, answers]) => [
        call,
        answers.map((packed) => (packed === '' ? undefined : Buffer.from(packed, 'base64'))),
      ]),
    );
    for (const answers of this.#packed.values())
      for (const packed of answers) if (packed !== undefined) this.#counted(1);
  }

  /** The code that reads starts again: each call's turns are counted from the first. */
  begin(): void {
    this.#asked.clear();
  }

  /** Drops all answers, as what was read cannot be right. */
  clear(): void {
    this.forget([...this.#packed.keys()]);
  }

  /** Drops the answers to these calls. */
  forget(calls: Iterable<string>): void {
    for (const call of calls) {
      for (const packed of this.#packed.get(call) ?? []) if (packed !== undefined) this.#counted(-1);
      this.#packed.delete(call);
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
    const packed = this.#packed.get(call)?.[time];
    return {
      kept: packed === undefined ? undefined : unpacked(packed),
      keep: (answer, part) => {
        if (answer.body.byteLength > LARGE_BYTES) return;
        const bytes = written(part());
        if (this.#redactor.isIn(bytes)) return;
        const answers = this.#packed.get(call) ?? [];
        if (answers[time] === undefined) this.#counted(1);
        answers[time] = deflateRawSync(bytes, { level: LEVEL });
        this.#packed.set(call, answers);
      },
    };
  }

  /** For a checkpoint. */
  snapshot(): KeptForm {
    return [...this.#packed].map(([call, answers]) => [
      call,
      Array.from(answers, (packed) => (packed === undefined ? '' : Buffer.from(packed).toString('base64'))),
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

/** Undefined if it cannot be read; then the call is made again. */
function unpacked(packed: Uint8Array): WireResponse | undefined {
  try {
    const bytes = inflateRawSync(packed);
    const end = bytes.indexOf('\n');
    const [status, headers] = z.parse(Head, JSON.parse(bytes.toString('utf8', 0, end)));
    return { status, headers, body: bytes.subarray(end + 1) };
  } catch {
    return undefined;
  }
}
