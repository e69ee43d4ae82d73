import * as z from 'zod/mini';
import { maybe } from '../../wire/forms.ts';
import { type Choice, refusedMember } from '../delivery/choose.ts';
import { contactOf, isSameEmail } from '../delivery/contact.ts';
import { withExtra } from '../delivery/extra.ts';
import { isSet, lookUpAll, lookup } from '../delivery/lookup.ts';
import type { Create } from '../delivery/making.ts';
import type { TicketMembers, TicketOrder } from '../delivery/order.ts';
import { htmlDescription } from '../delivery/run-key.ts';
import { twiceIfNeedBe } from '../delivery/unknown.ts';
import type { Upload } from './files.ts';
import { ownerOf, subjectOf } from './find.ts';
import { type Graphql, id, name, unlessRefused } from './graphql.ts';

/** The fields for finding a ticket. */
const FOUND_BY = ['subject', 'client', 'site'];

const Made = z.object({ createTicket: z.object({ ticketId: id }) });
const Named = z.array(z.object({ id, name: z.string() }));
const Groups = z.object({ getTechnicianGroupList: z.array(z.object({ groupId: id, name: z.string() })) });
const Fields = z.object({
  getFields: z.array(
    z.object({
      columnName: z.string(),
      options: maybe(z.array(z.object({ id, value: maybe(z.string()) }))),
    }),
  ),
});
const Users = z.object({
  getClientUserList: z.object({
    userList: z.array(z.object({ userId: id, email: maybe(z.string()) })),
  }),
});

export async function prepareTicket(transport: Graphql, upload: Upload, order: TicketOrder): Promise<Create> {
  const { isMsp } = transport;
  const { ticket, files = [] } = order;
  const owner = ownerOf(ticket);
  const { board, status, priority } = await lookUpAll(name, ticket, {
    status: lookup(() => valuesOf(transport, 'status')),
    priority: lookup(() => valuesOf(transport, 'priority')),
    board: lookup(() => groups(transport)),
  });
  const members = {
    subject: subjectOf(order),
    ...(isMsp ? { client: { accountId: owner } } : { site: { id: owner } }),
    source: 'INTEGRATION',
    description: htmlDescription(order),
    status: status?.name,
    priority: priority?.name,
    requestType: isSet(ticket.type) ? String(ticket.type) : undefined,
    techGroup: board === undefined ? undefined : { groupId: board.id },
    ...(await requester(transport, ticket, owner)),
    subSource: 'billing-count-report',
    sourceReferenceId: order.runKey,
  };
  const descriptionAttachments: Record<string, string>[] = [];
  for (const file of files) descriptionAttachments.push(await twiceIfNeedBe(() => upload(file)));
  const input = withExtra(
    name,
    files.length === 0 ? members : { ...members, descriptionAttachments },
    ticket,
    FOUND_BY,
  );
  return async () => {
    const document = 'mutation($input: CreateTicketInput!) { createTicket(input: $input) { ticketId displayId } }';
    return (await transport.mutate(document, { input }, Made)).createTicket.ticketId;
  };
}

/** The IT product has no such lists: the field itself lists its valid values. */
async function valuesOf({ query, isMsp }: Graphql, column: 'status' | 'priority'): Promise<Choice[]> {
  if (isMsp) {
    const list = column === 'status' ? 'getStatusList' : 'getPriorityList';
    const answer = await query(`query { ${list} { id name } }`, {}, z.object({ [list]: Named }));
    return answer[list] ?? [];
  }
  const input = [{ module: 'TICKET', columnName: column }];
  const document = `query($input: [FieldIdentifierInput!]!) { getFields(input: $input) { columnName options { id value } } }`;
  const { getFields } = await query(document, { input }, Fields);
  const options = getFields.find(({ columnName }) => columnName === column)?.options ?? [];
  return options.map(({ id: option, value }) => ({ id: option, name: value ?? option }));
}

async function groups({ query }: Graphql): Promise<Choice[]> {
  const { getTechnicianGroupList } = await query('query { getTechnicianGroupList { groupId name } }', {}, Groups);
  return getTechnicianGroupList.map(({ groupId, name: group }) => ({ id: groupId, name: group }));
}

async function requester(
  { query, isMsp }: Graphql,
  ticket: TicketMembers,
  owner: string,
): Promise<Record<string, unknown>> {
  if (!isMsp && isSet(ticket.contactEmail))
    throw refusedMember(name, 'contactEmail', 'the product for IT teams has no clients to look one up in');
  const contact = await contactOf(name, ticket, `client ${owner} has no user with`, async (email) => {
    const condition = { attribute: 'email', operator: 'is', value: email };
    const input = { clientId: owner, listInfo: { page: 1, pageSize: 100, condition } };
    const document = `query($input: GetClientUserListInput!) { getClientUserList(input: $input) { userList { userId email } } }`;
    const users = await unlessRefused(async () => (await query(document, { input }, Users)).getClientUserList);
    if (users === undefined) return {};
    const user = users.userList.find((other) => isSameEmail(other.email, email));
    return user && { requester: { userId: user.userId } };
  });
  return contact ?? {};
}
