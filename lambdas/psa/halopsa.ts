import * as z from 'zod/mini';
import { maybe } from '../wire/forms.ts';
import { byPage, single } from '../wire/paging.ts';
import type { Query } from '../wire/request.ts';
import { type Choice, refusedMember } from './delivery/choose.ts';
import { withExtra } from './delivery/extra.ts';
import { isSet, lookUpAll, lookup, numberOf } from './delivery/lookup.ts';
import type { TicketMembers } from './delivery/order.ts';
import { type Attached, psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { FAULTS, refusedFile, refusedTicket } from './delivery/refused.ts';
import { htmlDescription, mentions } from './delivery/run-key.ts';
import { unlessUnserved } from './delivery/unserved.ts';
import { halo, trimmed } from './halopsa/access.ts';
import { rights } from './halopsa/rights.ts';

const { name } = halo;

/** Halo's clock may show local time: a ticket that looks this much older than the run may still be its own. */
const CLOCK_SLACK_MILLISECONDS = 48 * 3600 * 1000;

/** So many older tickets of the run's title are read too: a run may be delivered again long after, under the same id. */
const OLDER_READ = 12;

/** What `find` goes by. */
const FOUND_BY = ['summary', 'client_id', 'details', 'details_html'];

const Tickets = z.object({
  record_count: z.int(),
  tickets: z.array(
    z.object({
      id: z.int(),
      summary: maybe(z.string()),
      dateoccurred: maybe(z.string()),
    }),
  ),
});
const Ticket = z.object({
  details: maybe(z.string()),
  details_html: maybe(z.string()),
});
const Clients = z.object({
  record_count: z.int(),
  clients: z.array(z.object({ id: z.int(), name: z.string(), inactive: z.boolean() })),
});
const Attachments = z.object({
  record_count: z.optional(z.int()),
  attachments: z.array(z.object({ id: z.int(), filename: z.string(), filesize: maybe(z.int()) })),
});
const User = z.object({
  id: z.int(),
  emailaddress: maybe(z.string()),
  site_id: maybe(z.number()),
});
/** A list like the others, or bare like the tables for setting up a ticket. */
const Users = z.union([z.array(User), z.object({ users: z.array(User) })]);
const Named = z.array(z.object({ id: z.int(), name: z.string() }));
const TicketType = z.object({ default_sla: maybe(z.int()) });
/** The same priority is listed once for every SLA; then `id` is a guid of that pair, and `priorityid` what a ticket takes. */
const Priorities = z.array(
  z.object({
    id: maybe(z.union([z.int(), z.string()])),
    priorityid: maybe(z.int()),
    slaid: maybe(z.int()),
    name: maybe(z.string()),
  }),
);
/** An array of one is answered with a single object, by most instances. */
const Id = z.object({ id: z.int() });
const Made = z.union([Id, z.tuple([Id])]);

export default psa({
  ...halo,
  setup: {
    create:
      'Configuration > Integrations > Halo API > View Applications > New: Client ID and Secret (Services), login type Agent',
    rights,
  },
  members: {
    companyId: 'client, by its number',
    board: 'team',
    status: 'status',
    type: 'ticket type',
    priority: 'priority',
    contactEmail: 'user of the client with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ baseUrl, tenant }) => [trimmed(baseUrl), tenant].join(' '),
  operations(api, { baseUrl }, session) {
    const table = (path: string, query?: Query) => () => api.get(path, { query, schema: Named });

    /** Each SLA has priorities of its own; the ticket's is that of its type. */
    const prioritiesOf = (type: Choice | undefined) => async (): Promise<Choice[]> => {
      const slaid = type === undefined ? undefined : await slaOf(type);
      const distinct = new Map<string, Choice>();
      for (const priority of await api.get('/Priority', { query: { slaid }, schema: Priorities })) {
        const { priorityid, name } = priority;
        const id = priorityid ?? priority.id;
        const isOfAnother = slaid !== undefined && isSet(priority.slaid) && priority.slaid !== slaid;
        if (!isOfAnother && isSet(id) && isSet(name)) distinct.set(JSON.stringify([id, name]), { id, name });
      }
      return [...distinct.values()];
    };
    /** Undefined where the type has none of its own; Halo writes that as 0 or less. */
    async function slaOf({ id }: Choice): Promise<number | undefined> {
      const type = await unlessUnserved(() => api.get(`/TicketType/${id}`, { schema: TicketType }));
      return isSet(type?.default_sla) && type.default_sla > 0 ? type.default_sla : undefined;
    }

    /** A ticket for a user must name the user's site too. */
    async function user(ticket: TicketMembers, client: number): Promise<Record<string, unknown>> {
      const { contactEmail } = ticket;
      if (!isSet(contactEmail)) return {};
      const email = String(contactEmail).toLowerCase();
      const answer = await api.get('/Users', { query: { client_id: client, search: email }, schema: Users });
      const found = (Array.isArray(answer) ? answer : answer.users).find(
        ({ emailaddress }) => emailaddress?.toLowerCase() === email,
      );
      if (found === undefined) throw refusedMember(name, 'contactEmail', `client ${client} has no user with ${email}`);
      return { user_id: found.id, ...(typeof found.site_id === 'number' ? { site_id: found.site_id } : {}) };
    }

    return {
      /** Halo has no field for a foreign reference that every instance can be searched by: the key stands in the text. */
      async find(order) {
        const rows = api.pages(
          '/Tickets',
          { page: Tickets, rows: (page) => page.tickets, key: (row) => row.id },
          byPage({
            param: 'page_no',
            first: 1,
            size: { param: 'page_size', value: 50 },
            query: {
              pageinate: true,
              client_id: numberOf(name, order.ticket, 'a client'),
              search_summary: order.title,
            },
            declared: ({ record_count }) => ({ rows: record_count }),
          }),
        );
        const earliest = Date.parse(order.asOf) - CLOCK_SLACK_MILLISECONDS;
        const candidates: number[] = [];
        const older: number[] = [];
        for await (const { id, summary, dateoccurred } of rows) {
          if (summary?.trim() !== order.title) continue;
          (Date.parse(dateoccurred ?? '') < earliest ? older : candidates).push(id);
        }
        const newestFirst = older.sort((a, b) => b - a).slice(0, OLDER_READ);
        for (const id of [...candidates.sort((a, b) => a - b), ...newestFirst]) {
          const { details, details_html } = await api.get(`/Tickets/${id}`, {
            query: { includedetails: true },
            schema: Ticket,
          });
          if ([details, details_html].some((text) => mentions(text ?? '', order.runKey))) return String(id);
        }
        return undefined;
      },
      async prepare(order) {
        const { ticket } = order;
        const client_id = numberOf(name, ticket, 'a client');
        const { type, status, board } = await lookUpAll(name, ticket, {
          type: lookup(table('/TicketType', { can_create_only: true })),
          status: lookup(table('/Status')),
          // A team goes by its name anyway.
          board: lookup(table('/Team'), 'anything'),
        });
        const { priority } = await lookUpAll(name, ticket, { priority: lookup(prioritiesOf(type)) });
        const body = {
          summary: order.title,
          details_html: htmlDescription(order),
          client_id,
          tickettype_id: type?.id,
          status_id: status?.id,
          priority_id: priority?.id,
          team: board?.name,
          ...(await user(ticket, client_id)),
          donotapplytemplateintheapi: true,
          _novalidate: true,
        };
        const json = [withExtra(name, body, ticket, FOUND_BY)];
        return async () => {
          const answer = await api.send('POST', '/Tickets', { json, accept: [400, ...FAULTS] });
          if (answer.status >= 400) throw refusedTicket(name, answer, session);
          const made = api.parse(answer, Made, 'POST', '/Tickets');
          return String((Array.isArray(made) ? made[0] : made).id);
        };
      },
      isGone: async (ticketId) => (await api.send('GET', `/Tickets/${ticketId}`, { accept: [404] })).status === 404,
      async attachments(ticketId) {
        const held: Attached[] = [];
        const rows = api.pages(
          '/Attachment',
          { query: { ticket_id: ticketId }, page: Attachments, rows: (page) => page.attachments, key: (row) => row.id },
          single(({ record_count }) => ({ rows: record_count })),
        );
        for await (const { filename, filesize } of rows) held.push({ name: filename, size: filesize ?? undefined });
        return held;
      },
      async attach(ticketId, file) {
        const id = Number(ticketId);
        const attachment = {
          // The vendor's template names the ticket by the first, its newer clients by the second.
          ticket_id: id,
          faultid: id,
          filename: file.name,
          data_base64: Buffer.from(file.bytes).toString('base64'),
          isimage: false,
          showforusers: false,
        };
        const answer = await api.send('POST', '/Attachment', { json: [attachment], accept: [400, 413, ...FAULTS] });
        if (answer.status >= 400) throw refusedFile(name, file, answer, session, 'attach it by hand');
        api.parse(answer, Made, 'POST', '/Attachment');
      },
      link: (ticketId) => `${trimmed(baseUrl)}/tickets?id=${encodeURIComponent(ticketId)}`,
      async *companies() {
        const rows = api.pages(
          '/Client',
          { page: Clients, rows: (page) => page.clients, key: (row) => row.id },
          byPage({
            param: 'page_no',
            first: 1,
            size: { param: 'page_size', value: 100 },
            query: { pageinate: true, includeactive: true, includeinactive: false },
            declared: ({ record_count }) => ({ rows: record_count }),
          }),
        );
        for await (const client of rows) if (!client.inactive) yield { id: String(client.id), name: client.name };
      },
    };
  },
});
