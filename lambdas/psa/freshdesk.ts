import * as z from 'zod/mini';
import { ReportError } from '../report/errors.ts';
import { maybe } from '../wire/forms.ts';
import { byLink, nextLink } from '../wire/paging.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import type { Query } from '../wire/request.ts';
import type { WireResponse } from '../wire/transport.ts';
import { refusedMember, refusedSetting } from './delivery/choose.ts';
import { tagged, withExtra } from './delivery/extra.ts';
import { isSet, lookUpAll, lookup, numberOf } from './delivery/lookup.ts';
import { multipart } from './delivery/multipart.ts';
import type { TicketMembers } from './delivery/order.ts';
import { psa } from './delivery/psa.ts';
import { FAULTS, refusedFile, refusedTicket } from './delivery/refused.ts';
import { htmlDescription, mentions, shortKey } from './delivery/run-key.ts';
import { unlessUnserved } from './delivery/unserved.ts';
import { freshdesk } from './freshdesk/access.ts';
import { chosen, type Wanted } from './freshdesk/choices.ts';
import { formOf } from './freshdesk/form.ts';
import { type Requester, requesters } from './freshdesk/requester.ts';
import { rights } from './freshdesk/rights.ts';

const { id, name } = freshdesk;

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
const FOUND_BY = ['subject', 'description', 'requester_id', 'email', 'phone', 'unique_external_id'];

const Tickets = z.array(
  z.object({
    id: z.int(),
    subject: maybe(z.string()),
    tags: maybe(z.array(z.string())),
  }),
);
const Files = z.array(
  z.object({
    name: z.string(),
    size: maybe(z.number()),
    file_size: maybe(z.number()),
  }),
);
const Texts = z.object({
  tags: maybe(z.array(z.string())),
  description: maybe(z.string()),
  description_text: maybe(z.string()),
});
const Ticket = z.object({ attachments: Files });
const Conversations = z.array(z.object({ id: z.int(), attachments: maybe(Files) }));
const Made = z.object({ id: z.int() });
const Companies = z.array(z.object({ id: z.int(), name: z.string(), domains: maybe(z.array(z.string())) }));
const Groups = z.array(z.object({ id: z.int(), name: z.string() }));
const Refusal = z.union([
  z.object({
    description: z.string(),
    errors: z.optional(z.array(z.object({ field: maybe(z.string()), message: maybe(z.string()) }))),
  }),
  z.object({ code: z.string(), message: z.string() }),
]);

export default psa({
  ...freshdesk,
  setup: {
    create:
      'sign in as an agent of its own > profile picture > Profile settings > API key; the key is the agent, and ends with it',
    rights,
  },
  members: {
    companyId: "company, by its number; without Multiple Companies the requester's",
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
  address: ({ domain }) => domain.toLowerCase(),
  operations(api, settings, session) {
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

    const ofAnotherCompany = (wanted: number, company: number) =>
      refusedMember(
        name,
        'companyId',
        `a ticket is of its requester's company, and the requester is of ${company}, not of ${wanted}; name a contact ` +
          'of that company as contactEmail, or have the account get the feature Multiple Companies',
      );

    /** What the ticket wants, or else the settings. */
    function wanted(ticket: TicketMembers, member: 'status' | 'priority' | 'type'): Wanted | undefined {
      const ofTicket = ticket[member];
      if (isSet(ofTicket)) return { value: ofTicket, refusal: (what) => refusedMember(name, member, what) };
      const value = settings[member];
      return isSet(value) ? { value, refusal: (what) => refusedSetting({ id, name }, member, what) } : undefined;
    }

    /** The requester's tickets. Errors: `ConfigurationError` where nobody has heard of the domain. */
    async function tickets(reference: Requester['reference'], since: string): Promise<z.output<typeof Tickets>> {
      const query = { ...reference, updated_since: since, order_by: 'created_at', order_type: 'desc' };
      try {
        return await all('/tickets', Tickets, query);
      } catch (error) {
        if (!(error instanceof RefusedAnswer)) throw error;
        // So is answered for an address that is no contact's yet.
        if (error.status === 400 && 'email' in reference) return [];
        if (error.status !== 404) throw error;
        throw new ReportError(
          'ConfigurationError',
          `secrets/freshdesk.json: domain: nothing of ${name} answers at https://${domain}.freshdesk.com`,
        );
      }
    }

    return {
      /** By tag; where the list shows none, or an agent took it off, by the text. */
      async find(order) {
        const { reference } = await requesterOf(order.ticket);
        const tag = shortKey(order.runKey, LONGEST_TAG);
        const since = new Date(Date.parse(order.asOf) - DAY_MILLISECONDS).toISOString();
        const rows = await tickets(reference, since);
        for (const { id, subject, tags } of rows.sort((a, b) => a.id - b.id)) {
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
        const { reference, company } = await requesterOf(ticket);
        const wantedCompany = numberOf(name, ticket);
        const fields = {
          ...settings.customFields,
          ...(isSet(settings.runKeyField) ? { [settings.runKeyField]: order.runKey } : {}),
        };
        const choices = await chosen(api, {
          status: wanted(ticket, 'status'),
          priority: wanted(ticket, 'priority'),
          type: wanted(ticket, 'type'),
        });
        const { board } = await lookUpAll(name, ticket, { board: lookup(() => all('/groups', Groups)) });
        const members = {
          ...reference,
          subject: order.title,
          description: htmlDescription(order),
          source: SOURCE_PORTAL,
          ...choices,
          group_id: board?.id ?? settings.groupId ?? undefined,
          responder_id: settings.responderId ?? undefined,
          product_id: settings.productId ?? undefined,
          custom_fields: Object.keys(fields).length === 0 ? undefined : fields,
        };
        const merged = withExtra(name, members, ticket, FOUND_BY);
        const tags = tagged(merged.tags, shortKey(order.runKey, LONGEST_TAG));
        const post = (companyId: number | undefined): Promise<WireResponse> => {
          const body = { company_id: companyId, ...merged, tags };
          const call = files.length === 0 ? { json: body } : multipart(formOf(body, files));
          return api.send('POST', '/tickets', { ...call, accept: [400, 403, ...FAULTS] });
        };
        const isNamed = multipleCompanies || company !== wantedCompany;
        return async () => {
          let answer = await post(isNamed ? wantedCompany : undefined);
          if (isNamed && !multipleCompanies && isAboutCompany(answer)) {
            if (company !== undefined) throw ofAnotherCompany(wantedCompany, company);
            answer = await post(undefined);
          }
          if (answer.status >= 400) throw refusedTicket(name, answer, session, { read: wordsOf });
          return String(api.parse(answer, Made, 'POST', '/tickets').id);
        };
      },
      /** Spam and the bin answer like a ticket that never was. */
      isGone: async (ticketId) => (await api.send('GET', `/tickets/${ticketId}`, { accept: [404, 405] })).status >= 400,
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
        const later = await unlessUnserved(() => all(`${path}/conversations`, Conversations));
        return [...attachments, ...(later ?? []).flatMap((conversation) => conversation.attachments ?? [])].map(
          ({ name, size, file_size }) => ({ name, size: size ?? file_size ?? undefined }),
        );
      },
      /** A private note: a reply would be mailed to the requester. */
      async attach(ticketId, file) {
        const path = `/tickets/${ticketId}/notes`;
        const form = formOf({ body: '<p>A file of the billing count report.</p>', private: true }, [file]);
        const answer = await api.send('POST', path, { ...multipart(form), accept: [400, 403, 404, 405, ...FAULTS] });
        if (answer.status >= 400) {
          const remedy = 'correct what it says, or attach the file by hand';
          throw refusedFile(name, file, answer, session, remedy, { read: wordsOf });
        }
        api.parse(answer, Made, 'POST', path);
      },
      link: (ticketId) => `https://${domain}.freshdesk.com/a/tickets/${ticketId}`,
      async *companies() {
        for (const { id, name, domains } of await all('/companies', Companies)) {
          yield { id: String(id), name, domains: domains ?? [] };
        }
      },
    };
  },
});

/** True for an account without Multiple Companies: it refuses every ticket that names its company. */
const isAboutCompany = ({ status, body }: WireResponse): boolean =>
  (status === 400 || status === 403) && /require_feature|company/iu.test(Buffer.from(body).toString('utf8'));

/** Freshdesk's error body: a sentence with the fields it is about, or a code with a message. */
function wordsOf(body: unknown): string {
  const refusal = z.parse(Refusal, body);
  if ('code' in refusal) return `${refusal.code}: ${refusal.message}`;
  const fields = (refusal.errors ?? []).map(({ field, message }) =>
    [field, message].filter((part) => typeof part === 'string').join(': '),
  );
  return [refusal.description, ...fields].join('; ');
}
