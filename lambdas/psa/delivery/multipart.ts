import { createHash } from 'node:crypto';
import type { DeliveryFile } from './order.ts';

/** One part of a form: a text, a file, or a text with a type of its own. */
export type Part = { name: string; value: string; contentType?: string } | { name: string; file: DeliveryFile };

/**
 * A multipart/form-data body (RFC 7578) and its content-type header. The same parts give the same bytes, always; the
 * boundary is drawn from the content until it occurs nowhere in it.
 */
export function multipart(parts: readonly Part[]): { bytes: Uint8Array; headers: { 'content-type': string } } {
  const bodies = parts.map((part) => ({
    head: headOf(part),
    body: 'file' in part ? part.file.bytes : Buffer.from(part.value),
  }));
  const boundary = boundaryFor(bodies);
  const chunks = bodies.flatMap(({ head, body }) => [
    Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
  return {
    bytes: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

function headOf(part: Part): string {
  const file = 'file' in part ? `; filename="${quotable(part.file.name)}"` : '';
  const type = 'file' in part ? part.file.contentType : part.contentType;
  const disposition = `Content-Disposition: form-data; name="${quotable(part.name)}"${file}`;
  return type === undefined ? disposition : `${disposition}\r\nContent-Type: ${type.replace(/[\r\n]/gu, '')}`;
}

/** Quotes and line ends as browsers write them, so that a name can neither end its header nor begin another. */
const quotable = (name: string): string => name.replace(/["\r\n]/gu, (character) => encodeURIComponent(character));

function boundaryFor(parts: readonly { head: string; body: Uint8Array }[]): string {
  for (let draw = 0; ; draw += 1) {
    const digest = createHash('sha256').update(String(draw));
    for (const { head, body } of parts) digest.update(head).update(body);
    const boundary = `billing-count-${digest.digest('hex').slice(0, 32)}`;
    if (!parts.some(({ head, body }) => head.includes(boundary) || Buffer.from(body).includes(boundary)))
      return boundary;
  }
}
