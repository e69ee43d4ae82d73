import * as z from 'zod/mini';
import type { Reading } from '../../counting/facts.ts';
import { lowerCase } from '../../counting/ids.ts';
import { aside, figure, owner, Unread } from '../../counting/row-forms.ts';
import type { CountedUnit, Verbs } from '../../counting/verbs.ts';
import { words } from '../../counting/words.ts';
import { type ListOf, list, type RowOf } from '../../wire/lists.ts';
import { paged } from './paging.ts';
import type { SiteTest } from './sites.ts';

export type Column = 'workstations' | 'servers' | 'network' | 'esxi' | 'printers' | 'onDemand' | 'other';

export const devices = list(
  '/v2/account/devices',
  {
    uid: z.string(),
    siteUid: owner(lowerCase(z.string())),
    siteName: aside(z.string()),
    hostname: aside(z.string()),
    deviceClass: figure(z.nullable(z.string())),
    deviceType: figure(z.nullable(z.object({ category: z.nullable(z.string()) }))),
    suspended: aside(z.boolean()),
    deleted: z.boolean(),
  },
  paged('devices'),
  { key: 'uid' },
);
type Device = RowOf<typeof devices>;

const classOf = words('device class', {
  esxi: ['esxihost'],
  printers: ['printer'],
  network: ['rmmnetworkdevice'],
  agent: ['device'],
});
const kindOf = words('category', { servers: ['Server'], workstations: ['Desktop', 'Laptop'] });

/** By class first, then by category; `type` is chassis text and often wrong. Null is normal for all but agents. */
function columnOf({ deviceClass, deviceType }: Device): Column | Unread {
  if (deviceClass instanceof Unread) return deviceClass;
  const ofClass = classOf(deviceClass);
  if (typeof ofClass === 'string' && ofClass !== 'agent') return ofClass;
  if (deviceType instanceof Unread) return deviceType;
  const kind = kindOf(deviceType?.category);
  if (ofClass === 'agent' && typeof kind === 'string') return kind;
  // The kind of network device follows in brackets.
  return deviceType?.category?.toLowerCase().startsWith('network device') ? 'network' : 'other';
}

/** One site's devices in one list; `unread` is why one of its devices is in no column. */
export type Fleet = {
  devices: number;
  suspended: number;
  counted: { column: Column; unit: CountedUnit }[];
  unread?: string;
};

export type SiteTests = { isOnDemand: (site: string) => boolean; holdsTheDeleted: SiteTest };

/** Reads a list of devices, site by site; those of OnDemand sites are only in their own column. */
export async function* fleetsOf(
  { read }: Verbs<Column>,
  list: ListOf<Device>,
  { isOnDemand, holdsTheDeleted }: SiteTests,
): Reading<Map<string, Fleet>> {
  const fleets = new Map<string, Fleet>();
  yield* read(list, (device) => {
    const { uid, siteUid: site, siteName, hostname, suspended, deleted } = device;
    if (deleted || holdsTheDeleted(site, siteName)) return undefined;
    const fleet = fleets.get(site) ?? { devices: 0, suspended: 0, counted: [] };
    fleets.set(site, fleet);
    const column = isOnDemand(site) ? 'onDemand' : columnOf(device);
    fleet.devices += 1;
    if (suspended === true) fleet.suspended += 1;
    if (column instanceof Unread) fleet.unread ??= column.reason;
    else fleet.counted.push({ column, unit: { id: uid, name: hostname } });
    return undefined;
  });
  return fleets;
}
