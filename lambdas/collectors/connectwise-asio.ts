import * as z from 'zod/mini';
import { collector, count, customer, excluded, note } from '../counting/collector.ts';
import type { Fact } from '../counting/facts.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { byLink, nextLink } from '../wire/paging.ts';
import { allEndpoints, type Endpoint, endpointsOf } from './connectwise-asio/endpoints.ts';
import { keyToken, waitOutOneLock } from './connectwise-asio/key.ts';

const WORKSTATIONS = 'ConnectWise Asio Workstations';
const SERVERS = 'ConnectWise Asio Servers';
const NETWORK = 'ConnectWise Asio Network Devices';
const OTHER = 'ConnectWise Asio Other';

/** There is no type for laptops: they are desktops. Spelling varies in case and spaces. */
const COLUMN_OF_TYPE = new Map([
  ['desktop', WORKSTATIONS],
  ['server', SERVERS],
  ['networkdevice', NETWORK],
]);

const HOSTS = {
  na: 'https://openapi.service.itsupport247.net',
  eu: 'https://openapi.service.euplatform.connectwise.com',
  au: 'https://openapi.service.auplatform.connectwise.com',
};
const BASES = Object.values(HOSTS);
/** How client ids begin, by region, as far as they have been seen. */
const PREFIXES = { na: '0e30', eu: '0e31', au: '0e32' };

const SCOPE = 'platform.companies.read platform.sites.read platform.asset.read platform.devices.read';
const UNMATCHED = 'unmatched';
const UNMATCHED_NAME = 'Devices that match no company';
/** Company ids that one call of the fall-back plan may name. */
const BATCH = 4;

const maybe = z.optional(z.nullable(z.string()));

const Companies = z.array(
  z.object({
    id: z.string().check(z.minLength(1)),
    name: maybe,
    friendlyName: maybe,
    deletedDate: maybe,
    deletedBy: maybe,
    activityStatus: z.optional(z.nullable(z.object({ activeFlag: z.optional(z.nullable(z.boolean())) }))),
  }),
);
const Sites = z.array(z.object({ id: z.string(), company: z.optional(z.nullable(z.object({ id: z.string() }))) }));

const linked = byLink<unknown>({ next: (_, headers) => nextLink(headers) });

/** A date that was never set may come as the year 1. */
const isSet = (date: string | null | undefined): boolean =>
  typeof date === 'string' && date !== '' && !date.startsWith('0001-');

/** The counts of one company's devices, and a remark for each type that is not known. */
function* counts(company: string, endpoints: readonly Endpoint[]): Generator<Fact> {
  const devices = new Map<string, number>();
  for (const { type } of endpoints) {
    const column = COLUMN_OF_TYPE.get(type.toLowerCase().replace(/\s/gu, ''));
    if (column === undefined) yield note(`endpoint type "${type}" is not known; such devices are in "${OTHER}"`);
    devices.set(column ?? OTHER, (devices.get(column ?? OTHER) ?? 0) + 1);
  }
  for (const [column, value] of devices) yield count(company, column, value);
}

export default collector({
  id: 'connectwise-asio',
  name: 'ConnectWise Asio',
  position: 40,
  customerId: {
    name: 'company id',
    schema: z.string().check(z.regex(/^[\w-]+$/u, "expected the company's id, not its name")),
  },
  secret: z.strictObject({
    region: z.optional(z.enum(['na', 'eu', 'au'])),
    /** Instead of `region`: the address shown where the key was made. */
    baseUrl: z.optional(
      z.pipe(
        z.pipe(
          z.string(),
          z.transform((url) => url.replace(/\/$/u, '')),
        ),
        z.string().check(z.refine((url) => BASES.includes(url), `expected one of ${BASES.join(', ')}`)),
      ),
    ),
    clientId: z.string().check(z.minLength(1)),
    clientSecret: z.string().check(z.minLength(1)),
    scope: z._default(z.string().check(z.minLength(1)), SCOPE),
  }),
  configuration: z.strictObject({}),
  columns: [
    number(WORKSTATIONS, 'endpoints of type Desktop, laptops included, online or not'),
    number(SERVERS, 'endpoints of type Server, physical and virtual, online or not'),
    numberWhenUsed(NETWORK, 'endpoints of type NetworkDevice'),
    numberWhenUsed(OTHER, 'endpoints of any other type, or of none'),
  ],
  check: ({ region, baseUrl }) =>
    (region === undefined) === (baseUrl === undefined) ? ['expected either region or baseUrl in the secret'] : [],
  setup: {
    create: 'Asio portal > Integrations > API Access > Generate API Access: Client ID and Client Secret',
    rights: 'scopes Platform - Companies - Read, Sites - Read, Assets - Read, Devices - Read',
  },
  api: ({ region, baseUrl, clientId, clientSecret, scope }) => ({
    name: 'ConnectWise Asio',
    base: baseUrl ?? HOSTS[region ?? 'na'],
    auth: keyToken({ client_id: clientId, client_secret: clientSecret }, scope),
    // 500 in five minutes for each key.
    limit: { requests: 480, perSeconds: 300, concurrency: 2 },
    limitedSeconds: 300,
    classify: waitOutOneLock(),
  }),
  async *collect(api, { region, baseUrl, clientId }) {
    const host = baseUrl ?? HOSTS[region ?? 'na'];
    const usual = Object.entries(PREFIXES).find(([, prefix]) => clientId.startsWith(prefix))?.[0];
    if (usual !== undefined && Object.entries(HOSTS).some(([name, url]) => url === host && name !== usual)) {
      yield note(`client ids that begin so usually belong to region ${usual}`);
    }

    const companies = new Map<string, { active: boolean | null | undefined }>();
    const listed = api.pages(
      '/api/platform/v1/company/companies',
      { page: Companies, rows: (page) => page, key: ({ id }) => id },
      linked,
    );
    for await (const { id, name, friendlyName, deletedDate, deletedBy, activityStatus } of listed) {
      if (isSet(deletedDate) || deletedBy) continue;
      companies.set(id, { active: activityStatus?.activeFlag });
      yield customer(id, friendlyName || name || id);
    }
    const companyOfSite = new Map<string, string | undefined>();
    const sites = api.pages(
      '/api/platform/v1/company/sites',
      { page: Sites, rows: (page) => page, key: ({ id }) => id },
      linked,
    );
    for await (const { id, company } of sites) companyOfSite.set(id, company?.id);

    const endpoints = await allEndpoints(api);
    if (endpoints === undefined) {
      yield note('read company by company, because the key may not read all endpoints at once (platform.asset.read)');
      if (companies.size === 0) return;
      const untold = 'read company by company, devices that match no company are not told';
      yield customer(UNMATCHED, UNMATCHED_NAME);
      yield excluded(UNMATCHED, untold);
      yield note(untold, UNMATCHED);
      const ids = [...companies.keys()];
      const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, at) =>
        ids.slice(at * BATCH, (at + 1) * BATCH),
      );
      const verb: { method: 'GET' | 'POST' } = { method: 'POST' };
      yield* api.each(
        batches,
        (batch) => batch,
        async function* (batch) {
          const found = Map.groupBy(await endpointsOf(api, batch, verb), ({ company }) => company);
          for (const id of batch) yield* counted(id, found.get(id) ?? []);
        },
        'companies',
      );
      return;
    }

    const ownerOf = ({ company, site }: Endpoint): string => {
      if (companies.has(company)) return company;
      const owner = companyOfSite.get(site);
      if (companyOfSite.has(site) && owner === undefined) {
        throw new ReportError('VendorContractError', `ConnectWise Asio: site ${site} does not say whose it is`);
      }
      return owner !== undefined && companies.has(owner) ? owner : UNMATCHED;
    };
    const found = Map.groupBy(endpoints, ownerOf);
    const unmatched = found.get(UNMATCHED);
    if (unmatched !== undefined) {
      if (unmatched.length === endpoints.length) {
        throw new ReportError(
          'VendorContractError',
          'ConnectWise Asio: not one endpoint belongs to a company of the list; see to it that the key may read all companies',
        );
      }
      yield note(`${unmatched.length} devices match no company; they are listed under "${UNMATCHED}"`);
      yield customer(UNMATCHED, UNMATCHED_NAME);
      yield* counts(UNMATCHED, unmatched);
    }
    for (const id of companies.keys()) yield* counted(id, found.get(id) ?? []);

    function* counted(id: string, devices: readonly Endpoint[]): Generator<Fact> {
      const active = companies.get(id)?.active;
      if (devices.length === 0 && active === false) yield excluded(id, 'the company is inactive and has no devices');
      if (devices.length === 0 && typeof active !== 'boolean') {
        yield note('ConnectWise Asio does not say whether the company is active', id);
      }
      yield* counts(id, devices);
    }
  },
});
