import * as z from 'zod/mini';
import { type Choice, refusedMember, unset } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { isInExtra, isNumber, isSet, lookUpAll, lookup, numberOf } from './delivery/lookup.ts';
import { multipart } from './delivery/multipart.ts';
import type { DeliveryFile, TicketMembers } from './delivery/order.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { FAULTS, refusedFile, refusedTicket } from './delivery/refused.ts';
import { mentions, plainDescription } from './delivery/run-key.ts';
import { twiceIfNeedBe } from './delivery/unknown.ts';
import { unlessUnserved, withoutContact } from './delivery/unserved.ts';
import { bms } from './kaseya-bms/access.ts';
import { enveloped, listRows, name, readResult, searchRows, wordsOf } from './kaseya-bms/envelope.ts';
import { rights } from './kaseya-bms/rights.ts';

/** What `find` goes by. */
const FOUND_BY = ['Title', 'Details', 'AccountId'];

const FIELDS = [
  { member: 'status', field: 'StatusId' },
  { member: 'priority', field: 'PriorityId' },
  { member: 'board', field: 'QueueId' },
] as const;

const MODULE_HELP = 'ticketModuleId in secrets/kaseya-bms.json must be the module of tickets in this tenant';

const text = z.optional(z.nullable(z.string()));
const Ticket = z.object({
  id: z.int(),
  title: text,
  details: text,
  accountid: z.optional(z.nullable(z.int())),
});
const Made = enveloped(z.object({ id: z.int() }));
const Location = z.object({ id: z.int(), name: text, ismain: z.boolean() });
const flag = z.optional(z.nullable(z.boolean()));
const Named = z.object({ id: z.int(), name: text, isactive: flag, isdefault: flag });
type Named = { id: number; name: string; isDefault: boolean };
const Contact = z.object({ id: z.int(), emailaddress: text });
const Account = z.object({ id: z.int(), accountname: z.string(), isactive: z.boolean() });
const Attachment = z.object({ id: z.int(), originalfilename: text });
const Attached = enveloped(z.unknown());
const Deposited = enveloped(
  z.object({ name: z.string(), alias: z.string(), isuploadedtoblob: z.optional(z.nullable(z.boolean())) }),
);

export default psa({
  ...bms,
  setup: {
    create:
      'HR > Employees > New: user type API Employee, with a role of Admin > Security > Roles (Internal) that has Admin > Special Features > Has API Access; the credentials come by e-mail; tenant and server stand under My Settings. ' +
      'ticketModuleId is published nowhere: on a ticket that has an attachment, try GET /v2/system/attachments/{n}/{ticketId} for n = 1, 2, 3, … until its rows come, or watch the calls of the web page',
    rights,
  },
  members: {
    companyId: 'account, by its number; its main location goes with it',
    board: 'queue (BMS needs one, unless extra has AssigneeId)',
    status: 'status (BMS needs one)',
    type: 'ticket type, by its number: BMS lists no names (BMS needs one)',
    priority: 'priority; the default one where it is left out',
    contactEmail: 'contact of the account with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  carriesFiles: true,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ apiBaseUrl, tenant }) => `${new URL(apiBaseUrl).origin} ${tenant}`,
  operations(api, { apiBaseUrl, webBaseUrl, ticketModuleId, sourceId }, session) {
    const listOf = (path: string) => async () => {
      const rows = await readResult(api, `/v2/system/${path}/lookup`, z.array(Named));
      return rows.flatMap(({ id, name, isactive, isdefault }): Named[] =>
        typeof name !== 'string' || isactive === false ? [] : [{ id, name, isDefault: isdefault === true }],
      );
    };
    const lists = { status: listOf('statuses'), priority: listOf('priorities'), board: listOf('queues') };

    /** What a ticket needs and nobody set is left out and kept as a hint, for BMS may know better. */
    async function picked(ticket: TicketMembers, hints: string[]): Promise<Record<string, Choice['id']>> {
      const chosen: Record<string, Choice['id']> = {};
      const meant = await lookUpAll(name, ticket, {
        status: lookup(lists.status),
        priority: lookup(lists.priority),
        board: lookup(lists.board),
      });
      for (const { member, field } of FIELDS) {
        const { id } = meant[member] ?? (await preset(ticket, member, field, hints)) ?? {};
        if (id !== undefined) chosen[field] = id;
      }
      const { type } = ticket;
      if (isSet(type) && isNumber(type)) chosen.TypeId = Number(type);
      else if (isSet(type) && !isInExtra(ticket, 'TypeId')) {
        throw refusedMember(name, 'type', 'a ticket type is named by its number: its names cannot be looked up');
      } else if (!isInExtra(ticket, 'TypeId')) {
        hints.push('delivery.psa.ticket.type: none is set; it is the number of a ticket type');
      }
      if (sourceId !== undefined) chosen.SourceId = sourceId;
      else if (!isInExtra(ticket, 'SourceId')) {
        hints.push('delivery.psa.ticket.extra: no "SourceId" is set; it is a number');
      }
      return chosen;
    }

    /** The list's default for what nobody set; a queue is not needed beside an assignee. */
    async function preset(
      ticket: TicketMembers,
      member: keyof typeof lists,
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
    async function location(account: number, ticket: TicketMembers): Promise<Record<string, number>> {
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

    async function contact({ contactEmail }: TicketMembers, account: number): Promise<Record<string, number>> {
      if (!isSet(contactEmail)) return {};
      const email = String(contactEmail).trim().toLowerCase();
      const contacts = listRows(api, `/v2/crm/accounts/${account}/contacts/lookup`, Contact, {}, 'short');
      for await (const { id, emailaddress } of contacts) {
        if (emailaddress?.trim().toLowerCase() === email) return { ContactId: id };
      }
      throw refusedMember(name, 'contactEmail', `account ${account} has no contact with ${contactEmail}`);
    }

    /** Uploads a file that a ticket yet to be made will take; one that no ticket takes is seen by nobody. */
    async function deposit(file: DeliveryFile): Promise<Record<string, unknown>> {
      const path = `/v2/system/attachments/${ticketModuleId}`;
      const answer = await api.send('POST', path, {
        ...multipart([{ name: 'File', file }]),
        reads: true,
        accept: [400],
      });
      if (answer.status === 400) throw refusedFile(name, file, answer, session, MODULE_HELP, { read: wordsOf });
      const made = api.parse(answer, Deposited, 'POST', path);
      if (!made.success) throw refusedFile(name, file, answer, session, MODULE_HELP, { read: wordsOf });
      const { name: stored, alias, isuploadedtoblob } = made.result;
      return { Name: stored, Alias: alias, IsUploadedToBlob: isuploadedtoblob ?? null };
    }

    /** Files that go along are a convenience: where BMS takes none that way, they are attached to the ticket afterwards. */
    async function deposited(files: readonly DeliveryFile[]): Promise<Record<string, unknown>> {
      const deposits = await unlessUnserved(async () => {
        const all: Record<string, unknown>[] = [];
        for (const file of files) all.push(await twiceIfNeedBe(() => deposit(file)));
        return all;
      });
      return deposits === undefined || deposits.length === 0 ? {} : { TempAttachments: deposits };
    }

    /** The same search by GET. */
    async function listTickets(filter: Record<string, string | number>): Promise<z.output<typeof Ticket>[]> {
      const query = Object.fromEntries(Object.entries(filter).map(([member, value]) => [`Filter.${member}`, value]));
      const rows: z.output<typeof Ticket>[] = [];
      for await (const row of listRows(api, '/v2/servicedesk/tickets', Ticket, query)) rows.push(row);
      return rows;
    }

    async function detailsOf(id: number): Promise<string> {
      const { details } = await readResult(api, `/v2/servicedesk/tickets/${id}`, Ticket);
      return details ?? '';
    }

    return {
      /**
       * A ticket has no field for a foreign reference: the key is in the text, and BMS filters loosely. All months are
       * looked through: a run may be delivered again long after, under the same id.
       */
      async find(order) {
        const account = numberOf(name, order.ticket, 'an account');
        const filter = { Title: order.title, AccountIds: String(account), ExcludeCompleted: 0 };
        const search = () => searchRows(api, '/v2/servicedesk/tickets/search', Ticket, filter);
        const found: number[] = [];
        for (const { id, title, details, accountid } of (await unlessUnserved(search)) ?? (await listTickets(filter))) {
          if (title?.trim() !== order.title || (accountid ?? account) !== account) continue;
          if (mentions(details ?? (await detailsOf(id)), order.runKey)) found.push(id);
        }
        return found.length === 0 ? undefined : String(Math.min(...found));
      },
      async prepare(order) {
        const { ticket, files = [] } = order;
        const account = numberOf(name, ticket, 'an account');
        const hints: string[] = [];
        const chosen = { ...(await location(account, ticket)), ...(await picked(ticket, hints)) };
        const person = await unlessUnserved(() => contact(ticket, account));
        const members = {
          Title: order.title,
          Details: plainDescription(person === undefined ? withoutContact(order) : order),
          AccountId: account,
          ...chosen,
          OpenDate: order.asOf,
          ...person,
        };
        const json = withExtra(name, { ...members, ...(await deposited(files)) }, ticket, FOUND_BY);
        return async () => {
          const answer = await api.send('POST', '/v2/servicedesk/tickets', { json, accept: [400, ...FAULTS] });
          if (answer.status >= 400) throw refusedTicket(name, answer, session, { read: wordsOf, hints });
          const made = api.parse(answer, Made, 'POST', '/v2/servicedesk/tickets');
          if (!made.success) throw refusedTicket(name, answer, session, { read: wordsOf, hints });
          return String(made.result.id);
        };
      },
      async isGone(ticketId) {
        const path = `/v2/servicedesk/tickets/${ticketId}`;
        const answer = await api.send('GET', path, { accept: [404] });
        return answer.status === 404 || !api.parse(answer, Attached, 'GET', path).success;
      },
      async attachments(ticketId) {
        const held: { name: string }[] = [];
        const path = `/v2/system/attachments/${ticketModuleId}/${ticketId}`;
        for await (const { originalfilename } of listRows(api, path, Attachment, {}, 'short')) {
          if (typeof originalfilename === 'string') held.push({ name: originalfilename });
        }
        return held;
      },
      async attach(ticketId, file) {
        const path = `/v2/system/attachments/${ticketModuleId}/${ticketId}`;
        const answer = await api.send('POST', path, {
          ...multipart([{ name: 'formFile', file }]),
          accept: [400, 404, ...FAULTS],
        });
        if (answer.status >= 400 || !api.parse(answer, Attached, 'POST', path).success) {
          throw refusedFile(name, file, answer, session, MODULE_HELP, { read: wordsOf });
        }
      },
      link: (ticketId) =>
        `${(webBaseUrl ?? apiBaseUrl.replace('//api.', '//')).replace(/\/$/u, '')}/react/servicedesk/tickets/${ticketId}`,
      async *companies() {
        const rows = listRows(api, '/v2/crm/accounts/summary', Account, { 'Filter.IsActive': true });
        for await (const { id, accountname, isactive } of rows)
          if (isactive) yield { id: String(id), name: accountname };
      },
    };
  },
});
