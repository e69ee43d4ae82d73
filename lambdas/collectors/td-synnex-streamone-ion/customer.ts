import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { itself, usual } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { UnknownWord, words } from '../../counting/words.ts';
import { maybe, textLike } from '../../wire/forms.ts';
import { cursor } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';

const resource = z.pipe(
  textLike(/^accounts\/[^/]+\/customers\/[^/]+$/u, 'accounts/…/customers/…'),
  z.transform((name) => name.slice(name.lastIndexOf('/') + 1)),
);
const customers = list(
  '/customers',
  {
    name: itself(resource),
    /** `customerName` is the contact person here. */
    customerOrganization: maybe(z.string()),
    customerStatus: usual(z.string(), 'deleted ones are listed too'),
  },
  cursor('customers', 'pageToken', 'nextPageToken', { query: { pageSize: 200 } }),
  { key: 'name' },
);

const standingOf = words('status', { listed: ['Active', 'Inactive'], deleted: ['Deleted'] }, { absent: 'listed' });

type Customers = { listed: Map<string, string>; deleted: ReadonlySet<string> };

/** Reads the customers; returns the names of those that are listed ('' for none) by id, and the ids of deleted ones. */
export async function* readCustomers({ read, note }: Verbs<never>): Reading<Customers> {
  const listed = new Map<string, string>();
  const deleted = new Set<string>();
  try {
    yield* read(customers, ({ name: id, customerOrganization, customerStatus }) => {
      const standing = standingOf(customerStatus);
      if (standing === 'deleted') deleted.add(id);
      else listed.set(id, customerOrganization ?? '');
      // Its subscriptions have states of their own: whatever this word means, no number depends on it.
      return standing instanceof UnknownWord ? note(standing.reason, id) : undefined;
    });
  } catch (error) {
    // Without customers this list is missing; a customer with a subscription is named by the subscription.
    const isNowhere = error instanceof RefusedAnswer && error.status === 404 && listed.size + deleted.size === 0;
    if (!isNowhere) throw error;
    yield note('StreamOne ION has no list of customers: only those with a subscription are listed');
  }
  return { listed, deleted };
}
