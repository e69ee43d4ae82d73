import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import { basic } from '../vendor/auth.ts';
import { byLink, nextLink } from '../vendor/paging.ts';
import type { Query } from '../vendor/request.ts';
import { choose, refusedMember, refusedSetting } from './desk/choose.ts';
import { withExtra } from './desk/extra.ts';
import { multipart } from './desk/multipart.ts';
import type { TicketMembers } from './desk/order.ts';
import { psa } from './desk/psa.ts';
import { refusedFile, refusedTicket } from './desk/refused.ts';
import { htmlDescription, mentions, shortKey } from './desk/run-key.ts';
import { chosen, type Wanted } from './freshdesk/choices.ts';
import { formOf } from './freshdesk/form.ts';
import { type Requester, requesters } from './freshdesk/requester.ts';

const id = 'freshdesk';
const name = 'Freshdesk';

const LONGEST_TAG = 32;
const DAY_MILLISECONDS = 24 * 3600 * 1000;
/** More is an error there, not a shorter page. */
const PAGE = 100;
const SOURCE_PORTAL = 2;

/**
 * The search index is minutes late, so the list is asked. That it shows a ticket at once is what its documents let one expect,
 * not what they say: it is waited for twice as long as for other PSAs before a ticket is made again.
 */
const LIST_SETTLED_SECONDS = 120;

/** What `find` goes by. */
const FOUND_BY = ['subject', 'tags', 'description', 'requester_id', 'email', 'phone', 'unique_external_id'];

const Tickets = z.array(
  z.object({
    id: z.int(),
    subject: z.optional(z.nullable(z.string())),
    tags: z.optional(z.nullable(z.array(z.string()))),
  }),
);
const Files = z.array(
  z.object({
    name: z.string(),
    size: z.optional(z.nullable(z.number())),
    file_size: z.optional(z.nullable(z.number())),
  }),
);
const Texts = z.object({
  tags: z.optional(z.nullable(z.array(z.string()))),
  description: z.optional(z.nullable(z.string())),
  description_text: z.optional(z.nullable(z.string())),
});
const Ticket = z.object({ attachments: Files });
const Conversations = z.array(z.object({ id: z.int(), attachments: Files }));
const Made = z.object({ id: z.int() });
const Companies = z.array(z.object({ id: z.int(), name: z.string() }));
const Groups = z.array(z.object({ id: z.int(), name: z.string() }));
const Refusal = z.union([
  z.object({
    description: z.string(),
    errors: z.optional(
      z.array(z.object({ field: z.optional(z.nullable(z.string())), message: z.optional(z.nullable(z.string())) })),
    ),
  }),
  z.object({ code: z.string(), message: z.string() }),
]);

const word = z.optional(z.union([z.string(), z.int()]));

export default psa({
  id,
  name,
  setup: {
    create:
      'sign in as an agent of its own > profile picture > Profile settings > API key; the key is the agent, and ends with it',
    rights:
      'global ticket scope; may create tickets, add notes, and see companies, contacts and groups. The requester must be a contact that exists',
  },
  secret: z.strictObject({
    /** "contoso" of contoso.freshdesk.com; an address of one's own does not work. */
    domain: z
      .string()
      .check(z.regex(/^[a-z0-9][a-z0-9-]*$/iu, 'expected the first part alone: contoso of contoso.freshdesk.com')),
    apiKey: z.string().check(z.minLength(1)),
  }),
  configuration: z.strictObject({
    /** Who asks for the ticket where delivery.psa.ticket.contactEmail names nobody; one of the two. */
    requesterEmail: z.optional(z.string().check(z.minLength(3))),
    requesterId: z.optional(z.int()),
    groupId: z.optional(z.int()),
    responderId: z.optional(z.int()),
    productId: z.optional(z.int()),
    type: z.optional(z.string()),
    status: word,
    priority: word,
    /** Fields of the account's own, by their names (cf_…). */
    customFields: z._default(z.record(z.string(), z.unknown()), {}),
    /** A single-line field (cf_…) that takes the run key too. */
    runKeyField: z.optional(z.string()),
    /** The account has the feature Multiple Companies: a ticket may name another company than its requester's. */
    multipleCompanies: z._default(z.boolean(), false),
  }),
  members: {
    companyId: "company, by its number; without Multiple Companies it must be the requester's",
    board: 'group',
    status: 'status (without one: Open)',
    type: 'type',
    priority: 'priority (without one: Low)',
    contactEmail: 'requester: the contact with that e-mail address',
  },
  // 20 MB for all files of a ticket together: both files of a report must fit.
  attachmentLimit: 9_000_000,
  carriesFiles: true,
  settleSeconds: LIST_SETTLED_SECONDS,
  api: ({ domain, apiKey }) => ({
    name,
    base: `https://${domain}.freshdesk.com/api/v2`,
    auth: basic(apiKey, 'X'),
    // How many a minute depends on the plan and is shared with all that the account uses; the refusal says how long to wait.
    limit: { concurrency: 1 },
    renewal: "take the API key anew from the agent's profile settings; it changes with a reset and ends with the agent",
  }),
  verbs(api, settings, session) {
    const { domain, multipleCompanies } = settings;

    const all = async <R extends { id: number }>(path: string, page: z.ZodMiniType<R[]>, query: Query = {}) => {
      const read: R[] = [];
      const rows = api.pages(
        path,
        { page, rows: (rows) => rows, key: (row) => row.id },
        byLink({ query: { ...query, per_page: PAGE }, next: (_, headers) => nextLink(headers) }),
      );
      for await (const row of rows) read.push(row);
      return read;
    };

    const requesterOf = requesters(api, { id, name }, settings);

    function companyOf({ companyId }: TicketMembers, requester: Requester): Record<string, number> {
      const wanted = /^\d+$/u.test(String(companyId)) ? Number(companyId) : undefined;
      if (wanted === undefined) {
        throw refusedMember(name, 'companyId', `a company is named by its number, not by ${JSON.stringify(companyId)}`);
      }
      if (multipleCompanies) return { company_id: wanted };
      if (requester.company === wanted) return {};
      throw refusedMember(
        name,
        'companyId',
        `a ticket is of its requester's company, and the requester is of ${requester.company ?? 'none'}, not of ${wanted}; name a contact ` +
          `of that company as contactEmail, or, where the account has Multiple Companies, set integrations.${id}.multipleCompanies to true`,
      );
    }

    /** What the ticket wants, or else the settings. */
    function wanted(ticket: TicketMembers, member: 'status' | 'priority' | 'type'): Wanted | undefined {
      const own = ticket[member];
      if (own !== null && own !== undefined) {
        return { value: own, refusal: (what) => refusedMember(name, member, what) };
      }
      const value = settings[member];
      return value === undefined ? undefined : { value, refusal: (what) => refusedSetting({ id, name }, member, what) };
    }

    async function group({ board }: TicketMembers): Promise<Record<string, string | number>> {
      const { groupId } = settings;
      if (board === null || board === undefined) return groupId === undefined ? {} : { group_id: groupId };
      return { group_id: choose(name, 'board', board, await all('/groups', Groups)).id };
    }

    return {
      /** By tag; where the list tells none, or an agent took it off, by the text. */
      async find(order) {
        const { id: requester } = await requesterOf(order.ticket);
        const tag = shortKey(order.runKey, LONGEST_TAG);
        const tickets = await all('/tickets', Tickets, {
          requester_id: requester,
          updated_since: new Date(Date.parse(order.asOf) - DAY_MILLISECONDS).toISOString(),
          order_by: 'created_at',
          order_type: 'desc',
        });
        for (const { id, subject, tags } of tickets.sort((a, b) => a.id - b.id)) {
          if (tags?.includes(tag)) return String(id);
          if (subject?.trim() !== order.title) continue;
          const answer = await api.send('GET', `/tickets/${id}`, { accept: [404, 405] });
          if (answer.status >= 400) continue;
          const ticket = api.parse(answer, Texts, 'GET', `/tickets/${id}`);
          const texts = [ticket.description_text, ticket.description];
          if (ticket.tags?.includes(tag) || texts.some((text) => mentions(text ?? '', order.runKey))) return String(id);
        }
        return undefined;
      },
      async prepare(order) {
        const { ticket, files = [] } = order;
        const requester = await requesterOf(ticket);
        const fields = {
          ...settings.customFields,
          ...(settings.runKeyField === undefined ? {} : { [settings.runKeyField]: order.runKey }),
        };
        const body = withExtra(
          name,
          {
            requester_id: requester.id,
            ...companyOf(ticket, requester),
            subject: order.title,
            description: htmlDescription(order),
            source: SOURCE_PORTAL,
            ...(await chosen(api, {
              status: wanted(ticket, 'status'),
              priority: wanted(ticket, 'priority'),
              type: wanted(ticket, 'type'),
            })),
            ...(await group(ticket)),
            ...(settings.responderId === undefined ? {} : { responder_id: settings.responderId }),
            ...(settings.productId === undefined ? {} : { product_id: settings.productId }),
            tags: [shortKey(order.runKey, LONGEST_TAG)],
            ...(Object.keys(fields).length === 0 ? {} : { custom_fields: fields }),
          },
          ticket,
          FOUND_BY,
        );
        const call = files.length === 0 ? { json: body } : multipart(formOf(body, files));
        return async () => {
          const answer = await api.send('POST', '/tickets', { ...call, accept: [400, 403] });
          if (answer.status >= 400) throw refusedTicket(name, answer, session, said);
          return String(api.parse(answer, Made, 'POST', '/tickets').id);
        };
      },
      async attachments(ticketId) {
        const path = `/tickets/${ticketId}`;
        const answer = await api.send('GET', path, { accept: [404, 405] });
        if (answer.status >= 400) {
          throw new ReportError(
            'DeliveryError',
            `${name} does not show ticket ${ticketId} (HTTP ${answer.status}): it was deleted or is taken for spam; restore it there`,
          );
        }
        const { attachments } = api.parse(answer, Ticket, 'GET', path);
        const later = await all(`${path}/conversations`, Conversations);
        return [...attachments, ...later.flatMap((one) => one.attachments)].map(({ name, size, file_size }) => {
          const bytes = size ?? file_size;
          return { name, ...(typeof bytes === 'number' ? { size: bytes } : {}) };
        });
      },
      /** A private note: a reply would be mailed to the requester. */
      async attach(ticketId, file) {
        const path = `/tickets/${ticketId}/notes`;
        const form = formOf({ body: '<p>A file of the billing count report.</p>', private: true }, [file]);
        const answer = await api.send('POST', path, { ...multipart(form), accept: [400, 403, 404, 405] });
        if (answer.status >= 400) {
          throw refusedFile(name, file, answer, session, 'mend what it says, or attach the file by hand', said);
        }
        api.parse(answer, Made, 'POST', path);
      },
      link: (ticketId) => `https://${domain}.freshdesk.com/a/tickets/${ticketId}`,
      async *companies() {
        for (const company of await all('/companies', Companies)) yield { id: String(company.id), name: company.name };
      },
    };
  },
});

/** Freshdesk's error body: a sentence with the fields it is about, or a code with a message. */
function said(body: unknown): string {
  const refusal = z.parse(Refusal, body);
  if ('code' in refusal) return `${refusal.code}: ${refusal.message}`;
  const fields = (refusal.errors ?? []).map(({ field, message }) =>
    [field, message].filter((part) => typeof part === 'string').join(': '),
  );
  return [refusal.description, ...fields].join('; ');
}
