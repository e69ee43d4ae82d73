import type { Api } from '../../wire/api.ts';
import { type OpenRight, rightsSentence, type UnseenRight } from '../../wire/rights.ts';
import type { PsaOperations } from './operations.ts';
import type { TicketOrder } from './order.ts';

/**
 * Ways to try a right at a PSA: the bare API, or what a delivery does there. `order` is the ticket that a run would
 * make.
 */
type Asked<S> = { api: Api; settings: S; psa: PsaOperations; order: TicketOrder };

export type PsaRight<S> = OpenRight<Asked<S>> | UnseenRight;

/** Checked by the first page of companies. */
export const seesCompanies = (right: string, where: string): OpenRight<Asked<unknown>> => ({
  right,
  where,
  check: async ({ psa }) => {
    for await (const _ of psa.companies()) return;
  },
});

/** Checked by the search that keeps a run from making a second ticket. */
export const seesTickets = (right: string, where: string): OpenRight<Asked<unknown>> => ({
  right,
  where,
  check: ({ psa, order }) => psa.find(order),
});

/** Checked by one row of a list. */
export const sees = (
  right: string,
  where: string,
  path: string,
  query: Record<string, string | number>,
): OpenRight<Asked<unknown>> => ({ right, where, check: ({ api }) => api.send('GET', path, { query }) });

/** Making tickets and attachments: it could only be checked by making one. */
export const creates = (right: string, where: string): UnseenRight => ({
  right,
  where,
  unseen: 'only a delivery shows it',
});

/**
 * The rights that can be tried, and the others. For a plain sentence the companies are read, because every delivery
 * needs them.
 */
export function seenAndUnseen<S>({ create, rights }: { create: string; rights: string | readonly PsaRight<S>[] }) {
  if (typeof rights === 'string') return { sentence: rights, seen: [seesCompanies(rights, create)], unseen: [] };
  const isSeen = (right: PsaRight<S>): right is OpenRight<Asked<S>> => 'check' in right;
  const isUnseen = (right: PsaRight<S>): right is UnseenRight => !isSeen(right);
  return { sentence: rightsSentence(rights), seen: rights.filter(isSeen), unseen: rights.filter(isUnseen) };
}
