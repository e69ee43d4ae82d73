import { creates, type Desk, type PsaRight, seesTickets } from '../delivery/rights.ts';

type Settings = { companyTable: string };

const where = 'the roles of the user: itil or sn_incident_write, or access rules of your own';

const reads = (right: string, tableOf: (settings: Settings) => string): PsaRight<Settings> => ({
  ...{ right, where },
  check: ({ api, settings }: Desk<Settings>) =>
    api.send('GET', `/api/now/table/${tableOf(settings)}`, { query: { sysparm_fields: 'sys_id', sysparm_limit: 1 } }),
});

/** An access rule that hides rows answers with fewer of them and no error: only a refused table shows. */
export const rights: readonly PsaRight<Settings>[] = [
  seesTickets('read on the table of the ticket', where),
  reads('read on core_company', ({ companyTable }) => companyTable),
  ...['sys_user_group', 'sys_user', 'sys_choice'].map((table) => reads(`read on ${table}`, () => table)),
  creates('create on the table of the ticket, and to attach to it', where),
];
