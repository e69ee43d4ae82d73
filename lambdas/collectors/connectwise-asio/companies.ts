import * as z from 'zod/mini';
import { aside, figure, itself, Unread } from '../../counting/row-forms.ts';
import { readInstant } from '../../report/day.ts';
import { filled, maybe } from '../../wire/forms.ts';
import { LINK_HEADER, link } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

const linked = link('', LINK_HEADER);

export const companies = list(
  '/api/platform/v1/company/companies',
  {
    id: itself(filled),
    name: aside(z.string()),
    friendlyName: aside(z.string()),
    deletedDate: figure(maybe(z.string())),
    deletedBy: figure(maybe(z.union([z.string(), z.int()]))),
    activityStatus: aside(z.object({ activeFlag: aside(z.boolean()) })),
  },
  linked,
);
export const sites = list(
  '/api/platform/v1/company/sites',
  { id: z.string(), company: aside(z.object({ id: z.string() })) },
  linked,
);

/**
 * Whether a company is deleted, if it states that in a form that can be read. Errors: `VendorContractError` for an
 * invalid date.
 */
export function isDeleted({ deletedDate, deletedBy }: RowOf<typeof companies>): boolean | Unread {
  if (deletedDate instanceof Unread) return deletedDate;
  if (deletedBy instanceof Unread) return deletedBy;
  return Boolean(deletedBy) || (Boolean(deletedDate) && readInstant(deletedDate ?? '', 'Z') !== null);
}
