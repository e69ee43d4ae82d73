import type { Company, DemoMsp, Fleet } from './demo-msp.ts';
import type { TrueCustomer } from './vendor.ts';

/** A customer of one vendor before the vendor gives it an id. */
export type Client = {
  /** Distinct within the vendor; the word to draw its details with. */
  key: string;
  name: string;
  fleet: Fleet;
  company?: Company['id'];
  alsoClaimedBy?: Company['id'];
  /** The vendor lists it no more, although a company still names its id. */
  gone: boolean;
};

/** Customers that vendors still list and no company claims. */
const STRAYS = [
  ...['Harbor Point Yoga', 'Old Mill Brewing', 'Quayside Opticians (moved away)', 'zz Test - do not delete'],
  ...['Summit Ridge Cabinetry', 'Blue Heron Travel', 'Lakeview Chiropractic (2)'],
];

/**
 * Who of the MSP's companies a vendor serves, and the strays. `share` is the percentage of companies that use it; with
 * `rivals` one customer is claimed by two companies. Companies of every role except `without` are always served.
 */
export function clientele(msp: DemoMsp, vendor: string, options: { share?: number; rivals?: boolean } = {}): Client[] {
  const { share = 80, rivals = false } = options;
  const clients: Client[] = [];
  const rivalry = rivals ? msp.companies.filter(({ role }) => role === 'rival').map(({ id }) => id) : [];
  for (const company of msp.companies) {
    const { id, name, fleet, role } = company;
    if (role === 'without') continue;
    if (role === undefined && msp.draw(100, vendor, id, 'uses') >= share) continue;
    if (role === 'two-ids') {
      clients.push({ key: id, name, fleet: part(fleet, Math.ceil), company: id, gone: false });
      clients.push({
        key: `${id}/branch`,
        name: `${name} - Branch`,
        fleet: part(fleet, Math.floor),
        company: id,
        gone: false,
      });
    } else if (id === rivalry[1]) {
      // Its only id is the one that its rival claims.
    } else {
      const also = id === rivalry[0] ? rivalry[1] : undefined;
      const rival = also === undefined ? {} : { alsoClaimedBy: also };
      clients.push({ key: id, name, fleet, company: id, ...rival, gone: role === 'dead-id' });
    }
  }
  const strays = 2 + msp.draw(2, vendor, 'strays');
  const first = msp.draw(STRAYS.length, vendor, 'first stray');
  for (let index = 0; index < strays; index += 1) {
    const name = STRAYS[(first + index) % STRAYS.length] ?? '';
    clients.push({ key: `stray ${name}`, name, fleet: strayFleet(msp, name), gone: false });
  }
  return clients;
}

/** What the report must say of `client`: cells of 0 are dropped, and whoever is not counted has none. */
export function trueCustomer(
  client: Client,
  id: string | number,
  cells: Iterable<readonly [title: string, value: number | string]>,
  state: TrueCustomer['state'] = 'counted',
): TrueCustomer {
  const { name, company, alsoClaimedBy, gone } = client;
  const counted = !gone && state === 'counted';
  return {
    id: String(id),
    name,
    ...(company === undefined ? {} : { company }),
    ...(alsoClaimedBy === undefined ? {} : { alsoClaimedBy }),
    cells: Object.fromEntries(counted ? [...cells].filter(([, value]) => value !== 0) : []),
    state: gone ? 'gone' : state,
  };
}

function part(fleet: Fleet, round: (half: number) => number): Fleet {
  const half = (count: number) => round(count / 2);
  return {
    workstations: half(fleet.workstations),
    laptops: half(fleet.laptops),
    servers: half(fleet.servers),
    networkDevices: half(fleet.networkDevices),
    printers: half(fleet.printers),
    virtualHosts: half(fleet.virtualHosts),
    mobiles: half(fleet.mobiles),
    users: half(fleet.users),
    mailboxes: half(fleet.mailboxes),
    sharedMailboxes: half(fleet.sharedMailboxes),
  };
}

function strayFleet({ draw }: DemoMsp, name: string): Fleet {
  const users = 2 + draw(9, name, 'users');
  return {
    workstations: 1 + draw(6, name, 'workstations'),
    laptops: draw(4, name, 'laptops'),
    servers: draw(2, name, 'servers'),
    networkDevices: 1 + draw(3, name, 'network'),
    printers: draw(2, name, 'printers'),
    virtualHosts: 0,
    mobiles: draw(3, name, 'mobiles'),
    users,
    mailboxes: users,
    sharedMailboxes: draw(2, name, 'shared'),
  };
}
