import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Body } from './platform.ts';

/** S3 takes parts of 5 MiB or more. One part at a time is in memory. */
const PART_BYTES = 8 * 1024 * 1024;

/** The object to write. With `IfNoneMatch` it is written only if the key does not exist yet. */
export type Written = {
  Bucket: string;
  Key: string;
  ContentType: string;
  Metadata?: Record<string, string>;
  IfNoneMatch?: '*';
};

/**
 * Writes an object, a large one in parts as they are made; it exists only once all parts have arrived. The bucket's
 * lifecycle rule removes what a failed upload leaves behind. Errors: those of the SDK, after its retries.
 */
export async function upload(client: Pick<S3Client, 'send'>, written: Written, body: Body): Promise<void> {
  if (typeof body === 'string' || body instanceof Uint8Array) return put(client, written, body);
  const parts = partsOf(body);
  const [first, second] = [await parts.next(), await parts.next()];
  if (first.done === true || second.done === true) {
    return put(client, written, first.done === true ? new Uint8Array() : first.value);
  }
  await uploadParts(client, written, joined([first.value, second.value], parts));
}

async function put(client: Pick<S3Client, 'send'>, written: Written, body: string | Uint8Array): Promise<void> {
  await client.send(new PutObjectCommand({ ...written, Body: body }));
}

async function uploadParts(
  client: Pick<S3Client, 'send'>,
  { IfNoneMatch, ...object }: Written,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  const ChecksumAlgorithm = 'CRC32';
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm }));
  const place = { Bucket: object.Bucket, Key: object.Key, UploadId };
  const Parts: CompletedPart[] = [];
  for await (const Body of parts) {
    const PartNumber = Parts.length + 1;
    const part = new UploadPartCommand({ ...place, PartNumber, Body, ChecksumAlgorithm });
    const { ETag, ChecksumCRC32 } = await client.send(part);
    Parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  const condition = IfNoneMatch === undefined ? {} : { IfNoneMatch };
  await client.send(new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts }, ...condition }));
}

/** The chunks as parts of `PART_BYTES`, the last of them smaller. */
async function* partsOf(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.byteLength;
    if (length < PART_BYTES) continue;
    yield Buffer.concat(held, length);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held, length);
}

async function* joined(first: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}
