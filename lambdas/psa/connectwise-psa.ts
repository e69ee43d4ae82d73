import * as z from 'zod/mini';
import type { Query } from '../wire/request.ts';
import { connectwise } from './connectwise-psa/access.ts';
import { manageApi, name, userOrigin } from './connectwise-psa/manage.ts';
import { choose, refusedMember } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { multipart } from './delivery/multipart.ts';
import type { TicketMembers } from './delivery/order.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { refusedFile, refusedTicket } from './delivery/refused.ts';
import { plainDescription } from './delivery/run-key.ts';
import { unlessUnserved } from './delivery/unserved.ts';

const Found = z.array(z.object({ id: z.int(), externalXRef: z.optional(z.nullable(z.string())) }));
const Created = z.object({ id: z.int() });
const isFlagged = z.optional(z.nullable(z.boolean()));
/** Boards carry the one flag, statuses the other. */
const Named = z.array(z.object({ id: z.int(), name: z.string(), inactiveFlag: isFlagged, inactive: isFlagged }));
const Contacts = z.array(z.object({ id: z.int() }));
const Companies = z.array(z.object({ id: z.int(), name: z.string(), deletedFlag: z.optional(z.boolean()) }));
const Documents = z.array(
  z.object({
    id: z.int(),
    fileName: z.optional(z.nullable(z.string())),
    title: z.optional(z.nullable(z.string())),
    size: z.optional(z.nullable(z.int())),
  }),
);
const Refusal = z.object({
  message: z.string(),
  errors: z.optional(
    z.nullable(
      z.array(z.object({ message: z.optional(z.nullable(z.string())), field: z.optional(z.nullable(z.string())) })),
    ),
  ),
});

/** A text inside a condition; the grammar has no escape for its quotes. */
const quoted = (text: string): string => `"${text.replace(/["\\]/gu, '')}"`;

export default psa({
  ...connectwise,
  setup: {
    create:
      'System > Members > API Members > new member > API Keys > new key; the client id comes from developer.connectwise.com/ClientID',
    rights:
      'Service Desk > Service Tickets (add, inquire all), Companies > Company Maintenance and Contacts (inquire all), Companies > Manage Documents (add, inquire all), System > Table Setup (inquire)',
  },
  members: {
    companyId: 'company, by its number or its identifier',
    board: "service board (without one, ConnectWise's default)",
    status: 'status of that board',
    type: 'type of that board',
    priority: 'priority',
    contactEmail: 'contact of the company with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  verbs(api, { siteUrl, companyId, companyStatus, companyType }, session) {
    const manage = manageApi(api, siteUrl, companyId);

    const active = async (path: string) => {
      const rows: z.output<typeof Named> = [];
      for await (const row of manage.list(path, Named)) {
        if (row.inactiveFlag !== true && row.inactive !== true) rows.push(row);
      }
      return rows;
    };

    type Reference = { id: number } | { name: string | number };

    /** By id where the list can be read: a name may be changed under our hands between the look-up and the call. */
    async function reference(
      member: 'board' | 'status' | 'type' | 'priority',
      wanted: string | number,
      path: string | undefined,
    ): Promise<Reference> {
      const rows = path === undefined ? undefined : await unlessUnserved(() => active(path));
      if (rows !== undefined) return { id: choose(name, member, wanted, rows).id };
      return isNumber(wanted) ? { id: Number(wanted) } : { name: wanted };
    }

    async function references({ board, ...members }: TicketMembers): Promise<Record<string, unknown>> {
      const chosen: Record<string, Reference> = {};
      if (board !== null && board !== undefined) chosen.board = await reference('board', board, '/service/boards');
      const { board: on } = chosen;
      const below = (list: string) => (on !== undefined && 'id' in on ? `/service/boards/${on.id}/${list}` : undefined);
      const lists = { status: below('statuses'), type: below('types'), priority: '/service/priorities' };
      for (const member of ['status', 'type', 'priority'] as const) {
        const wanted = members[member];
        if (wanted !== null && wanted !== undefined) chosen[member] = await reference(member, wanted, lists[member]);
      }
      return chosen;
    }

    const isNumber = (id: string | number) => /^\d+$/u.test(String(id));

    async function contact(ticket: TicketMembers): Promise<Record<string, unknown>> {
      const { contactEmail, companyId: company } = ticket;
      if (contactEmail === null || contactEmail === undefined) return {};
      const found = await unlessUnserved(() =>
        manage.get(
          '/company/contacts',
          {
            conditions: isNumber(company) ? `company/id=${company}` : `company/identifier=${quoted(String(company))}`,
            childConditions: `communicationItems/value=${quoted(String(contactEmail))}`,
            fields: 'id',
            orderBy: 'id',
            pageSize: 2,
          },
          Contacts,
        ),
      );
      if (found === undefined) return { contactEmailAddress: String(contactEmail) };
      const [first] = found;
      if (first === undefined)
        throw refusedMember(name, 'contactEmail', `company ${company} has no contact with ${contactEmail}`);
      return { contact: { id: first.id } };
    }

    return {
      async find({ runKey }) {
        const conditions = `externalXRef=${quoted(runKey)}`;
        const found = await manage.get(
          '/service/tickets',
          { conditions, fields: 'id,summary,externalXRef', orderBy: 'id', pageSize: 10 },
          Found,
        );
        const ticket = found.find(({ externalXRef }) => externalXRef === runKey);
        return ticket === undefined ? undefined : String(ticket.id);
      },
      async prepare(order) {
        const { ticket } = order;
        const { companyId: company } = ticket;
        const body = {
          summary: order.title,
          recordType: 'ServiceTicket',
          company: isNumber(company) ? { id: Number(company) } : { identifier: company },
          ...(await references(ticket)),
          ...(await contact(ticket)),
          initialDescription: plainDescription(order),
          externalXRef: order.runKey,
        };
        const json = withExtra(name, body, ticket, ['externalXRef']);
        return async () => {
          const answer = await manage.send('POST', '/service/tickets', { json, accept: [400, 409] });
          if (answer.status >= 400) throw refusedTicket(name, answer, session, said);
          return String(api.parse(answer, Created, 'POST', '/service/tickets').id);
        };
      },
      async attachments(ticketId) {
        const held: { name: string; size?: number }[] = [];
        for await (const { fileName, title, size } of manage.list('/system/documents', Documents, {
          recordType: 'Ticket',
          recordId: ticketId,
        })) {
          for (const called of new Set([fileName, title])) {
            if (typeof called === 'string') held.push({ name: called, ...(typeof size === 'number' ? { size } : {}) });
          }
        }
        return held;
      },
      async attach(ticketId, file) {
        const { bytes, headers } = multipart([
          { name: 'recordType', value: 'Ticket' },
          { name: 'recordId', value: ticketId },
          { name: 'title', value: file.name },
          { name: 'privateFlag', value: 'true' },
          { name: 'readOnlyFlag', value: 'false' },
          { name: 'isAvatar', value: 'false' },
          { name: 'file', file },
        ]);
        const answer = await manage.send('POST', '/system/documents', { bytes, headers, accept: [400, 413, 415] });
        if (answer.status >= 400) throw refusedFile(name, file, answer, session, 'attach it by hand', said);
        api.parse(answer, Created, 'POST', '/system/documents');
      },
      link: (ticketId) => {
        const url = new URL('/v4_6_release/services/system_io/router/openrecord.rails', userOrigin(siteUrl));
        url.search = new URLSearchParams({
          locale: 'en_US',
          recordType: 'ServiceFv',
          recid: ticketId,
          companyName: companyId,
        }).toString();
        return url.href;
      },
      async *companies() {
        const query: Query = {
          fields: 'id,identifier,name,status,types,deletedFlag',
          conditions: `deletedFlag=false and status/name=${quoted(companyStatus)}`,
          childConditions: companyType === null ? undefined : `types/name=${quoted(companyType)}`,
        };
        for await (const company of manage.list('/company/companies', Companies, query)) {
          if (company.deletedFlag !== true) yield { id: String(company.id), name: company.name };
        }
      },
    };
  },
});

/** Message and fields of ConnectWise's error body, in its own words. */
function said(body: unknown): string {
  const { message, errors } = z.parse(Refusal, body);
  return [
    message,
    ...(errors ?? []).map(({ field, message: fault }) =>
      [field, fault].filter((part) => typeof part === 'string').join(': '),
    ),
  ].join('; ');
}
