import * as z from 'zod/mini';
import { collector, count, customer, excluded, note, words } from '../counting/collector.ts';
import type { Fact } from '../counting/facts.ts';
import { Presence } from '../counting/presence.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { number, text } from '../report/column.ts';
import { isReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { byToken } from '../wire/paging.ts';

const ACTIVE = 'SentinelOne Active Licenses';
const TOTAL = 'SentinelOne Total Licenses';
const SKU = 'SentinelOne SKU';

/** 19 digits, more than a number can hold: as a number the last ones would be lost. */
const longId = z.string().check(z.regex(/^\d+$/u, 'expected a text of digits'));

const Pagination = z.object({
  totalItems: z.optional(z.nullable(z.int())),
  nextCursor: z.optional(z.nullable(z.string())),
});

const Site = z
  .object({
    id: longId,
    name: z.string(),
    accountId: longId,
    state: z.string(),
    siteType: z.string(),
    isDefault: z.optional(z.nullable(z.boolean())),
    activeLicenses: z.int(),
    totalLicenses: z.int(),
    unlimitedLicenses: z.boolean(),
    licenses: z.optional(z.nullable(z.object({ bundles: z.array(z.object({ displayName: z.string() })) }))),
    sku: z.optional(z.nullable(z.string())),
  })
  .check(
    z.refine(({ licenses, sku }) => licenses !== undefined || sku !== undefined, {
      path: ['licenses'],
      error: 'neither licenses.bundles nor sku is there',
    }),
  );

type Site = z.output<typeof Site>;

/** `allSites` speaks of more than the sites listed; it is worth a look, never a verdict. */
const Sites = z.object({
  data: z.object({
    allSites: z.optional(z.nullable(z.object({ activeLicenses: z.optional(z.nullable(z.int())) }))),
    sites: z.array(Site),
  }),
  pagination: Pagination,
});

const Accounts = z.object({
  data: z.array(z.object({ id: longId, name: z.string(), state: z.string(), accountType: z.string() })),
  pagination: Pagination,
});

const Token = z.object({ data: z.object({ expiresAt: z.nullable(z.string()) }) });

const WARN_DAYS = 30;
const DAY = 86_400_000;

/** Later pages may declare 0 items; only a figure above that says anything. */
const pages = (accountIds: string[] | undefined, sortBy?: string) =>
  byToken<{ pagination: z.output<typeof Pagination> }>({
    param: 'cursor',
    query: { states: 'active,expired', sortBy, limit: 1000, accountIds: accountIds?.join(',') },
    next: ({ pagination }) => pagination.nextCursor,
    declared: ({ pagination }) => ({ rows: pagination.totalItems || undefined }),
  });

export default collector({
  id: 'sentinelone',
  name: 'SentinelOne',
  position: 80,
  credentials: 'end',
  customerId: { name: 'site id (account id with `customerLevel: account`)', schema: longId },
  secret: z.strictObject({
    /** The console's own address, as in the browser. */
    consoleUrl: z
      .string()
      .check(
        z.regex(
          /^https:\/\/(?!console\.)[a-z0-9-]+(\.[a-z0-9-]+)*\.sentinelone\.net(\/|$)/iu,
          'expected the address of your own console, https://….sentinelone.net',
        ),
      ),
    apiToken: z.string(),
  }),
  configuration: z.strictObject({
    customerLevel: z._default(z.enum(['site', 'account']), 'site'),
    /** Accounts to read; all that the token sees otherwise. */
    accountIds: z.optional(z.array(longId)),
    /** Count trial sites too. */
    countTrials: z._default(z.boolean(), false),
    /** Ask, in one further call, when the token ends, and say so 30 days before. */
    warnOfTokenExpiry: z._default(z.boolean(), false),
  }),
  columns: [
    number(ACTIVE, 'agents that hold a licence now, in active and paid sites'),
    number(TOTAL, 'licences allotted to the site; `unlimited` where it has no limit'),
    text(SKU, 'bundles that the site is licensed for'),
  ],
  setup: {
    create:
      'console > Settings > Users > Service Users > Create New Service User, with the longest expiry (`apiToken`)',
    rights: 'role Viewer, scope Account (or Global for several accounts)',
  },
  api: ({ consoleUrl, apiToken }) => ({
    name: 'SentinelOne',
    base: `${new URL(consoleUrl).origin}/web/api/v2.1`,
    auth: headers({ authorization: `ApiToken ${apiToken}` }),
    // 100 a second for lists, in bursts of 10.
    limit: { requests: 10, perSeconds: 1, concurrency: 2 },
    renewal: 'a token that has ended is not extended: create a new service user',
    limitedSeconds: 5,
  }),
  async *collect(api, { apiToken, customerLevel, accountIds, countTrials, warnOfTokenExpiry }, { asOf }) {
    if (warnOfTokenExpiry) yield* tokenExpiry(api, apiToken, Date.parse(asOf));

    if (customerLevel === 'account') {
      const accounts = { page: Accounts, rows: ({ data }: z.output<typeof Accounts>) => data };
      for await (const account of api.pages('/accounts', { ...accounts, key: ({ id }) => id }, pages(accountIds))) {
        if (account.state === 'deleted') continue;
        yield customer(account.id, account.name);
        const reason = leftOut(account.state, account.accountType);
        if (reason !== undefined) yield excluded(account.id, reason);
      }
    }

    let allActive: number | undefined;
    let listedActive = 0;
    const presence = new Presence({ licenses: 'the SKU stands where its bundles were' });
    const sites = api.pages(
      '/sites',
      {
        page: Sites,
        rows: ({ data }) => {
          allActive = data.allSites?.activeLicenses ?? undefined;
          return data.sites;
        },
        key: (site) => site.id,
      },
      pages(accountIds, 'id'),
    );
    for await (const site of sites) {
      presence.see(site);
      if (site.state === 'deleted') continue;
      listedActive += site.activeLicenses;
      const reason =
        leftOut(site.state, site.siteType) ?? (isEmptyDefault(site) ? 'default site without licences' : undefined);
      const id = customerLevel === 'account' ? site.accountId : site.id;
      if (customerLevel === 'site') {
        yield customer(id, site.name);
        if (reason !== undefined) yield excluded(id, reason);
      } else if (reason !== undefined && site.activeLicenses > 0) {
        yield note(`site ${site.name} (${site.activeLicenses} active) is left out: ${reason}`, id);
      }
      if (reason !== undefined) continue;
      if (site.siteType === 'Trial') yield note(`site ${site.name} is a trial`, id);
      yield count(id, ACTIVE, site.activeLicenses);
      // Bundles say "unlimited" by -1.
      if (site.unlimitedLicenses || site.totalLicenses === -1) yield words(id, TOTAL, 'unlimited');
      else yield count(id, TOTAL, site.totalLicenses);
      const bundles = site.licenses?.bundles.map(({ displayName }) => displayName) ?? [];
      for (const name of bundles.length > 0 ? bundles : [site.sku]) if (name) yield words(id, SKU, name);
    }
    yield* presence.notes('sites');
    if (allActive !== undefined) {
      const loose = 'that figure is known to include sites which are not listed';
      yield* api.compare('active licences of all sites', listedActive, allActive, { loose });
    }

    function leftOut(state: string, type: string): string | undefined {
      if (state !== 'active') return `its state is ${state}`;
      return type === 'Trial' && !countTrials ? 'it is a trial' : undefined;
    }
  },
});

/** The collection does not hang on this: where the token may not ask, the run only says that. */
async function* tokenExpiry(api: VendorApi, apiToken: string, now: number): AsyncGenerator<Fact> {
  try {
    const details = { json: { data: { apiToken } }, reads: true, schema: Token };
    const { expiresAt } = (await api.post('/users/api-token-details', details)).data;
    if (expiresAt === null) return;
    const days = Math.floor((Date.parse(expiresAt) - now) / DAY);
    if (!(days >= WARN_DAYS))
      yield note(`the API token ends on ${expiresAt.slice(0, 10)}: create a new service user before`);
  } catch (error) {
    if (!isReportError(error)) throw error;
    yield note(`when the API token ends could not be read: ${error.message}`);
  }
}

/** Every account has one, for agents that were installed without a site token. Renamed or given licences, it is a customer's. */
const isEmptyDefault = ({ isDefault, name, activeLicenses, totalLicenses, unlimitedLicenses }: Site): boolean =>
  isDefault === true &&
  /^\s*default site\s*$/iu.test(name) &&
  activeLicenses === 0 &&
  (unlimitedLicenses || totalLicenses <= 0);
