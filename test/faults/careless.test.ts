import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { digits } from '../../lambdas/counting/ids.ts';
import { clientCredentials } from '../../lambdas/wire/auth.ts';
import acmeVendor from '../example-vendor/acme-rmm.sandbox.ts';
import { count, customer } from '../facts.ts';
import { collector } from '../free-collector.ts';
import { Rig } from './fault-rig.ts';
import { spoilAnswers, spoilMembers } from './matrix.ts';
import { spoilRows } from './odd-rows.ts';

/*
 * The matrix is worth what it catches. This collector reads as scripts usually do: with a default for whatever is
 * missing, and without checking totals, keys or the end of a list.
 */

const Rows = z.object({
  sites: z.optional(z.array(z.looseObject({ id: z.optional(z.number()), name: z.optional(z.string()) }))),
  agents: z.optional(
    z.array(
      z.looseObject({
        siteId: z.optional(z.number()),
        class: z.optional(z.unknown()),
        retired: z.optional(z.unknown()),
      }),
    ),
  ),
});

const careless = collector({
  id: 'careless',
  name: 'Careless',
  position: 999,
  customerId: { name: 'site id', schema: digits },
  secret: z.strictObject({ clientId: z.string(), clientSecret: z.string() }),
  configuration: z.strictObject({ region: z.string() }),
  columns: [],
  setup: { create: '', rights: '' },
  api: ({ clientId, clientSecret }) => ({
    name: 'Careless',
    base: 'https://api.eu.acme.example/v2',
    auth: clientCredentials({
      url: '/oauth/token',
      fields: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    }),
    limit: { concurrency: 1 },
  }),
  async *collect(api) {
    for (const path of ['/sites', '/agents']) {
      for (let page = 1; ; page += 1) {
        const { sites = [], agents = [] } = await api.get(path, { query: { page, per_page: 100 }, schema: Rows });
        for (const { id = 0, name = '' } of sites) yield customer(id, name);
        for (const { siteId = 0, ...agent } of agents) {
          if (agent.retired === true) continue;
          const kind = agent.class === 'workstation' ? 'Workstations' : agent.class === 'server' ? 'Servers' : 'Other';
          yield count(siteId, `Acme ${kind}`);
        }
        if (sites.length + agents.length === 0) break;
      }
    }
  },
});

it('a careless collector is caught at wire, page and member', async () => {
  const rig = await Rig.for(careless, acmeVendor);
  const answers = (await spoilAnswers(rig)).wrong.join('\n');
  for (const fault of ['a page dropped', 'a row dropped', 'a row twice', 'a page repeated', 'no rows', '200, {}'])
    expect(answers, fault).toContain(fault);
  const members = (await spoilMembers(rig)).wrong.join('\n');
  for (const fault of ['[].class missing everywhere', '[].retired missing everywhere'])
    expect(members, fault).toContain(fault);
  const rows = (await spoilRows(rig)).wrong.join('\n');
  for (const fault of [
    '.class missing',
    '.class with blanks around it',
    'sites.*.name null costs all',
    '.retired neither yes nor no',
  ])
    expect(rows, fault).toContain(fault);
});
