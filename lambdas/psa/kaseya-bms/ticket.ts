import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { type Choice, refusedMember, unset } from '../delivery/choose.ts';
import { contactOf, isSameEmail } from '../delivery/contact.ts';
import { withExtra } from '../delivery/extra.ts';
import { isInExtra, isNumber, isSet, lookUpAll, lookup, numberOf } from '../delivery/lookup.ts';
import { type Create, type Desk, makeTicket } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { plainDescription } from '../delivery/run-key.ts';
import { unlessUnserved, withoutContact } from '../delivery/unserved.ts';
import { answered, isRefusal, listRows, name, readResult } from './envelope.ts';
import { deposited, type WithModule } from './files.ts';

/** The fields for finding a ticket. */
const FOUND_BY = ['Title', 'Details', 'AccountId'];

const FIELDS = [
  { member: 'status', field: 'StatusId' },
  { member: 'priority', field: 'PriorityId' },
  { member: 'board', field: 'QueueId' },
] as const;

const text = maybe(z.string());
const flag = maybe(z.boolean());
const Location = z.object({ id: z.int(), name: text, ismain: z.boolean() });
const Named = z.object({ id: z.int(), name: text, isactive: flag, isdefault: flag });
type Named = { id: number; name: string; isDefault: boolean };
const Contact = z.object({ id: z.int(), emailaddress: text });
const Made = answered(z.object({ id: z.int() }));

type Settings = WithModule & { sourceId?: number | undefined };

export async function prepareTicket(desk: Desk<Settings>, order: TicketOrder): Promise<Create> {
  const { api, settings } = desk;
  const { ticket, files = [] } = order;
  const account = numberOf(name, ticket, 'an account');
  const hints: string[] = [];
  const chosen = {
    ...(await location(api, account, ticket)),
    ...(await picked(api, ticket, hints)),
    ...numbered(ticket, settings.sourceId, hints),
  };
  const person = await unlessUnserved(() => contact(api, ticket, account));
  const members = {
    Title: order.title,
    Details: plainDescription(person === undefined ? withoutContact(order) : order),
    AccountId: account,
    ...chosen,
    OpenDate: order.asOf,
    ...person,
  };
  const withFiles = { ...members, ...(await deposited(desk, files)) };
  const json = withExtra(name, withFiles, ticket, FOUND_BY);
  const asked = { ...desk, isRefusal, habits: { ...desk.habits, hints } };
  const call = { json, accept: [400] };
  return async () => String((await makeTicket(asked, '/v2/servicedesk/tickets', call, Made)).id);
}

/** The lists of a ticket's fields. */
const listsOf = (api: Api) => {
  const listOf = (path: string) => async () => {
    const rows = await readResult(api, `/v2/system/${path}/lookup`, z.array(Named));
    return rows.flatMap(({ id, name, isactive, isdefault }): Named[] =>
      typeof name !== 'string' || isactive === false ? [] : [{ id, name, isDefault: isdefault === true }],
    );
  };
  return { status: listOf('statuses'), priority: listOf('priorities'), board: listOf('queues') };
};

type Lists = ReturnType<typeof listsOf>;

/** A required field that is not set is left out and kept as a hint, because BMS may have a default. */
async function picked(api: Api, ticket: TicketMembers, hints: string[]): Promise<Record<string, Choice['id']>> {
  const lists = listsOf(api);
  const { status, priority, board } = lists;
  const chosen: Record<string, Choice['id']> = {};
  const meant = await lookUpAll(name, ticket, {
    status: lookup(status),
    priority: lookup(priority),
    board: lookup(board),
  });
  for (const { member, field } of FIELDS) {
    const { id } = meant[member] ?? (await preset(lists, ticket, member, field, hints)) ?? {};
    if (id !== undefined) chosen[field] = id;
  }
  return chosen;
}

/** Type and source, which BMS demands and lists nowhere: they go by number. */
function numbered(ticket: TicketMembers, sourceId: number | undefined, hints: string[]): Record<string, number> {
  const chosen: Record<string, number> = {};
  const { type } = ticket;
  if (isSet(type) && isNumber(type)) chosen.TypeId = Number(type);
  else if (isSet(type) && !isInExtra(ticket, 'TypeId')) {
    throw refusedMember(name, 'type', 'expected the number of a ticket type: names cannot be looked up');
  } else if (!isInExtra(ticket, 'TypeId')) {
    hints.push('delivery.psa.ticket.type: none is set; it is the number of a ticket type');
  }
  if (sourceId !== undefined) chosen.SourceId = sourceId;
  else if (!isInExtra(ticket, 'SourceId')) {
    hints.push('delivery.psa.ticket.extra: no "SourceId" is set; it is a number');
  }
  return chosen;
}

/** The list's default for a field that is not set; with an assignee, no queue is needed. */
async function preset(
  lists: Lists,
  ticket: TicketMembers,
  member: keyof Lists,
  field: string,
  hints: string[],
): Promise<Choice | undefined> {
  if (isInExtra(ticket, field) || (member === 'board' && isInExtra(ticket, 'AssigneeId'))) return undefined;
  const choices = (await unlessUnserved(lists[member])) ?? [];
  const standard = choices.find(({ isDefault }) => isDefault);
  if (standard === undefined) hints.push(unset(member, choices));
  return standard;
}

/** Locations belong to one account; another's is refused. */
async function location(api: Api, account: number, ticket: TicketMembers): Promise<Record<string, number>> {
  if (isInExtra(ticket, 'LocationId')) return {};
  const path = `/v2/crm/accounts/${account}/locations/lookup`;
  const main = (await readResult(api, path, z.array(Location))).find(({ ismain }) => ismain);
  if (main !== undefined) return { LocationId: main.id };
  throw refusedMember(
    name,
    'companyId',
    `account ${account} has no main location; set one there, or LocationId under extra`,
  );
}

async function contact(api: Api, ticket: TicketMembers, account: number): Promise<Record<string, number>> {
  const contactId = await contactOf(name, ticket, `account ${account} has no contact with`, async (email) => {
    const contacts = listRows(api, `/v2/crm/accounts/${account}/contacts/lookup`, Contact, {}, 'short');
    for await (const { id, emailaddress } of contacts) if (isSameEmail(emailaddress, email)) return id;
    return undefined;
  });
  return contactId === undefined ? {} : { ContactId: contactId };
}
