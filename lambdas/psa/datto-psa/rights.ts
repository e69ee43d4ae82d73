import { creates, type PsaRight, seesCompanies, seesTickets } from '../delivery/rights.ts';

const where =
  'Admin > Organization Settings & Users > Resources/Users (HR) > the API user: security level API User (system), or a copy of it';

export const rights: readonly PsaRight<unknown>[] = [
  seesCompanies('seeing companies and contacts', where),
  seesTickets('seeing tickets', where),
  creates('adding tickets and their attachments', where),
];
