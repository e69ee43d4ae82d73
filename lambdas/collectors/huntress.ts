import * as z from 'zod/mini';
import { collector, count, customer, digits, excluded, gap, note } from '../counting/collector.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { number, numberWhenUsed } from '../report/column.ts';
import { basic } from '../wire/auth.ts';
import { Pagination, pages } from './huntress/pages.ts';
import { isReseller, OWN, type Place, placesOfReseller } from './huntress/places.ts';

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
type Organization = z.output<typeof Organization>;
const Organizations = z.object({ organizations: z.array(Organization), pagination: Pagination });

type Placed = { place: Place; organization: Organization };

/** Every organization that the key reads: those of its own account, or those of a reseller's accounts. */
async function* organizationsOf(api: VendorApi, accountIds: readonly string[] | undefined): AsyncGenerator<Placed> {
  const reseller = accountIds !== undefined || (await isReseller(api));
  const places = reseller ? await placesOfReseller(api, accountIds) : undefined;
  for (const place of places ?? [OWN]) yield* organizationsAt(api, place);
}

async function* organizationsAt(api: VendorApi, place: Place): AsyncGenerator<Placed> {
  const list = {
    page: Organizations,
    rows: (page: z.output<typeof Organizations>) => page.organizations,
    key: ({ id }: Organization) => id,
  };
  for await (const organization of api.pages(place.path, list, pages())) yield { place, organization };
}

/** A product that the account does not have is absent here. The object itself is not optional. */
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
  customerId: { name: 'organization id', schema: digits },
  secret: z.strictObject({
    apiKey: z.string(),
    apiSecret: z.string(),
    /** For the key of a reseller: the accounts to read; all of them otherwise. */
    accountIds: z.optional(z.array(digits).check(z.minLength(1))),
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
    // 60 in any minute, for all users of the account together; whoever is refused waits until that minute is over.
    limit: { requests: 55, perSeconds: 60, concurrency: 4 },
    limitedSeconds: 60,
  }),
  async *collect(api, { accountIds, exact }) {
    const one: { path: string; organization: Organization }[] = [];
    for await (const { place, organization } of organizationsOf(api, accountIds)) {
      const { id, name, agents_count, billable_identity_count, sat_learner_count, logs_sources_count } = organization;
      yield customer(id, name);
      if (place.disabled !== undefined) {
        yield excluded(id, `its account "${place.disabled}" is disabled`);
      } else if (exact) {
        one.push({ path: `${place.path}/${id}`, organization });
      } else {
        yield count(id, EDR, agents_count);
        yield count(id, ITDR, billable_identity_count);
        yield count(id, SAT, sat_learner_count);
        yield count(id, SIEM, logs_sources_count);
      }
    }
    if (!exact) return;
    yield note('the numbers are the billable figures of each organization (`exact`)');
    yield* api.each(
      one,
      ({ organization }) => String(organization.id),
      async function* ({ path, organization }) {
        const { id, agents_count, billable_identity_count, sat_learner_count, logs_sources_count } = organization;
        const used = (await api.get(path, { schema: Usage })).organization.actual_usages;
        const figures: [column: string, listed: number, billable: number | undefined][] = [
          [EDR, agents_count, used.edr?.billable_agents_count],
          [
            ITDR,
            billable_identity_count,
            used.itdr?.reduce((sum, { billable_identities_count }) => sum + billable_identities_count, 0),
          ],
          [SAT, sat_learner_count, used.sat?.learners_count],
          [SIEM, logs_sources_count, used.siem?.billable_log_sources_count],
        ];
        for (const [column, listed, billable] of figures) {
          if (billable !== undefined) yield count(id, column, billable);
          else if (listed > 0) yield gap(id, column, 'failed', `the list counts ${listed}, the billable figures none`);
        }
      },
    );
  },
});
