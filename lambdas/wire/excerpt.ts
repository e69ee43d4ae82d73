import type { Redactor } from './redact.ts';
import type { WireResponse } from './transport.ts';

/** No refusal needs more than this to explain what is wrong; matching megabytes would hold up the whole run. */
const READ_BYTES = 32 * 1024;

/** The longest secret there is, in its longest disguise. */
const LONGEST_SECRET = 16 * 1024;

/** How many characters a message quotes. */
const QUOTED = 200;

/** The beginning of an answer as text, without secrets. */
export function beginning({ body }: WireResponse, redactor: Redactor): string {
  const text = redactor.clean(Buffer.from(body.subarray(0, READ_BYTES)).toString('utf8'));
  // A secret that the cut splits was not recognized.
  return body.byteLength <= READ_BYTES ? text : text.slice(0, Math.max(0, text.length - LONGEST_SECRET));
}

/** A web page, or JSON without a single word. */
const SAYS_NOTHING = /^(<|[{}[\]\s]*$)/u;

/**
 * `: ` and the words of a refusal on one line, because that is where vendors say what is wrong; empty if it has none.
 */
export function excerpt(answer: WireResponse, redactor: Redactor): string {
  const words = beginning(answer, redactor).replace(/\s+/gu, ' ').trim();
  return SAYS_NOTHING.test(words) ? '' : `: ${words.slice(0, QUOTED)}`;
}

/** True for a page made for a browser: firewalls and proxies answer with one instead of the API. */
export function isWebPage({ headers, body }: Pick<WireResponse, 'headers' | 'body'>): boolean {
  if (/^\s*text\/html\b/iu.test(headers['content-type'] ?? '')) return true;
  return /^\uFEFF?\s*<(!doctype html|html)\b/iu.test(Buffer.from(body.subarray(0, 200)).toString('utf8'));
}

/** True for HTTP 400 of the API itself, which says that a setting or the credentials are wrong; a web page does not. */
export const isBadRequest = (answer: WireResponse): boolean => answer.status === 400 && !isWebPage(answer);

/** What a web page is, if nothing shows which one; `how` it came: " (HTTP 404)". */
export const webPageCame = (how = ''): string =>
  `a web page came instead of an API answer${how}: perhaps that of a firewall, of maintenance or of a wrong address`;
