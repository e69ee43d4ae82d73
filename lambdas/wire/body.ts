import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflateRaw, createInflateRaw } from 'node:zlib';
import { LARGE_BYTES } from './answer-size.ts';
import { AnswerTooLarge } from './answer-too-large.ts';

/**
 * Larger bodies are refused, packed or not: the Lambda would run out of memory. Packed, this holds a million devices or
 * more.
 */
const LARGEST_BODY = 64 * 1024 * 1024;

/** The fastest level packs the rows of a list to an eighth or less; a higher one takes three times as long. */
const LEVEL = 1;

/** Bytes to unpack at a time. */
const PIECE = 64 * 1024;

/** The body of an answer; empty if it is `packed`. */
export type Body = { body: Uint8Array; packed?: Uint8Array[] };

/**
 * Reads a body to its end. With `mayPack` a large one is packed as it arrives, so that it is never in memory unpacked;
 * nothing of it is read before all of it has arrived. Errors: those of `pieces`; `AnswerTooLarge`.
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

/** Unpacks piece by piece. It can be read only once, as packed pieces are released while it is read. */
export const unpacked = (pieces: Uint8Array[]): AsyncIterable<Uint8Array> =>
  Readable.from(takenFrom(pieces)).pipe(createInflateRaw({ chunkSize: PIECE }));

function* takenFrom<T>(pieces: T[]): Generator<T> {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
}
