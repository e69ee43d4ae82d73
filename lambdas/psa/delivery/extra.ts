import { ReportError } from '../../report/errors.ts';
import type { TicketMembers } from './order.ts';

/**
 * The create call's body with `extra` merged in last. `foundBy`: the fields by which the ticket is found again; with
 * them replaced, every retry would make a second ticket.
 * Errors: `DeliveryError` naming the field.
 */
export function withExtra<B extends Record<string, unknown>>(
  psa: string,
  body: B,
  { extra }: TicketMembers,
  foundBy: readonly string[],
): Record<string, unknown> {
  // Some PSAs read field names in any case.
  const refused = Object.keys(extra ?? {}).find((set) => foundBy.some((member) => isSameWord(member, set)));
  if (refused === undefined) return { ...body, ...extra };
  throw new ReportError(
    'DeliveryError',
    `report.json: delivery.psa.ticket.extra: "${refused}" cannot be set: in ${psa} the run finds its ticket again by it; remove it`,
  );
}

const isSameWord = (word: string, other: string): boolean => word.toLowerCase() === other.toLowerCase();

/** The tags of a body, which `extra` can have set, and the one by which the ticket is found again. */
export const tagged = (tags: unknown, tag: string): string[] => [...new Set([...[tags ?? []].flat().map(String), tag])];
