import * as z from 'zod/mini';
import { collector, count, customer, note } from '../counting/collector.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { clientCredentials } from '../wire/auth.ts';
import { ListUnsound } from '../wire/list.ts';
import { refuseBlock } from './datto-rmm/block.ts';
import {
  deletedAmong,
  ESXI,
  fleetsOf,
  isNamedDeleted,
  NETWORK,
  ON_DEMAND,
  OTHER,
  PageDetails,
  PRINTERS,
  pages,
  pagesOfTotal,
  SERVERS,
  WORKSTATIONS,
} from './datto-rmm/fleets.ts';

/** The same pair for everybody: the credentials proper are the fields of the form. */
const PUBLIC_CLIENT = `Basic ${Buffer.from('public-client:public').toString('base64')}`;

/** A site's uid, in lower case: a guid as far as has been seen, though the API calls it a text. */
const siteUid = z.pipe(
  z.string().check(z.regex(/^(?=.*\d)[\w-]+$/u, "expected the site's uid, not its name")),
  z.transform((uid) => uid.toLowerCase()),
);

const LOOSE = 'Datto RMM does not say which devices that figure includes';

const figure = z.optional(z.nullable(z.int()));

const Account = z.object({
  devicesStatus: z.optional(z.nullable(z.object({ numberOfDevices: figure, numberOfOnDemandDevices: figure }))),
});

const Sites = z.object({
  pageDetails: PageDetails,
  sites: z.array(
    z.object({
      uid: z.string(),
      name: z.string(),
      onDemand: z.boolean(),
      devicesStatus: z.optional(z.nullable(z.object({ numberOfDevices: figure }))),
    }),
  ),
});

export default collector({
  id: 'datto-rmm',
  name: 'Datto RMM',
  position: 10,
  customerId: { name: 'site uid', schema: siteUid },
  secret: z.strictObject({
    /** API URL as the portal shows it beside the keys. */
    apiUrl: z
      .string()
      .check(
        z.regex(
          /^https:\/\/(pinotage|merlot|concord|vidal|zinfandel|syrah)-api\.centrastage\.net\/?$/u,
          'expected https://<platform>-api.centrastage.net with pinotage, merlot, concord, vidal, zinfandel or syrah',
        ),
      ),
    apiKey: z.string(),
    apiSecretKey: z.string(),
  }),
  configuration: z.strictObject({}),
  columns: [
    number(WORKSTATIONS, 'agents on desktops and laptops in managed sites, online or not, suspended ones included'),
    number(SERVERS, 'agents on servers in managed sites, online or not, suspended ones included'),
    number(NETWORK, 'managed network devices in managed sites'),
    numberWhenUsed(ESXI, 'ESXi hosts in managed sites'),
    numberWhenUsed(PRINTERS, 'printers in managed sites'),
    numberWhenUsed(ON_DEMAND, 'all devices of OnDemand sites; in no other column'),
    numberWhenUsed(OTHER, 'devices in managed sites whose class or category is none of the others'),
  ],
  setup: {
    create:
      'Setup > Global Settings > Access Control: Enable API Access; Setup > Users > a user of its own > Generate API Keys',
    rights: 'a security level that sees all sites and their devices',
  },
  api: ({ apiUrl, apiKey, apiSecretKey }) => {
    const origin = new URL(apiUrl).origin;
    return {
      name: 'Datto RMM',
      base: `${origin}/api`,
      auth: clientCredentials({
        url: `${origin}/auth/oauth/token`,
        fields: { grant_type: 'password', username: apiKey, password: apiSecretKey },
        headers: { authorization: PUBLIC_CLIENT },
      }),
      // 600 in any minute for the whole account, and from 90 % on every answer is held back.
      limit: { requests: 5, perSeconds: 1, concurrency: 1 },
      limitedSeconds: 60,
      classify: refuseBlock,
    };
  },
  async *collect(api) {
    const account = await api.get('/v2/account', { schema: Account });

    const listed: z.output<typeof Sites>['sites'] = [];
    const list = api.pages(
      '/v2/account/sites',
      { page: Sites, rows: (page) => page.sites, key: ({ uid }) => uid },
      pagesOfTotal,
    );
    for await (const site of list) listed.push(site);
    const holdsTheDeleted = deletedAmong(listed.map(({ uid }) => uid));
    const sites = new Map<string, { uid: string; onDemand: boolean; declared: number | null | undefined }>();
    for (const { uid, name, onDemand, devicesStatus } of listed) {
      if (holdsTheDeleted(uid, name)) {
        if (!isNamedDeleted(name))
          yield note(`site "${name}" is taken for the one of the deleted devices: ${uid} is no guid`);
        continue;
      }
      const site = uid.toLowerCase();
      sites.set(site, { uid, onDemand, declared: devicesStatus?.numberOfDevices });
      yield customer(site, name);
    }

    const tests = { isOnDemand: (site: string) => sites.get(site)?.onDemand === true, holdsTheDeleted };
    let rows: number | undefined;
    const fleets = await fleetsOf(api, '/v2/account/devices', tests, {
      ...pages((total) => {
        rows = total;
      }),
      // Each site's own figure tells where this list ended too early.
      judgesSilence: true,
    });
    const unlisted = [...fleets.keys()].find((site) => !sites.has(site));
    if (unlisted !== undefined) {
      throw new ListUnsound('Datto RMM /v2/account/devices', `devices of site ${unlisted}, which the site list lacks`);
    }

    const receipt = api.evidence.lists.at(-1);
    if (rows !== undefined && receipt !== undefined) {
      yield* api.compare('rows of the device list', receipt.distinct, rows, { loose: LOOSE });
    }
    const lacksRows = rows !== undefined && receipt !== undefined && receipt.distinct < rows;
    const all = [...fleets.values()];
    const devices = all.reduce((sum, fleet) => sum + fleet.devices, 0);
    const onDemand = all.reduce((sum, { columns }) => sum + (columns.get(ON_DEMAND) ?? 0), 0);
    const suspended = all.reduce((sum, fleet) => sum + fleet.suspended, 0);
    if (suspended > 0) yield note(`${suspended} suspended devices are counted`);
    const { numberOfDevices, numberOfOnDemandDevices } = account.devicesStatus ?? {};
    if (typeof numberOfDevices === 'number') {
      yield* api.compare('devices of the account', devices, numberOfDevices, { loose: LOOSE });
    }
    if (typeof numberOfOnDemandDevices === 'number') {
      yield* api.compare('OnDemand devices of the account', onDemand, numberOfOnDemandDevices, { loose: LOOSE });
    }

    yield* api.each(
      sites,
      ([site]) => site,
      async function* ([site, { uid, declared }]) {
        let fleet = fleets.get(site);
        // The account's list has been seen to lack devices that the site's own list has; while it lacks some, a figure that it
        // happens to meet proves nothing.
        if (lacksRows || declared !== (fleet?.devices ?? 0)) {
          const path = `/v2/site/${uid}/devices`;
          const own = await fleetsOf(api, path, tests, pagesOfTotal);
          const stranger = [...own.keys()].find((other) => other !== site);
          if (stranger !== undefined) throw new ListUnsound(`Datto RMM ${path}`, `it has devices of site ${stranger}`);
          const before = fleet?.devices ?? 0;
          fleet = own.get(site);
          const devices = fleet?.devices ?? 0;
          if (devices < before && devices !== declared) {
            throw new ListUnsound(
              `Datto RMM ${path}`,
              `${devices} devices, but the account's list has ${before} of the site`,
            );
          }
          if (typeof declared === 'number') {
            yield* api.compare(`devices of site ${uid}`, devices, declared, { loose: LOOSE });
          }
        }
        if (fleet === undefined) return;
        if (fleet.unclear > 0) {
          throw new ReportError(
            'VendorContractError',
            `Datto RMM site ${uid}: ${fleet.unclear} devices do not say what they are, or whether they are deleted`,
          );
        }
        const others = fleet.columns.get(OTHER);
        if (others !== undefined) yield note(`${others} devices have no class or category that is known`, site);
        for (const [column, devices] of fleet.columns) yield count(site, column, devices);
      },
    );
  },
});
