import * as z from 'zod/mini';
import { maybe } from '../wire/forms.ts';
import { numberOf } from './delivery/lookup.ts';
import { psa } from './delivery/psa.ts';
import { creates, sees } from './delivery/rights.ts';
import { AGENT, freshdesk } from './freshdesk/access.ts';
import { attachFile, readAttachments } from './freshdesk/files.ts';
import { findTicket } from './freshdesk/find.ts';
import { all } from './freshdesk/lists.ts';
import { requesters } from './freshdesk/requester.ts';
import { prepareTicket, wordsOf } from './freshdesk/ticket.ts';

const { id, name } = freshdesk;

/**
 * The search index is minutes late, so the list is read. The documents suggest, but do not say, that it shows a ticket
 * at once, so we wait twice as long as for other PSAs before a ticket is made again.
 */
const LIST_SETTLED_SECONDS = 120;

const ONE_ROW = { per_page: 1 };

const Companies = z.array(z.object({ id: z.int(), name: z.string(), domains: maybe(z.array(z.string())) }));

export default psa({
  ...freshdesk,
  setup: {
    create:
      'sign in as a separate agent > profile picture > Profile settings > API key; the key acts as the agent, and ends with it',
    rights: [
      sees('global ticket scope', AGENT, '/tickets', ONE_ROW),
      sees('seeing companies', AGENT, '/companies', ONE_ROW),
      sees('seeing contacts, one of which must be the requester', AGENT, '/contacts', ONE_ROW),
      sees('seeing groups', AGENT, '/groups', ONE_ROW),
      creates('creating tickets and adding notes', AGENT),
    ],
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
    const { domain } = settings;
    const desk = { name, api, session, settings, habits: { read: wordsOf } };
    const requesterOf = requesters(api, { id, name }, settings);
    return {
      companyOf: (ticket) => String(numberOf(name, ticket)),
      find: async (order) => findTicket(desk, await requesterOf(order.ticket), order),
      prepare: async (order) => prepareTicket(desk, await requesterOf(order.ticket), order),
      /** A ticket in spam or in the bin answers as if it did not exist. */
      isGone: async (ticketId) => (await api.send('GET', `/tickets/${ticketId}`, { accept: [404, 405] })).status >= 400,
      attachments: (ticketId) => readAttachments(api, ticketId),
      attach: (ticketId, file) => attachFile(desk, ticketId, file),
      link: (ticketId) => `https://${domain}.freshdesk.com/a/tickets/${ticketId}`,
      async *companies() {
        for (const { id, name, domains } of await all(api, '/companies', Companies)) {
          yield { id: String(id), name, domains: domains ?? [] };
        }
      },
    };
  },
});
