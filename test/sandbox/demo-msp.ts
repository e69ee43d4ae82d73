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

export type Company = { id: string; name: string; enabled: boolean; fleet: Fleet };

export type DemoMsp = {
  managing: { id: string; name: string };
  companies: readonly Company[];
  /** The same number for the same words, always: 0 <= n < below. Vendors draw their details from it. */
  draw: (below: number, ...words: (string | number)[]) => number;
  /** A guid that belongs to these words, always the same. */
  guid: (...words: (string | number)[]) => string;
};

const STREET_NAMES = ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elm', 'Fir', 'Ginkgo', 'Hazel', 'Juniper', 'Larch'];
const TRADES = [
  'Dental',
  'Legal LLP',
  'Logistics',
  'Architects',
  'Bakery Co',
  'Veterinary Clinic',
  'Accounting',
  'Engineering',
  'Insurance Brokers',
  'Foods Ltd',
];

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

/** The MSP that every demo and test serves: about 40 companies, or `size` of them for measuring. */
export function demoMsp(size = 40, scale = 1): DemoMsp {
  const draw: DemoMsp['draw'] = (below, ...words) => hash(words.join('\u0001')) % below;
  const guid: DemoMsp['guid'] = (...words) => {
    const hex = Array.from({ length: 4 }, (_, part) =>
      hash([part, ...words].join('\u0002'))
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const companies = Array.from({ length: size }, (_, index): Company => {
    const round = Math.floor(index / (STREET_NAMES.length * TRADES.length));
    const first = STREET_NAMES[index % STREET_NAMES.length] ?? 'Oak';
    const trade = TRADES[(index + Math.floor(index / STREET_NAMES.length)) % TRADES.length] ?? 'Ltd';
    const name = `${first} ${trade}${round === 0 ? '' : ` ${round + 1}`}`;
    const id = name.toLowerCase().replace(/[^a-z0-9]+/gu, '-');
    const some = (below: number, what: string) => draw(below, id, what) * scale;
    const users = 3 + some(60, 'users');
    return {
      id,
      name,
      enabled: true,
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
    };
  });
  return { managing: { id: 'northwind-msp', name: 'Northwind MSP' }, companies, draw, guid };
}
