import { createHash } from 'node:crypto';
import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { tokenDesk, unserved, wholeNumber } from '../gate.ts';
import { termEnd } from '../terms.ts';
import { formOf, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'ion.tdsynnex.com';
const ACCOUNT = '10123';
const BASE = `/api/v3/accounts/${ACCOUNT}`;
const ACCESS_SECONDS = 7200;
const LARGEST_PAGE = 200;
const DEFAULT_PAGE = 10;
const UNSERVED = [
  ...['filter.customerName', 'filter.customerEmail', 'filter.languageCode'],
  ...['pagination.sortBy', 'pagination.sortOrder', 'pagination.filter', 'subscriptionId', 'providerId', 'resellerId'],
  ...['cloudProviderName', 'billingTerm', 'customerName', 'subscriptionName', 'ccpProductId'],
];
const STATUSES =
  'ACTIVE SUSPENDED CANCELLED DELETED EXPIRED PAUSED PENDING DISABLED ENABLED ERROR FAILED COMPLETE'.split(' ');

type Line = {
  product: string;
  unit: string;
  licences: number;
  status: string;
  counts: boolean;
  trial?: true;
  /** Billed by what is used: such rows have no number of licences. */
  usage?: true;
  /** Its name is only in the product information. */
  unnamed?: true;
};

/**
 * The n-th refresh token. Its number can be read from its text, so that a server started again goes on where another
 * one ended.
 */
const refreshToken = (n: number): string =>
  `ionrt.${n}.${createHash('sha256').update(`northwind ${n}`).digest('base64url')}`;

/** StreamOne ION: refresh tokens that are good for one use, two ways of paging, numbers as text. */
export default function streamOneIon(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'td-synnex-streamone-ion', { share: 70 }).map((client, index) => ({
    client,
    id: String(4410 + index * 3),
    lines: linesOf(msp, client),
  }));
  const customers = served.map(({ client, id }, index) => ({
    name: `accounts/${ACCOUNT}/customers/${id}`,
    uid: msp.guid('ion', client.key),
    customerOrganization: client.name,
    customerName: ['Dana Whitfield', 'Luis Ortega', 'Priya Nair', 'Tom Becker'][index % 4],
    customerEmail: `it@${client.key.replace(/[^a-z0-9]+/giu, '')}.example`,
    customerAddress: { street: '1 High Street', city: 'Clearwater', state: 'FL', zip: '33755', country: 'US' },
    languageCode: 'en',
    customerStatus: client.gone ? 'DELETED' : index % 9 === 5 ? 'INACTIVE' : 'ACTIVE',
    createTime: '2023-02-01T09:00:00Z',
  }));
  const rows = served.flatMap(({ client, id, lines }) =>
    lines.map((line, index) => {
      const renewal = termEnd(msp, now(), 24, 'ion', client.key, index);
      return rowOf(line, `${id}${String(index).padStart(2, '0')}`, id, client.name, renewal);
    }),
  );
  const tokens = tokenDesk(now);
  let next = 1;

  return {
    id: 'td-synnex-streamone-ion',
    answers: (host) => host === HOST,
    /** What an administrator would find there now: the token that is still good. */
    get secret() {
      return { accountId: ACCOUNT, refreshToken: refreshToken(next) };
    },
    configuration: {},
    customers: served.map(({ client, id, lines }) => {
      const cells = new Map<string, number>();
      for (const { product, unit, licences, counts } of lines) {
        const title = `StreamOne ION ${product} (${unit})`;
        if (counts) cells.set(title, (cells.get(title) ?? 0) + licences);
      }
      return trueCustomer(client, id, cells);
    }),
    handle(request) {
      const { method, path, headers, query } = request;
      if (path === '/oauth/token') {
        const form = formOf(request);
        const token = form?.get('refresh_token') ?? '';
        const number = Number(token.split('.')[1]);
        if (method !== 'POST' || form?.get('grant_type') !== 'refresh_token') {
          return { status: 400, body: { error: 'unsupported_grant_type' } };
        }
        if (token !== refreshToken(number) || number < next) {
          return { status: 400, body: { error: 'invalid_grant', error_description: 'refresh token is not valid' } };
        }
        next = number + 1;
        return {
          status: 200,
          body: {
            access_token: tokens.issue(`generation ${next}`, ACCESS_SECONDS),
            refresh_token: refreshToken(next),
            expires_in: ACCESS_SECONDS,
            token_type: 'Bearer',
            scope: 'all',
          },
        };
      }
      if (tokens.subject(headers.authorization) === undefined) return fault(401, 16, 'access token is not valid');
      if (!path.startsWith(`${BASE}/`)) return fault(403, 7, 'no permission for this account');
      if (method !== 'GET') return fault(405, 12, 'the collector has no business to change anything');
      const unknown = unserved(query, UNSERVED);
      if (unknown !== undefined) return fault(400, 3, `${unknown} is not served`);
      if (path === `${BASE}/customers`) return customerPage(query, customers);
      if (path === `${BASE}/subscriptions`) return subscriptionPage(query, rows);
      return fault(404, 5, 'not found');
    },
  };
}

const fault = (status: number, code: number, message: string): SandboxResponse => ({
  status,
  body: { error: message, message, code, details: [] },
});

function customerPage(query: URLSearchParams, all: readonly { customerStatus: string }[]): SandboxResponse {
  const size = wholeNumber(query.get('pageSize'), DEFAULT_PAGE);
  const from = wholeNumber(Buffer.from(query.get('pageToken') ?? '', 'base64url').toString() || null, 0);
  if (size === undefined || size < 1 || from === undefined) return fault(400, 3, 'pageSize or pageToken is not valid');
  const status = query.get('filter.customerStatus');
  const matching = all.filter(({ customerStatus }) => status === null || customerStatus === status);
  const end = from + Math.min(size, LARGEST_PAGE);
  const more = end < matching.length ? { nextPageToken: Buffer.from(String(end)).toString('base64url') } : {};
  return { status: 200, body: { customers: matching.slice(from, end), ...more } };
}

/** By limit and offset; a pageToken means nothing here. */
function subscriptionPage(
  query: URLSearchParams,
  all: readonly { subscriptionStatus: string; customerId: string }[],
): SandboxResponse {
  const limit = wholeNumber(query.get('pagination.limit'), DEFAULT_PAGE);
  const offset = wholeNumber(query.get('pagination.offset'), 0);
  const status = query.get('subscriptionStatus');
  const customer = query.get('customerId');
  if (limit === undefined || limit < 1 || offset === undefined) return fault(400, 3, 'pagination is not valid');
  if (status !== null && !STATUSES.includes(status)) return fault(400, 3, 'subscriptionStatus is not valid');
  const matching = all.filter(
    (row) =>
      (status === null || row.subscriptionStatus.toUpperCase() === status) &&
      (customer === null || row.customerId === customer),
  );
  const items = matching.slice(offset, offset + Math.min(limit, LARGEST_PAGE));
  return { status: 200, body: { items, paginationResponse: { totalSize: matching.length } } };
}

function rowOf(line: Line, id: string, customerId: string, customerName: string, renewal: string) {
  const { product, unit, licences, status, trial, usage, unnamed } = line;
  const sku = createHash('sha256').update(product).digest('hex').slice(0, 8).toUpperCase();
  return {
    id,
    customerId,
    customerName,
    partnerName: 'Northwind MSP',
    subscriptionId: `b2e7c0aa-0001-4a6b-9f10-${id.padStart(12, '0')}`,
    ...(unnamed === true ? {} : { subscriptionName: product }),
    resourceType: 'subscription',
    ccpSkuId: `SKU-${sku}`,
    ccpPlanId: `PLAN-${sku}`,
    ...(usage === true ? {} : { subscriptionTotalLicenses: String(licences) }),
    unitType: unit,
    subscriptionStatus: status,
    subscriptionBillingType: usage === true ? 'usage' : 'license',
    subscriptionBillingCycle: 'monthly',
    subscriptionBillingTerm: 'P1Y',
    ccpProductInfo: {
      productDisplayName: 'Cloud',
      skuDisplayName: product,
      planDisplayName: 'Annual, monthly billing',
    },
    isTrial: trial === true,
    autoRenew: true,
    price: '19.50',
    cost: '15.60',
    total: ((1950 * licences) / 100).toFixed(2),
    currency: 'USD',
    renewalDate: `${renewal}T00:00:00Z`,
  };
}

function linesOf({ draw }: DemoMsp, { key, fleet, gone }: Client): Line[] {
  const line = (product: string, licences: number, more: Partial<Line> = {}): Line => ({
    product,
    unit: 'Licenses',
    licences,
    status: 'active',
    counts: true,
    ...more,
  });
  const no = { counts: false };
  const left = line('Microsoft 365 Business Basic', fleet.users, { status: 'cancelled', ...no });
  if (gone) return [left];
  const premium = Math.ceil(fleet.users / 2);
  const lines = [line('Microsoft 365 Business Premium', premium), left];
  if (fleet.users > premium)
    lines.push(line('Microsoft 365 Apps for Business', fleet.users - premium, { unnamed: true }));
  const add = (percent: number, what: string, ...more: Line[]) => {
    if (draw(100, 'ion', key, what) < percent) lines.push(...more);
  };
  add(30, 'second term', line('Microsoft 365 Business Premium', 3));
  add(40, 'servers', line('Acronis Cyber Protect', Math.max(1, fleet.servers), { unit: 'Servers' }));
  add(20, 'trial', line('Microsoft 365 Copilot', 25, { trial: true, ...no }));
  add(30, 'azure', line('Azure plan', 0, { unit: 'Usage', usage: true, ...no }));
  add(15, 'suspended', line('Exchange Online (Plan 1)', 4, { status: 'suspended', ...no }));
  add(10, 'pending', line('Exchange Online (Plan 1)', 5, { status: 'pending', ...no }));
  add(10, 'expired', line('Visio Plan 2', 2, { status: 'expired', ...no }));
  add(10, 'emptied', line('Visio Plan 2', 0));
  return lines;
}
