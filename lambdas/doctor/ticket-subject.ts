import type { Platform } from '../platform/platform.ts';
import type { TicketMembers, TicketOrder } from '../psa/delivery/order.ts';
import type { Psa } from '../psa/delivery/psa.ts';
import { runKey } from '../psa/delivery/run-key.ts';
import { monthIn, monthInWords } from '../report/day.ts';
import { readMisplaced } from '../run/misplaced.ts';
import { tryRights } from '../wire/rights.ts';
import type { TicketsCheck } from './check.ts';
import { momentOf } from './moment.ts';
import type { Checks, Subject } from './subject.ts';

/** The PSA that the report is delivered to, with the ticket that a run would open there. */
export function ticketSubject(psa: Psa, check: TicketsCheck, platform: Platform): Subject {
  const { id, name, secret, setup } = psa;
  const { ticket, misplaced } = check;
  return {
    ...{ id, name, secret, label: ticketsAt(name), create: setup.create },
    configuration: async () => ({ ...check.configuration, ...(await readMisplaced(platform.objects, id, misplaced)) }),
    async open(settings, { session }): Promise<Checks> {
      const order = orderOf(check, platform);
      const { rights, unseen, fits } = psa.openRights(settings, session, order);
      return { checked: tryRights(rights, undefined), unseen, ...(ticket === null ? {} : { afterwards: fits }) };
    },
  };
}

export const ticketsAt = (name: string): string => `${name} (tickets)`;

/** A ticket of a company that does not exist: it can be searched for and is never found. */
const NOBODYS: TicketMembers = { companyId: 0 };

function orderOf(check: TicketsCheck, platform: Platform): TicketOrder {
  const { asOf, timeZone } = momentOf(platform, check);
  const { managingOrganization, ticket } = check;
  const { companyId } = ticket ?? NOBODYS;
  return {
    runKey: runKey({
      runId: 'doctor',
      managingOrganization,
      organizations: [],
      integrations: [],
      companyId: String(companyId),
    }),
    title: 'Billing Reconciliation',
    month: monthInWords(monthIn(asOf, timeZone)),
    ...{ asOf, plain: '', html: '', ticket: ticket ?? NOBODYS },
  };
}
