import { createHash } from 'node:crypto';
import { withoutControlCharacters } from '../../report/control-characters.ts';
import type { TicketOrder } from './order.ts';

/**
 * The shortest of the PSAs' fields for a foreign reference (ConnectWise `externalXRef`, ServiceNow `correlation_id`).
 */
const LONGEST = 100;
const HASH_LENGTH = 16;

/** What a run belongs to: two runs of one id that differ in this must not share a ticket. */
export type RunIdentity = {
  runId: string;
  managingOrganization: { id: string };
  /** Ids of the companies and integrations of its configuration: one MSP can have several. */
  organizations: readonly string[];
  integrations: readonly string[];
  /**
   * The PSA's id of the company that the ticket is for: another one never gets a report into the first one's ticket.
   */
  companyId: string;
};

/**
 * What marks a run's ticket at the PSA: the managing organization, the run id, and a digest of the configuration and
 * the company. Only `A-Z a-z 0-9 : . _ -`, at most `longest` characters; longer or unusual ids keep their beginning,
 * and the digest keeps them distinct.
 */
export function runKey(run: RunIdentity, longest = LONGEST): string {
  const { runId, managingOrganization, organizations, integrations, companyId } = run;
  const configured = [[...organizations].sort(), [...integrations].sort(), companyId];
  const identity = [managingOrganization.id, runId, ...configured];
  const readable = `billing-count:${managingOrganization.id}:${runId}`.replace(/[^A-Za-z0-9:._-]/gu, '_');
  return `${readable.slice(0, longest - HASH_LENGTH - 1)}-${digestOf(JSON.stringify(identity))}`;
}

/** The key for a field of at most `longest` characters; a longer key keeps its beginning and gets a digest. */
export function shortKey(key: string, longest: number): string {
  if (key.length <= longest) return key;
  return `${key.slice(0, longest - HASH_LENGTH - 1)}-${digestOf(key)}`;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);

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
export const plainDescription = ({ plain, runKey: key }: TicketOrder): string =>
  `${withoutControlCharacters(plain)}\n\nRun key: ${key}\n`;

/** The same as HTML. */
export const htmlDescription = ({ html, runKey: key }: TicketOrder): string =>
  `${withoutControlCharacters(html)}\n<p>Run key: ${key}</p>`;
