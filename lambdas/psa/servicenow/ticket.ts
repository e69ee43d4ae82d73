import * as z from 'zod/mini';
import type { Api } from '../../wire/api.ts';
import { type Choice, refusedMember } from '../delivery/choose.ts';
import { contactOf, isSameEmail } from '../delivery/contact.ts';
import { withExtra } from '../delivery/extra.ts';
import { fitted } from '../delivery/fit.ts';
import { isSet, lookUpAll, lookup } from '../delivery/lookup.ts';
import { type Create, type Desk, makeTicket } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { plainDescription } from '../delivery/run-key.ts';
import { unlessUnserved } from '../delivery/unserved.ts';
import type { ServiceNowSettings } from './access.ts';
import { Made, name, pathOf, rows, value } from './table.ts';

/** What a ticket is found again by; its company is part of the run key. */
const FOUND_BY = ['correlation_id', 'company'];

const SYS_ID = /^[0-9a-f]{32}$/iu;

/** ServiceNow computes the priority from these two; the pairs are those of its own rules. */
const PRIORITIES = [
  { id: 1, name: 'Critical', impact: '1', urgency: '1' },
  { id: 2, name: 'High', impact: '1', urgency: '2' },
  { id: 3, name: 'Moderate', impact: '2', urgency: '2' },
  { id: 4, name: 'Low', impact: '2', urgency: '3' },
  { id: 5, name: 'Planning', impact: '3', urgency: '3' },
];

/** An incident's states unless they were renamed, for a user who cannot read the choices. */
const INCIDENT_STATES = [
  { id: '1', name: 'New' },
  { id: '2', name: 'In Progress' },
  { id: '3', name: 'On Hold' },
  { id: '6', name: 'Resolved' },
  { id: '7', name: 'Closed' },
  { id: '8', name: 'Canceled' },
];

const Named = z.object({ sys_id: z.string(), name: z.string() });
const User = z.object({ sys_id: z.string(), email: z.optional(z.string()) });
const Row = z.object({ sys_id: z.string() });
const Option = z.object({
  sys_id: z.string(),
  name: z.string(),
  element: z.string(),
  label: z.string(),
  value: z.string(),
  inactive: z.optional(z.string()),
});

export async function prepareTicket(desk: Desk<ServiceNowSettings>, order: TicketOrder): Promise<Create> {
  const { ticket } = order;
  const { api, settings } = desk;
  const { defaultFields, descriptionLength, companyTable, table } = settings;
  const body = {
    ...defaultFields,
    short_description: order.title,
    description: fitted(plainDescription(order), descriptionLength),
    company: await company(api, companyTable, ticket),
    ...(await references(api, table, ticket)),
    ...(await caller(api, ticket)),
    correlation_id: order.runKey,
    correlation_display: 'billing-count-report',
  };
  const json = withExtra(name, body, ticket, FOUND_BY);
  const query = { sysparm_fields: 'sys_id,number,correlation_id', sysparm_exclude_reference_link: true };
  const call = { query, json, accept: [400, 403, 404] };
  return async () => (await makeTicket(desk, pathOf(table), call, Made)).result.sys_id;
}

/** A sys_id as ServiceNow writes it: people paste it in capitals too. Built-in records can have other ids. */
export function sysIdOf(id: string | number): string {
  const text = String(id).trim();
  return SYS_ID.test(text) ? text.toLowerCase() : text;
}

/**
 * A wrong reference would be stored unchanged, and the ticket would belong to nobody. A 404 can also mean that this
 * call is not allowed; if the list cannot be read either, the reference is sent unchecked.
 */
async function company(api: Api, companyTable: string, { companyId }: TicketMembers): Promise<string> {
  const wanted = sysIdOf(companyId);
  const isId = SYS_ID.test(wanted);
  if (isId) {
    const query = { sysparm_fields: 'sys_id' };
    const accept = [400, 403, 404];
    const { status } = await api.send('GET', `${pathOf(companyTable)}/${wanted}`, { query, accept });
    if (status < 400) return wanted;
  }
  const listed = await unlessUnserved(() => all(api, companyTable, Row, [], `sys_id=${value(wanted)}`));
  if (listed === undefined ? isId : listed.some(({ sys_id }) => sys_id === wanted)) return wanted;
  throw refusedMember(
    name,
    'companyId',
    isId
      ? `${companyTable} has no company ${wanted} that these credentials may see`
      : `expected the sys_id of a company, found ${JSON.stringify(companyId)}`,
  );
}

async function references(api: Api, table: string, ticket: TicketMembers): Promise<Record<string, string | undefined>> {
  // Forms show "2 - High".
  const priority = isSet(ticket.priority) ? String(ticket.priority).replace(/^\s*[1-5] - /u, '') : undefined;
  const chosen = await lookUpAll(
    name,
    { ...ticket, priority },
    {
      board: lookup(() => groups(api), SYS_ID),
      status: lookup(() => optionsIfAny(api, table, 'state'), table === 'incident' ? INCIDENT_STATES : /^-?\d+$/u),
      type: lookup(() => optionsIfAny(api, table, 'category'), 'anything'),
      priority: lookup(async () => PRIORITIES),
    },
  );
  const pair = PRIORITIES.find(({ id }) => id === chosen.priority?.id);
  return {
    assignment_group: idIn(chosen.board),
    state: idIn(chosen.status),
    category: idIn(chosen.type),
    impact: pair?.impact,
    urgency: pair?.urgency,
  };
}

async function groups(api: Api): Promise<Choice[]> {
  const rows = await all(api, 'sys_user_group', Named, ['name'], 'active=true');
  return rows.map(({ sys_id, name }) => ({ id: sys_id, name }));
}

/** Undefined for a user who sees no choices of the column. */
async function optionsIfAny(
  api: Api,
  table: string,
  element: string,
): Promise<(Choice & { id: string })[] | undefined> {
  const values = await options(api, table, element);
  return values.length === 0 ? undefined : values;
}

/** The values of a column by their labels; a table has its own, or those of task. */
async function options(api: Api, table: string, element: string): Promise<(Choice & { id: string })[]> {
  const tables = [table, 'task'];
  const query = `nameIN${tables.join(',')}^element=${element}^inactive=false^language=en`;
  const columns = ['name', 'element', 'label', 'value', 'inactive'];
  const listed = (await unlessUnserved(() => all(api, 'sys_choice', Option, columns, query))) ?? [];
  const active = listed.filter((option) => option.element === element && option.inactive !== 'true');
  const ofTable =
    tables.map((of) => active.filter((option) => option.name === of)).find(({ length }) => length > 0) ?? [];
  const distinct = new Map(ofTable.map(({ label, value }) => [value, { id: value, name: label }]));
  return [...distinct.values()];
}

async function caller(api: Api, ticket: TicketMembers): Promise<Record<string, string>> {
  const contact = await contactOf(name, ticket, 'these credentials see no active user with', async (address) => {
    const email = address.toLowerCase();
    const query = `email=${value(email)}^active=true`;
    const users = await unlessUnserved(() => all(api, 'sys_user', User, ['email'], query));
    return users?.find((user) => isSameEmail(user.email, email));
  });
  return contact === undefined ? {} : { caller_id: contact.sys_id };
}

/** All rows of a table that a query finds; see `rows`. */
const all = <R extends z.output<typeof Row>>(...what: Parameters<typeof rows<R>>): Promise<R[]> =>
  Array.fromAsync(rows(...what));

/** ServiceNow writes every value as a text. */
const idIn = (choice: Choice | undefined): string | undefined => (choice === undefined ? undefined : String(choice.id));
