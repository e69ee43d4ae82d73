import * as z from 'zod/mini';
import { numberOf } from './delivery/lookup.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, sees, seesCompanies, seesTickets } from './delivery/rights.ts';
import { bms, ROLE } from './kaseya-bms/access.ts';
import { listRows, name, wordsOf } from './kaseya-bms/envelope.ts';
import { attachFile, readAttachments } from './kaseya-bms/files.ts';
import { findTicket, isGone } from './kaseya-bms/find.ts';
import { prepareTicket } from './kaseya-bms/ticket.ts';

const Account = z.object({ id: z.int(), accountname: z.string(), isactive: z.boolean() });

export default psa({
  ...bms,
  setup: {
    create:
      'HR > Employees > New: user type API Employee, with a role of Admin > Security > Roles (Internal) that has Admin > Special Features > Has API Access; the credentials come by e-mail; tenant and server are under My Settings. ' +
      'ticketModuleId is published nowhere: on a ticket that has an attachment, try GET /v2/system/attachments/{n}/{ticketId} for n = 1, 2, 3, … until its rows come, or watch the calls of the web page',
    rights: [
      seesTickets('Service Desk > Tickets (view)', ROLE),
      seesCompanies('CRM > Accounts (view)', ROLE),
      sees('Admin > Service Desk (view)', ROLE, '/v2/system/queues/lookup', {}),
      creates('Service Desk > Tickets (modify)', ROLE),
    ],
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
  operations(api, settings, session) {
    const { apiBaseUrl, webBaseUrl } = settings;
    const desk = { name, api, session, settings, habits: { read: wordsOf } };
    return {
      companyOf: (ticket) => String(numberOf(name, ticket, 'an account')),
      find: (order) => findTicket(api, order),
      prepare: (order) => prepareTicket(desk, order),
      isGone: (ticketId) => isGone(api, ticketId),
      attachments: (ticketId) => readAttachments(desk, ticketId),
      attach: (ticketId, file) => attachFile(desk, ticketId, file),
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
