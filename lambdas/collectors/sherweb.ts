import * as z from 'zod/mini';
import { anyId, collector, customer, excluded, guid, guidAsWritten, note, product } from '../counting/collector.ts';
import { Presence } from '../counting/presence.ts';
import { isAzurePlan } from '../counting/seats.ts';
import type { VendorApi } from '../counting/vendor-api.ts';
import { ReportError } from '../report/errors.ts';
import { clientCredentials } from '../wire/auth.ts';
import { waitInWords } from '../wire/classify.ts';
import { single } from '../wire/paging.ts';

const products = {
  prefix: 'Sherweb',
  definition:
    'seats of the live subscriptions of this product, now and not from the next term on; one-off purchases and Azure plans left out',
};

const DETAILS = '/service-provider/v1/billing/subscriptions/details';
/** The same list, under the name that some partners have. */
const PLAIN = '/service-provider/v1/billing/subscriptions';

const maybe = <T extends z.ZodMiniType>(type: T) => z.optional(z.nullable(type));

const ONE_TIME = /^one[- _]?time$/iu;

const idOf = (id: string): string => id.toLowerCase();

/** No list here has pages; some answers are the bare array. */
const list = <T extends z.ZodMiniType>(item: T) =>
  z.pipe(
    z.transform((answer: unknown) => (Array.isArray(answer) ? { items: answer } : answer)),
    z.object({ items: z.array(item) }),
  );

const Customers = list(z.object({ id: guidAsWritten, displayName: z.string(), suspendedOn: maybe(z.string()) }));
const Subscriptions = list(
  z.looseObject({
    id: anyId,
    productName: maybe(z.string()),
    sku: maybe(z.string()),
    quantity: z.number(),
    billingCycle: maybe(z.string()),
  }),
);

export default collector({
  id: 'sherweb',
  name: 'Sherweb',
  position: 160,
  customerId: { name: 'customer id', schema: guid },
  secret: z.strictObject({ clientId: z.string(), clientSecret: z.string(), subscriptionKey: z.string() }),
  configuration: z.strictObject({
    baseUrl: z._default(z.url(), 'https://api.sherweb.com'),
    /** Where a customer's subscriptions are, if not at `…/subscriptions/details` or, failing that, `…/subscriptions`. */
    subscriptionsPath: z.optional(z.string().check(z.startsWith('/'))),
    includeSuspended: z._default(z.boolean(), false),
    includeOneTime: z._default(z.boolean(), false),
  }),
  columns: [],
  products,
  setup: {
    create: 'Cumulus > Security > APIs > add an application: Client ID, Client Secret and Subscription Key, shown once',
    rights:
      'the Service Provider API; some partners have to fill in their rebilling settings, or to have it enabled by Sherweb, first',
  },
  api: ({ clientId, clientSecret, subscriptionKey, baseUrl }) => ({
    name: 'Sherweb',
    base: baseUrl,
    auth: clientCredentials({
      url: '/auth/oidc/connect/token',
      fields: {
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'service-provider',
        grant_type: 'client_credentials',
      },
    }),
    // Names come in the language that is asked for; one language, or columns would move.
    headers: { 'ocp-apim-subscription-key': subscriptionKey, 'accept-language': 'en' },
    limit: { concurrency: 3 },
    limitedSeconds: 3,
    classify: waitInWords,
  }),
  async *collect(api, { subscriptionsPath, includeSuspended, includeOneTime }) {
    const read: string[] = [];
    const customers = api.pages(
      '/service-provider/v1/customers',
      { page: Customers, rows: ({ items }) => items, key: (row) => row.id.toLowerCase() },
      single(),
    );
    for await (const row of customers) {
      const { displayName, suspendedOn } = row;
      const id = idOf(row.id);
      yield customer(id, displayName);
      // Asked for as Sherweb writes it.
      if (!suspendedOn || includeSuspended) read.push(row.id);
      else yield excluded(id, `suspended on ${suspendedOn.slice(0, 10)}`);
    }

    const subscriptionsOf = subscriptionsAt(subscriptionsPath === undefined ? [DETAILS, PLAIN] : [subscriptionsPath]);
    const presence = new Presence({ billingCycle: 'one-off purchases are counted too' });
    yield* api.each(read, idOf, async function* (customerId) {
      const id = idOf(customerId);
      const rows = await subscriptionsOf(api, customerId);
      const subscriptions = new Map(rows.map((row) => [JSON.stringify(row), row]));
      if (new Set(rows.map((row) => row.id)).size < subscriptions.size)
        throw new ReportError(
          'VendorContractError',
          `Sherweb: different subscriptions of customer ${id} carry the same id, so which of them count is not known`,
        );
      for (const row of subscriptions.values()) {
        presence.see(row);
        const { productName, sku, quantity, billingCycle } = row;
        const name = productName || sku;
        if (!name)
          throw new ReportError(
            'VendorContractError',
            `Sherweb: a subscription of customer ${id} has no productName and no sku`,
          );
        if (quantity === 0) continue;
        if (isAzurePlan(name)) yield note(`${name} is priced by usage: left out`);
        else if (ONE_TIME.test(billingCycle ?? '') && !includeOneTime)
          yield note(`${name} is bought once: left out`, id);
        else yield* product(products, id, name, quantity);
      }
    });
    yield* presence.notes('subscriptions');
  },
});

/** The path that answers is kept; where none does, each customer is tried at all of them, for its 404 may be its own. */
function subscriptionsAt(paths: readonly string[]) {
  let found: string | undefined;
  return async (api: VendorApi, customerId: string): Promise<z.output<typeof Subscriptions>['items']> => {
    const candidates = found === undefined ? paths : [found];
    for (const path of candidates.slice(0, -1)) {
      const answer = await api.send('GET', path, { query: { customerId }, accept: [404] });
      if (answer.status === 404) continue;
      found = path;
      return api.parse(answer, Subscriptions, 'GET', path).items;
    }
    const path = candidates.at(-1) ?? DETAILS;
    const { items } = await api.get(path, { query: { customerId }, schema: Subscriptions });
    found = path;
    return items;
  };
}
