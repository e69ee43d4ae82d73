import * as z from 'zod/mini';
import { type Choice, unset } from '../delivery/choose.ts';
import { contactOf } from '../delivery/contact.ts';
import { withExtra } from '../delivery/extra.ts';
import { fitted } from '../delivery/fit.ts';
import { isInExtra, lookUpAll, lookup, numberOf } from '../delivery/lookup.ts';
import { type Create, makeTicket } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { plainDescription } from '../delivery/run-key.ts';
import { unlessUnserved, withoutContact } from '../delivery/unserved.ts';
import type { Autotask, Field, Filter } from './autotask.ts';
import { externalIdOf } from './find.ts';
import { name } from './refusal.ts';
import { type Datto, inTheNameOf, Made } from './settings.ts';

const LONGEST_DESCRIPTION = 8000;
const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** What a ticket is found again by. */
const FOUND_BY = ['externalID', 'title', 'companyID', 'description'];

const Contact = z.object({ id: z.int() });

/** `now` is in milliseconds since the epoch: the ticket is due some days later. */
export async function prepareTicket(desk: Datto, now: number, order: TicketOrder): Promise<Create> {
  const { api: zone, settings } = desk;
  const { ticket } = order;
  const companyID = numberOf(name, ticket);
  const fields = await zone.fields('Tickets');
  const { chosen, hints } = await picked(ticket, fields);
  const person = await unlessUnserved(() => contact(zone, ticket, companyID));
  const text = plainDescription(person === undefined ? withoutContact(order) : order);
  const body = {
    companyID,
    title: order.title,
    description: fitted(text, fields.get('description')?.length ?? LONGEST_DESCRIPTION),
    ...chosen,
    ...person,
    dueDateTime: new Date(now + settings.dueInDays * DAY_MILLISECONDS).toISOString(),
    externalID: externalIdOf(order),
  };
  const json = withExtra(name, body, ticket, FOUND_BY);
  const asked = { ...desk, habits: { ...desk.habits, hints } };
  return async () => String((await makeTicket(asked, 'Tickets', { json, ...inTheNameOf(desk) }, Made)).itemId);
}

/** Ids for what is configured, and hints for what Autotask demands by default and nobody configured. */
async function picked(ticket: TicketMembers, fields: ReadonlyMap<string, Field>) {
  const inField = (field: string) => lookup(async () => fields.get(field)?.choices);
  const meant = await lookUpAll(name, ticket, {
    board: inField('queueID'),
    status: inField('status'),
    priority: inField('priority'),
    type: inField('ticketType'),
  });
  const isAssigned = ['assignedResourceID', 'assignedResourceRoleID'].every((field) => isInExtra(ticket, field));
  const hints: string[] = [];
  const orPreset = (member: 'board' | 'status' | 'priority', field: string): Choice['id'] | undefined => {
    const { choices = [], preset } = fields.get(field) ?? {};
    const id = meant[member]?.id ?? preset;
    if (id === undefined && !isInExtra(ticket, field)) hints.push(unset(member, choices));
    return id;
  };
  const chosen = {
    queueID: isAssigned ? meant.board?.id : orPreset('board', 'queueID'),
    status: orPreset('status', 'status'),
    priority: orPreset('priority', 'priority'),
    ticketType: meant.type?.id,
  };
  return { chosen, hints };
}

async function contact(zone: Autotask, ticket: TicketMembers, companyID: number): Promise<{ contactID?: number }> {
  const contactID = await contactOf(name, ticket, `company ${companyID} has no contact with`, async (email) => {
    const filter: Filter[] = [
      { op: 'eq', field: 'companyID', value: companyID },
      { op: 'eq', field: 'emailAddress', value: email },
    ];
    for await (const { id } of zone.query('Contacts', Contact, [], filter)) return id;
    return undefined;
  });
  return contactID === undefined ? {} : { contactID };
}
