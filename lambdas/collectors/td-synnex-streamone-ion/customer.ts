import * as z from 'zod/mini';
import { itself, usual } from '../../counting/row-forms.ts';
import { words } from '../../counting/words.ts';
import { maybe, textLike } from '../../wire/forms.ts';
import { cursor } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';

const resource = z.pipe(
  textLike(/^accounts\/[^/]+\/customers\/[^/]+$/u, 'accounts/…/customers/…'),
  z.transform((name) => name.slice(name.lastIndexOf('/') + 1)),
);
export const customers = list(
  '/customers',
  {
    name: itself(resource),
    customerOrganization: maybe(z.string()),
    /** The contact person here; the company in the subscriptions. */
    customerName: maybe(z.string()),
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
