import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import type { Query } from '../../wire/request.ts';
import type { Choice } from '../delivery/choose.ts';
import { contactOf, isSameEmail } from '../delivery/contact.ts';
import { withExtra } from '../delivery/extra.ts';
import { isSet, lookUpAll, lookup, numberOf } from '../delivery/lookup.ts';
import { type Create, type Desk, makeTicket } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { htmlDescription } from '../delivery/run-key.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { Made } from './made.ts';

/** The fields for finding a ticket. */
const FOUND_BY = ['summary', 'client_id', 'details', 'details_html'];

const User = z.object({ id: z.int(), emailaddress: maybe(z.string()), site_id: maybe(z.number()) });
/** A list like the others, or bare like the tables for setting up a ticket. */
const Users = z.union([z.array(User), z.object({ users: z.array(User) })]);
const Named = z.array(z.object({ id: z.int(), name: z.string() }));
const TicketType = z.object({ default_sla: maybe(z.int()) });
/**
 * The same priority is listed once for every SLA; then `id` is a guid of that pair, and `priorityid` what a ticket
 * takes.
 */
const Priorities = z.array(
  z.object({
    id: maybe(z.union([z.int(), z.string()])),
    priorityid: maybe(z.int()),
    slaid: maybe(z.int()),
    name: maybe(z.string()),
  }),
);

export async function prepareTicket(desk: Desk, order: TicketOrder): Promise<Create> {
  const { ticket } = order;
  const { api, name } = desk;
  const client_id = numberOf(name, ticket, 'a client');
  const table = (path: string, query?: Query) => () => api.get(path, { query, schema: Named });
  const { type, status, board } = await lookUpAll(name, ticket, {
    type: lookup(table('/TicketType', { can_create_only: true })),
    status: lookup(table('/Status')),
    // A team is sent by its name anyway.
    board: lookup(table('/Team'), 'anything'),
  });
  const { priority } = await lookUpAll(name, ticket, { priority: lookup(() => prioritiesOf(api, type)) });
  const body = {
    summary: order.title,
    details_html: htmlDescription(order),
    client_id,
    tickettype_id: type?.id,
    status_id: status?.id,
    priority_id: priority?.id,
    team: board?.name,
    ...(await user(api, name, ticket, client_id)),
    donotapplytemplateintheapi: true,
    _novalidate: true,
  };
  const json = [withExtra(name, body, ticket, FOUND_BY)];
  return async () => String((await makeTicket(desk, '/Tickets', { json, accept: [400] }, Made)).id);
}

/** Each SLA has its own priorities; the ticket's SLA is that of its type. */
async function prioritiesOf(api: Api, type: Choice | undefined): Promise<Choice[]> {
  const slaid = type === undefined ? undefined : await slaOf(api, type);
  const distinct = new Map<string, Choice>();
  for (const priority of await api.get('/Priority', { query: { slaid }, schema: Priorities })) {
    const { priorityid, name } = priority;
    const id = priorityid ?? priority.id;
    const isOfAnother = slaid !== undefined && isSet(priority.slaid) && priority.slaid !== slaid;
    if (!isOfAnother && isSet(id) && isSet(name)) distinct.set(JSON.stringify([id, name]), { id, name });
  }
  return [...distinct.values()];
}

/** Undefined if the type has none of its own; Halo writes that as 0 or less. */
async function slaOf(api: Api, { id }: Choice): Promise<number | undefined> {
  const type = await unlessUnserved(() => api.get(`/TicketType/${id}`, { schema: TicketType }));
  return isSet(type?.default_sla) && type.default_sla > 0 ? type.default_sla : undefined;
}

/** A ticket for a user must name the user's site too. */
async function user(api: Api, psa: string, ticket: TicketMembers, client: number): Promise<Record<string, number>> {
  const contact = await contactOf(psa, ticket, `client ${client} has no user with`, async (email) => {
    const query = { client_id: client, search: email.toLowerCase() };
    const answer = await api.get('/Users', { query, schema: Users });
    const users = Array.isArray(answer) ? answer : answer.users;
    return users.find(({ emailaddress }) => isSameEmail(emailaddress, email));
  });
  if (contact === undefined) return {};
  return { user_id: contact.id, ...(typeof contact.site_id === 'number' ? { site_id: contact.site_id } : {}) };
}
