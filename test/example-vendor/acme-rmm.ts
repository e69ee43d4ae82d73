import * as z from 'zod/mini';
import { collector, count, customer, digits } from '../../lambdas/counting/collector.ts';
import { number, numberWhenUsed } from '../../lambdas/report/column.ts';
import { clientCredentials } from '../../lambdas/wire/auth.ts';
import { byPage } from '../../lambdas/wire/paging.ts';

const WORKSTATIONS = 'Acme Workstations';
const SERVERS = 'Acme Servers';
const OTHER = 'Acme Other';

const Total = z.object({ total: z.int() });
const Sites = z.object({ sites: z.array(z.object({ id: z.int(), name: z.string() })), meta: Total });
const Agents = z.object({
  agents: z.array(z.object({ id: z.int(), siteId: z.int(), class: z.string(), retired: z.boolean() })),
  meta: Total,
});

const paging = byPage<{ meta: z.output<typeof Total> }>({
  param: 'page',
  first: 1,
  size: { param: 'per_page', value: 100 },
  declared: ({ meta }) => ({ rows: meta.total }),
});

/** The vendor of docs/adding-a-vendor.md. There is no Acme; this declaration shows that the page is enough to write one. */
export default collector({
  id: 'acme-rmm',
  name: 'Acme RMM',
  position: 200,
  customerId: { name: 'site id', schema: digits },
  secret: z.strictObject({ clientId: z.string(), clientSecret: z.string() }),
  configuration: z.strictObject({ region: z._default(z.enum(['us', 'eu']), 'us') }),
  columns: [
    number(WORKSTATIONS, 'agents of class workstation that are not retired'),
    number(SERVERS, 'agents of class server that are not retired'),
    numberWhenUsed(OTHER, 'agents of any other class that are not retired'),
  ],
  setup: { create: 'Settings > API > New client', rights: 'read sites and agents' },
  api: ({ region, clientId, clientSecret }) => ({
    name: 'Acme RMM',
    base: `https://api.${region}.acme.example/v2`,
    auth: clientCredentials({
      url: '/oauth/token',
      fields: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    }),
    limit: { requests: 300, perSeconds: 60, concurrency: 4 },
  }),
  async *collect(api) {
    const sites = {
      page: Sites,
      rows: (page: z.output<typeof Sites>) => page.sites,
      key: (row: { id: number }) => row.id,
    };
    for await (const { id, name } of api.pages('/sites', sites, paging)) yield customer(id, name);

    const agents = {
      page: Agents,
      rows: (page: z.output<typeof Agents>) => page.agents,
      key: (row: { id: number }) => row.id,
    };
    for await (const agent of api.pages('/agents', agents, paging)) {
      if (agent.retired) continue;
      yield count(
        agent.siteId,
        agent.class === 'workstation' ? WORKSTATIONS : agent.class === 'server' ? SERVERS : OTHER,
      );
    }
  },
});
