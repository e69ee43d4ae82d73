import type { Reading } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { UnknownWord } from '../../counting/words.ts';
import { detailsOf } from './details.ts';
import { isGroup, notBilled, type Tenant, tenants, typeOf } from './tenants.ts';

type Rules = { domainPrefix: string | undefined; countTrials: boolean; asOf: string };

/** Lists the customers; returns the ids of those whose usage is billed. Errors: as of `detailsOf`. */
export async function* readTenants(verbs: Verbs<never>, { domainPrefix, countTrials, asOf }: Rules): Reading<string[]> {
  const { read, customer, excluded, failed, note } = verbs;
  const all = new Map<string, Tenant>();
  yield* read(tenants, (tenant) => {
    all.set(tenant.id, tenant);
  });
  const details = yield* detailsOf(verbs, all, domainPrefix);
  const isMulti = [...all.values()].some(isGroup);

  const billed: string[] = [];
  for (const [id, { attributes }] of all) {
    const { domainPrefix: prefix, tenantType } = attributes;
    const type = tenantType instanceof Unread ? tenantType : typeOf(tenantType);
    // The usage of a group includes its children's, so it would be counted twice.
    if (type === 'group') continue;
    const detail = details.get(id);
    yield customer(id, detail?.displayName || (prefix instanceof Unread ? id : prefix));
    if (type instanceof Unread || type instanceof UnknownWord) {
      yield failed(id, type.reason);
      continue;
    }
    if (detail === undefined)
      yield note('Auvik gives no details, so it is not known whether it is disabled or a trial', id);
    const reason =
      type === 'client' || !isMulti ? notBilled(detail, countTrials, asOf) : `it is a ${type} tenant of the account`;
    if (reason === undefined) billed.push(id);
    else yield excluded(id, reason);
  }
  return billed;
}
