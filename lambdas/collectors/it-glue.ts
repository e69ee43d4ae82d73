import * as z from 'zod/mini';
import { anyId, collector, count, customer, digits, excluded, note } from '../counting/collector.ts';
import { number } from '../report/column.ts';
import { isReportError, ReportError } from '../report/errors.ts';
import { headers } from '../wire/auth.ts';
import { byPage } from '../wire/paging.ts';

const USERS = 'MyGlue Users';

const HOSTS = { us: 'api.itglue.com', eu: 'api.eu.itglue.com', au: 'api.au.itglue.com' };

/** Rows to a page. The gateway gives up (504) on pages that take too long to make; smaller ones get through. */
const SIZES = [1000, 500, 250];

const listOf = <A extends z.ZodMiniType>(attributes: A) =>
  z.object({
    data: z.array(z.object({ id: anyId, attributes })),
    meta: z.object({ 'total-pages': z.int(), 'total-count': z.int() }),
  });

/** The account's id is null where there is none; if the member were gone, every count would be an unseen 0. */
const Organizations = listOf(
  z.object({
    name: z.string(),
    'organization-status-name': z.optional(z.nullable(z.string())),
    primary: z.optional(z.nullable(z.boolean())),
    'parent-id': z.optional(z.nullable(anyId)),
    'my-glue-account-id': z.nullable(anyId),
  }),
);

const Users = listOf(
  z.object({ 'my-glue': z.nullable(z.boolean()), 'my-glue-account-id': z.optional(z.nullable(anyId)) }).check(
    z.refine((user) => user['my-glue'] !== true || user['my-glue-account-id'] !== undefined, {
      path: ['my-glue-account-id'],
      error: 'a MyGlue user without this member',
    }),
  ),
);

type Organization = z.output<typeof Organizations>['data'][number];

const pages = (size: number) =>
  byPage<{ meta: { 'total-pages': number; 'total-count': number } }>({
    param: 'page[number]',
    first: 1,
    size: { param: 'page[size]', value: size },
    query: { sort: 'id' },
    declared: ({ meta }) => ({ rows: meta['total-count'], pages: meta['total-pages'] }),
  });

/** Reads a list; where the gateway gave up, from its start again in smaller pages: rows may come twice then. */
async function* smallerAfter504<R>(read: (size: number) => AsyncIterable<R>): AsyncGenerator<R> {
  for (const size of SIZES) {
    try {
      yield* read(size);
      return;
    } catch (error) {
      if (size === SIZES.at(-1) || !isReportError(error) || error.cause !== 'HTTP 504') throw error;
    }
  }
}

export default collector({
  id: 'it-glue',
  name: 'IT Glue',
  position: 110,
  customerId: { name: 'organization id', schema: digits },
  secret: z.strictObject({ apiKey: z.string(), region: z.enum(['us', 'eu', 'au']) }),
  configuration: z.strictObject({
    /** Names of the statuses whose organizations are left out; statuses are each MSP's own. */
    excludedStatuses: z._default(z.array(z.string()), ['Inactive', 'Archived']),
  }),
  columns: [
    number(
      USERS,
      'users of the MyGlue account of the organization, invited ones included; of several organizations with one ' +
        'account, only the first has them',
    ),
  ],
  setup: {
    create:
      'IT Glue > Account > Settings > API Keys > Custom API Key, without password access; `region` is us, eu or au',
    rights: 'created by an administrator, on the Enterprise plan; a key that is not used for 90 days may end',
  },
  api: ({ apiKey, region }) => ({
    name: 'IT Glue',
    base: `https://${HOSTS[region]}`,
    auth: headers({ 'x-api-key': apiKey }),
    headers: { accept: 'application/vnd.api+json' },
    limit: { requests: 8, perSeconds: 1, concurrency: 2 },
    limitedSeconds: 60,
  }),
  async *collect(api, { excludedStatuses }) {
    const unwanted = new Set(excludedStatuses.map((status) => status.toLowerCase()));
    const sharers = new Map<string, Map<string, Organization>>();
    const organizations = smallerAfter504((size) =>
      api.pages('/organizations', { page: Organizations, rows: ({ data }) => data, key: ({ id }) => id }, pages(size)),
    );
    for await (const organization of organizations) {
      const { id, attributes } = organization;
      yield customer(id, attributes.name);
      const status = attributes['organization-status-name'];
      const account = attributes['my-glue-account-id'];
      if (status && unwanted.has(status.trim().toLowerCase())) yield excluded(id, `its status is ${status}`);
      else if (account !== null) sharers.set(account, (sharers.get(account) ?? new Map()).set(id, organization));
    }

    const homes = new Map<string, string>();
    for (const [account, sharing] of sharers) {
      const [first, ...others] = [...sharing.values()].sort(byClaim);
      if (first === undefined) continue;
      homes.set(account, first.id);
      if ([first, ...others].some(({ attributes }) => typeof attributes.primary !== 'boolean') && others.length > 0)
        yield note("which of those that share its MyGlue account is the MSP's own is not told", first.id);
      for (const { id } of others) {
        yield excluded(
          id,
          `it shares its MyGlue account with organization ${first.id} (${first.attributes.name}), counted there`,
        );
      }
    }

    const homeless = new Map<string, Set<string>>();
    let told = false;
    let seats = false;
    const users = smallerAfter504((size) =>
      api.pages('/users', { page: Users, rows: ({ data }) => data, key: ({ id }) => id }, pages(size)),
    );
    for await (const { id, attributes } of users) {
      const account = attributes['my-glue-account-id'] ?? null;
      if (attributes['my-glue'] !== null || account !== null) told = true;
      if (attributes['my-glue'] !== true && account === null) continue;
      seats = true;
      const home = account === null ? undefined : homes.get(account);
      if (home !== undefined) yield count(home, USERS, 1, id);
      else {
        const where = account === null ? 'without account' : `of account ${account}`;
        homeless.set(where, (homeless.get(where) ?? new Set()).add(id));
      }
    }
    // The administrator who made the key is a user: an empty list is a wrong answer, and with MyGlue accounts a wrong 0.
    if (!told && homes.size > 0) {
      const what = 'IT Glue lists no user, or of no user whether it is one of MyGlue, which cannot be';
      throw new ReportError('VendorContractError', what);
    }
    if (!seats && homes.size > 0) {
      yield note(`${homes.size} organizations have a MyGlue account, and not one user is a MyGlue user`);
    }
    for (const [where, { size }] of homeless) {
      yield note(`${size} MyGlue users ${where} belong to no organization that is counted`);
    }
  },
});

/** Of organizations that share an account, the seats belong to the one that is neither the MSP's own nor a branch; then the lowest id. */
function byClaim(a: Organization, b: Organization): number {
  const rank = ({ attributes }: Organization) => (attributes.primary === true || attributes['parent-id'] ? 1 : 0);
  return rank(a) - rank(b) || a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
