import { createHash } from 'node:crypto';

/** The text of a file in UTF-8 without its byte order mark; undefined for any other encoding. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined; // UTF-16 of Latin letters is full of them
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
