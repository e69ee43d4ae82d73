import { place } from '../../wire/options.ts';

const HOSTS = {
  na: 'https://openapi.service.itsupport247.net',
  eu: 'https://openapi.service.euplatform.connectwise.com',
  au: 'https://openapi.service.auplatform.connectwise.com',
};

/** How client ids begin, by region, as far as they have been seen. */
const PREFIXES = { na: '0e30', eu: '0e31', au: '0e32' } as const;

export const asioPlace = place(HOSTS, {
  form: /^https:\/\/openapi\.service\.(itsupport247\.net|(eu|au)platform\.connectwise\.com)\/?$/u,
  expected: `one of ${Object.values(HOSTS).join(', ')}`,
  sentence: 'the address shown where you created the key',
});

/** The region that a client id suggests, if `address` belongs to another one. */
export function otherRegionOf(clientId: string, address: string): string | undefined {
  for (const region of ['na', 'eu', 'au'] as const) {
    if (clientId.startsWith(PREFIXES[region]) && HOSTS[region] !== address) return region;
  }
  return undefined;
}
