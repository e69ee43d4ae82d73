import type { Fact, Reading } from '../../counting/facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { quantity } from '../../report/quantity.ts';
import { ListUnsound } from '../../wire/list.ts';
import { LOOSE } from './account.ts';
import { type Column, devices, type Fleet, fleetsOf, type SiteTests } from './devices.ts';
import type { Site } from './sites.ts';

type Saying = Verbs<Column>;

/**
 * Counts a site by the account's list if that `isWhole`; otherwise by the site's own list, which has devices that the
 * account's lacks.
 */
export async function* countSite(
  saying: Saying,
  { uid, devicesStatus }: Site,
  { fleet, isWhole, tests }: { fleet: Fleet | undefined; isWhole: boolean; tests: SiteTests },
): Reading {
  const site = uid.toLowerCase();
  const declared = devicesStatus?.numberOfDevices;
  const before = fleet?.devices ?? 0;
  if (isWhole && declared === before) {
    yield* countFleet(saying, site, fleet);
    return;
  }
  const siteDevices = { ...devices, path: `/v2/site/${uid}/devices`, of: site };
  const ofSite = (yield* fleetsOf(saying, siteDevices, tests)).get(site);
  const counted = ofSite?.devices ?? 0;
  if (counted < before && counted !== declared) {
    const what = `${quantity(counted, 'device')}, but the account's list has ${before} for the site`;
    throw new ListUnsound(`Datto RMM ${siteDevices.path}`, what);
  }
  if (typeof declared === 'number')
    yield* saying.compare(`devices of site ${uid}`, counted, declared, { loose: LOOSE });
  yield* countFleet(saying, site, ofSite);
}

function* countFleet({ count, failed, note }: Saying, site: string, fleet: Fleet | undefined): Generator<Fact> {
  if (fleet === undefined) return;
  if (fleet.unread !== undefined) yield failed(site, fleet.unread);
  const others = fleet.counted.filter(({ column }) => column === 'other').length;
  if (others > 0) yield note(`${quantity(others, 'device')} of unknown class or category`, site);
  for (const { column, unit } of fleet.counted) yield count(site, column, 1, unit);
}
