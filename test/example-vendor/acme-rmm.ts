import * as z from 'zod/mini';
import { number, numberWhenUsed } from '../../lambdas/counting/columns.ts';
import { digits } from '../../lambdas/counting/ids.ts';
import { sees } from '../../lambdas/counting/rights.ts';
import { aside, itself, owner } from '../../lambdas/counting/row-forms.ts';
import { vendor } from '../../lambdas/counting/vendor.ts';
import { clientCredentials, clientFields } from '../../lambdas/wire/auth.ts';
import { pages } from '../../lambdas/wire/list-paging.ts';
import { list } from '../../lambdas/wire/lists.ts';
import { preset, required } from '../../lambdas/wire/options.ts';

const paged = (at: string) => pages(at, { page: ['page', 1], size: ['per_page', 100], total: 'meta.total' });
const sites = list('/sites', { id: itself(z.int()), name: aside(z.string()) }, paged('sites'));
const agent = {
  id: z.int(),
  siteId: owner(z.int()),
  class: z.string(),
  retired: z.boolean(),
  hostname: aside(z.string()),
};
const agents = list('/agents', agent, paged('agents'));

/** There is no Acme: it shows that docs/adding-a-vendor.md is enough to declare a vendor. */
export default vendor({
  id: 'acme-rmm',
  name: 'Acme RMM',
  prefix: 'Acme',
  position: 200,
  customerId: { name: 'site id', schema: digits },
  columns: {
    workstations: number('Workstations', 'agents of class workstation that are not retired', ['workstation']),
    servers: number('Servers', 'agents of class server that are not retired', ['server']),
    other: numberWhenUsed('Other', 'agents of any other class that are not retired', ['kiosk']),
  },
  classes: { called: 'class', otherwise: 'other' },
  names: { units: 'agents' },
  secret: { clientId: required('Client ID of the API client'), clientSecret: required('its secret, shown once') },
  configuration: { region: preset(z.enum(['us', 'eu']), 'us', 'where the account lives') },
  setup: {
    create: 'Settings > API > New client',
    rights: [sites, agents].map(({ path }) =>
      sees(`read ${path.slice(1)}`, 'Settings > API > the client > Permissions', path, { page: 1, per_page: 1 }),
    ),
  },
  api: ({ region, ...client }) => ({
    base: `https://api.${region}.acme.example/v2`,
    auth: clientCredentials({ url: '/oauth/token', fields: clientFields(client) }),
    limit: { requests: 300, perSeconds: 60, concurrency: 4 },
  }),
  async *collect({ read, customer, classed, leftOut }) {
    yield* read(sites, ({ id, name }) => customer(id, name));
    yield* read(agents, ({ id, siteId, class: kind, retired, hostname: name }) =>
      retired ? leftOut('agent', 'retired') : classed(siteId, kind, { id, name }),
    );
  },
});
