import * as z from 'zod/mini';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, seesTickets } from './delivery/rights.ts';
import { CUSTOMERS, servicenow } from './servicenow/access.ts';
import { attachFile, readAttachments } from './servicenow/files.ts';
import { findTicket } from './servicenow/find.ts';
import { name, origin, pathOf, reads, rows, wordsIn } from './servicenow/table.ts';
import { prepareTicket, sysIdOf } from './servicenow/ticket.ts';

const ROLES = 'the roles of the user: itil or sn_incident_write, or access rules of your own';

const Company = z.object({ sys_id: z.string(), name: z.string(), customer: z.optional(z.string()) });

export default psa({
  ...servicenow,
  setup: {
    create:
      'a user of its own with web service access only; its password, an OAuth client credentials grant (Machine Identity Console > Inbound integrations) or an API key',
    // An access rule that hides rows answers with fewer of them and no error: only a refused table shows.
    rights: [
      seesTickets('read on the table of the ticket', ROLES),
      reads('read on core_company', ROLES, ({ companyTable }) => companyTable),
      ...['sys_user_group', 'sys_user', 'sys_choice'].map((table) => reads(`read on ${table}`, ROLES, () => table)),
      creates('create on the table of the ticket, and to attach to it', ROLES),
    ],
  },
  members: {
    companyId: 'company, by its sys_id',
    board: 'assignment group',
    status: "state (without one, the table's first)",
    type: 'category',
    priority:
      'impact and urgency, from which ServiceNow computes the priority: Critical, High, Moderate, Low or Planning',
    contactEmail: 'caller: the active user with that e-mail address',
  },
  attachmentLimit: 10_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ instanceUrl, table }) => `${origin(instanceUrl)} ${table}`,
  operations(api, settings, session) {
    const { instanceUrl, table, companyTable, companyQuery } = settings;
    const desk = { name, api, session, settings, habits: { read: wordsIn } };
    return {
      companyOf: ({ companyId }) => sysIdOf(companyId),
      find: (order) => findTicket(desk, order),
      prepare: (order) => prepareTicket(desk, order),
      async isGone(ticketId) {
        const query = { sysparm_fields: 'sys_id' };
        return (await api.send('GET', `${pathOf(table)}/${ticketId}`, { query, accept: [404] })).status === 404;
      },
      attachments: (ticketId) => readAttachments(api, table, ticketId),
      attach: (ticketId, file) => attachFile(desk, table, ticketId, file),
      link: (ticketId) =>
        `${origin(instanceUrl)}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${ticketId}`)}`,
      async *companies() {
        const query = [companyQuery, 'ORDERBYname'].filter((part) => part !== '').join('^');
        for await (const { sys_id, name, customer } of rows(api, companyTable, Company, ['name', 'customer'], query)) {
          if (companyQuery !== CUSTOMERS || customer === 'true') yield { id: sys_id, name };
        }
      },
    };
  },
});
