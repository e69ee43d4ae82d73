import type { Reading } from '../../counting/facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { computers, isSet } from './lists.ts';

/** A list of computers that lacks more than this share of what it declares is not believed. */
const LOST_SHARE = 0.01;

/** Counts the computers of these tenants, and those that take a licence. */
export async function* countComputers(
  { api, read, count, gap, compare }: Verbs<'computers' | 'licensed'>,
  tenants: ReadonlySet<number>,
  isKept: (tenant: number) => boolean,
): Reading {
  let declared = 0;
  let saysLicensed = false;
  const list = computers((total) => {
    declared = total;
  });
  yield* read(list, ({ id, tenantId: tenant, computerName: name, licensed, deletedAt, isDevLab, isSandbox }) => {
    saysLicensed ||= licensed !== null;
    if (isSet(deletedAt) || isDevLab || isSandbox || !isKept(tenant)) return undefined;
    const unit = { id, name };
    const counted = count(tenant, 'computers', 1, unit);
    if (licensed === null || licensed === false) return counted;
    return [counted, count(tenant, 'licensed', licensed === true ? 1 : licensed, unit)];
  });
  const { distinct = 0 } = api.evidence.lists.at(-1) ?? {};
  if (distinct > 0 && !saysLicensed) {
    const reason = 'ImmyBot says of no computer whether it takes a licence: some plans do not license by computer';
    for (const id of tenants) yield gap(id, 'licensed', reason, 'excluded');
  }
  const isFew = Math.abs(declared - distinct) <= declared * LOST_SHARE;
  yield* compare('computers', distinct, declared, isFew ? { loose: 'its list is known to lack a few' } : {});
}
