import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { anyId, digits } from '../../counting/ids.ts';
import { aside, figure, itself, Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { folded } from '../../counting/words.ts';
import { maybe } from '../../wire/forms.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { paged, smallerAfter504 } from './lists.ts';

/** The account's id is null if there is none; if the field were gone, every count would be a false 0. */
const organization = {
  id: itself(anyId),
  attributes: z.object({
    name: aside(z.string()),
    'organization-status-name': figure(maybe(z.string())),
    primary: figure(maybe(z.boolean())),
    'parent-id': figure(maybe(anyId)),
    'my-glue-account-id': figure(z.nullable(digits)),
  }),
};

const organizations = (size: number) => list('/organizations', organization, paged(size));

export type Organization = RowOf<ReturnType<typeof organizations>>;

export const nameOf = ({ id, attributes }: Organization): string => attributes.name ?? id;

/** Reads the organizations, except those with an excluded status; returns them by their MyGlue account and id. */
export async function* readOrganizations(
  { read, customer, excluded, failed }: Verbs<never>,
  excludedStatuses: readonly string[],
): Reading<ReadonlyMap<string, ReadonlyMap<string, Organization>>> {
  const unwanted = new Set(excludedStatuses.map(folded));
  const sharers = new Map<string, Map<string, Organization>>();
  const readPages = (size: number) =>
    read(organizations(size), (row) => {
      const { id, attributes } = row;
      const { 'organization-status-name': status, 'my-glue-account-id': account } = attributes;
      const listed = customer(id, nameOf(row));
      if (typeof status === 'string' && unwanted.has(folded(status)))
        return [listed, excluded(id, `its status is ${status}`)];
      if (account instanceof Unread) return [listed, failed(id, account.reason)];
      if (account !== null) sharers.set(account, (sharers.get(account) ?? new Map()).set(id, row));
      return status instanceof Unread ? [listed, failed(id, status.reason)] : listed;
    });
  yield* smallerAfter504(readPages);
  return sharers;
}
