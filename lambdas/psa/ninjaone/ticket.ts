import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { type Choice, namesOf, refusedMember, refusedSetting } from '../delivery/choose.ts';
import { contactOf, isSameEmail } from '../delivery/contact.ts';
import { tagged, withExtra } from '../delivery/extra.ts';
import { isSet, lookUp, lookUpAll, lookup, numberOf } from '../delivery/lookup.ts';
import { type Create, type Desk, makeTicket } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { htmlDescription, plainDescription } from '../delivery/run-key.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import { type NinjaonePsaSettings, ninjaone } from './access.ts';

const { name } = ninjaone;

/** The fields for finding a ticket. */
const FOUND_BY = ['subject', 'clientId'];

/** The API's own default: the parent of all new ones. */
const NEW = '1000';

/** The parents of every instance's statuses, for credentials that cannot list them. */
const PARENTS = [
  { id: 1000, name: 'New' },
  { id: 2000, name: 'Open' },
  { id: 3000, name: 'Waiting' },
  { id: 6000, name: 'Closed' },
];

const choicesOf = (values: readonly string[]): Choice[] =>
  values.map((value) => ({ id: value, name: value.toLowerCase().replaceAll('_', ' ') }));
export const TYPES = choicesOf([
  ...['PROBLEM', 'QUESTION', 'INCIDENT', 'TASK', 'CHANGE_REQUEST', 'SERVICE_REQUEST', 'PROJECT', 'APPOINTMENT'],
  'MISCELLANEOUS',
]);
export const PRIORITIES = choicesOf(['NONE', 'LOW', 'MEDIUM', 'HIGH']);

const Made = z.object({ id: z.int() });
const Forms = z.array(
  z.object({
    id: z.int(),
    name: z.string(),
    active: maybe(z.boolean()),
    default: maybe(z.boolean()),
  }),
);
const Statuses = z.array(
  z.object({
    statusId: z.int(),
    displayName: maybe(z.string()),
    name: maybe(z.string()),
  }),
);
const People = z.array(z.object({ uid: maybe(z.string()), email: maybe(z.string()) }));

type NinjaOne = Desk<NinjaonePsaSettings>;

export async function prepareTicket(desk: NinjaOne, order: TicketOrder): Promise<Create> {
  const { api, settings } = desk;
  const { ticket } = order;
  const { severity, assignedAppUserId } = settings;
  const chosen = await lookUpAll(name, withDefaults(ticket, settings), {
    board: lookup(() => forms(api)),
    status: lookup(() => statuses(api), PARENTS),
    type: lookup(async () => TYPES),
    priority: lookup(async () => PRIORITIES),
  });
  const form = await formFor(desk, chosen.board);
  const body = {
    clientId: numberOf(name, ticket, 'an organization'),
    ticketFormId: form.id,
    subject: `${order.title} [${order.runKey}]`,
    status: String(chosen.status?.id ?? NEW),
    // A public one is mailed to the requester.
    description: { public: false, body: plainDescription(order), htmlBody: htmlDescription(order) },
    type: chosen.type?.id,
    priority: chosen.priority?.id,
    severity: severity ?? undefined,
    ...(await requester(desk, ticket)),
    assignedAppUserId: assignedAppUserId ?? undefined,
    tags: settings.tags ?? undefined,
  };
  const merged = withExtra(name, body, ticket, FOUND_BY);
  const json = { ...merged, tags: tagged(merged.tags, order.runKey) };
  const path = '/v2/ticketing/ticket';
  return async () => String((await makeTicket(desk, path, { json, accept: [400] }, Made)).id);
}

/** The ticket's settings take precedence over the integration's. */
const withDefaults = (ticket: TicketMembers, settings: NinjaonePsaSettings): TicketMembers => ({
  ...ticket,
  status: ticket.status ?? settings.status,
  type: ticket.type ?? settings.ticketType,
  priority: ticket.priority ?? settings.priority,
});

async function forms(api: Api) {
  const all = await api.get('/v2/ticketing/ticket-form', { schema: Forms });
  return all.filter(({ active }) => active !== false);
}

async function statuses(api: Api): Promise<Choice[]> {
  const all = await api.get('/v2/ticketing/statuses', { schema: Statuses });
  return all.map(({ statusId, displayName, name: word }) => ({
    id: statusId,
    name: displayName ?? word ?? String(statusId),
  }));
}

/** The form that the ticket or the integration names, or else the default one, or the only one. */
async function formFor({ api, settings: { ticketFormId } }: NinjaOne, board: Choice | undefined): Promise<Choice> {
  if (board !== undefined) return board;
  if (isSet(ticketFormId)) {
    return lookUp(
      lookup(() => forms(api)),
      ticketFormId,
      (what) => refusedSetting(ninjaone, 'ticketFormId', what),
    );
  }
  const all = (await unlessUnserved(() => forms(api))) ?? [];
  const [only] = all;
  const preset = all.find((form) => form.default === true) ?? (all.length === 1 ? only : undefined);
  if (preset !== undefined) return preset;
  throw refusedMember(name, 'board', `a ticket form is needed; there ${namesOf(all)}`);
}

async function requester({ api, settings }: NinjaOne, ticket: TicketMembers): Promise<Record<string, unknown>> {
  const { requesterUid } = settings;
  const people = async (path: string, email: string, call = {}) => {
    const all = await unlessUnserved(() => api.get(path, { ...call, schema: People }));
    return all?.find((person) => isSameEmail(person.email, email))?.uid ?? undefined;
  };
  const uid = await contactOf(name, ticket, 'no user or contact has', async (email) => {
    const query = { searchCriteria: email.toLowerCase(), pageSize: 100 };
    return (
      (await people('/v2/ticketing/app-user-contact', email, { query })) ??
      (await people('/v2/ticketing/contact/contacts', email))
    );
  });
  return isSet(uid ?? requesterUid) ? { requesterUid: uid ?? requesterUid } : {};
}
