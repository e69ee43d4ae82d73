import * as z from 'zod/mini';
import { type Choice, refusedSetting } from '../delivery/choose.ts';
import { lookUp, lookup } from '../delivery/lookup.ts';
import { datto } from './access.ts';
import type { Autotask, Filter } from './autotask.ts';

/** The MSP itself. */
const OWN_COMPANY = 0;

/** What a create call answers. */
export const Made = z.object({ itemId: z.int() });

type Resource = { impersonationResourceId?: string | number | undefined };

/** The header that has a call made in a resource's name. */
export const inTheNameOf = ({ impersonationResourceId: id }: Resource): { headers?: Record<string, string> } =>
  id === undefined ? {} : { headers: { ImpersonationResourceId: String(id) } };

/** What a setting means in the list of a field. Errors: `ConfigurationError` with what the list holds. */
export const setting = (
  zone: Autotask,
  member: 'publish' | 'companyType',
  value: string | number,
  entity: string,
): Promise<Choice> =>
  lookUp(
    lookup(async () => (await zone.fields(entity)).get(member)?.choices ?? []),
    value,
    (what) => refusedSetting(datto, member, what),
  );

/** Of companies: those of the type, and the MSP itself. */
export async function typesListed(zone: Autotask, companyType: string | null): Promise<Filter[]> {
  if (companyType === null) return [];
  const type = await setting(zone, 'companyType', companyType, 'Companies');
  const items: Filter[] = [
    { op: 'eq', field: 'companyType', value: type.id },
    { op: 'eq', field: 'id', value: OWN_COMPANY },
  ];
  return [{ op: 'or', items }];
}
