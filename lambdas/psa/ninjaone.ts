import * as z from 'zod/mini';
import { ninjaoneBase } from '../ninjaone.ts';
import { afterId } from '../wire/paging.ts';
import { numberOf } from './delivery/lookup.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, sees, seesCompanies } from './delivery/rights.ts';
import { ninjaone, SCOPES } from './ninjaone/access.ts';
import { attachFile, readAttachments } from './ninjaone/files.ts';
import { findTicket, isGone } from './ninjaone/find.ts';
import { PRIORITIES, prepareTicket, TYPES } from './ninjaone/ticket.ts';

const Organizations = z.array(z.object({ id: z.int(), name: z.string() }));

export default psa({
  ...ninjaone,
  setup: {
    create:
      'Administration > Apps > API > Client App IDs > Add: platform API Services (machine-to-machine), grant Client Credentials; NinjaOne Ticketing must be enabled. For boardId, use a board that shows all tickets',
    rights: [
      seesCompanies('scope Monitoring', SCOPES),
      sees('scope Management', SCOPES, '/v2/ticketing/statuses', {}),
      creates('creating tickets', SCOPES),
    ],
  },
  members: {
    companyId: 'organization, by its number',
    board: 'ticket form; the default one where it is left out, or integrations.ninjaone.ticketFormId',
    status: 'status; a new ticket where it is left out',
    type: `type: ${TYPES.map(({ name: type }) => type).join(', ')}`,
    priority: `priority: ${PRIORITIES.map(({ name: priority }) => priority).join(', ')}`,
    contactEmail: 'requester: the user or contact with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  // Instances of a region share one address.
  address: (settings) => `${ninjaoneBase(settings)} ${settings.clientId}`,
  operations(api, settings, session) {
    const desk = { name: ninjaone.name, api, session, settings };
    return {
      companyOf: (ticket) => String(numberOf(ninjaone.name, ticket, 'an organization')),
      find: (order) => findTicket(api, settings.boardId, order),
      prepare: (order) => prepareTicket(desk, order),
      isGone: (ticketId) => isGone(api, ticketId),
      attachments: (ticketId) => readAttachments(api, ticketId),
      attach: (ticketId, file) => attachFile(desk, ticketId, file),
      link: (ticketId) => `${ninjaoneBase(settings)}/#/ticketing/ticket/${ticketId}`,
      async *companies() {
        const rows = api.pages(
          '/v2/organizations',
          { page: Organizations, rows: (page) => page, key: (row) => row.id },
          afterId({ param: 'after', size: { param: 'pageSize', value: 1000 } }),
        );
        for await (const organization of rows) yield { id: String(organization.id), name: organization.name };
      },
    };
  },
});
