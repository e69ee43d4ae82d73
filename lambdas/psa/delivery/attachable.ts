import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DeliveryFile } from './order.ts';

/** Long enough to distinguish the reports of one run id, and short enough to be read out. */
const DIGEST_LENGTH = 8;

/** How a file goes to the PSA: unchanged or gzipped, or not at all if it is too large even then. */
export type Attachable = { original: string; file?: DeliveryFile; compressed: boolean };

/**
 * The file under a name that holds a digest of its content ("report-1a2b3c4d.csv"): on whatever ticket it is found, its
 * name proves that these are the same numbers. Name and size alone do not; an earlier report may have both.
 */
export function attachable(file: DeliveryFile, limit: number): Attachable {
  const original = file.name;
  const digest = createHash('sha256').update(file.bytes).digest('hex').slice(0, DIGEST_LENGTH);
  const name = original.replace(/(\.[^.]*)?$/u, (extension) => `-${digest}${extension}`);
  if (file.bytes.byteLength <= limit) return { original, file: { ...file, name }, compressed: false };
  const bytes = gzipSync(file.bytes, { level: 9 });
  if (bytes.byteLength > limit) return { original, compressed: false };
  return { original, file: { name: `${name}.gz`, bytes, contentType: 'application/gzip' }, compressed: true };
}
