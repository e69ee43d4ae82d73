import { creates, type PsaRight, sees } from '../delivery/rights.ts';

const where = 'scope and roles of the agent whose key it is';
const oneRow = { per_page: 1 };

export const rights: readonly PsaRight<unknown>[] = [
  sees('global ticket scope', where, '/tickets', oneRow),
  sees('seeing companies', where, '/companies', oneRow),
  sees('seeing contacts, one of which must be the requester', where, '/contacts', oneRow),
  sees('seeing groups', where, '/groups', oneRow),
  creates('creating tickets and adding notes', where),
];
