import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflateRaw, createInflateRaw } from 'node:zlib';
import { LARGE_BYTES } from './answer-size.ts';
import { AnswerTooLarge } from './answer-too-large.ts';

/** Bodies larger than this are refused, packed or not: the Lambda would die of them. Packed, that is a million devices or more. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** Rows of a list leave an eighth or less at the fastest level; a higher one takes three times as long. */
const LEVEL = 1;

/** Bytes that are unpacked at a time. */
const PIECE = 64 * 1024;

/** The body of an answer; empty where it came `packed`. */
export type Body = { body: Uint8Array; packed?: Uint8Array[] };

/**
 * Reads a body to its end. A large one is packed while it comes, where the caller may be given that: then nothing of it is looked at
 * before all of it has come, and it is never in memory as it is. Errors: those of `pieces`; `AnswerTooLarge`.
 */
export async function readBody(
  pieces: AsyncIterable<Uint8Array>,
  mayPack: boolean,
  most = LARGEST_BODY,
): Promise<Body> {
  const come: Uint8Array[] = [];
  let length = 0;
  const rest = pieces[Symbol.asyncIterator]();
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    come.push(next.value);
    length += next.value.byteLength;
    if (mayPack && length > LARGE_BYTES) return { body: Buffer.alloc(0), packed: await packed(come, rest, most) };
    if (length > most) throw new AnswerTooLarge(most);
  }
  return { body: Buffer.concat(come, length) };
}

async function packed(come: Uint8Array[], rest: AsyncIterator<Uint8Array>, most: number): Promise<Uint8Array[]> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield* takenFrom(come);
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  const kept: Uint8Array[] = [];
  await pipeline(pieces, createDeflateRaw({ level: LEVEL }), async (source: AsyncIterable<Uint8Array>) => {
    let length = 0;
    for await (const piece of source) {
      length += piece.byteLength;
      if (length > most) throw new AnswerTooLarge(most);
      kept.push(piece);
    }
  });
  return kept;
}

/** What was packed, piece by piece. It can be read once: what was read is let go. */
export const unpacked = (pieces: Uint8Array[]): AsyncIterable<Uint8Array> =>
  Readable.from(takenFrom(pieces)).pipe(createInflateRaw({ chunkSize: PIECE }));

function* takenFrom<T>(pieces: T[]): Generator<T> {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
}
