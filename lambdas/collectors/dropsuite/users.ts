import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { anyId, digits } from '../../counting/ids.ts';
import { aside, figure, itself, Unread, usual } from '../../counting/row-forms.ts';
import { wholeNumber } from '../../counting/values.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
import { quantity } from '../../report/quantity.ts';
import { maybe } from '../../wire/forms.ts';
import type { ListPaging } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { numbered } from './paging.ts';

const userId = z.pipe(anyId, z.string().check(z.minLength(1, 'expected an id')));

/** Only these members leave a row: it also holds the API token of its customer, which must go no further. */
const user = {
  id: itself(figure(userId)),
  organization_id: usual(figure(digits), 'users of one organization cannot be told apart from separate organizations'),
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

/**
 * An organization's figures, from the user that represents it; `doubt` if that cannot be decided. `ids` are those of
 * its users, that one's first; `isHidden` if not all of them could be read.
 */
type Organization = { speaker: User; ids: string[]; isHidden: boolean; doubt: string | undefined };

/** Reads the users of all organizations; returns the organizations by id. */
export async function* readOrganizations({ read, note }: Verbs<never>): Reading<ReadonlyMap<string, Organization>> {
  let repeated = false;
  const onRepeat = () => {
    repeated = true;
  };
  const users = new Map<string, [User, ...User[]]>();
  yield* read(usersBy(numbered(onRepeat)), (user) => {
    const id = isNamed(user) ? user.organization_id : user.id;
    if (id instanceof Unread) throw new ReportError('VendorContractError', id.reason);
    users.set(id, [user, ...(users.get(id) ?? [])]);
  });
  if (repeated) {
    const unknown = `there may be more than ${quantity(users.size, 'organization')}`;
    yield note(`this address ignores page numbers: ${unknown}`);
  }
  const all = [...users.values()].flat();
  const hasStrays = all.some(isNamed) && !all.every(isNamed);
  return new Map([...users].map(([id, members]) => [id, organizationOf(members, hasStrays)]));
}

const isNamed = (user: User): user is User & { organization_id: string } => typeof user.organization_id === 'string';

/** A live user represents its organization: an administrator first, then the one with the most seats. */
function organizationOf(users: readonly [User, ...User[]], hasStrays: boolean): Organization {
  const speaker = users.reduce((before, user) => (speaksBefore(user, before) ? user : before));
  const ids = [speaker, ...users].flatMap(({ id }) => (id instanceof Unread ? [] : [id]));
  const isHidden = users.some(({ id }) => id instanceof Unread);
  return { speaker, ids, isHidden, doubt: doubtOf(users, hasStrays) };
}

/** `hasStrays`: some users name their organization and some do not. */
function doubtOf(users: readonly User[], hasStrays: boolean): string | undefined {
  const shared = users.length > 1;
  const deciding = users.flatMap((user) => [
    ...[user.id, user.organization_id, user.customer_deactivated, user.flg_suspended],
    ...(shared ? [user.admin] : []),
  ]);
  const odd = deciding.find((value) => value instanceof Unread);
  if (odd instanceof Unread) return odd.reason;
  if (hasStrays && !users.every(isNamed)) return 'it does not say which organization it is a user of';
  if (users.some(({ admin }) => admin === true)) return undefined;
  if (hasStrays) return 'its administrator may be among the users that name no organization';
  const stated = users.filter(({ admin }) => typeof admin === 'boolean').length;
  return shared && stated > 0 && stated < users.length ? 'some of its users may be its administrator' : undefined;
}

function speaksBefore(a: User, b: User): boolean {
  if ((a.customer_deactivated === true) !== (b.customer_deactivated === true)) return b.customer_deactivated === true;
  if ((a.admin === true) !== (b.admin === true)) return a.admin === true;
  const used = ({ seats_used }: User): number => (seats_used instanceof Unread ? -1 : seats_used);
  if (used(a) !== used(b)) return used(a) > used(b);
  return !(a.id instanceof Unread) && (b.id instanceof Unread || a.id < b.id);
}
