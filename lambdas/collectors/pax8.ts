import * as z from 'zod/mini';
import { guid } from '../counting/ids.ts';
import { sees } from '../counting/rights.ts';
import { vendor } from '../counting/vendor.ts';
import { dayIn } from '../report/day.ts';
import { clientCredentials, clientFields } from '../wire/auth.ts';
import { textLike } from '../wire/forms.ts';
import { preset, required } from '../wire/options.ts';
import { companies, readCompanies } from './pax8/companies.ts';
import { productNames } from './pax8/product-names.ts';
import { active, readLive, seatOf, subscriptions } from './pax8/subscription.ts';
import { UsageProducts } from './pax8/usage.ts';

/** Where credentials may go: they are a partner's, and must not reach any address outside Pax8. */
const address = textLike(/^https:\/\/([a-z0-9-]+\.)+pax8\.com(\/[\w./-]*)?$/u, 'https://….pax8.com/…');

export default vendor({
  id: 'pax8',
  name: 'Pax8',
  prefix: 'PAX8',
  position: 100,
  customerId: { name: 'company id', schema: guid },
  columns: {},
  products:
    'seats of live recurring subscriptions of this product (active, or cancelled with an end date still to come)',
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
    audience: preset(z.string(), 'https://api.pax8.com', 'audience of the token'),
    usageProducts: preset(
      z.array(z.string()),
      [],
      'ids or names of products that are priced by usage: their quantity is not a number of seats',
    ),
  },
  names: {
    units: 'subscriptions, by product',
    terms: ['quantity', 'unitCost', 'currency', 'billingTerm', 'commitment', 'termEnd'],
  },
  setup: {
    create: 'Pax8 app > Integrations > API credentials > Create API credential',
    rights: [
      sees(
        'reading companies and subscriptions, as a Partner Admin grants it',
        'Pax8 app > Integrations > API credentials',
        [companies.path, subscriptions.path],
        { page: 0, size: 1 },
      ),
    ],
  },
  api: ({ audience, baseUrl, tokenUrl, ...client }) => ({
    base: baseUrl,
    hosts: [new URL(tokenUrl).hostname],
    auth: clientCredentials({ url: tokenUrl, as: 'json', fields: clientFields(client, { audience }) }),
    limit: { requests: 900, perSeconds: 60, concurrency: 2 },
    limitedSeconds: 8,
  }),
  async *collect(verbs, { usageProducts }, { asOf, timeZone }) {
    const { api, seats, note } = verbs;
    const companies = yield* verbs.prefetching(active, readCompanies(verbs));
    const nameOf = productNames(api);
    const usage = new UsageProducts(usageProducts);
    const today = dayIn(asOf, timeZone);
    yield* readLive(verbs, companies, today, async function* (row) {
      const name = await nameOf(row);
      yield* seats(row.companyId, [row], () => seatOf(row, name, usage.has(row.productId, name), today));
    });
    for (const product of usage.unmet()) yield note(`usageProducts: no live subscription has the product "${product}"`);
  },
});
