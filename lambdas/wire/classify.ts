import type { WireResponse } from './transport.ts';

/** What an answer means for the request path. `after` is in seconds; `reason` explains what the status does not. */
export type Verdict =
  | { verdict: 'fine' }
  | { verdict: 'unauthorized' }
  | { verdict: 'forbidden' }
  | { verdict: 'limited'; after?: number | undefined }
  | { verdict: 'unavailable'; after?: number | undefined; reason?: string }
  | { verdict: 'unexpected' };

/** What a status means at a vendor, if it differs from the table. `now` is in milliseconds since the epoch. */
export type Classify = (answer: WireResponse, now: number) => Verdict | undefined;

/**
 * The one table of what HTTP statuses mean to us. After a 401 a token is renewed once, if it can be; 403 is final; 408,
 * 425 and 5xx are tried again; 429 waits; other 4xx mean that we and the vendor disagree about the API.
 */
export function classify(answer: WireResponse, now: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { verdict: 'fine' };
  if (status === 401) return { verdict: 'unauthorized' };
  if (status === 403) return { verdict: 'forbidden' };
  if (status === 429) return { verdict: 'limited', after: retryAfter(answer.headers['retry-after'], now) };
  if (status === 408 || status === 425 || status >= 500) {
    return { verdict: 'unavailable', after: retryAfter(answer.headers['retry-after'], now) };
  }
  return { verdict: 'unexpected' };
}

/**
 * Seconds that a Retry-After header asks for, in either form (seconds, HTTP date); undefined when absent or unreadable.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const value = header.trim();
  if (/^\d+(\.\d+)?$/u.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/** A sentence about a wait is at the beginning of an answer; matching megabytes would hold up the whole run. */
const WORDS_BYTES = 2000;

/** Reads the wait from the text of a 429 ("try again in 12 seconds") for vendors that send no header. */
export const waitInWords: Classify = ({ status, headers, body }) => {
  if (status !== 429 || headers['retry-after'] !== undefined) return undefined;
  const [, seconds] =
    /\b(\d{1,9})\s{0,9}second/iu.exec(Buffer.from(body.subarray(0, WORDS_BYTES)).toString('utf8')) ?? [];
  return seconds === undefined ? undefined : { verdict: 'limited', after: Number(seconds) };
};
