import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, tokenDesk, wholeNumber } from '../gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const SSO = 'sso.us.tdsynnex.com';
const API = 'api.us.tdsynnex.com';
const CLIENT_ID = '0oa7northwindstellr01';
const CLIENT_SECRET = 'Td5sYq8nX2vLk7RbW4mZt1GhJ9cPa3Fe';
const TOKEN_SECONDS = 7200;
const LARGEST_PAGE = 200;
/** Not published; high enough for whoever asks three at a time. */
const GATE = { requests: 600, seconds: 10 };

type Line = {
  product: string;
  sku: string;
  seats: number;
  status: string;
  counts: boolean;
  trial?: true;
  /** Azure: it has no seats. */
  usage?: true;
  unnamed?: true;
};
type Served = { client: Client; customerNo: string; forbidden: boolean; lines: Line[] };

/** Stellr: customers below /cloud, subscriptions not, records only where page number and size are both given. */
export default function stellr(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'td-synnex-stellr', { share: 60 }).map(
    (client, index): Served => ({
      client,
      customerNo: String(550_100 + index * 7),
      forbidden: index === 16 && !client.gone,
      lines: linesOf(msp, client),
    }),
  );
  const listed = served.filter(({ client }) => !client.gone);
  const tokens = tokenDesk(now);
  const mayPass = slidingWindow(now, GATE.requests, GATE.seconds);

  return {
    id: 'td-synnex-stellr',
    answers: (host) => host === SSO || host === API,
    secret: { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
    configuration: { region: 'us' },
    customers: served.map(({ client, customerNo, forbidden, lines }) => {
      const cells = new Map<string, number>();
      for (const { product, sku, seats, counts, unnamed } of lines) {
        const title = `TD SYNNEX Stellr ${unnamed === true ? sku : product}`;
        if (counts) cells.set(title, (cells.get(title) ?? 0) + seats);
      }
      return trueCustomer(client, customerNo, cells, forbidden ? 'failed' : 'counted');
    }),
    handle(request) {
      const { host, method, path, headers, query } = request;
      if (host === SSO) return path === '/oauth2/v1/token' ? grant(request, tokens.issue) : missing(path);
      if (tokens.subject(headers.authorization) === undefined) {
        return { status: 401, body: { errorCode: 'UNAUTHORIZED', errorMessage: 'Invalid access token' } };
      }
      if (!mayPass()) return { status: 429, headers: { 'retry-after': '2' }, body: { errorCode: 'RATE_LIMITED' } };
      if (method !== 'GET') return { status: 405, body: { errorCode: 'METHOD_NOT_ALLOWED' } };
      if (path === '/api/v1/cloud/customers') return page(query, listed.map(customerRow));
      const [, customerNo] = /^\/api\/v1\/customers\/([^/]+)\/subscriptions$/u.exec(path) ?? [];
      const customer = listed.find((each) => each.customerNo === customerNo);
      if (customer === undefined) return missing(path);
      if (customer.forbidden)
        return { status: 403, body: { errorCode: 'FORBIDDEN', errorMessage: 'Not your customer' } };
      return page(
        query,
        customer.lines.map((line, index) => subscriptionRow(line, `7${customerNo}`, index + 1)),
      );
    },
  };
}

const missing = (path: string): SandboxResponse => ({
  status: 404,
  body: { errorCode: 'NOT_FOUND', errorMessage: `No static resource ${path}` },
});

function grant(request: SandboxRequest, issue: (subject: string, seconds: number) => string): SandboxResponse {
  const form = formOf(request);
  if (request.method !== 'POST' || form?.get('grant_type') !== 'client_credentials') {
    return { status: 400, body: { error: 'unsupported_grant_type' } };
  }
  if (form.get('client_id') !== CLIENT_ID || form.get('client_secret') !== CLIENT_SECRET) {
    return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed' } };
  }
  const body = { access_token: issue('reseller', TOKEN_SECONDS), token_type: 'Bearer', expires_in: TOKEN_SECONDS };
  return { status: 200, body };
}

/** No records unless both parameters are there; sizes above the largest are cut. */
function page(query: URLSearchParams, all: readonly object[]): SandboxResponse {
  const number = wholeNumber(query.get('pageNo'), 0) ?? 0;
  const size = Math.min(wholeNumber(query.get('pageSize'), 0) ?? 0, LARGEST_PAGE);
  const records = number < 1 || size < 1 ? [] : all.slice((number - 1) * size, number * size);
  return { status: 200, body: { requestId: `r-${all.length}-${number}`, data: { total: all.length, records } } };
}

const customerRow = ({ client, customerNo }: Served, index: number) => ({
  customerNo,
  companyName: client.name,
  address1: '1 Main St',
  city: 'Greenville',
  // A part of the address, whatever it sounds like.
  state: ['SC', 'ON', 'DE'][index % 3],
  zipCode: '29601',
  country: 'US',
});

const subscriptionRow = (
  { product, sku, seats, status, trial, usage, unnamed }: Line,
  contractNo: string,
  line: number,
) => ({
  id: `${contractNo}_${line}`,
  contractNo,
  lineNo: line,
  skuNo: sku,
  ...(unnamed === true ? {} : { productName: product }),
  ...(usage === true ? {} : { seats }),
  status,
  ...(trial === true ? { isTrial: true } : {}),
  billingCycle: 'MONTHLY',
  commitmentTerm: 'P1Y',
});

function linesOf({ draw }: DemoMsp, { key, fleet }: Client): Line[] {
  const line = (product: string, sku: string, seats: number, more: Partial<Line> = {}): Line => ({
    product,
    sku,
    seats,
    status: 'ACTIVE',
    counts: true,
    ...more,
  });
  const no = { counts: false };
  const premium = Math.ceil(fleet.users / 2);
  const lines = [
    line('Microsoft 365 Business Premium', '8800001', premium),
    line('Microsoft 365 Business Basic', '8800002', fleet.users - premium),
  ];
  const add = (percent: number, what: string, ...more: Line[]) => {
    if (draw(100, 'stellr', key, what) < percent) lines.push(...more);
  };
  add(35, 'second line', line('Microsoft 365 Business Premium', '8800001', 2));
  add(25, 'second sku', line('Microsoft 365 Business Premium', '8800017', 4, { status: 'Active' }));
  add(40, 'backup', line('Acronis Backup', '8800040', fleet.mailboxes));
  add(15, 'unnamed', line('', '8800099', 3, { unnamed: true }));
  add(20, 'left', line('Visio Plan 2', '8800020', 5, { status: 'CANCELLED', ...no }));
  add(15, 'inactive', line('Visio Plan 2', '8800020', 6, { status: 'INACTIVE', ...no }));
  add(15, 'suspended', line('Project Plan 3', '8800021', 7, { status: 'SUSPENDED', ...no }));
  add(10, 'pending', line('Project Plan 3', '8800021', 8, { status: 'PENDING_ACTIVE', ...no }));
  add(15, 'trial', line('Microsoft 365 Copilot', '8800030', 25, { trial: true, ...no }));
  add(10, 'named trial', line('Dynamics 365 Sales Trial', '8800031', 25, no));
  add(25, 'azure', line('Azure Plan', '8800050', 0, { usage: true, ...no }));
  return lines;
}
