import { creates, type PsaRight, sees, seesCompanies, seesTickets } from '../delivery/rights.ts';

const where = 'Admin > Security > Roles > the role of the API employee';

export const rights: readonly PsaRight<unknown>[] = [
  seesTickets('Service Desk > Tickets (view)', where),
  seesCompanies('CRM > Accounts (view)', where),
  sees('Admin > Service Desk (view)', where, '/v2/system/queues/lookup', {}),
  creates('Service Desk > Tickets (modify)', where),
];
