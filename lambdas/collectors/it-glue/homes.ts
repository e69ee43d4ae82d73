import type { Fact } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { nameOf, type Organization } from './organizations.ts';

/**
 * Organizations that share one MyGlue account: its seats belong to the first; `doubt`: why it is not known which of
 * them that is.
 */
type Sharing = { home: Organization; others: Organization[]; doubt: string | undefined };

/** The organization that gets the seats of each MyGlue account, by account; the others that share it are left out. */
export function* homesOf(
  { excluded, failed, note }: Verbs<never>,
  sharers: ReadonlyMap<string, ReadonlyMap<string, Organization>>,
): Generator<Fact, ReadonlyMap<string, string>> {
  const homes = new Map<string, string>();
  for (const [account, organizations] of sharers) {
    const sharing = shared(organizations.values());
    if (sharing === undefined) continue;
    const { home, others, doubt } = sharing;
    homes.set(account, home.id);
    if (isHomeGuessed(sharing))
      yield note(
        "IT Glue does not say which of the organizations that share its MyGlue account is the MSP's own",
        home.id,
      );
    const there = `organization ${home.id} (${nameOf(home)}), counted there`;
    for (const { id } of others) yield excluded(id, `it shares its MyGlue account with ${there}`);
    if (doubt !== undefined) for (const { id } of [home, ...others]) yield failed(id, doubt);
  }
  return homes;
}

/**
 * Among organizations that share an account, the seats belong to one that is neither the MSP's own nor a branch; then
 * the lowest id.
 */
function shared(sharers: Iterable<Organization>): Sharing | undefined {
  const [home, ...others] = [...sharers].sort(byClaim);
  if (home === undefined) return undefined;
  const deciding = others.length === 0 ? [] : [home, ...others].flatMap(({ attributes }) => Object.values(attributes));
  const odd = deciding.find((value) => value instanceof Unread);
  return { home, others, doubt: odd instanceof Unread ? odd.reason : undefined };
}

/** True if IT Glue does not report for each organization whether it is the MSP's own. */
const isHomeGuessed = ({ home, others }: Sharing): boolean =>
  others.length > 0 && [home, ...others].some(({ attributes }) => typeof attributes.primary !== 'boolean');

function byClaim(a: Organization, b: Organization): number {
  const rank = ({ attributes }: Organization) => (attributes.primary === true || attributes['parent-id'] ? 1 : 0);
  return rank(a) - rank(b) || a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
