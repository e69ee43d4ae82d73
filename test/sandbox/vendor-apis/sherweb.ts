import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow, tokenDesk } from '../gate.ts';
import { termEnd, yearlySeats } from '../terms.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';

const HOST = 'api.sherweb.com';
const CLIENT_ID = '5e0f4b6c-northwind-sherweb';
const CLIENT_SECRET = 'Sw8yVqN3rLk2ZtB7xMd5GhJ9cPa4FeU1';
const SUBSCRIPTION_KEY = '7c1d9e4fa2b84c0d93e65a1b0f72d8e6';
const TOKEN_SECONDS = 3600;
/** Requests that the gateway lets pass in any ten seconds; the real number is not published. */
const GATE = { requests: 120, seconds: 10 };

type Line = {
  product: string;
  /** Language of the product name's translation, as asked for by Accept-Language. */
  french?: string;
  sku: string;
  quantity: number;
  cycle: string;
  counts: boolean;
  /** The next term's quantity, which need not be this month's. */
  scheduled?: number;
  /** The last day of a year's term. */
  until?: string;
  unnamed?: true;
};

type Served = { client: Client; id: string; suspended: boolean; forbidden: boolean; lines: Line[] };

/**
 * Sherweb: a token and a gateway key on every call, one list of customers, one list of subscriptions a customer, no
 * pages.
 */
export default function sherweb(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'sherweb', { share: 75 }).map(
    (client, index): Served => ({
      client,
      id: msp.guid('sherweb', client.key),
      suspended: index % 12 === 7,
      forbidden: index === 15 && !client.gone,
      lines: linesOf(msp, client, now()),
    }),
  );
  const listed = served.filter(({ client }) => !client.gone);
  const tokens = tokenDesk(now);
  const mayPass = slidingWindow(now, GATE.requests, GATE.seconds);

  return {
    id: 'sherweb',
    answers: (host) => host === HOST,
    secret: { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, subscriptionKey: SUBSCRIPTION_KEY },
    configuration: {},
    customers: served.map(({ client, id, suspended, forbidden, lines }) => {
      const cells = new Map<string, number>();
      for (const { product, sku, quantity, counts, unnamed } of lines) {
        const title = `Sherweb ${unnamed === true ? sku : product.replace(/^Sherweb /u, '')}`;
        if (counts) cells.set(title, (cells.get(title) ?? 0) + quantity);
      }
      return trueCustomer(client, id, cells, suspended ? 'excluded' : forbidden ? 'failed' : 'counted');
    }),
    handle(request) {
      const { method, path, headers, query } = request;
      if (path === '/auth/oidc/connect/token') return grant(request, (scope) => tokens.issue(scope, TOKEN_SECONDS));
      if (!mayPass()) {
        return { status: 429, body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 4 seconds.' } };
      }
      const key = headers['ocp-apim-subscription-key'] ?? query.get('subscription-key');
      if (key !== SUBSCRIPTION_KEY) {
        const message = 'Access denied due to missing subscription key.';
        return { status: 401, body: { statusCode: 401, message } };
      }
      const scope = tokens.subject(headers.authorization);
      if (scope === undefined) return problem(401, 'Unauthorized', 'The token is missing, wrong or has ended');
      if (!path.startsWith(`/${scope}/v1/`)) return problem(403, 'Forbidden', 'The scope does not allow this');
      if (method !== 'GET')
        return problem(405, 'Method Not Allowed', 'The collector has no business to change anything');
      if (path === '/service-provider/v1/customers') {
        const items = listed.map(({ id, client, suspended }, index) => ({
          id,
          displayName: client.name,
          path: index % 3 === 0 ? 'Northwind MSP' : ['Northwind MSP'],
          // A date that was never set may come as the first that the server knows.
          suspendedOn: suspended ? '2026-05-04T10:00:00Z' : index % 5 === 0 ? '0001-01-01T00:00:00' : null,
        }));
        return { status: 200, body: { items } };
      }
      if (/^\/service-provider\/v1\/billing\/subscriptions(\/details)?$/u.test(path)) {
        const wanted = query.get('customerId');
        if (wanted === null) return problem(400, 'Bad Request', 'customerId is required');
        const customer = listed.find(({ id }) => id === wanted);
        if (customer === undefined || customer.forbidden)
          return problem(404, 'Not Found', 'The customer is not visible');
        return {
          status: 200,
          body: { items: customer.lines.map((line, index) => rowOf(msp, line, `${wanted} ${index}`, request)) },
        };
      }
      return problem(404, 'Not Found', 'There is no such resource');
    },
  };
}

const problem = (status: number, title: string, detail: string): SandboxResponse => ({
  status,
  body: { type: `https://httpstatuses.io/${status}`, title, status, detail, instance: '', extensions: {} },
});

function grant(request: SandboxRequest, issue: (scope: string) => string): SandboxResponse {
  const form = formOf(request);
  if (request.method !== 'POST' || form === undefined) return { status: 400, body: { error: 'invalid_request' } };
  if (form.get('grant_type') !== 'client_credentials')
    return { status: 400, body: { error: 'unsupported_grant_type' } };
  if (form.get('client_id') !== CLIENT_ID || form.get('client_secret') !== CLIENT_SECRET) {
    return { status: 400, body: { error: 'invalid_client' } };
  }
  const scope = form.get('scope') ?? '';
  if (scope !== 'service-provider' && scope !== 'distributor') return { status: 400, body: { error: 'invalid_scope' } };
  return { status: 200, body: { access_token: issue(scope), expires_in: TOKEN_SECONDS, token_type: 'Bearer' } };
}

function rowOf(msp: DemoMsp, line: Line, word: string, { headers }: SandboxRequest) {
  // The partner signed up in Quebec: by default, products have their French names.
  const french = !(headers['accept-language'] ?? '').startsWith('en');
  return {
    id: msp.guid('sherweb subscription', word),
    ...(line.unnamed === true
      ? { productName: '' }
      : { productName: (french ? line.french : undefined) ?? line.product }),
    description: '',
    sku: line.sku,
    quantity: line.quantity,
    billingCycle: line.cycle,
    purchaseDate: '2025-03-02T00:00:00Z',
    fees: { recurringFee: 19.5, setupFee: 0, currency: 'USD' },
    commitmentTerm:
      line.until === undefined
        ? null
        : {
            type: 'Yearly',
            termEndDate: line.until,
            renewalConfiguration:
              line.scheduled === undefined
                ? null
                : { renewalDate: dayAfter(line.until), scheduledQuantity: line.scheduled },
            committedMinimalQuantities: [{ quantity: line.quantity, committedUntil: line.until }],
          },
  };
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

function linesOf(msp: DemoMsp, client: Client, now: number): Line[] {
  const { draw, since } = msp;
  const { key, fleet } = client;
  const line = (product: string, sku: string, quantity: number, more: Partial<Line> = {}): Line => ({
    product,
    sku,
    quantity,
    cycle: 'Monthly',
    counts: true,
    ...more,
  });
  const no = { counts: false };
  const premium = 'Microsoft 365 Business Premium (Annual, paid monthly)';
  const { seats, used } = yearlySeats(msp, client);
  const yearly = (place: number) => ({ cycle: 'Yearly', until: termEnd(msp, now, 10, 'sherweb', key, place) });
  const lines = [
    line(premium, 'MS-0A-BP-AM', seats, {
      ...yearly(0),
      // Whoever grows has more booked from the renewal on, and those that people left have less.
      scheduled: used + draw(3, 'sherweb', key, 'booked'),
      french: 'Microsoft 365 Business Premium (annuel, payé mensuellement)',
    }),
  ];
  const add = (percent: number, what: string, ...more: Line[]) => {
    if (draw(100, 'sherweb', key, what) < percent) lines.push(...more);
  };
  // Bought later, with a commitment of its own: the same SKU once more.
  const booked = since === undefined ? {} : { scheduled: 1 };
  add(40, 'more seats', line(premium, 'MS-0A-BP-AM', 2, { ...yearly(1), ...booked }));
  add(60, 'backup', line('Backup for Microsoft 365', 'SW-BK-365', fleet.mailboxes));
  add(50, 'exchange', line('Exchange Online (Plan 1)', 'MS-0A-EX1-MM', fleet.sharedMailboxes));
  add(25, 'own name', line('Sherweb Office Protect', 'SW-OP', fleet.users));
  add(20, 'unnamed', line('', 'SW-DNS-FILTER', 3, { unnamed: true }));
  add(15, 'ended', line('Visio Plan 2', 'MS-0A-V2', 0, no));
  add(15, 'set up', line('Onboarding', 'SW-ONBOARD', 1, { cycle: 'OneTime', ...no }));
  return lines;
}
