import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { guid } from '../../counting/ids.ts';
import { aside, figure, itself, Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { filled } from '../../wire/forms.ts';
import { list, type RowOf } from '../../wire/lists.ts';
import { paged } from './paging.ts';

export const sites = list(
  '/v2/account/sites',
  {
    uid: itself(filled),
    name: aside(z.string()),
    onDemand: figure(z.boolean()),
    devicesStatus: aside(z.object({ numberOfDevices: aside(z.int()) })),
  },
  paged('sites'),
  { key: 'uid' },
);

export type Site = RowOf<typeof sites>;

/** The sites that are customers, by id, and a test for the site of the deleted devices, which is not a customer. */
export async function* readSites({
  read,
  customer,
  failed,
  note,
}: Verbs<never>): Reading<{ customers: ReadonlyMap<string, Site>; holdsTheDeleted: SiteTest }> {
  const listed: Site[] = [];
  yield* read(sites, (site) => {
    listed.push(site);
    return undefined;
  });
  const holdsTheDeleted = deletedAmong(listed.map(({ uid }) => uid));
  const customers = new Map<string, Site>();
  for (const site of listed) {
    const { uid, name, onDemand } = site;
    const id = uid.toLowerCase();
    if (!holdsTheDeleted(uid, name)) {
      customers.set(id, site);
      yield* customer(id, name || uid);
      if (onDemand instanceof Unread) yield failed(id, onDemand.reason);
    } else if (!isNamedDeleted(name)) {
      yield note(`site "${name}" is taken for the one with the deleted devices: ${uid} is not a guid`);
    }
  }
  return { customers, holdsTheDeleted };
}

const isGuid = (uid: string): boolean => z.safeParse(guid, uid).success;

/** Recognizes a site by its uid and name. */
export type SiteTest = (uid: string, name: string | null | undefined) => boolean;

const isNamedDeleted = (name: string | null | undefined): boolean => name?.trim().toLowerCase() === 'deleted devices';

/** Deleted devices are in their own site, listed like the others; if sites have GUIDs, its uid is not one. */
function deletedAmong(uids: readonly string[]): SiteTest {
  const guids = uids.some(isGuid);
  return (uid, name) => isNamedDeleted(name) || (guids && !isGuid(uid));
}
