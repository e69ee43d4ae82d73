import * as z from 'zod/mini';
import type { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { refusedMember, refusedSetting } from '../delivery/choose.ts';
import { isSameEmail } from '../delivery/contact.ts';
import { isSet } from '../delivery/lookup.ts';
import type { TicketMembers } from '../delivery/order.ts';
import { unlessUnserved } from '../delivery/unserved.ts';

/**
 * Who asks for a ticket, as the create call names them; `company` is the one that the ticket belongs to unless it names
 * another, undefined if there is none or Freshdesk does not show it.
 */
export type Requester = {
  reference: { requester_id: number } | { email: string };
  company: number | undefined;
};

const Contact = z.object({
  id: z.int(),
  email: maybe(z.string()),
  company_id: maybe(z.int()),
});
const Agents = z.array(z.object({ id: z.int(), contact: z.object({ email: maybe(z.string()) }) }));

/**
 * Finds requesters, each once. An address that Freshdesk does not know would become a new contact; so everything goes
 * by the id of one that is there, and by the address only for an agent who cannot see contacts.
 */
export function requesters(
  api: Api,
  psa: Named,
  {
    requesterId,
    requesterEmail,
  }: { requesterId?: number | null | undefined; requesterEmail?: string | null | undefined },
): (ticket: TicketMembers) => Promise<Requester> {
  const look = async ({ contactEmail }: TicketMembers): Promise<Requester> => {
    const refused = (what: string) => refusedMember(psa.name, 'contactEmail', what);
    if (isSet(contactEmail)) return byEmail(api, psa, String(contactEmail), refused);
    if (isSet(requesterId)) return byId(api, requesterId);
    if (isSet(requesterEmail)) {
      return byEmail(api, psa, requesterEmail, (what) => refusedSetting(psa, 'requesterEmail', what));
    }
    throw refused('every ticket has a requester: name a contact of the company');
  };

  const byContact = new Map<string, Promise<Requester>>();
  return (ticket) => {
    const key = String(ticket.contactEmail);
    const requester = byContact.get(key) ?? look(ticket);
    byContact.set(key, requester);
    return requester;
  };
}

type Named = { id: string; name: string };

/** `refused`: the error that names the field with the address. */
async function byEmail(
  api: Api,
  { id, name }: Named,
  email: string,
  refused: (what: string) => ReportError,
): Promise<Requester> {
  const query = { email };
  const contacts = await unlessUnserved(() => api.get('/contacts', { query, schema: z.array(Contact) }));
  if (contacts === undefined) return { reference: { email }, company: undefined };
  const contact = contacts.find((other) => isSameEmail(other.email, email));
  if (contact !== undefined)
    return { reference: { requester_id: contact.id }, company: contact.company_id ?? undefined };
  const agents = await unlessUnserved(() => api.get('/agents', { query, schema: Agents }));
  const agent = agents?.find((other) => isSameEmail(other.contact.email, email));
  if (agent !== undefined) return { reference: { requester_id: agent.id }, company: undefined };
  if (agents === undefined) {
    const remedy = `name a contact, or leave contactEmail out and give integrations.${id}.requesterId`;
    throw refused(`there is no contact with ${email}, and agents cannot be looked up with this API key: ${remedy}`);
  }
  throw refused(`there is no contact with ${email}; ${name} would create one, so create it there first`);
}

/** An agent is not a contact; the create call refuses an id that belongs to nobody. */
async function byId(api: Api, id: number): Promise<Requester> {
  const contact = await unlessUnserved(() => api.get(`/contacts/${id}`, { schema: Contact }));
  return { reference: { requester_id: id }, company: contact?.company_id ?? undefined };
}
