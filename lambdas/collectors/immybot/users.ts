import type { Reading } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { CountedUnit, Verbs } from '../../counting/verbs.ts';
import { users } from './lists.ts';
import { ownClaims } from './own-claims.ts';

/**
 * Counts users that have not expired, without the one that we sign in as; `isKept` selects the tenants, `msps` are the
 * MSP's own.
 */
export async function* countUsers(
  { api, read, count, gap, note }: Verbs<'users'>,
  isKept: (tenant: number) => boolean,
  msps: readonly number[],
): Reading {
  const signedIn: { tenant: number; principal: string; unit: CountedUnit }[] = [];
  yield* read(users(), ({ id, tenantId: tenant, name, isExpired, azurePrincipalId }) => {
    if (isExpired === true || !isKept(tenant)) return undefined;
    if (isExpired instanceof Unread) return gap(tenant, 'users', isExpired.reason);
    const unit = { id, name };
    // Only a user with a principal can be the one that this report signs in as.
    if (!azurePrincipalId) return count(tenant, 'users', 1, unit);
    signedIn.push({ tenant, principal: azurePrincipalId.toLowerCase(), unit });
    return undefined;
  });
  const principals = signedIn.length === 0 ? new Set<string>() : await ownClaims(api);
  const others = signedIn.filter(({ principal }) => !principals.has(principal));
  for (const { tenant, unit } of others) yield count(tenant, 'users', 1, unit);
  if (others.length < signedIn.length) return;
  const sentence =
    'ImmyBot does not say which user this report signs in as; that user may be counted in "ImmyBot Users"';
  yield note(sentence);
  for (const id of msps) yield note(sentence, id);
}
