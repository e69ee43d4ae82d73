import * as z from 'zod/mini';
import { API_USER, datto } from './datto-psa/access.ts';
import { Autotask, type Filter } from './datto-psa/autotask.ts';
import { attachFile, audience, readAttachments } from './datto-psa/files.ts';
import { Found, findTicket } from './datto-psa/find.ts';
import { name, REFUSALS } from './datto-psa/refusal.ts';
import { typesListed } from './datto-psa/settings.ts';
import { prepareTicket } from './datto-psa/ticket.ts';
import type { Choice } from './delivery/choose.ts';
import { numberOf } from './delivery/lookup.ts';
import { psa, SETTLED_AFTER_TIMEOUT } from './delivery/psa.ts';
import { creates, seesCompanies, seesTickets } from './delivery/rights.ts';

const Company = z.object({ id: z.int(), companyName: z.string(), isActive: z.boolean() });

export default psa({
  ...datto,
  setup: {
    create:
      'Admin > Organization Settings & Users > Resources/Users (HR) > New > API User: keep Username (Key) and Password (Secret); API Tracking Identifier: Custom (Internal Integration) gives the integration code',
    rights: [
      seesCompanies('seeing companies and contacts', API_USER),
      seesTickets('seeing tickets', API_USER),
      creates('adding tickets and their attachments', API_USER),
    ],
  },
  members: {
    companyId: 'company, by its number (0 is the MSP itself)',
    board: 'queue (Autotask needs one, unless extra names a resource and its role)',
    status: "status (without one, the tenant's default)",
    type: 'ticket type',
    priority: "priority (without one, the tenant's default)",
    contactEmail: 'contact of the company with that e-mail address',
  },
  // Autotask takes 6 MiB in one file, but no more than 10,000,000 bytes in five minutes: both files of a report must
  // fit.
  attachmentLimit: 5_000_000,
  settleSeconds: SETTLED_AFTER_TIMEOUT,
  // Autotask moves databases from zone to zone; the user stays.
  address: ({ userName }) => userName,
  operations(api, settings, session) {
    const zone = new Autotask(api, settings, session);
    const desk = { name, api: zone, session, settings, ...REFUSALS };
    let publish: Promise<Choice['id']> | undefined;
    return {
      companyOf: (ticket) => String(numberOf(name, ticket)),
      find: (order) => findTicket(zone, order),
      prepare: (order) => prepareTicket(desk, session.clock.now(), order),
      async isGone(ticketId) {
        const filter: Filter[] = [{ op: 'eq', field: 'id', value: Number(ticketId) }];
        for await (const _ of zone.query('Tickets', Found, [], filter)) return false;
        return true;
      },
      attachments: (ticketId) => readAttachments(zone, ticketId),
      async attach(ticketId, file) {
        publish ??= audience(desk);
        await attachFile(desk, await publish, ticketId, file);
      },
      link: async (ticketId) => {
        const url = new URL('Autotask/AutotaskExtend/ExecuteCommand.aspx', await zone.webUrl());
        url.search = new URLSearchParams({ Code: 'OpenTicketDetail', TicketID: ticketId }).toString();
        return url.href;
      },
      async *companies() {
        const filter: Filter[] = [{ op: 'eq', field: 'isActive', value: true }, ...(await typesListed(desk))];
        for await (const { id, companyName, isActive } of zone.query(
          'Companies',
          Company,
          ['companyName', 'isActive'],
          filter,
        )) {
          if (isActive) yield { id: String(id), name: companyName };
        }
      },
    };
  },
});
