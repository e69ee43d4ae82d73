import * as z from 'zod/mini';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import type { Query } from '../wire/request.ts';
import { connectwise } from './connectwise-psa/access.ts';
import { attachFile, readAttachments } from './connectwise-psa/files.ts';
import { apiOrigin, manageApi, name, quoted, sees, userOrigin } from './connectwise-psa/manage.ts';
import { Created, companyOf, findTicket, prepareTicket, wordsOf } from './connectwise-psa/ticket.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, seesTickets } from './delivery/rights.ts';

const ROLE = 'System > Security Roles > the role of the API member';

const Companies = z.array(z.object({ id: z.int(), name: z.string(), deletedFlag: z.optional(z.boolean()) }));

export default psa({
  ...connectwise,
  setup: {
    create:
      'System > Members > API Members > new member > API Keys > new key; the client id comes from developer.connectwise.com/ClientID',
    rights: [
      seesTickets('Service Desk > Service Tickets (inquire all)', ROLE),
      sees('Companies > Company Maintenance (inquire all)', ROLE, '/company/companies'),
      sees('Companies > Contacts (inquire all)', ROLE, '/company/contacts'),
      sees('System > Table Setup (inquire)', ROLE, '/service/boards'),
      creates('Service Desk > Service Tickets (add)', ROLE),
      creates('Companies > Manage Documents (add, inquire all)', ROLE),
    ],
  },
  members: {
    companyId: 'company, by its number or its identifier',
    board: "service board (without one, ConnectWise's default)",
    status: 'status of that board',
    type: 'type of that board',
    priority: 'priority',
    contactEmail: 'contact of the company with that e-mail address',
  },
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  address: ({ siteUrl, companyId }) => `${apiOrigin(siteUrl)} ${companyId}`,
  operations(api, { siteUrl, companyId, companyStatus, companyType }, session) {
    const manage = manageApi(api, siteUrl, companyId);
    const maker = { name, api: manage, session, habits: { read: wordsOf } };
    return {
      companyOf: (ticket) => companyOf(manage, ticket),
      find: (order) => findTicket(manage, order),
      prepare: (order) => prepareTicket(manage, maker, order),
      async isGone(ticketId) {
        try {
          await manage.get(`/service/tickets/${ticketId}`, { fields: 'id' }, Created);
          return false;
        } catch (error) {
          if (error instanceof RefusedAnswer && error.status === 404) return true;
          throw error;
        }
      },
      attachments: (ticketId) => readAttachments(manage, ticketId),
      attach: (ticketId, file) => attachFile(maker, ticketId, file),
      link: (ticketId) => {
        const url = new URL('/v4_6_release/services/system_io/router/openrecord.rails', userOrigin(siteUrl));
        const query = { locale: 'en_US', recordType: 'ServiceFv', recid: ticketId, companyName: companyId };
        url.search = new URLSearchParams(query).toString();
        return url.href;
      },
      async *companies() {
        const query: Query = {
          fields: 'id,identifier,name,status,types,deletedFlag',
          conditions: `deletedFlag=false and status/name=${quoted(companyStatus)}`,
          childConditions: companyType === null ? undefined : `types/name=${quoted(companyType)}`,
        };
        for await (const company of manage.list('/company/companies', Companies, query)) {
          if (company.deletedFlag !== true) yield { id: String(company.id), name: company.name };
        }
      },
    };
  },
});
