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

/** The body of an answer. One that is `packed` is unpacked piece by piece. */
export type Body = { body: Uint8Array; packed?: true };

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
    if (mayPack && length > LARGE_BYTES) return { body: await packed(come, rest, most), packed: true };
    if (length > most) throw new AnswerTooLarge(most);
  }
  return { body: Buffer.concat(come, length) };
}

async function packed(come: Uint8Array[], rest: AsyncIterator<Uint8Array>, most: number): Promise<Uint8Array> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield* come.splice(0);
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
  return Buffer.concat(kept);
}

/** The pieces of a packed body, in their order. */
export const unpacked = (body: Uint8Array): AsyncIterable<Uint8Array> =>
  Readable.from([body]).pipe(createInflateRaw({ chunkSize: PIECE }));
