import * as z from 'zod/mini';
import { type Choice, refusedSetting } from '../delivery/choose.ts';
import { lookUp, lookup } from '../delivery/lookup.ts';
import type { Maker } from '../delivery/making.ts';
import { type DattoSettings, datto } from './access.ts';
import type { Autotask, Filter } from './autotask.ts';

/** The MSP itself. */
const OWN_COMPANY = 0;

/** What a create call answers. */
export const Made = z.object({ itemId: z.int() });

/** Autotask, and what the settings say. */
export type Datto = Maker & { api: Autotask; settings: DattoSettings };

/** The header that makes a call in the name of a resource. */
export const inTheNameOf = ({ settings: { impersonationResourceId: id } }: Datto) =>
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
export async function typesListed({ api, settings: { companyType } }: Datto): Promise<Filter[]> {
  if (companyType === null) return [];
  const type = await setting(api, 'companyType', companyType, 'Companies');
  const items: Filter[] = [
    { op: 'eq', field: 'companyType', value: type.id },
    { op: 'eq', field: 'id', value: OWN_COMPANY },
  ];
  return [{ op: 'or', items }];
}
