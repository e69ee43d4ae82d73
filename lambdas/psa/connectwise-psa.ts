import * as z from 'zod/mini';
import { maybe } from '../wire/forms.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import type { Query } from '../wire/request.ts';
import { connectwise } from './connectwise-psa/access.ts';
import { apiOrigin, manageApi, name, userOrigin } from './connectwise-psa/manage.ts';
import { rights } from './connectwise-psa/rights.ts';
import { type Choice, refusedMember } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { isNumber, isSet, lookUpAll, lookup } from './delivery/lookup.ts';
import { multipart } from './delivery/multipart.ts';
import type { TicketMembers } from './delivery/order.ts';
import { type Attached, psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { FAULTS, refusedFile, refusedTicket } from './delivery/refused.ts';
import { plainDescription } from './delivery/run-key.ts';
import { unlessUnserved } from './delivery/unserved.ts';

const Found = z.array(z.object({ id: z.int(), externalXRef: maybe(z.string()) }));
const Created = z.object({ id: z.int() });
const isFlagged = maybe(z.boolean());
/** Boards carry the one flag, statuses the other. */
const Named = z.array(z.object({ id: z.int(), name: z.string(), inactiveFlag: isFlagged, inactive: isFlagged }));
const Contacts = z.array(z.object({ id: z.int() }));
const Companies = z.array(z.object({ id: z.int(), name: z.string(), deletedFlag: z.optional(z.boolean()) }));
const Documents = z.array(
  z.object({
    id: z.int(),
    fileName: maybe(z.string()),
    title: maybe(z.string()),
    size: maybe(z.int()),
  }),
);
const Refusal = z.object({
  message: z.string(),
  errors: maybe(z.array(z.object({ message: maybe(z.string()), field: maybe(z.string()) }))),
});

/** A text inside a condition; the grammar has no escape for its quotes. */
const quoted = (text: string): string => `"${text.replace(/["\\]/gu, '')}"`;

export default psa({
  ...connectwise,
  setup: {
    create:
      'System > Members > API Members > new member > API Keys > new key; the client id comes from developer.connectwise.com/ClientID',
    rights,
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
  address: ({ siteUrl, companyId }) => `${apiOrigin(siteUrl)} ${companyId}`,
  operations(api, { siteUrl, companyId, companyStatus, companyType }, session) {
    const manage = manageApi(api, siteUrl, companyId);

    const active = (path: string) => async () => {
      const rows: z.output<typeof Named> = [];
      for await (const row of manage.list(path, Named)) {
        if (row.inactiveFlag !== true && row.inactive !== true) rows.push(row);
      }
      return rows;
    };

    /** By id where the list can be read: a name may be changed under our hands between the look-up and the call. */
    const reference = (choice: Choice | undefined) =>
      choice === undefined ? undefined : typeof choice.id === 'number' ? { id: choice.id } : { name: choice.name };

    /** Statuses and types belong to a board; of one whose number is not known they go unchecked. */
    async function references(ticket: TicketMembers): Promise<Record<string, unknown>> {
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
      return {
        board: reference(board),
        status: reference(status),
        type: reference(type),
        priority: reference(priority),
      };
    }

    async function contact(ticket: TicketMembers): Promise<Record<string, unknown>> {
      const { contactEmail, companyId: company } = ticket;
      if (!isSet(contactEmail)) return {};
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
          const answer = await manage.send('POST', '/service/tickets', { json, accept: [400, 409, ...FAULTS] });
          if (answer.status >= 400) throw refusedTicket(name, answer, session, { read: wordsOf });
          return String(api.parse(answer, Created, 'POST', '/service/tickets').id);
        };
      },
      async isGone(ticketId) {
        try {
          await manage.get(`/service/tickets/${ticketId}`, { fields: 'id' }, Created);
          return false;
        } catch (error) {
          if (error instanceof RefusedAnswer && error.status === 404) return true;
          throw error;
        }
      },
      async attachments(ticketId) {
        const held: Attached[] = [];
        for await (const { fileName, title, size } of manage.list('/system/documents', Documents, {
          recordType: 'Ticket',
          recordId: ticketId,
        })) {
          for (const called of new Set([fileName, title])) {
            if (isSet(called)) held.push({ name: called, size: size ?? undefined });
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
        const answer = await manage.send('POST', '/system/documents', {
          bytes,
          headers,
          accept: [400, 413, 415, ...FAULTS],
        });
        if (answer.status >= 400)
          throw refusedFile(name, file, answer, session, 'attach it by hand', { read: wordsOf });
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
function wordsOf(body: unknown): string {
  const { message, errors } = z.parse(Refusal, body);
  return [
    message,
    ...(errors ?? []).map(({ field, message: fault }) =>
      [field, fault].filter((part) => typeof part === 'string').join(': '),
    ),
  ].join('; ');
}
