import * as z from 'zod/mini';
import { creates, type PsaRight, seesTickets } from '../delivery/rights.ts';
import { manageApi } from './manage.ts';

type Settings = { siteUrl: string; companyId: string };

const where = 'System > Security Roles > the role of the API member';
const Ids = z.array(z.object({ id: z.int() }));

const sees = (right: string, path: string): PsaRight<Settings> => ({
  ...{ right, where },
  check: ({ api, settings: { siteUrl, companyId } }) =>
    manageApi(api, siteUrl, companyId).get(path, { fields: 'id', pageSize: 1 }, Ids),
});

export const rights: readonly PsaRight<Settings>[] = [
  seesTickets('Service Desk > Service Tickets (inquire all)', where),
  sees('Companies > Company Maintenance (inquire all)', '/company/companies'),
  sees('Companies > Contacts (inquire all)', '/company/contacts'),
  sees('System > Table Setup (inquire)', '/service/boards'),
  creates('Service Desk > Service Tickets (add)', where),
  creates('Companies > Manage Documents (add, inquire all)', where),
];
