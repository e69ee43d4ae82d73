import * as z from 'zod/mini';
import { numberOf } from './delivery/lookup.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, seesCompanies, seesTickets } from './delivery/rights.ts';
import { APPLICATION, halo, trimmed } from './halopsa/access.ts';
import { attachFile, readAttachments } from './halopsa/files.ts';
import { findTicket } from './halopsa/find.ts';
import { numbered } from './halopsa/paging.ts';
import { prepareTicket } from './halopsa/ticket.ts';

const { name } = halo;

const PERMISSIONS = `${APPLICATION} > Permissions: all, or this one; the agent it acts as must see the client and the ticket type`;

const Clients = z.object({
  record_count: z.int(),
  clients: z.array(z.object({ id: z.int(), name: z.string(), inactive: z.boolean() })),
});

export default psa({
  ...halo,
  setup: {
    create:
      'Configuration > Integrations > Halo API > View Applications > New: Client ID and Secret (Services), login type Agent',
    rights: [
      seesTickets('read:tickets', PERMISSIONS),
      seesCompanies('read:customers', PERMISSIONS),
      creates('edit:tickets', PERMISSIONS),
    ],
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
    const desk = { name, api, session, settings: {} };
    return {
      companyOf: (ticket) => String(numberOf(name, ticket, 'a client')),
      find: (order) => findTicket(api, order),
      prepare: (order) => prepareTicket(desk, order),
      isGone: async (ticketId) => (await api.send('GET', `/Tickets/${ticketId}`, { accept: [404] })).status === 404,
      attachments: (ticketId) => readAttachments(api, ticketId),
      attach: (ticketId, file) => attachFile(desk, ticketId, file),
      link: (ticketId) => `${trimmed(baseUrl)}/tickets?id=${encodeURIComponent(ticketId)}`,
      async *companies() {
        const rows = api.pages(
          '/Client',
          { page: Clients, rows: (page) => page.clients, key: (row) => row.id },
          numbered(100, { includeactive: true, includeinactive: false }),
        );
        for await (const { id, name, inactive } of rows) if (!inactive) yield { id: String(id), name };
      },
    };
  },
});
