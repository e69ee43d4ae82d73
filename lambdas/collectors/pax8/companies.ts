import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { guid } from '../../counting/ids.ts';
import { aside, itself } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import { list } from '../../wire/lists.ts';
import { paged } from './paging.ts';

export const companies = list(
  '/companies',
  { id: itself(guid), name: aside(z.string()), status: z.string() },
  paged('name,asc'),
);

/** An inactive company has no primary contacts, but is billed. */
const standingOf = words('status', { billed: ['Active', 'Inactive'], deleted: ['Deleted'] });

/** Ids of the companies that are customers, and of the deleted ones. */
export type Companies = { listed: ReadonlySet<string>; deleted: ReadonlySet<string> };

/** Lists the companies as customers. */
export async function* readCompanies({ read, customer, failed }: Verbs<never>): Reading<Companies> {
  const listed = new Set<string>();
  const deleted = new Set<string>();
  yield* read(companies, ({ id, name, status }) => {
    const standing = standingOf(status);
    (standing === 'deleted' ? deleted : listed).add(id);
    if (standing === 'deleted') return undefined;
    return standing instanceof UnknownWord ? [customer(id, name), failed(id, standing.reason)] : customer(id, name);
  });
  return { listed, deleted };
}
