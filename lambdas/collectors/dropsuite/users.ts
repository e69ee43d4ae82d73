import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { anyId } from '../../counting/ids.ts';
import { aside, figure, itself, Unread, usual } from '../../counting/row-forms.ts';
import { wholeNumber } from '../../counting/values.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { maybe } from '../../wire/forms.ts';
import type { ListPaging } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { numbered } from './paging.ts';

/** Only these members leave a row: it also holds the API token of its customer, which must go no further. */
const user = {
  id: itself(anyId),
  organization_id: usual(anyId, 'users of one organization cannot be told apart from separate organizations'),
  organization_name: aside(z.string()),
  admin: usual(figure(z.boolean()), 'if an organization has several users, the one with the most seats counts'),
  customer_deactivated: figure(z.boolean()),
  flg_suspended: figure(maybe(z.boolean())),
  active_seats: figure(wholeNumber),
  seats_used: figure(wholeNumber),
  seats_available: figure(wholeNumber),
  paid_shared_mailboxes: figure(wholeNumber),
  free_shared_mailboxes: figure(wholeNumber),
  external_id: aside(anyId),
};

/** Users of customers, each with the figures of its whole organization. */
const usersBy = (paging: ListPaging) => list('/users', user, paging);

type User = RowOf<ReturnType<typeof usersBy>>;

/** An organization's figures, by whichever of its users speaks for it; `doubt` where that cannot be decided. */
type Organization = { speaker: User; doubt: string | undefined };

/** Reads the users of all organizations; returns the organizations by id, each with the ids of its users. */
export async function* readOrganizations({
  read,
  note,
}: Verbs<never>): Reading<ReadonlyMap<string, Organization & { ids: string[] }>> {
  let repeated = false;
  const onRepeat = () => {
    repeated = true;
  };
  const organizations = new Map<string, Organization & { ids: string[] }>();
  yield* read(usersBy(numbered(onRepeat)), (user) => {
    const id = user.organization_id ?? user.id;
    const known = organizations.get(id);
    organizations.set(id, { ...joined(known, user), ids: [...(known?.ids ?? []), user.id] });
  });
  if (repeated) {
    const unknown = `there may be more than ${organizations.size} organizations`;
    yield note(`this address ignores page numbers: ${unknown}`);
  }
  return organizations;
}

/** Adds a user to its organization: a live one speaks, an administrator first, then whoever has the most seats. */
function joined(known: Organization | undefined, user: User): Organization {
  const doubt = known?.doubt ?? unread(user.customer_deactivated) ?? unread(user.flg_suspended);
  if (known === undefined) return { speaker: user, doubt };
  const { speaker } = known;
  return {
    speaker: speaksBefore(user, speaker) ? user : speaker,
    doubt: doubt ?? unread(user.admin) ?? unread(speaker.admin),
  };
}

const unread = (value: unknown): string | undefined => (value instanceof Unread ? value.reason : undefined);

function speaksBefore(a: User, b: User): boolean {
  if ((a.customer_deactivated === true) !== (b.customer_deactivated === true)) return b.customer_deactivated === true;
  if ((a.admin === true) !== (b.admin === true)) return a.admin === true;
  const used = ({ seats_used }: User): number => (seats_used instanceof Unread ? -1 : seats_used);
  return used(a) === used(b) ? a.id < b.id : used(a) > used(b);
}
