import * as z from 'zod/mini';
import { number, numberWhenUsed } from '../report/column.ts';
import { basic } from '../vendor/auth.ts';
import { anyId, collector, count, customer } from '../vendor/collector.ts';
import { byToken } from '../vendor/paging.ts';

const EDR = 'Huntress EDR Agents';
const ITDR = 'Huntress ITDR Identities';
const SAT = 'Huntress SAT Learners';
const SIEM = 'Huntress SIEM Sources';

const Organization = z.object({
  id: z.int(),
  name: z.string(),
  agents_count: z.int(),
  billable_identity_count: z.int(),
  sat_learner_count: z.int(),
  logs_sources_count: z.int(),
});

const Organizations = z.object({
  organizations: z.array(Organization),
  pagination: z.object({ next_page_token: z.optional(z.nullable(z.string())) }),
});

/** A product that the account does not have is absent here: that is a 0. The object itself is not optional. */
const Usage = z.object({
  organization: z.object({
    actual_usages: z.object({
      edr: z.optional(z.object({ billable_agents_count: z.int() })),
      itdr: z.optional(z.array(z.object({ billable_identities_count: z.int() }))),
      sat: z.optional(z.object({ learners_count: z.int() })),
      siem: z.optional(z.object({ billable_log_sources_count: z.int() })),
    }),
  }),
});

export default collector({
  id: 'huntress',
  name: 'Huntress',
  position: 70,
  customerId: { name: 'organization id', schema: anyId },
  secret: z.strictObject({
    apiKey: z.string(),
    apiSecret: z.string(),
    /** For the key of a reseller: the accounts to read. */
    accountIds: z.optional(z.array(anyId)),
  }),
  configuration: z.strictObject({
    /** Read each organization's billable figures one by one (about 55 a minute) instead of the list's. */
    exact: z._default(z.boolean(), false),
  }),
  columns: [
    number(EDR, 'all EDR agents of the organization, unresponsive ones included (billable agents with `exact`)'),
    numberWhenUsed(ITDR, 'identities that Huntress bills for ITDR'),
    numberWhenUsed(SAT, 'learners of security awareness training'),
    numberWhenUsed(SIEM, 'log sources that Huntress bills for SIEM'),
  ],
  setup: {
    create: 'portal menu > API Credentials > Generate: public key (`apiKey`) and private key (`apiSecret`)',
    rights: 'the account key reads everything that is needed',
  },
  api: ({ apiKey, apiSecret }) => ({
    name: 'Huntress',
    base: 'https://api.huntress.io/v1',
    auth: basic(apiKey, apiSecret),
    // 60 in any minute, for all users of the account together.
    limit: { requests: 55, perSeconds: 60, concurrency: 4 },
  }),
  async *collect(api, { accountIds, exact }) {
    const lists = accountIds?.map((account) => `/accounts/${account}/organizations`) ?? ['/organizations'];
    const ids: number[] = [];
    for (const list of lists) {
      const organizations = api.pages(
        list,
        {
          page: Organizations,
          rows: (page) => page.organizations,
          key: (row) => row.id,
        },
        byToken({
          param: 'page_token',
          query: { limit: 500, sort_field: 'id', sort_direction: 'asc' },
          next: (page) => page.pagination.next_page_token,
        }),
      );
      for await (const organization of organizations) {
        ids.push(organization.id);
        yield customer(organization.id, organization.name);
        if (exact) continue;
        yield count(organization.id, EDR, organization.agents_count);
        yield count(organization.id, ITDR, organization.billable_identity_count);
        yield count(organization.id, SAT, organization.sat_learner_count);
        yield count(organization.id, SIEM, organization.logs_sources_count);
      }
    }
    if (!exact) return;
    yield* api.each(ids, String, async function* (id) {
      const { edr, itdr, sat, siem } = (await api.get(`/organizations/${id}`, { schema: Usage })).organization
        .actual_usages;
      if (edr !== undefined) yield count(id, EDR, edr.billable_agents_count);
      for (const tenant of itdr ?? []) yield count(id, ITDR, tenant.billable_identities_count);
      if (sat !== undefined) yield count(id, SAT, sat.learners_count);
      if (siem !== undefined) yield count(id, SIEM, siem.billable_log_sources_count);
    });
  },
});
