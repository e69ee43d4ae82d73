import * as z from 'zod/mini';
import { number, numberWhenUsed } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import type { Api } from '../vendor/api.ts';
import { basic } from '../vendor/auth.ts';
import { collector, count, customer, digits, excluded, gap, note } from '../vendor/collector.ts';
import { byToken } from '../vendor/paging.ts';

const EDR = 'Huntress EDR Agents';
const ITDR = 'Huntress ITDR Identities';
const SAT = 'Huntress SAT Learners';
const SIEM = 'Huntress SIEM Sources';

/** Whom the key belongs to; Huntress names only what there is. */
const Owner = z.optional(z.nullable(z.looseObject({})));
const Actor = z
  .object({ reseller: Owner, account: Owner, user: Owner })
  .check(
    z.refine(
      ({ reseller, account, user }) => Boolean(reseller ?? account ?? user),
      'expected reseller, account or user',
    ),
  );

/** The API's older way announced pages by number: read so, a list would end after its first page without a word. */
const Pagination = z
  .object({
    next_page_token: z.optional(z.nullable(z.string())),
    next_page_url: z.optional(z.nullable(z.string())),
    next_page: z.optional(z.nullable(z.int())),
  })
  .check(
    z.refine(
      ({ next_page_token, next_page_url, next_page }) => Boolean(next_page_token) || !(next_page_url || next_page),
      'another page is announced without a next_page_token',
    ),
  );

const Organization = z.object({
  id: z.int(),
  name: z.string(),
  agents_count: z.int(),
  billable_identity_count: z.int(),
  sat_learner_count: z.int(),
  logs_sources_count: z.int(),
});
const Organizations = z.object({ organizations: z.array(Organization), pagination: Pagination });

const Account = z.object({ id: z.int(), name: z.string(), status: z.string() });
const Accounts = z.object({ accounts: z.array(Account), pagination: Pagination });

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

/** Largest pages, and an order that does not change while they are read. */
const pages = <B extends { pagination: z.output<typeof Pagination> }>() =>
  byToken<B>({
    param: 'page_token',
    query: { limit: 500, sort_field: 'id', sort_direction: 'asc' },
    next: (page) => page.pagination.next_page_token,
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
    const one: { path: string; organization: z.output<typeof Organization> }[] = [];
    for (const { path, disabled } of await placesOf(api, accountIds)) {
      const list = { page: Organizations, rows: pageRows, key: (row: { id: number }) => row.id };
      for await (const organization of api.pages(path, list, pages())) {
        const { id, name, agents_count, billable_identity_count, sat_learner_count, logs_sources_count } = organization;
        yield customer(id, name);
        if (disabled !== undefined) {
          yield excluded(id, `its account "${disabled}" is disabled`);
        } else if (exact) {
          one.push({ path: `${path}/${id}`, organization });
        } else {
          yield count(id, EDR, agents_count);
          yield count(id, ITDR, billable_identity_count);
          yield count(id, SAT, sat_learner_count);
          yield count(id, SIEM, logs_sources_count);
        }
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

const pageRows = (page: z.output<typeof Organizations>) => page.organizations;

/** The lists of organizations that the key reads: its own account's, or one for each account of a reseller. */
async function placesOf(
  api: Api,
  accountIds: readonly string[] | undefined,
): Promise<{ path: string; disabled?: string }[]> {
  const { reseller, account: own } = await api.get('/actor', { schema: Actor });
  if (accountIds === undefined && (!reseller || own)) return [{ path: '/organizations' }];
  if (!reseller) throw misread('the key belongs to no reseller, so it cannot read by account; leave accountIds out');
  const accounts = new Map<string, z.output<typeof Account>>();
  const list = { page: Accounts, rows: (page: z.output<typeof Accounts>) => page.accounts, key: idOf };
  for await (const account of api.pages('/accounts', list, pages())) accounts.set(String(account.id), account);
  const unseen = accountIds?.filter((id) => !accounts.has(id)) ?? [];
  if (unseen.length > 0) throw misread(`accountIds: the key does not see account ${unseen.join(', ')}`);
  const wanted = new Set(accountIds ?? accounts.keys());
  return [...accounts].flatMap(([id, { name, status }]) => {
    if (!wanted.has(id)) return [];
    const path = `/accounts/${id}/organizations`;
    return [status === 'disabled' ? { path, disabled: name } : { path }];
  });
}

const idOf = (row: { id: number }): number => row.id;

const misread = (sentence: string): ReportError =>
  new ReportError('ConfigurationError', `secrets/huntress.json: ${sentence}`, { wide: true });
