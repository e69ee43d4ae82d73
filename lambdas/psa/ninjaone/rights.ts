import { creates, type PsaRight, sees, seesCompanies } from '../delivery/rights.ts';

const where = 'Administration > Apps > API > Client App IDs > the app > Scopes';

export const rights: readonly PsaRight<unknown>[] = [
  seesCompanies('scope Monitoring', where),
  sees('scope Management', where, '/v2/ticketing/statuses', {}),
  creates('creating tickets', where),
];
