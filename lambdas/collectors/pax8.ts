import * as z from 'zod/mini';
import { clientCredentials } from '../vendor/auth.ts';
import { collector, customer, guid, note, product } from '../vendor/collector.ts';
import { byPage } from '../vendor/paging.ts';

const products = {
  prefix: 'PAX8',
  definition:
    'seats of live recurring subscriptions of this product (active, or cancelled with an end date still to come)',
};

/** Quantities of these terms are bought once; they are no seats of the month. */
const ONCE = new Set(['One-Time', 'Activation']);

const Totals = z.object({ totalElements: z.int(), totalPages: z.int() });

const Companies = z.object({
  content: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
  page: Totals,
});

const Subscriptions = z.object({
  content: z.array(
    z.object({
      id: z.string(),
      companyId: z.string(),
      productId: z.string(),
      productName: z.optional(z.nullable(z.string())),
      quantity: z.number(),
      status: z.string(),
      endDate: z.optional(z.nullable(z.string())),
      billingTerm: z.string(),
    }),
  ),
  page: Totals,
});

const Product = z.object({
  id: z.string(),
  name: z.optional(z.nullable(z.string())),
  sku: z.optional(z.nullable(z.string())),
});

/** The UTC day of any of the date forms that Pax8 mixes (`2025-12-29`, `…Z`, `…-0600`). */
function day(date: string): string {
  const parsed = Date.parse(date.replace(/([+-]\d{2})(\d{2})$/u, '$1:$2'));
  return Number.isNaN(parsed) ? date.slice(0, 10) : new Date(parsed).toISOString().slice(0, 10);
}

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
    baseUrl: z._default(z.url(), 'https://api.pax8.com/v1'),
    /** The other published token address is https://token-manager.pax8.com/oauth/token. */
    tokenUrl: z._default(z.url(), 'https://api.pax8.com/v1/token'),
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
  }),
  async *collect(api, { usageProducts }, { asOf }) {
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
      if (company.status === 'Deleted') deleted.add(company.id);
      else yield customer(company.id.toLowerCase(), company.name);
    }

    const names = new Map<string, string>();
    const nameOf = async (id: string, listed: string | null | undefined): Promise<string> => {
      const known = listed || names.get(id);
      if (known) return known;
      const found = await api.get(`/products/${id}`, { schema: Product });
      const name = found.name || found.sku || id;
      names.set(id, name);
      return name;
    };

    const usage = new Set(usageProducts);
    const today = day(asOf);
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
        if (row.status !== status || deleted.has(row.companyId) || row.billingTerm === 'Trial' || row.quantity <= 0)
          continue;
        const ends = row.endDate ? day(row.endDate) : undefined;
        if (ends !== undefined && ends < today) continue;
        const name = await nameOf(row.productId, row.productName);
        const company = row.companyId.toLowerCase();
        if (usage.has(row.productId) || usage.has(name)) {
          yield note(`${name} is priced by usage: left out`);
        } else if (ONCE.has(row.billingTerm)) {
          yield note(`${name}: ${row.billingTerm} terms are left out`);
        } else if (status === 'PendingCancel' && ends === undefined) {
          yield note(`${name}: cancelled without an end date, not counted`, company);
        } else {
          yield* product(products, company, name, row.quantity);
          if (status === 'PendingCancel') yield note(`${row.quantity} of ${name} end on ${ends}`, company);
        }
      }
    }
  },
});
