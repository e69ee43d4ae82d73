import * as z from 'zod/mini';
import { guid } from '../counting/ids.ts';
import { itself } from '../counting/row-forms.ts';
import { vendor } from '../counting/vendor.ts';
import { UnknownWord, words } from '../counting/words.ts';
import { dayIn } from '../report/day.ts';
import { clientCredentials } from '../wire/auth.ts';
import { list } from '../wire/lists.ts';
import { preset, required } from '../wire/options.ts';
import { paged } from './pax8/paging.ts';
import { productNames } from './pax8/product-names.ts';
import { endOf, seatOf, statusOf, subscriptions } from './pax8/subscription.ts';
import { UsageProducts } from './pax8/usage.ts';

const companies = list('/companies', { id: itself(guid), name: z.string(), status: z.string() }, paged('name,asc'));

/** Where credentials may go: they are those of a partner, and no address outside Pax8 has any business with them. */
const address = z
  .string()
  .check(z.regex(/^https:\/\/([a-z0-9-]+\.)+pax8\.com(\/[\w./-]*)?$/u, 'expected https://….pax8.com/…'));

export default vendor({
  id: 'pax8',
  name: 'Pax8',
  prefix: 'PAX8',
  position: 100,
  customerId: { name: 'company id', schema: guid },
  secret: {
    clientId: required('Client ID of the API credential'),
    clientSecret: required('its secret'),
  },
  configuration: {
    baseUrl: preset(address, 'https://api.pax8.com/v1', 'address of the API'),
    tokenUrl: preset(
      address,
      'https://api.pax8.com/v1/token',
      'where tokens come from; the other published address is https://token-manager.pax8.com/oauth/token',
    ),
    audience: preset(z.string(), 'https://api.pax8.com', 'whom the token is for'),
    usageProducts: preset(
      z.array(z.string()),
      [],
      'ids or names of products that are priced by usage: their quantity is no number of seats',
    ),
  },
  columns: {},
  products:
    'seats of live recurring subscriptions of this product (active, or cancelled with an end date still to come)',
  names: {
    units: 'subscriptions, by product',
    terms: ['quantity', 'unitCost', 'currency', 'billingTerm', 'commitment', 'termEnd'],
  },
  setup: {
    create: 'Pax8 app > Integrations > API credentials > Create API credential',
    rights: [
      {
        right: 'reading companies and subscriptions, as a Partner Admin gives it',
        where: 'Pax8 app > Integrations > API credentials',
        check: async (api) => {
          for (const { path } of [companies, subscriptions])
            await api.send('GET', path, { query: { page: 0, size: 1 } });
        },
      },
    ],
  },
  api: ({ clientId, clientSecret, audience, baseUrl, tokenUrl }) => ({
    base: baseUrl,
    hosts: [new URL(tokenUrl).hostname],
    auth: clientCredentials({
      url: tokenUrl,
      as: 'json',
      fields: { client_id: clientId, client_secret: clientSecret, audience, grant_type: 'client_credentials' },
    }),
    limit: { requests: 900, perSeconds: 60, concurrency: 2 },
    limitedSeconds: 8,
  }),
  async *collect({ api, read, customer, failed, seats, note }, { usageProducts }, { asOf }) {
    const listed = new Set<string>();
    const deleted = new Set<string>();
    yield* read(companies, ({ id, name, status }) => {
      const standing = standingOf(status);
      (standing === 'deleted' ? deleted : listed).add(id);
      if (standing === 'deleted') return undefined;
      return standing instanceof UnknownWord ? [customer(id, name), failed(id, standing.reason)] : customer(id, name);
    });

    const nameOf = productNames(api);
    const usage = new UsageProducts(usageProducts);
    const today = dayIn(asOf, 'UTC');
    const met = new Set<string>();
    for (const { word, status } of PASSES) {
      const live = { ...subscriptions, name: `/subscriptions ${word}`, query: { status: word } };
      yield* read(live, async function* (row) {
        // A filter that is ignored brings the other statuses too. A word that is none of them may be a new one for this.
        const found = statusOf(row.status);
        if (found !== status && !(found instanceof UnknownWord)) return;
        if (deleted.has(row.companyId) || row.billingTerm === 'Trial' || row.quantity === 0) return;
        // One that is cancelled between the two passes is in both.
        if ((endOf(row) ?? today) < today || met.has(row.id)) return;
        met.add(row.id);
        if (!listed.has(row.companyId)) {
          yield note(`company ${row.companyId} has subscriptions and is not listed: they are left out`);
          return;
        }
        const name = await nameOf(row);
        yield* seats(row.companyId, [row], () => seatOf(row, name, usage.has(row.productId, name), today));
      });
    }
    for (const product of usage.unmet()) yield note(`usageProducts: no live subscription is of "${product}"`);
  },
});

/** The API filters by one status at a time. */
const PASSES = [
  { word: 'Active', status: 'active' },
  { word: 'PendingCancel', status: 'ending' },
] as const;

/** An inactive company has no primary contacts, and is billed all the same. */
const standingOf = words('status', { billed: ['Active', 'Inactive'], deleted: ['Deleted'] });
