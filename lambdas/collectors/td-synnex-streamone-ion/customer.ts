import * as z from 'zod/mini';
import { itself, usual } from '../../counting/row-forms.ts';
import { words } from '../../counting/words.ts';
import { cursor } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';

const resource = z.pipe(
  z.string().check(z.regex(/^accounts\/[^/]+\/customers\/[^/]+$/u, 'expected accounts/…/customers/…')),
  z.transform((name) => name.slice(name.lastIndexOf('/') + 1)),
);
export const customers = list(
  '/customers',
  {
    name: itself(resource),
    customerOrganization: z.optional(z.nullable(z.string())),
    /** The contact person here; the company in the subscriptions. */
    customerName: z.optional(z.nullable(z.string())),
    customerStatus: usual(z.string(), 'deleted ones are listed too'),
  },
  cursor('customers', 'pageToken', 'nextPageToken', { query: { pageSize: 200 } }),
  { key: 'name' },
);

export const standingOf = words(
  'status',
  { listed: ['Active', 'Inactive'], deleted: ['Deleted'] },
  { absent: 'listed' },
);
