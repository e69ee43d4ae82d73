import * as z from 'zod/mini';
import { choose, refusedMember, unset } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { multipart } from './delivery/multipart.ts';
import type { DeliveryFile, TicketMembers } from './delivery/order.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { refusedFile, refusedTicket } from './delivery/refused.ts';
import { mentions, plainDescription } from './delivery/run-key.ts';
import { twiceIfNeedBe } from './delivery/unknown.ts';
import { unlessUnserved, withoutContact } from './delivery/unserved.ts';
import { bms } from './kaseya-bms/access.ts';
import { enveloped, listRows, name, readResult, said, searchRows } from './kaseya-bms/envelope.ts';

/** What `find` goes by. */
const FOUND_BY = ['Title', 'Details', 'AccountId'];

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
    rights: 'Service Desk > Tickets (view, modify), CRM > Accounts (view), Admin > Service Desk (view)',
  },
  members: {
    companyId: 'account, by its number; its main location goes with it',
    board: 'queue (BMS wants one, unless extra has AssigneeId)',
    status: 'status (BMS wants one)',
    type: 'ticket type, by its number: BMS lists no names (BMS wants one)',
    priority: 'priority; the default one where it is left out',
    contactEmail: 'contact of the account with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  carriesFiles: true,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  verbs(api, { apiBaseUrl, webBaseUrl, ticketModuleId, sourceId }, session) {
    const accountOf = ({ companyId }: TicketMembers): number => {
      if (/^\d+$/u.test(String(companyId))) return Number(companyId);
      throw refusedMember(name, 'companyId', `an account is named by its number, not by ${JSON.stringify(companyId)}`);
    };
    const choices = (path: string) =>
      unlessUnserved(async () => {
        const rows = await readResult(api, `/v2/system/${path}/lookup`, z.array(Named));
        return rows.flatMap(({ id, name, isactive, isdefault }): Named[] =>
          typeof name !== 'string' || isactive === false ? [] : [{ id, name, isDefault: isdefault === true }],
        );
      });
    const isSet = (value: string | number | null | undefined): value is string | number =>
      value !== null && value !== undefined;
    const isNumber = (value: string | number) => /^[1-9]\d*$/u.test(String(value));

    /** What a ticket needs and nobody set is left out and kept as a hint, for BMS may know better. */
    async function picked({ extra, ...ticket }: TicketMembers, hints: string[]): Promise<Record<string, number>> {
      const own = (field: string) => extra !== undefined && Object.hasOwn(extra, field);
      const chosen: Record<string, number> = {};
      for (const { member, field, list, spared } of [
        { member: 'status', field: 'StatusId', list: 'statuses', spared: false },
        { member: 'priority', field: 'PriorityId', list: 'priorities', spared: false },
        { member: 'board', field: 'QueueId', list: 'queues', spared: own('AssigneeId') },
      ] as const) {
        const wanted = ticket[member];
        if (!isSet(wanted) && (spared || own(field))) continue;
        const all = await choices(list);
        const preset = all?.find(({ isDefault }) => isDefault);
        if (isSet(wanted) && all !== undefined) chosen[field] = choose(name, member, wanted, all).id;
        else if (isSet(wanted) && isNumber(wanted)) chosen[field] = Number(wanted);
        else if (isSet(wanted)) {
          const what = `names cannot be looked up with these rights: give the number of "${wanted}"`;
          throw refusedMember(name, member, what);
        } else if (preset !== undefined) chosen[field] = preset.id;
        else hints.push(unset(member, all ?? []));
      }
      const { type } = ticket;
      if (isSet(type) && isNumber(type)) chosen.TypeId = Number(type);
      else if (isSet(type) && !own('TypeId')) {
        throw refusedMember(name, 'type', 'a ticket type is named by its number: its names cannot be looked up');
      } else if (!own('TypeId')) hints.push('delivery.psa.ticket.type: none is set; it is the number of a ticket type');
      if (sourceId !== undefined) chosen.SourceId = sourceId;
      else if (!own('SourceId')) hints.push('delivery.psa.ticket.extra: no "SourceId" is set; it is a number');
      return chosen;
    }

    /** Locations belong to one account; another's is refused. */
    async function location(account: number, { extra }: TicketMembers): Promise<Record<string, number>> {
      if (extra !== undefined && Object.hasOwn(extra, 'LocationId')) return {};
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
      if (answer.status === 400) throw refusedFile(name, file, answer, session, MODULE_HELP, said);
      const made = api.parse(answer, Deposited, 'POST', path);
      if (!made.success) throw refusedFile(name, file, answer, session, MODULE_HELP, said);
      const { name: called, alias, isuploadedtoblob } = made.result;
      return { Name: called, Alias: alias, IsUploadedToBlob: isuploadedtoblob ?? null };
    }

    /** Files that go along are a convenience: where BMS takes none that way, they are hung on the ticket afterwards. */
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
       * A ticket has no field for a foreign reference: the key stands in the text, and BMS filters loosely. All months are
       * looked through: a run may be delivered again long after, under the same id.
       */
      async find(order) {
        const account = accountOf(order.ticket);
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
        const account = accountOf(ticket);
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
          const answer = await api.send('POST', '/v2/servicedesk/tickets', { json, accept: [400] });
          if (answer.status === 400) throw refusedTicket(name, answer, session, said, hints);
          const made = api.parse(answer, Made, 'POST', '/v2/servicedesk/tickets');
          if (!made.success) throw refusedTicket(name, answer, session, said, hints);
          return String(made.result.id);
        };
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
        const answer = await api.send('POST', path, { ...multipart([{ name: 'formFile', file }]), accept: [400, 404] });
        if (answer.status >= 400 || !api.parse(answer, Attached, 'POST', path).success) {
          throw refusedFile(name, file, answer, session, MODULE_HELP, said);
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
