import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../vendor/api.ts';
import { refusedMember, refusedSetting } from '../desk/choose.ts';
import type { TicketMembers } from '../desk/order.ts';

/** Who asks for a ticket; `company` is the one that the ticket belongs to unless it names another. */
export type Requester = { id: number; company: number | undefined };

const Contact = z.object({
  id: z.int(),
  email: z.optional(z.nullable(z.string())),
  company_id: z.optional(z.nullable(z.int())),
});
const Agents = z.array(z.object({ id: z.int(), contact: z.object({ email: z.optional(z.nullable(z.string())) }) }));

/**
 * Finds requesters, each once. An address that Freshdesk does not know would become a new contact; so everything goes by the id
 * of one that is there.
 */
export function requesters(
  api: Api,
  psa: { id: string; name: string },
  settings: { domain: string; requesterId?: number | undefined; requesterEmail?: string | undefined },
): (ticket: TicketMembers) => Promise<Requester> {
  const { name } = psa;
  const known = new Map<string, Promise<Requester>>();

  async function byEmail(email: string, refusal: (what: string) => ReportError): Promise<Requester> {
    const isThis = (other: string | null | undefined) => other?.toLowerCase() === email.toLowerCase();
    const answer = await api.send('GET', '/contacts', { query: { email }, accept: [404] });
    if (answer.status === 404) {
      throw new ReportError(
        'ConfigurationError',
        `secrets/freshdesk.json: domain: nothing of ${name} answers at https://${settings.domain}.freshdesk.com`,
      );
    }
    const contact = api.parse(answer, z.array(Contact), 'GET', '/contacts').find((one) => isThis(one.email));
    if (contact !== undefined) return { id: contact.id, company: contact.company_id ?? undefined };
    const agents = await api.get('/agents', { query: { email }, schema: Agents });
    const agent = agents.find((one) => isThis(one.contact.email));
    if (agent !== undefined) return { id: agent.id, company: undefined };
    throw refusal(`there is no contact with ${email}; ${name} would make one, so make it there first`);
  }

  async function byId(id: number): Promise<Requester> {
    const path = `/contacts/${id}`;
    const answer = await api.send('GET', path, { accept: [404] });
    if (answer.status === 404) throw refusedSetting(psa, 'requesterId', `there is no contact ${id}`);
    const contact = api.parse(answer, Contact, 'GET', path);
    return { id: contact.id, company: contact.company_id ?? undefined };
  }

  const look = async ({ contactEmail }: TicketMembers): Promise<Requester> => {
    const { requesterId, requesterEmail } = settings;
    if (contactEmail !== null && contactEmail !== undefined) {
      return byEmail(String(contactEmail), (what) => refusedMember(name, 'contactEmail', what));
    }
    if (requesterId !== undefined) return byId(requesterId);
    if (requesterEmail !== undefined) {
      return byEmail(requesterEmail, (what) => refusedSetting(psa, 'requesterEmail', what));
    }
    throw refusedMember(name, 'contactEmail', 'every ticket has a requester: name a contact of the company');
  };

  return (ticket) => {
    const key = String(ticket.contactEmail);
    const requester = known.get(key) ?? look(ticket);
    known.set(key, requester);
    return requester;
  };
}
