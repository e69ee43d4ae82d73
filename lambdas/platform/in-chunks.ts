const CHUNK_BYTES = 1 << 20;

/** A UTF-16 unit takes three bytes at most. */
const BYTES_A_UNIT = 3;

/**
 * Encodes texts as UTF-8, in chunks of about a mebibyte. Each text is encoded as it comes: joining them first would
 * copy them once more, long after they left the processor's cache.
 */
export function* inChunks(texts: Iterable<string>): Generator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  for (const text of texts) {
    const room = text.length * BYTES_A_UNIT;
    if (filled + room > chunk.length) {
      yield chunk.subarray(0, filled);
      chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, room));
      filled = 0;
    }
    filled += chunk.write(text, filled);
  }
  yield chunk.subarray(0, filled);
}
