import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { anyId, digits } from '../../counting/ids.ts';
import { aside, figure } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
import { quantity } from '../../report/quantity.ts';
import { maybe } from '../../wire/forms.ts';
import { listOf } from '../../wire/lists.ts';
import { paged, smallerAfter504 } from './lists.ts';

/** An account's id that cannot be read could be anybody's: such a user costs the collection. */
const user = z
  .object({
    id: anyId,
    attributes: z.object({
      name: aside(z.string()),
      'my-glue': figure(z.nullable(z.boolean())),
      'my-glue-account-id': maybe(digits),
    }),
  })
  .check(
    z.refine(({ attributes }) => attributes['my-glue'] !== true || attributes['my-glue-account-id'] !== undefined, {
      path: ['attributes', 'my-glue-account-id'],
      error: 'a MyGlue user without this field',
    }),
  );

/** Counts MyGlue users in the organization of their account; `homes` are those, by account. */
export async function* countUsers(
  { read, count, note, leftOut }: Verbs<'users'>,
  homes: ReadonlyMap<string, string>,
): Reading {
  const seen = { answered: false, seats: false };
  const readPages = (size: number) =>
    read(listOf('/users', user, paged(size)), ({ id, attributes }) => {
      const { name, 'my-glue': isUser, 'my-glue-account-id': account = null } = attributes;
      if (isUser !== null || account !== null) seen.answered = true;
      if (account === null && (isUser === false || isUser === null)) return undefined;
      seen.seats = true;
      if (account === null) return leftOut('MyGlue user', 'without account');
      const home = homes.get(account);
      if (home !== undefined) return count(home, 'users', 1, { id, name });
      return leftOut('MyGlue user', `account ${account} belongs to no organization that is counted`);
    });
  yield* smallerAfter504(readPages);
  if (homes.size === 0) return;
  // The administrator who made the key is a user: an empty list is a wrong answer, and with MyGlue accounts a wrong 0.
  if (!seen.answered) {
    const what = 'IT Glue lists no users, or does not say which are MyGlue users, which cannot be right';
    throw new ReportError('VendorContractError', what);
  }
  if (!seen.seats)
    yield note(`${quantity(homes.size, 'organization')} with a MyGlue account, but no user is a MyGlue user`);
}
