import { createHash } from 'node:crypto';
import type { TicketOrder } from './order.ts';

/** The shortest of the PSAs' fields for a foreign reference (ConnectWise `externalXRef`, ServiceNow `correlation_id`). */
const LONGEST = 100;
const HASH_LENGTH = 16;

/**
 * What marks a run's ticket at the PSA. Only `A-Z a-z 0-9 : . _ -`, at most `longest` characters; a longer or unusual run id keeps
 * its beginning and gets a digest, so that two runs never share a key.
 */
export function runKey(runId: string, longest = LONGEST): string {
  const key = `billing-count:${runId}`;
  const plain = key.replace(/[^A-Za-z0-9:._-]/gu, '_');
  if (plain === key && key.length <= longest) return key;
  const digest = createHash('sha256').update(runId).digest('hex').slice(0, HASH_LENGTH);
  return `${plain.slice(0, longest - HASH_LENGTH - 1)}-${digest}`;
}

/** The key itself where a field takes at most `longest` characters; a longer one keeps its beginning and gets a digest. */
export function shortKey(key: string, longest: number): string {
  if (key.length <= longest) return key;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, HASH_LENGTH);
  return `${key.slice(0, longest - HASH_LENGTH - 1)}-${digest}`;
}

/** True when `text` names exactly this run key, and not a longer one that begins alike. */
export function mentions(text: string, key: string): boolean {
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + key.length] ?? ' ';
    if (!/[A-Za-z0-9:._-]/u.test(before) && !/[A-Za-z0-9:._-]/u.test(after)) return true;
  }
  return false;
}

/** The ticket's text with the run key as its last line. */
export const plainDescription = (order: TicketOrder): string => `${order.plain}\n\nRun key: ${order.runKey}\n`;

/** The same as HTML. */
export const htmlDescription = (order: TicketOrder): string => `${order.html}\n<p>Run key: ${order.runKey}</p>`;
