import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import { type Choice, refusedMember } from '../delivery/choose.ts';
import { contactOf } from '../delivery/contact.ts';
import { withExtra } from '../delivery/extra.ts';
import { isNumber, lookUp, lookUpAll, lookup, numberOf } from '../delivery/lookup.ts';
import { type Create, type Maker, makeTicket } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { plainDescription } from '../delivery/run-key.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { type Manage, name, quoted } from './manage.ts';

const TICKETS = '/service/tickets';

/** What a ticket is found again by; its company is part of the run key. */
const FOUND_BY = ['externalXRef', 'company'];

const Found = z.array(z.object({ id: z.int(), externalXRef: maybe(z.string()) }));
export const Created = z.object({ id: z.int() });
const isFlagged = maybe(z.boolean());
/** Boards have the one flag, statuses the other. */
const Named = z.array(z.object({ id: z.int(), name: z.string(), inactiveFlag: isFlagged, inactive: isFlagged }));
const Companies = z.array(z.object({ id: z.int(), identifier: z.string() }));
const Contacts = z.array(z.object({ id: z.int() }));
const Refusal = z.object({
  message: z.string(),
  errors: maybe(z.array(z.object({ message: maybe(z.string()), field: maybe(z.string()) }))),
});

export async function findTicket(manage: Manage, { runKey }: TicketOrder): Promise<string | undefined> {
  const conditions = `externalXRef=${quoted(runKey)}`;
  const query = { conditions, fields: 'id,summary,externalXRef', orderBy: 'id', pageSize: 10 };
  const tickets = await manage.get(TICKETS, query, Found);
  const ticket = tickets.find(({ externalXRef }) => externalXRef === runKey);
  return ticket === undefined ? undefined : String(ticket.id);
}

/** The number of the company that the ticket names, by number or by identifier. */
export async function companyOf(manage: Manage, ticket: TicketMembers): Promise<string> {
  const { companyId } = ticket;
  if (isNumber(companyId)) return String(numberOf(name, ticket));
  const identified = async () => {
    const query = {
      conditions: `identifier=${quoted(String(companyId).trim())} and deletedFlag=false`,
      fields: 'id,identifier',
    };
    const companies = await Array.fromAsync(manage.list('/company/companies', Companies, query));
    return companies.map(({ id, identifier }) => ({ id, name: identifier }));
  };
  return String((await lookUp(lookup(identified), companyId, (what) => refusedMember(name, 'companyId', what))).id);
}

export async function prepareTicket(manage: Manage, maker: Maker, order: TicketOrder): Promise<Create> {
  const { ticket } = order;
  const body = {
    summary: order.title,
    recordType: 'ServiceTicket',
    company: { id: numberOf(name, ticket) },
    ...(await references(manage, ticket)),
    ...(await contact(manage, ticket)),
    initialDescription: plainDescription(order),
    externalXRef: order.runKey,
  };
  const json = withExtra(name, body, ticket, FOUND_BY);
  return async () => String((await makeTicket(maker, TICKETS, { json, accept: [400, 409] }, Created)).id);
}

/** Statuses and types belong to a board; if its number is not known, they are not checked. */
async function references(manage: Manage, ticket: TicketMembers): Promise<Record<string, unknown>> {
  const active = (path: string) => async () => {
    const rows = await Array.fromAsync(manage.list(path, Named));
    return rows.filter(({ inactiveFlag, inactive }) => inactiveFlag !== true && inactive !== true);
  };
  const { board } = await lookUpAll(name, ticket, { board: lookup(active('/service/boards'), 'anything') });
  const ofBoard = (list: string) =>
    lookup(
      typeof board?.id === 'number' ? active(`/service/boards/${board.id}/${list}`) : async () => undefined,
      'anything',
    );
  const { status, type, priority } = await lookUpAll(name, ticket, {
    type: ofBoard('types'),
    status: ofBoard('statuses'),
    priority: lookup(active('/service/priorities'), 'anything'),
  });
  return { board: reference(board), status: reference(status), type: reference(type), priority: reference(priority) };
}

/** By id if the list can be read: a name could change between the look-up and the call. */
const reference = (choice: Choice | undefined) =>
  choice === undefined ? undefined : typeof choice.id === 'number' ? { id: choice.id } : { name: choice.name };

async function contact(manage: Manage, ticket: TicketMembers): Promise<Record<string, unknown>> {
  const { companyId: company } = ticket;
  const choice = await contactOf(name, ticket, `company ${company} has no contact with`, async (email) => {
    const query = {
      conditions: `company/id=${company}`,
      childConditions: `communicationItems/value=${quoted(email)}`,
      ...{ fields: 'id', orderBy: 'id', pageSize: 2 },
    };
    const contacts = await unlessUnserved(() => manage.get('/company/contacts', query, Contacts));
    if (contacts === undefined) return { contactEmailAddress: email };
    const [first] = contacts;
    return first && { contact: { id: first.id } };
  });
  return choice ?? {};
}

/** Message and fields of ConnectWise's error body, in its own words. */
export function wordsOf(body: unknown): string {
  const { message, errors } = z.parse(Refusal, body);
  const faults = (errors ?? []).map(({ field, message: fault }) => [field, fault].filter(isText).join(': '));
  return [message, ...faults].join('; ');
}

const isText = (part: unknown): part is string => typeof part === 'string';
