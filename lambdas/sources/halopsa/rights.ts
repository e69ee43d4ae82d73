import { APPLICATION } from '../../psa/halopsa/access.ts';
import { type SourceRight, sees } from '../reading/rights.ts';

const PERMISSIONS = `${APPLICATION} > Permissions: all, or this one; the agent it acts as must be allowed to read them too`;

const ONE_ROW = { pageinate: true, page_no: 1, page_size: 1 };

export const rights: readonly SourceRight<unknown>[] = [
  sees('read:customers', PERMISSIONS, '/Client', ONE_ROW),
  sees('read:invoices', PERMISSIONS, '/RecurringInvoice', { ...ONE_ROW, rinvoice_type: 'both' }),
  {
    right: 'an agent that may see all clients',
    where: 'the permissions and teams of the agent that the application acts as',
    unseen: 'recurring invoices of the others are missing without an error',
  },
];
