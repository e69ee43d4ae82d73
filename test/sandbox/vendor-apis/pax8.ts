import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, tokenDesk, unserved, wholeNumber } from '../gate.ts';
import { premiumAtPax8, termEnd, yearlySeats } from '../terms.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const CLIENT_ID = 'pax8-northwind-4f1c';
const CLIENT_SECRET = 'Zk3vT9qLr1YwXb7NcP5dHs2GmJ8aUe6F';
const UNSERVED = [
  ...['city', 'country', 'stateOrProvince', 'postalCode'],
  ...['selfServiceAllowed', 'billOnBehalfOfEnabled', 'orderApprovalRequired'],
];
const AUDIENCE = 'https://api.pax8.com';

/** A product of the catalogue. One is sold under two SKUs; `unnamed` ones come in the list without productName. */
type Product = { word: string; name: string; unnamed?: true };
const PRODUCTS = {
  premium: { word: 'premium', name: 'Microsoft 365 Business Premium' },
  basic: { word: 'basic', name: 'Microsoft 365 Business Basic' },
  exchangeMonthly: { word: 'exchange monthly', name: 'Exchange Online (Plan 1)' },
  exchangeAnnual: { word: 'exchange annual', name: 'Exchange Online (Plan 1)' },
  backup: { word: 'backup', name: 'Acronis Cyber Protect - Advanced Backup', unnamed: true },
  bundle: { word: 'bundle', name: 'Pax8 Security Awareness Bundle' },
  storage: { word: 'storage', name: 'Cloud Archive (TB)' },
  acrobat: { word: 'acrobat', name: 'Acrobat Pro for Teams' },
  azure: { word: 'azure', name: 'Microsoft Azure Plan' },
  setup: { word: 'setup', name: 'Migration Service' },
} as const satisfies Record<string, Product>;

type Line = {
  product: Product;
  quantity: number;
  status: string;
  term: string;
  ends?: 'past' | 'future';
  counts: boolean;
};
type Row = { id: string; createdDate: string; [member: string]: unknown };

/** Pax8: a day's token asked for in JSON, pages of 10 at the most 200 with nested totals, 1000 calls a minute. */
export default function pax8(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'pax8', { share: 80 }).map((client, index) => ({
    client,
    id: msp.guid('pax8', client.key),
    // Without primary contacts, and billed all the same.
    status: client.gone ? 'Deleted' : index % 11 === 4 ? 'Inactive' : 'Active',
    lines: linesOf(msp, client),
  }));
  const year = new Date(now()).getUTCFullYear();
  const companies = served.map(({ client, id, status }) => ({
    id,
    name: client.name,
    address: { street: '1 High Street', city: 'Greenwood Village', postalCode: '80111', country: 'US' },
    website: `https://www.${client.key.replace(/[^a-z0-9]+/giu, '')}.example`,
    billOnBehalfOfEnabled: false,
    selfServiceAllowed: false,
    orderApprovalRequired: false,
    status,
    updatedDate: `${year - 1}-05-02T09:00:00.000-0600`,
  }));
  const productId = ({ word }: Product) => msp.guid('pax8 product', word);
  const rows = served.flatMap(({ client, id, lines }) =>
    lines.map(
      ({ product, quantity, status, term, ends }, index): Row => ({
        id: msp.guid('pax8 subscription', client.key, index),
        companyId: id,
        productId: productId(product),
        ...(product.unnamed === true ? {} : { productName: product.name }),
        quantity,
        startDate: `${year - 1}-01-01T07:00:00Z`,
        ...(ends === undefined
          ? {}
          : { endDate: ends === 'past' ? `${year - 1}-03-31` : `${year + 1}-12-31T07:00:00Z` }),
        createdDate: `${year - 2}-1${msp.draw(3, client.key, index, 'month')}-2${msp.draw(9, client.key, index, 'day')}`,
        billingStart: `${year - 1}-01-01`,
        status,
        price: 22.0,
        partnerCost: 19.8,
        currencyCode: 'USD',
        billingTerm: term,
        ...(term === 'Annual' && status === 'Active' && ends === undefined
          ? {
              commitmentTerm: {
                term: '1-Year',
                endDate: termEnd(msp, now(), index === 0 ? 10 : 24, client.key, index),
              },
            }
          : {}),
        ...(index === 0 && product === PRODUCTS.premium ? { vendorSubscriptionId: premiumAtPax8(msp, client) } : {}),
      }),
    ),
  );
  const tokens = tokenDesk(now);
  const mayPass = slidingWindow(now, 1_000, 60);

  return {
    id: 'pax8',
    answers: (host) => host === 'api.pax8.com' || host === 'token-manager.pax8.com',
    secret: { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
    configuration: { usageProducts: [PRODUCTS.azure.name] },
    customers: served.map(({ client, id, lines }) => {
      const tenths = new Map<string, number>();
      for (const { product, quantity, counts } of lines) {
        const title = `PAX8 ${product.name.replace(/^Pax8 /u, '')}`;
        if (counts) tenths.set(title, (tenths.get(title) ?? 0) + Math.round(quantity * 10));
      }
      return trueCustomer(
        client,
        id,
        [...tenths].map(([title, value]) => [title, value / 10]),
      );
    }),
    handle(request) {
      const { host, path, method } = request;
      if (`${host}${path}` === 'api.pax8.com/v1/token' || `${host}${path}` === 'token-manager.pax8.com/oauth/token') {
        return grant(request, (seconds) => tokens.issue('partner', seconds));
      }
      if (host !== 'api.pax8.com') return fault(request, 404, 'Not found');
      if (tokens.subject(request.headers.authorization) === undefined) return fault(request, 401, 'Unauthorized');
      if (!mayPass()) return fault(request, 429, 'Too many requests');
      if (method !== 'GET') return fault(request, 405, 'The collector has no business to change anything');
      if (path === '/v1/companies') return list(request, companies, ['status'], ['name']);
      if (path === '/v1/subscriptions') {
        const company = request.query.get('companyId');
        if (company !== null && !companies.some(({ id }) => id === company)) return fault(request, 403, 'Forbidden');
        const filters = ['status', 'billingTerm', 'companyId', 'productId'];
        return list(request, rows, filters, [
          'quantity',
          'startDate',
          'endDate',
          'createdDate',
          'billingStart',
          'price',
        ]);
      }
      const [, wanted] = /^\/v1\/products\/([^/]+)$/u.exec(path) ?? [];
      const product = Object.values<Product>(PRODUCTS).find((candidate) => productId(candidate) === wanted);
      if (product === undefined) return fault(request, 404, 'Product not found');
      return {
        status: 200,
        body: { id: wanted, name: product.name, vendorName: 'Acronis', sku: product.word.toUpperCase() },
      };
    },
  };
}

const fault = ({ path }: SandboxRequest, status: number, message: string): SandboxResponse => ({
  status,
  body: { type: 'about:blank', message, instance: path, status, details: [] },
});

function grant(request: SandboxRequest, issue: (seconds: number) => string): SandboxResponse {
  const asked = jsonOf(request);
  if (request.method !== 'POST' || typeof asked !== 'object' || asked === null) {
    return fault(request, 400, 'A JSON body is expected');
  }
  const expected = {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    audience: AUDIENCE,
    grant_type: 'client_credentials',
  };
  const byName = new Map(Object.entries(asked));
  if (Object.entries(expected).some(([name, value]) => byName.get(name) !== value)) {
    return { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } };
  }
  return { status: 200, body: { access_token: issue(86_400), expires_in: 86_400, token_type: 'Bearer' } };
}

/** A page of `all`, filtered by single values of `filters`; other parameters do nothing. */
function list(
  request: SandboxRequest,
  all: readonly Record<string, unknown>[],
  filters: readonly string[],
  sortable: readonly string[],
): SandboxResponse {
  const { query } = request;
  const number = wholeNumber(query.get('page'), 0);
  const size = wholeNumber(query.get('size'), 10);
  if (number === undefined || size === undefined || size < 1 || size > 200) {
    return fault(request, 400, 'page counts from 0, size is between 1 and 200');
  }
  const filter = unserved(query, UNSERVED);
  if (filter !== undefined) return fault(request, 400, `${filter} is not served`);
  const [field = '', direction = 'asc'] = (query.get('sort') ?? '').split(',');
  if (query.has('sort') && !(sortable.includes(field) && ['asc', 'desc'].includes(direction))) {
    return fault(request, 400, `sort: unknown value ${query.get('sort')}`);
  }
  const matching = all.filter((row) => filters.every((name) => !query.has(name) || row[name] === query.get(name)));
  const way = direction === 'desc' ? -1 : 1;
  if (field !== '') matching.sort((a, b) => way * String(a[field]).localeCompare(String(b[field])));
  // Without an order the rows come as the database finds them, which is another way for each page.
  else matching.push(...matching.splice(0, number * 13));
  const totalElements = matching.length;
  return {
    status: 200,
    body: {
      content: matching.slice(number * size, (number + 1) * size),
      page: { size, totalElements, totalPages: Math.ceil(totalElements / size), number },
    },
  };
}

function linesOf(msp: DemoMsp, client: Client): Line[] {
  const { draw } = msp;
  const { key, fleet, gone } = client;
  const { users, mailboxes, sharedMailboxes } = fleet;
  const chance = (percent: number, what: string) => draw(100, 'pax8', key, what) < percent;
  const line = (product: Product, quantity: number, more: Partial<Line> = {}): Line => ({
    product,
    quantity,
    status: 'Active',
    term: 'Annual',
    counts: true,
    ...more,
  });
  const no = { counts: false };
  const old = line(PRODUCTS.basic, users, { status: 'Cancelled', ends: 'past', ...no });
  if (gone) return [old];
  const { seats, used } = yearlySeats(msp, client);
  const lines = [
    line(PRODUCTS.premium, seats),
    line(PRODUCTS.basic, users - used, { term: 'Monthly' }),
    line(PRODUCTS.exchangeAnnual, sharedMailboxes),
    old,
  ];
  const add = (percent: number, what: string, ...more: Line[]) => {
    if (chance(percent, what)) lines.push(...more);
  };
  // A second purchase of the same product, and the same name under another SKU.
  add(35, 'topped up', line(PRODUCTS.premium, 2, { term: 'Monthly' }));
  add(30, 'second sku', line(PRODUCTS.exchangeMonthly, 3, { term: 'Monthly' }));
  add(50, 'backup', line(PRODUCTS.backup, mailboxes, { ends: 'future' }));
  add(25, 'bundle', line(PRODUCTS.bundle, users));
  add(30, 'storage', line(PRODUCTS.storage, 1.1), line(PRODUCTS.storage, 2.2, { term: 'Monthly' }));
  add(20, 'leaving', line(PRODUCTS.acrobat, 4, { status: 'PendingCancel', ends: 'future' }));
  add(15, 'left', line(PRODUCTS.acrobat, 5, { status: 'PendingCancel', ends: 'past', ...no }));
  add(15, 'ended', line(PRODUCTS.acrobat, 6, { ends: 'past', ...no }));
  add(15, 'trial', line(PRODUCTS.bundle, 25, { status: 'Trial', term: 'Trial', ends: 'future', ...no }));
  add(10, 'trial term', line(PRODUCTS.backup, 25, { term: 'Trial', ends: 'future', ...no }));
  add(20, 'converted', line(PRODUCTS.bundle, 7, { status: 'Converted', ...no }));
  add(15, 'provisioning', line(PRODUCTS.acrobat, 8, { status: 'PendingManual', ...no }));
  add(15, 'waiting', line(PRODUCTS.acrobat, 9, { status: 'WaitingForDetails', ...no }));
  add(15, 'migrated', line(PRODUCTS.setup, 1, { term: 'One-Time', ...no }));
  add(10, 'activated', line(PRODUCTS.setup, 1, { term: 'Activation', ...no }));
  add(20, 'azure', line(PRODUCTS.azure, 1, { term: 'Monthly', ...no }));
  return lines;
}
