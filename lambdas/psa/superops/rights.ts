import { creates, type PsaRight, seesCompanies, seesTickets } from '../delivery/rights.ts';

const where = 'the role of the technician whose token it is';

export const rights: readonly PsaRight<unknown>[] = [
  seesTickets('tickets (view)', where),
  seesCompanies('clients (view)', where),
  creates('tickets (create)', where),
];
