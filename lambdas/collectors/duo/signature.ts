import { createHash, createHmac } from 'node:crypto';
import { byText } from '../../report/order.ts';
import type { Unsigned } from '../../wire/auth.ts';

/** 5 is what all of Duo's own clients use; older applications can require 2. */
export type SignatureVersion = 2 | 5;

const sha512 = (data: string | Uint8Array): string => createHash('sha512').update(data).digest('hex');

/** RFC 3986 as Duo wants it: everything but letters, digits and `_.-~` is escaped. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/gu, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Parameters in the order of their names: a name comes before those that it begins. */
const canonical = (parameters: URLSearchParams): string =>
  [...parameters]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => byText(a, b) || byText(x, y))
    .map((pair) => pair.join('='))
    .join('&');

/**
 * The headers that sign a request: HMAC-SHA-512 over date, method, host, path and parameters. Version 5 adds the hashes
 * of the body and of the extra headers (we send none); version 2 signs the fields of a form among the parameters
 * instead.
 */
export function duoSignature(
  integrationKey: string,
  secretKey: string,
  { method, url, body, now }: Unsigned,
  version: SignatureVersion = 5,
): Record<string, string> {
  const date = new Date(now).toUTCString();
  const form = version === 2 && method !== 'GET';
  const parameters = form ? new URLSearchParams(Buffer.from(body).toString('utf8')) : url.searchParams;
  const lines = [date, method, url.hostname.toLowerCase(), url.pathname, canonical(parameters)];
  if (version === 5) lines.push(sha512(body), sha512(''));
  const signature = createHmac('sha512', secretKey).update(lines.join('\n')).digest('hex');
  return { date, authorization: `Basic ${Buffer.from(`${integrationKey}:${signature}`).toString('base64')}` };
}
