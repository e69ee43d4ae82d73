import * as z from 'zod/mini';
import { guid } from '../../counting/collector.ts';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { byLink, type Paging } from '../../wire/paging.ts';

export const WORKSTATIONS = 'Datto RMM Workstations';
export const SERVERS = 'Datto RMM Servers';
export const NETWORK = 'Datto RMM Network Devices';
export const ESXI = 'Datto RMM ESXi Hosts';
export const PRINTERS = 'Datto RMM Printers';
export const ON_DEMAND = 'Datto RMM OnDemand Devices';
export const OTHER = 'Datto RMM Other';

const PAGE_SIZE = 250;

export const PageDetails = z.object({
  totalCount: z.optional(z.nullable(z.int())),
  nextPageUrl: z.nullable(z.string()),
});

const maybe = <T extends z.ZodMiniType>(member: T) => z.optional(z.nullable(member));

/** Lenient, because one odd device must not cost the whole account: what it does not say leaves its own site open. */
const Device = z.object({
  uid: z.string(),
  siteUid: z.string(),
  siteName: maybe(z.string()),
  deviceClass: maybe(z.string()),
  deviceType: maybe(z.object({ category: maybe(z.string()) })),
  suspended: maybe(z.boolean()),
  deleted: maybe(z.boolean()),
});
type Device = z.output<typeof Device>;

const Devices = z.object({ pageDetails: PageDetails, devices: z.array(Device) });

/** What one site has, as one list tells it; `unclear` are the devices that may be deleted, or of any kind. */
export type Fleet = { devices: number; suspended: number; unclear: number; columns: Map<string, number> };

/** By class first, then by category; `type` is chassis text and often wrong. */
function columnOf({ deviceClass, deviceType }: Device): string {
  const category = deviceType?.category?.toLowerCase();
  switch (deviceClass?.toLowerCase()) {
    case 'esxihost':
      return ESXI;
    case 'printer':
      return PRINTERS;
    case 'rmmnetworkdevice':
      return NETWORK;
    case 'device':
      if (category === 'server') return SERVERS;
      if (category === 'desktop' || category === 'laptop') return WORKSTATIONS;
  }
  return category?.startsWith('network device') ? NETWORK : OTHER;
}

/** Null is normal for printers, hosts and network devices; a member that is not sent at all says nothing. */
function isClear({ deleted, deviceClass, deviceType }: Device, onDemand: boolean): boolean {
  if (typeof deleted !== 'boolean') return false;
  if (onDemand || /^(esxihost|printer|rmmnetworkdevice)$/iu.test(deviceClass ?? '')) return true;
  return deviceClass !== undefined && (deviceType === null || deviceType?.category !== undefined);
}

const isGuid = (uid: string): boolean => z.safeParse(guid, uid).success;

/** Tells a site by its uid and name. */
export type SiteTest = (uid: string, name: string | null | undefined) => boolean;

export const isNamedDeleted = (name: string | null | undefined): boolean =>
  name?.trim().toLowerCase() === 'deleted devices';

/** Deleted devices are kept in a site of their own, listed like the others; where sites have guids, its uid is none. */
export function deletedAmong(uids: readonly string[]): SiteTest {
  const guids = uids.some(isGuid);
  return (uid, name) => isNamedDeleted(name) || (guids && !isGuid(uid));
}

type Page = { pageDetails: z.output<typeof PageDetails> };

/**
 * Follows `nextPageUrl` from a first request without a page number, because the first page has been 0 and 1. The address
 * sometimes lacks what was asked for, so that is put back. `told` hears the declared total.
 */
export const pages = (told: (total: number) => void = () => {}): Paging<Page> =>
  byLink({
    query: { max: PAGE_SIZE },
    next: ({ pageDetails: { nextPageUrl, totalCount } }) => {
      if (typeof totalCount === 'number') told(totalCount);
      if (nextPageUrl === null || nextPageUrl === '' || /[?&]max=/u.test(nextPageUrl)) return nextPageUrl;
      return `${nextPageUrl}${nextPageUrl.includes('?') ? '&' : '?'}max=${PAGE_SIZE}`;
    },
  });

/** The same, for a list that must have as many rows as it declares. */
export const pagesOfTotal: Paging<Page> = {
  ...pages(),
  declared: ({ pageDetails: { totalCount } }) => ({ rows: totalCount ?? undefined }),
};

/** Counts the devices of a list, site by site; those of OnDemand sites in their own column alone. */
export async function fleetsOf(
  api: VendorApi,
  path: string,
  { isOnDemand, holdsTheDeleted }: { isOnDemand: (site: string) => boolean; holdsTheDeleted: SiteTest },
  paging: Paging<Page>,
): Promise<Map<string, Fleet>> {
  const fleets = new Map<string, Fleet>();
  const list = api.pages(path, { page: Devices, rows: ({ devices }) => devices, key: ({ uid }) => uid }, paging);
  for await (const device of list) {
    if (device.deleted === true || holdsTheDeleted(device.siteUid, device.siteName)) continue;
    const site = device.siteUid.toLowerCase();
    const fleet = fleets.get(site) ?? { devices: 0, suspended: 0, unclear: 0, columns: new Map<string, number>() };
    const onDemand = isOnDemand(site);
    const column = onDemand ? ON_DEMAND : columnOf(device);
    fleet.devices += 1;
    if (device.suspended === true) fleet.suspended += 1;
    if (!isClear(device, onDemand)) fleet.unclear += 1;
    fleet.columns.set(column, (fleet.columns.get(column) ?? 0) + 1);
    fleets.set(site, fleet);
  }
  return fleets;
}
