import * as z from 'zod/mini';
import { collector, customer, guid, note, product, productGap } from '../counting/collector.ts';
import { isAzurePlan } from '../counting/subscriptions.ts';
import { clientCredentials } from '../wire/auth.ts';
import { byPage } from '../wire/paging.ts';
import { day } from './pax8/day.ts';
import { productNames } from './pax8/product-names.ts';

const products = {
  prefix: 'PAX8',
  definition:
    'seats of live recurring subscriptions of this product (active, or cancelled with an end date still to come)',
};

/** Quantities of these terms are bought once; they are no seats of the month. */
const ONCE = new Set(['One-Time', 'Activation']);

/** Every documented status, in lower case. */
const STATUSES = new Set([
  ...['active', 'cancelled', 'pendingmanual', 'pendingautomated', 'pendingcancel', 'waitingfordetails'],
  ...['trial', 'converted', 'pendingactivation', 'activated'],
]);

const Totals = z.object({ totalElements: z.int(), totalPages: z.int() });

const Companies = z.object({
  content: z.array(z.object({ id: guid, name: z.string(), status: z.string() })),
  page: Totals,
});

const Subscriptions = z.object({
  content: z.array(
    z.object({
      id: z.string(),
      companyId: guid,
      /** Held against `usageProducts` in lower case. */
      productId: z.pipe(
        z.string().check(z.minLength(1)),
        z.transform((id) => id.toLowerCase()),
      ),
      productName: z.optional(z.nullable(z.string())),
      quantity: z.number(),
      status: z.string(),
      endDate: z.optional(z.nullable(z.string())),
      billingTerm: z.string(),
    }),
  ),
  page: Totals,
});

/** Where credentials may go: they are those of a partner, and no address outside Pax8 has any business with them. */
const Address = z
  .string()
  .check(z.regex(/^https:\/\/([a-z0-9-]+\.)+pax8\.com(\/[\w./-]*)?$/u, 'expected https://….pax8.com/…'));

const folded = (name: string): string => name.trim().toLowerCase();

const pages = <B extends { page: z.output<typeof Totals> }>(sort: string, status?: string) =>
  byPage<B>({
    param: 'page',
    first: 0,
    size: { param: 'size', value: 200 },
    query: { sort, status },
    declared: ({ page }) => ({ rows: page.totalElements, pages: page.totalPages }),
  });

export default collector({
  id: 'pax8',
  name: 'Pax8',
  position: 100,
  customerId: { name: 'company id', schema: guid },
  secret: z.strictObject({ clientId: z.string(), clientSecret: z.string() }),
  configuration: z.strictObject({
    baseUrl: z._default(Address, 'https://api.pax8.com/v1'),
    /** The other published token address is https://token-manager.pax8.com/oauth/token. */
    tokenUrl: z._default(Address, 'https://api.pax8.com/v1/token'),
    audience: z._default(z.string(), 'https://api.pax8.com'),
    /** Ids or names of products that are priced by usage: their quantity is no number of seats. */
    usageProducts: z._default(z.array(z.string()), []),
  }),
  columns: [],
  products,
  setup: {
    create: 'Pax8 app > Integrations > API credentials > Create API credential',
    rights: 'created by a Partner Admin; the collector only reads',
  },
  api: ({ clientId, clientSecret, audience, baseUrl, tokenUrl }) => ({
    name: 'Pax8',
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
  async *collect(api, { usageProducts }, { asOf }) {
    const listed = new Set<string>();
    const deleted = new Set<string>();
    const companies = api.pages(
      '/companies',
      {
        page: Companies,
        rows: (page) => page.content,
        key: (row) => row.id,
      },
      pages('name,asc'),
    );
    for await (const company of companies) {
      if (company.status === 'Deleted') {
        deleted.add(company.id);
      } else {
        listed.add(company.id);
        yield customer(company.id, company.name);
      }
    }

    const nameOf = productNames(api);
    const usage = new Map(usageProducts.map((product) => [folded(product), product]));
    const unmet = new Set(usage.keys());
    const today = day(asOf);
    const seen = new Set<string>();
    for (const status of ['Active', 'PendingCancel']) {
      const subscriptions = api.pages(
        '/subscriptions',
        {
          list: `/subscriptions ${status}`,
          page: Subscriptions,
          rows: (page) => page.content,
          key: (row) => row.id,
        },
        pages('createdDate,asc', status),
      );
      for await (const row of subscriptions) {
        // A filter that is ignored brings the other statuses too. A word that is none of them may be a new one for this.
        const asked = folded(row.status) === folded(status);
        if (!asked && STATUSES.has(folded(row.status))) continue;
        if (deleted.has(row.companyId) || row.billingTerm === 'Trial' || row.quantity === 0) continue;
        const ends = row.endDate ? day(row.endDate) : undefined;
        if ((ends !== undefined && ends < today) || seen.has(row.id)) continue;
        // One that is cancelled between the two passes is in both.
        seen.add(row.id);
        if (!listed.has(row.companyId)) {
          yield note(`company ${row.companyId} has subscriptions and is not listed: they are left out`);
          continue;
        }
        const name = await nameOf(row);
        const marks = [row.productId, folded(name)].filter((mark) => usage.has(mark));
        for (const mark of marks) unmet.delete(mark);
        if (marks.length > 0 || isAzurePlan(name) || folded(name) === 'azure') {
          yield note(`${name} is priced by usage: left out`);
        } else if (ONCE.has(row.billingTerm)) {
          yield note(`${name}: ${row.billingTerm} terms are left out`);
        } else if (!asked) {
          const reason = `a subscription of ${name} has the status "${row.status}", which is in no document of Pax8`;
          yield* productGap(products, row.companyId, name, reason);
        } else if (status === 'PendingCancel' && ends === undefined) {
          yield note(`${name}: cancelled without an end date, not counted`, row.companyId);
        } else {
          yield* product(products, row.companyId, name, row.quantity);
          if (status === 'PendingCancel') yield note(`${row.quantity} of ${name} end on ${ends}`, row.companyId);
        }
      }
    }
    for (const mark of unmet) yield note(`usageProducts: no live subscription is of "${usage.get(mark)}"`);
  },
});
