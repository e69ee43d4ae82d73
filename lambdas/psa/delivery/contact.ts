import { refusedMember } from './choose.ts';
import { isSet } from './lookup.ts';
import type { TicketMembers } from './order.ts';

/** True for one e-mail address, however two places write it. */
export const isSameEmail = (a: string | null | undefined, b: string): boolean =>
  a?.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * What `look` finds for the ticket's contact; undefined if the ticket names none.
 * Errors: `DeliveryError` if `look` finds nothing; `nobody` is what the message says before the address: "client 7 has
 * no user with".
 */
export async function contactOf<T>(
  psa: string,
  { contactEmail }: TicketMembers,
  nobody: string,
  look: (email: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!isSet(contactEmail)) return undefined;
  const email = String(contactEmail).trim();
  const contact = await look(email);
  if (contact === undefined) throw refusedMember(psa, 'contactEmail', `${nobody} ${email}`);
  return contact;
}
