import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { LARGE_BYTES } from './answer-size.ts';
import type { Call } from './call.ts';
import { fingerprint } from './fingerprint.ts';
import type { Redactor } from './redact.ts';
import type { WireResponse } from './transport.ts';

/** What the fastest level leaves is a tenth of most pages already, and it costs a few milliseconds. */
const LEVEL = 1;

/** So much lies unpacked at most: a collection that reads less, or of which no checkpoint is written, packs nothing. */
const UNPACKED_BYTES = 2 ** 20;

/** How kept answers lie in a checkpoint: a call by its fingerprint, and every answer to it, packed, in Base64; '' where one is missing. */
export const KeptForm = z.array(z.tuple([z.string(), z.array(z.string())]));
export type KeptForm = z.output<typeof KeptForm>;

/** A call's turn: the answer that was kept of it, or how to keep the one that comes, or as much of it as `part` makes. */
export type Turn = {
  kept: WireResponse | undefined;
  keep: (answer: WireResponse, part: () => WireResponse) => void;
};

/** An answer as `written`; packed once there is much of it. */
type Kept = { bytes: Buffer; isPacked: boolean };

/**
 * The answers of one collection, so that after a pause it is told again what it had read, page by page, and asks on from there:
 * whatever it makes of a list holds over the pause as if there had been none. The code that reads is run again from its beginning
 * and asks the same calls in the same order, so the n-th answer to a call is that of its n-th time.
 */
export class KeptAnswers {
  readonly #kept: Map<string, (Kept | undefined)[]>;
  #unpacked: Kept[] = [];
  #unpackedBytes = 0;
  readonly #asked = new Map<string, number>();
  readonly #redactor: Pick<Redactor, 'isIn'>;
  #aside = 0;
  #count = 0;

  /** How many answers were kept at a time, at most: the measure of how far a collection has come. */
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

  /** The code that reads begins: its calls come from the first again. */
  begin(): void {
    this.#asked.clear();
  }

  /** What was read cannot be right: nothing of it is told again. */
  clear(): void {
    this.forget([...this.#kept.keys()]);
  }

  /** Nothing of these calls is told again. */
  forget(calls: Iterable<string>): void {
    for (const call of calls) {
      for (const answer of this.#kept.get(call) ?? []) if (answer !== undefined) this.#counted(-1);
      this.#kept.delete(call);
    }
  }

  /** Does `work`, whose calls are not kept: its results are kept elsewhere. */
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
      kept: kept === undefined ? undefined : read(kept),
      keep: (answer, part) => {
        if (answer.body.byteLength > LARGE_BYTES) return;
        const bytes = written(part());
        if (this.#redactor.isIn(bytes)) return;
        const answers = this.#kept.get(call) ?? [];
        if (answers[time] === undefined) this.#counted(1);
        answers[time] = this.#added(bytes);
        this.#kept.set(call, answers);
      },
    };
  }

  /** For a checkpoint. */
  snapshot(): KeptForm {
    this.#pack();
    return [...this.#kept].map(([call, answers]) => [
      call,
      Array.from(answers, (answer) => (answer === undefined ? '' : answer.bytes.toString('base64'))),
    ]);
  }

  #added(bytes: Buffer): Kept {
    const answer: Kept = { bytes, isPacked: false };
    this.#unpacked.push(answer);
    this.#unpackedBytes += bytes.byteLength;
    if (this.#unpackedBytes > UNPACKED_BYTES) this.#pack();
    return answer;
  }

  #pack(): void {
    for (const answer of this.#unpacked) {
      answer.bytes = deflateRawSync(answer.bytes, { level: LEVEL });
      answer.isPacked = true;
    }
    this.#unpacked = [];
    this.#unpackedBytes = 0;
  }

  #counted(more: number): void {
    this.#count += more;
    this.furthest = Math.max(this.furthest, this.#count);
  }
}

const NOT_KEPT: Turn = { kept: undefined, keep: () => {} };

/** Tells a call from others. `looked` is what of its answer is looked at. */
export const callMark = (
  { base }: { base: string },
  method: string,
  path: string,
  { query, json, form, headers }: Call,
  looked = '',
): string => fingerprint([base, method, path, query, json, form, headers, looked]);

/** One line with status and headers, then the body as it came. */
function written({ status, headers, body }: WireResponse): Buffer {
  const { 'set-cookie': _, ...rest } = headers;
  return Buffer.concat([Buffer.from(`${JSON.stringify([status, rest])}\n`), body]);
}

const Head = z.tuple([z.int(), z.record(z.string(), z.string())]);

/** Undefined for what cannot be read, which is then asked for again. */
function read(answer: Kept): WireResponse | undefined {
  try {
    const bytes = answer.isPacked ? inflateRawSync(answer.bytes) : answer.bytes;
    const end = bytes.indexOf('\n');
    const [status, headers] = z.parse(Head, JSON.parse(bytes.toString('utf8', 0, end)));
    return { status, headers, body: bytes.subarray(end + 1) };
  } catch {
    return undefined;
  }
}
