import { Unread } from '../../counting/row-forms.ts';
import type { Organization } from './lists.ts';

/** Organizations that share one MyGlue account: its seats belong to the first; `doubt` where which that is cannot be read. */
export type Sharing = { home: Organization; others: Organization[]; doubt: string | undefined };

/** Of organizations that share an account, the seats belong to the one that is neither the MSP's own nor a branch; then the lowest id. */
export function shared(sharers: Iterable<Organization>): Sharing | undefined {
  const [home, ...others] = [...sharers].sort(byClaim);
  if (home === undefined) return undefined;
  const deciding = others.length === 0 ? [] : [home, ...others].flatMap(({ attributes }) => Object.values(attributes));
  const odd = deciding.find((value) => value instanceof Unread);
  return { home, others, doubt: odd instanceof Unread ? odd.reason : undefined };
}

/** True where IT Glue does not say of each whether it is the MSP's own organization. */
export const isHomeGuessed = ({ home, others }: Sharing): boolean =>
  others.length > 0 && [home, ...others].some(({ attributes }) => typeof attributes.primary !== 'boolean');

export const nameOf = ({ id, attributes }: Organization): string => attributes.name ?? id;

function byClaim(a: Organization, b: Organization): number {
  const rank = ({ attributes }: Organization) => (attributes.primary === true || attributes['parent-id'] ? 1 : 0);
  return rank(a) - rank(b) || a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
