import * as z from 'zod/mini';
import { anyId, collector, customer, digits, gap, note, product } from '../counting/collector.ts';
import { Presence } from '../counting/presence.ts';
import { rotatingToken } from '../counting/rotating-token.ts';
import { isAzurePlan } from '../counting/subscriptions.ts';
import { productTitle } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { byOffset, byToken } from '../wire/paging.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';

const products = {
  prefix: 'StreamOne ION',
  definition: 'licences of active, paid subscriptions of this product (trials and usage-based ones left out)',
};

const maybe = <T extends z.ZodMiniType>(type: T) => z.optional(z.nullable(type));

/** Numbers come as numbers or, as gRPC gateways write them, as text; an empty text is none. */
const numberOrText = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^(-?\d+(\.\d+)?)?$/u, 'expected a number'))]),
  z.transform((value) => (value === '' ? undefined : Number(value))),
);

/** `customerName` is the contact person here, and the company in the subscriptions. */
const Customers = z.object({
  customers: z.array(
    z.object({
      name: z.string().check(z.regex(/^accounts\/[^/]+\/customers\/[^/]+$/u, 'expected accounts/…/customers/…')),
      customerOrganization: maybe(z.string()),
      customerName: maybe(z.string()),
      customerStatus: maybe(z.string()),
    }),
  ),
  nextPageToken: maybe(z.string()),
});

const Subscriptions = z.object({
  items: z.array(z.looseObject({ id: anyId, subscriptionStatus: z.string() })),
  paginationResponse: maybe(z.object({ totalSize: maybe(numberOrText) })),
});
/** One that may count; what has ended is not looked into. */
const Subscription = z.object({
  id: anyId,
  customerId: anyId,
  customerName: maybe(z.string()),
  subscriptionName: maybe(z.string()),
  ccpProductInfo: maybe(z.object({ skuDisplayName: maybe(z.string()), productDisplayName: maybe(z.string()) })),
  ccpSkuId: maybe(anyId),
  subscriptionTotalLicenses: maybe(numberOrText),
  unitType: maybe(z.string()),
  subscriptionBillingType: maybe(z.string()),
  isTrial: maybe(z.boolean()),
});
type Subscription = z.output<typeof Subscription>;

const nameOf = ({ subscriptionName, ccpProductInfo, ccpSkuId, id }: Subscription): string =>
  subscriptionName || ccpProductInfo?.skuDisplayName || ccpProductInfo?.productDisplayName || ccpSkuId || id;

export default collector({
  id: 'td-synnex-streamone-ion',
  name: 'TD SYNNEX StreamOne ION',
  position: 180,
  credentials: 'rotate',
  customerId: { name: 'customer id', schema: digits },
  secret: z.strictObject({
    accountId: digits,
    /** Good for one use; replaced here at every refresh, together with the two below. */
    refreshToken: z.string().check(z.minLength(1)),
    accessToken: maybe(z.string()),
    accessTokenExpiresAt: maybe(z.string()),
  }),
  configuration: z.strictObject({
    baseUrl: z._default(z.url(), 'https://ion.tdsynnex.com'),
    includeSuspended: z._default(z.boolean(), false),
  }),
  columns: [],
  products,
  setup: {
    create:
      'ION portal > Settings > Users: a user for this alone, then Edit > Request New Credentials (`refreshToken`); ' +
      'Settings > Account Information: Account ID. No other tool may use that token, and it dies after 32 days without a run',
    rights:
      'any role except User, status Active; the secret must be writable, for the token changes with every refresh',
  },
  api: (secret, run) => ({
    name: 'StreamOne ION',
    base: `${secret.baseUrl.replace(/\/$/u, '')}/api/v3/accounts/${secret.accountId}`,
    auth: rotatingToken({
      vendor: 'StreamOne ION',
      url: `${secret.baseUrl.replace(/\/$/u, '')}/oauth/token`,
      secret,
      run,
      remedy:
        'Request new credentials in the ION portal (Settings > Users > the user > Edit > Request New Credentials) and store ' +
        'them as refreshToken',
    }),
    limit: { concurrency: 1 },
    limitedSeconds: 8,
  }),
  async *collect(api, { includeSuspended }) {
    const listed = new Map<string, { deleted: boolean }>();
    const statuses = new Presence({ customerStatus: 'deleted ones are listed too' });
    const customers = api.pages(
      '/customers',
      { page: Customers, rows: (page) => page.customers, key: (row) => row.name },
      byToken({ param: 'pageToken', query: { pageSize: 200 }, next: (page) => page.nextPageToken }),
    );
    try {
      for await (const row of customers) {
        statuses.see(row);
        const { name, customerOrganization, customerName, customerStatus } = row;
        const id = name.slice(name.lastIndexOf('/') + 1);
        const deleted = customerStatus?.toUpperCase() === 'DELETED';
        listed.set(id, { deleted });
        if (!deleted) yield customer(id, customerOrganization || customerName || id);
      }
    } catch (error) {
      // Where there is no customer, this list is not there; who has a subscription is named by that.
      if (listed.size > 0 || !(error instanceof RefusedAnswer && error.status === 404)) throw error;
      yield note('StreamOne ION knows no list of customers: only those with a subscription are listed');
    }

    yield* statuses.notes('customers');

    const licensed = { rows: 0, counted: 0 };
    const sold = new Presence({ isTrial: 'trials are counted too' });
    const live = new Set(['ACTIVE', ...(includeSuspended ? ['SUSPENDED'] : [])]);
    // Not filtered by the vendor: a filter that matches nothing looks like a vendor without subscriptions.
    const subscriptions = api.pages(
      '/subscriptions',
      { page: Subscriptions, rows: (page) => page.items, key: (row) => row.id },
      byOffset({
        param: 'pagination.offset',
        size: { param: 'pagination.limit', value: 200 },
        declared: (page) => ({ rows: page.paginationResponse?.totalSize ?? undefined }),
      }),
    );
    for await (const row of subscriptions) {
      sold.see(row);
      if (!live.has(row.subscriptionStatus.toUpperCase())) continue;
      const subscription = api.check(Subscription, row, `subscription ${row.id}`);
      const { customerId, customerName, subscriptionTotalLicenses: licences, unitType, isTrial } = subscription;
      const known = listed.get(customerId);
      if (isTrial === true || known?.deleted === true) continue;
      const name = nameOf(subscription);
      const billing = subscription.subscriptionBillingType?.toLowerCase();
      if (billing && billing !== 'license') {
        yield note(`${name} is billed by ${billing}: left out`);
        continue;
      }
      if (isAzurePlan(name)) {
        yield note(`${name} is priced by usage: left out`);
        continue;
      }
      if (known === undefined) yield customer(customerId, customerName || customerId);
      const suffix = unitType ? ` (${unitType})` : '';
      licensed.rows += 1;
      if (licences === undefined || licences === null) {
        yield* product(products, customerId, name, 0, suffix);
        const title = `${productTitle(products.prefix, name)}${suffix}`;
        yield gap(customerId, title, 'failed', `a subscription of ${name} is listed without its number of licences`);
        continue;
      }
      licensed.counted += 1;
      if (licences !== 0) yield* product(products, customerId, name, licences, suffix);
    }
    yield* sold.notes('subscriptions');
    if (licensed.rows > 0 && licensed.counted === 0) {
      throw new ReportError(
        'VendorContractError',
        `${api.name} list /subscriptions: subscriptionTotalLicenses is missing from all ${licensed.rows} rows`,
      );
    }
  },
});
