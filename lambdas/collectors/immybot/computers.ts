import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { computers, isSet } from './lists.ts';
import { ofTenant } from './paging.ts';

const Counted = z.object({ count: z.int() });

/** A list of computers that lacks a larger share of its declared total is an error. */
const LOST_SHARE = 0.01;

/**
 * Counts the computers of these tenants, and those that take a licence. The list is known to lack a few: then each
 * tenant is asked how many it has, and a tenant with another number has blank cells.
 */
export async function* countComputers(
  { api, read, each, count, gap, compare }: Verbs<'computers' | 'licensed'>,
  tenants: ReadonlySet<number>,
  isKept: (tenant: number) => boolean,
): Reading {
  let declared = 0;
  let saysLicensed = false;
  const listed = new Map<number, number>();
  const list = computers((total) => {
    declared = total;
  });
  yield* read(list, ({ id, tenantId: tenant, computerName: name, licensed, deletedAt, isDevLab, isSandbox }) => {
    saysLicensed ||= licensed !== null;
    listed.set(tenant, (listed.get(tenant) ?? 0) + 1);
    if (isSet(deletedAt) || isDevLab || isSandbox || !isKept(tenant)) return undefined;
    const unit = { id, name };
    const counted = count(tenant, 'computers', 1, unit);
    if (licensed === null || licensed === false) return counted;
    return [counted, count(tenant, 'licensed', licensed === true ? 1 : licensed, unit)];
  });
  const { distinct = 0 } = api.evidence.lists.at(-1) ?? {};
  if (distinct > 0 && !saysLicensed) {
    const reason = 'ImmyBot does not say which computers take a licence: some plans do not license by computer';
    for (const id of tenants) yield gap(id, 'licensed', reason, 'excluded');
  }
  const isFew = Math.abs(declared - distinct) <= declared * LOST_SHARE;
  yield* compare('computers', distinct, declared, isFew ? { loose: 'tenants with missing computers are blank' } : {});
  if (distinct === declared) return;
  yield* each(tenants.entries(), async function* (tenant) {
    const { count: declaredHere } = await api.get(list.path, { query: ofTenant(tenant), schema: Counted });
    const cells = { id: tenant, columns: ['computers', 'licensed'] as const };
    yield* compare(`computers of tenant ${tenant}`, listed.get(tenant) ?? 0, declaredHere, { cells });
  });
}
