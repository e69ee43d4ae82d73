import * as z from 'zod/mini';
import { number } from '../counting/columns.ts';
import { digits } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { vendor } from '../counting/vendor.ts';
import { headers } from '../wire/auth.ts';
import { preset, required } from '../wire/options.ts';
import { homesOf } from './it-glue/homes.ts';
import { readOrganizations } from './it-glue/organizations.ts';
import { countUsers } from './it-glue/users.ts';

const HOSTS = { us: 'api.itglue.com', eu: 'api.eu.itglue.com', au: 'api.au.itglue.com' };

export default vendor({
  id: 'it-glue',
  name: 'IT Glue',
  prefix: 'MyGlue',
  position: 110,
  customerId: { name: 'organization id', schema: digits },
  columns: {
    users: number(
      'Users',
      'users of the MyGlue account of the organization, including invited ones; if several organizations share one ' +
        'account, only the first has them',
    ),
  },
  secret: {
    apiKey: required('the API key, without password access'),
    region: required('where the account is', z.enum(['us', 'eu', 'au'])),
  },
  configuration: {
    excludedStatuses: preset(
      z.array(z.string()),
      ['Inactive', 'Archived'],
      'names of the statuses whose organizations are left out; each MSP defines its own',
    ),
  },
  names: { units: 'MyGlue users' },
  setup: {
    create:
      'IT Glue > Account > Settings > API Keys > Custom API Key, without password access; `region` is us, eu or au',
    rights: ['organizations', 'users'].map((list) =>
      sees(
        `reading ${list}: a key of an administrator, on the Enterprise plan (it may expire after 90 days without use)`,
        'IT Glue > Account > Settings > API Keys',
        `/${list}`,
        { 'page[size]': 1 },
      ),
    ),
  },
  api: ({ apiKey, region }) => ({
    base: `https://${HOSTS[region]}`,
    auth: headers({ 'x-api-key': apiKey }),
    headers: { accept: 'application/vnd.api+json' },
    limit: { requests: 8, perSeconds: 1, concurrency: 2 },
    limitedSeconds: 60,
  }),
  async *collect(verbs, { excludedStatuses }) {
    const sharers = yield* readOrganizations(verbs, excludedStatuses);
    yield* countUsers(verbs, yield* homesOf(verbs, sharers));
  },
});
