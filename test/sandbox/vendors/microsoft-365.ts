import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { tokenDesk } from '../gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';
import { graph, type Oddity, type Tenant } from './microsoft-365/graph.ts';
import { licencesOf, prepaid, seatsPaid } from './microsoft-365/licences.ts';

const LOGIN_HOST = 'login.microsoftonline.com';
const GRAPH_HOST = 'graph.microsoft.com';
const CLIENT_ID = '6d1f6a52-8f0e-4b6f-9c0b-2b8b0d5a7e11';
const CLIENT_SECRET = 'q7X8Q~northwind-demo-secret-value-0123456';
const SCOPE = 'https://graph.microsoft.com/.default';
const LIFETIME_SECONDS = 3_599;

/** What mode `refreshToken` needs besides the demo's secret. Every use brings a further one; the old ones stay good. */
export const REFRESH_TOKEN = '0.AXkANorthwindDemoRefreshToken-0001';

/** Microsoft 365: a token for each customer's tenant, contracts and GDAP lists, licences one by one or in a batch. */
export default function microsoft365(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const partner = msp.guid('microsoft-365', msp.managing.id);
  const clients = clientele(msp, 'microsoft-365', { share: 85 });
  const resold = clients.find(({ company }) => company === undefined);
  const tenants = clients.map((client, index) => tenantOf(msp, client, client === resold ? 'resold only' : index));
  const listed = tenants.filter(({ client }) => !client.gone);
  const ask = graph(listed, partner);
  const tokens = tokenDesk(now);

  return {
    id: 'microsoft-365',
    answers: (host) => host === LOGIN_HOST || host === GRAPH_HOST,
    secret: { partnerTenantId: partner, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
    configuration: { authMode: 'clientCredentials', tenantSource: 'contracts' },
    customers: tenants.map((tenant) => {
      const { client, id, oddity } = tenant;
      const unread = oddity === 'no consent' || oddity === 'no roles' || oddity === 'resold only';
      return trueCustomer(client, id, cellsOf(tenant), unread ? 'failed' : 'counted');
    }),
    handle(request) {
      if (request.host === LOGIN_HOST) {
        return grant(request, [partner, ...listed], (tenant) => tokens.issue(tenant, LIFETIME_SECONDS));
      }
      return ask(request, tokens.subject(request.headers.authorization));
    },
  };
}

const ODDITIES = new Map<number, Oddity>([
  [3, 'no consent'],
  [4, 'subscriptions refused'],
  [7, 'throttled once'],
  [14, 'listed twice'],
  [16, 'no roles'],
]);

function tenantOf(msp: DemoMsp, client: Client, place: number | Oddity): Tenant {
  const oddity = client.gone ? undefined : typeof place === 'number' ? ODDITIES.get(place) : place;
  return {
    client,
    id: msp.guid('tenant', client.key),
    licences: licencesOf(msp, client),
    ...(oddity === undefined ? {} : { oddity }),
  };
}

/** Purchased and assigned licences of what is for sale to users, under the product's name. */
function cellsOf({ licences, oddity }: Tenant): Map<string, number> {
  const cells = new Map<string, number>();
  const add = (title: string, value: number) => cells.set(title, (cells.get(title) ?? 0) + value);
  for (const licence of licences) {
    const { sku, consumed } = licence;
    const { enabled, warning } = prepaid(licence);
    if (sku.free === true || sku.appliesTo === 'Company' || enabled + warning === 0) continue;
    const title = `Microsoft 365 ${sku.name.replace(/^Microsoft 365 /u, '')}`;
    add(title, oddity === 'subscriptions refused' ? enabled + warning : seatsPaid(licence));
    add(`${title} (assigned)`, consumed);
  }
  return cells;
}

/** The token endpoint of a tenant, in both modes. */
function grant(
  request: SandboxRequest,
  known: readonly (string | Tenant)[],
  issue: (tenant: string) => string,
): SandboxResponse {
  const [, asked] = /^\/([^/]+)\/oauth2\/v2\.0\/token$/u.exec(request.path) ?? [];
  const form = formOf(request);
  if (asked === undefined || request.method !== 'POST') return { status: 404 };
  const tenant = known.find((candidate) => (typeof candidate === 'string' ? candidate : candidate.id) === asked);
  if (tenant === undefined) return refuse(400, 'invalid_request', 90_002, `Tenant '${asked}' not found.`);
  if (form?.get('client_id') !== CLIENT_ID) {
    const sentence = 'Application with identifier was not found in the directory.';
    return refuse(400, 'unauthorized_client', 700_016, sentence);
  }
  if (form.get('client_secret') !== CLIENT_SECRET) {
    return refuse(401, 'invalid_client', 7_000_215, 'Invalid client secret provided.');
  }
  const delegated = form.get('grant_type') === 'refresh_token';
  if (!delegated && form.get('grant_type') !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 70_003, 'The app requested an unsupported grant type.');
  }
  if (!(form.get('scope') ?? '').split(' ').includes(SCOPE)) {
    return refuse(400, 'invalid_scope', 70_011, 'The provided value for the input parameter scope is not valid.');
  }
  if (delegated && !(form.get('refresh_token') ?? '').startsWith(REFRESH_TOKEN)) {
    return refuse(400, 'invalid_grant', 700_082, 'The refresh token has expired due to inactivity.');
  }
  const oddity = typeof tenant === 'string' ? undefined : tenant.oddity;
  if (oddity === 'no consent') {
    const sentence = 'The user or administrator has not consented to use the application.';
    return refuse(400, 'invalid_grant', 65_001, sentence);
  }
  if (oddity === 'resold only') {
    return delegated
      ? refuse(400, 'invalid_grant', 50_020, 'User account does not exist in the tenant and cannot access it.')
      : refuse(401, 'unauthorized_client', 7_000_229, 'The client application is missing a service principal.');
  }
  const token = issue(asked);
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: LIFETIME_SECONDS,
      ext_expires_in: LIFETIME_SECONDS,
      access_token: token,
      ...(delegated ? { refresh_token: `${REFRESH_TOKEN}.${token.slice(0, 12)}` } : {}),
    },
  };
}

const refuse = (status: number, error: string, code: number, sentence: string): SandboxResponse => ({
  status,
  body: {
    error,
    error_description: `AADSTS${code}: ${sentence} Trace ID: 2f1c0d5e-0000 Correlation ID: 7a9b3c4d-0000`,
    error_codes: [code],
    trace_id: '2f1c0d5e-0000',
    correlation_id: '7a9b3c4d-0000',
  },
});
