import { creates, type PsaRight, seesCompanies, seesTickets } from '../delivery/rights.ts';

const where =
  'Configuration > Integrations > Halo API > View Applications > the application > Permissions: all, or this one; the agent it acts as must see the client and the ticket type';

export const rights: readonly PsaRight<unknown>[] = [
  seesTickets('read:tickets', where),
  seesCompanies('read:customers', where),
  creates('edit:tickets', where),
];
