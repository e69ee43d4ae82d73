import { number, numberWhenUsed } from '../counting/columns.ts';
import { siteUid } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { vendor } from '../counting/vendor.ts';
import { clientCredentials } from '../wire/auth.ts';
import { ListUnsound } from '../wire/list.ts';
import { required } from '../wire/options.ts';
import { accountFigures, accountRemarks, LOOSE } from './datto-rmm/account.ts';
import { refuseBlock } from './datto-rmm/block.ts';
import { devices, fleetsOf } from './datto-rmm/devices.ts';
import { platform } from './datto-rmm/forms.ts';
import { paged } from './datto-rmm/paging.ts';
import { countSite } from './datto-rmm/site.ts';
import { readSites, sites } from './datto-rmm/sites.ts';

const ONE_ROW = { max: 1 };

export default vendor({
  id: 'datto-rmm',
  name: 'Datto RMM',
  position: 10,
  customerId: { name: 'site uid', schema: siteUid },
  columns: {
    workstations: number(
      'Workstations',
      'agents on desktops and laptops in managed sites, online or not, suspended ones included',
    ),
    servers: number('Servers', 'agents on servers in managed sites, online or not, suspended ones included'),
    network: number('Network Devices', 'managed network devices in managed sites'),
    esxi: numberWhenUsed('ESXi Hosts', 'ESXi hosts in managed sites'),
    printers: numberWhenUsed('Printers', 'printers in managed sites'),
    onDemand: numberWhenUsed('OnDemand Devices', 'all devices of OnDemand sites; counted in no other column'),
    other: numberWhenUsed('Other', 'devices in managed sites of any other class or category'),
  },
  secret: {
    apiUrl: required('API URL as the portal shows it next to the keys', platform),
    apiKey: required("the user's API key"),
    apiSecretKey: required('its secret key, shown once'),
  },
  configuration: {},
  names: { units: 'devices' },
  setup: {
    create:
      'Setup > Global Settings > Access Control: Enable API Access; Setup > Users > a user of its own > Generate API Keys',
    rights: [
      sees('a security level that sees all sites', 'Setup > Users > the user', sites.path, ONE_ROW),
      sees('a security level that sees all devices', 'Setup > Users > the user', devices.path, ONE_ROW),
    ],
  },
  api: ({ apiUrl, apiKey, apiSecretKey }) => {
    const { origin } = new URL(apiUrl);
    return {
      base: `${origin}/api`,
      auth: clientCredentials({
        url: `${origin}/auth/oauth/token`,
        fields: { grant_type: 'password', username: apiKey, password: apiSecretKey },
        headers: { authorization: PUBLIC_CLIENT },
      }),
      // 600 in any minute for the whole account; from 90 % of that on, every answer is delayed.
      limit: { requests: 5, perSeconds: 1, concurrency: 2 },
      limitedSeconds: 60,
      classify: refuseBlock,
    };
  },
  async *collect(verbs) {
    const { api, each, compare } = verbs;
    const figures = yield* accountFigures(verbs);
    const { customers, holdsTheDeleted } = yield* readSites(verbs);
    const tests = { isOnDemand: (site: string) => customers.get(site)?.onDemand === true, holdsTheDeleted };

    let declared: number | undefined;
    const paging = paged('devices', (total) => {
      declared = total;
    });
    const fleets = yield* fleetsOf(verbs, { ...devices, paging }, tests);
    const unlisted = [...fleets.keys()].find((site) => !customers.has(site));
    if (unlisted !== undefined) {
      throw new ListUnsound(`Datto RMM ${devices.path}`, `devices of site ${unlisted}, which the site list lacks`);
    }
    const { distinct = 0 } = api.evidence.lists.at(-1) ?? {};
    if (declared !== undefined) yield* compare('rows of the device list', distinct, declared, { loose: LOOSE });
    yield* accountRemarks(verbs, [...fleets.values()], figures ?? {});

    // The account's list has been seen to lack devices that the site's own list has; while it does, a figure that
    // happens to agree with it proves nothing.
    const isWhole = declared === undefined || distinct >= declared;
    yield* each(customers, (id, site) => countSite(verbs, site, { fleet: fleets.get(id), isWhole, tests }));
  },
});

/** The same pair for everybody; the real credentials are in the form. */
const PUBLIC_CLIENT = `Basic ${Buffer.from('public-client:public').toString('base64')}`;
