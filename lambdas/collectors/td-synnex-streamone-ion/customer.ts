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
    customerOrganization: maybe(z.string()),
    /** The contact person here; the company in the subscriptions. */
    customerName: maybe(z.string()),
    customerStatus: usual(z.string(), 'deleted ones are listed too'),
  },
  cursor('customers', 'pageToken', 'nextPageToken', { query: { pageSize: 200 } }),
  { key: 'name' },
);

const standingOf = words('status', { listed: ['Active', 'Inactive'], deleted: ['Deleted'] }, { absent: 'listed' });

type Customers = { listed: ReadonlySet<string>; deleted: ReadonlySet<string> };

/** Reads the customers; returns the ids of those that are listed, and of the deleted ones. */
export async function* readCustomers({ read, customer, note }: Verbs<never>): Reading<Customers> {
  const listed = new Set<string>();
  const deleted = new Set<string>();
  try {
    yield* read(customers, ({ name: id, customerOrganization, customerName, customerStatus }) => {
      const standing = standingOf(customerStatus);
      (standing === 'deleted' ? deleted : listed).add(id);
      if (standing === 'deleted') return undefined;
      const facts = customer(id, customerOrganization || customerName);
      // Its subscriptions have states of their own: whatever this word means, no number depends on it.
      return standing instanceof UnknownWord ? [...facts, note(standing.reason, id)] : facts;
    });
  } catch (error) {
    // Without customers this list is missing; a customer with a subscription is named by the subscription.
    const isNowhere = error instanceof RefusedAnswer && error.status === 404 && listed.size + deleted.size === 0;
    if (!isNowhere) throw error;
    yield note('StreamOne ION has no list of customers: only those with a subscription are listed');
  }
  return { listed, deleted };
}
