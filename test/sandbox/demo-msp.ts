/** What a company has, before any vendor looks at it. */
export type Fleet = {
  workstations: number;
  laptops: number;
  servers: number;
  networkDevices: number;
  printers: number;
  virtualHosts: number;
  mobiles: number;
  users: number;
  mailboxes: number;
  sharedMailboxes: number;
};

/**
 * What is odd about a company: its ids lead nowhere, it has two customers at every vendor, it has none anywhere, it is
 * disabled, or it claims an id that its rival claims too.
 */
export type Role = 'dead-id' | 'two-ids' | 'without' | 'disabled' | 'rival';

export type Company = { id: string; name: string; enabled: boolean; fleet: Fleet; role?: Role };

/** What happened since last month that the size of fleets does not show. */
export type Month = {
  lastMonth: DemoMsp;
  /** Companies with a workstation that was set up again: every vendor takes it for another one, with its old name. */
  rebuilt: ReadonlySet<Company['id']>;
  /** Between these companies a workstation moved: for every vendor it is the one that it was. */
  moved: { from: Company['id']; to: Company['id'] };
};

export type DemoMsp = {
  managing: { id: string; name: string };
  companies: readonly Company[];
  /** The same number for the same words, always: 0 <= n < below. Vendors draw their details from it. */
  draw: (below: number, ...words: (string | number)[]) => number;
  /** A guid that belongs to these words, always the same. */
  guid: (...words: (string | number)[]) => string;
  /** Absent in the first month. */
  since?: Month;
  /** Agreements that every company has at the PSA; one where it is absent. */
  agreementsEach?: number;
};

const PLACES = [
  ...['Alder', 'Birchwood', 'Cedar Hill', 'Dogwood', 'Elmstead', 'Fernley', 'Ginkgo', 'Hazel', 'Ironbridge', 'Juniper'],
  ...['Kestrel', 'Larch', 'Maple Row', 'Northgate', 'Orchard', 'Pinecrest', 'Quarry Lane', 'Rowan', 'Saltmarsh'],
  ...['Thornbury', 'Upland', 'Valley', 'Willow', 'Yarrow', 'Zinnia'],
];
const TRADES = [
  ...['Dental', 'Legal LLP', 'Logistics', 'Architects', 'Bakery Co', 'Veterinary Clinic', 'Accounting'],
  ...['Engineering', 'Insurance Brokers', 'Foods Ltd', 'Property Group', 'Physiotherapy', 'Printing', 'Academy'],
  ...['Wealth Partners', 'Garden Centres', 'Freight', 'Surveyors', 'Optical', 'Roofing'],
];

/**
 * Names that a spreadsheet, a CSV reader or an ASCII log would rather not meet, and one that another name begins with.
 */
const PARTICULAR_NAMES = new Map([
  [2, '@Home Care Services'],
  [6, 'Café Zoë & Söhne'],
  [10, 'Marlow, Finch & Ashdown LLP'],
  [27, 'Hazelwood Accounting'],
  [28, 'Hazelwood Accounting Group'],
]);

const ROLES = new Map<number, Role>([
  [5, 'disabled'],
  [9, 'dead-id'],
  [13, 'two-ids'],
  [17, 'without'],
  [21, 'rival'],
  [22, 'rival'],
]);

/** FNV-1a, good enough to spread a demo. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value ^= character.codePointAt(0) ?? 0;
    value = Math.imul(value, 0x01000193);
  }
  value ^= value >>> 15;
  return Math.imul(value, 0x2c1b3c6d) >>> 0;
}

/**
 * A vendor that is made again for every run asks for the same guids again; a large MSP asks for each once, and more
 * than it keeps.
 */
const MOST_KEPT = 50_000;
const kept = new Map<string, string>();

function guidOf(...words: (string | number)[]): string {
  const text = words.join('\u0002');
  let guid = kept.get(text);
  if (guid === undefined) {
    const hex = [0, 1, 2, 3].map((part) => hash(`${part}\u0002${text}`).toString(16).padStart(8, '0')).join('');
    guid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(text, guid);
  }
  return guid;
}

/**
 * The MSP that every demo and test serves: about 40 companies, or `size` of them with `scale` times the fleet for
 * measuring.
 */
export function demoMsp(size = 40, scale = 1): DemoMsp {
  const draw: DemoMsp['draw'] = (below, ...words) => hash(words.join('\u0001')) % below;
  const companies = Array.from({ length: size }, (_, index): Company => {
    const name = PARTICULAR_NAMES.get(index) ?? nameOf(index);
    const id = name
      .normalize('NFD')
      .toLowerCase()
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/gu, '-')
      .replace(/^-|-$/gu, '');
    const some = (below: number, what: string) => Math.round(draw(below, id, what) * scale);
    const users = 3 + some(60, 'users');
    const role = ROLES.get(index);
    return {
      id,
      name,
      enabled: role !== 'disabled',
      fleet: {
        workstations: 1 + some(40, 'workstations'),
        laptops: some(25, 'laptops'),
        servers: some(6, 'servers'),
        networkDevices: some(8, 'network'),
        printers: some(4, 'printers'),
        virtualHosts: some(3, 'hosts'),
        mobiles: some(9, 'mobiles'),
        users,
        mailboxes: users,
        sharedMailboxes: some(7, 'shared'),
      },
      ...(role === undefined ? {} : { role }),
    };
  });
  return { managing: { id: 'northwind-msp', name: 'Northwind MSP' }, companies, draw, guid: guidOf };
}

/** A name of place and trade; each pair comes once in 500 companies, later rounds carry a number. */
function nameOf(index: number): string {
  const lap = Math.floor(index / PLACES.length);
  const round = Math.floor(index / (PLACES.length * TRADES.length));
  const place = PLACES[index % PLACES.length] ?? '';
  const trade = TRADES[(index * 7 + lap * 4) % TRADES.length] ?? '';
  return `${place} ${trade}${round === 0 ? '' : ` ${round + 1}`}`;
}
