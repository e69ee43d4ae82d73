import { createHash, verify, X509Certificate } from 'node:crypto';
import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { tokenDesk } from '../gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type SandboxVendor } from '../vendor.ts';
import { graph, type Oddity, type Tenant } from './microsoft-365/graph.ts';
import { licencesOf, prepaid, seatsPaid } from './microsoft-365/licences.ts';

const CLIENT_ID = '6d1f6a52-8f0e-4b6f-9c0b-2b8b0d5a7e11';
const CLIENT_SECRET = 'q7X8Q~northwind-demo-secret-value-0123456';
const LIFETIME_SECONDS = 3_599;

/** What mode `refreshToken` needs besides the demo's secret. Every use brings a further one; the old ones stay good. */
export const REFRESH_TOKEN = '0.AXkANorthwindDemoRefreshToken-0001';

export type Options = {
  /** Another cloud: its own login and Graph. */
  login?: string;
  graph?: string;
  /** The app's certificate (PEM); without it the app has a client secret. */
  certificate?: string;
  /** One tenant has a subscription that `/directory/subscriptions` does not list. */
  unlisted?: boolean;
};

/** Microsoft 365: a token for each customer's tenant, contracts and GDAP lists, licences one by one or in a batch. */
export default function microsoft365(msp: DemoMsp, now: () => number = Date.now, options: Options = {}): SandboxVendor {
  const { login = 'login.microsoftonline.com', graph: host = 'graph.microsoft.com', certificate } = options;
  const partner = msp.guid('microsoft-365', msp.managing.id);
  const clients = clientele(msp, 'microsoft-365', { share: 85 });
  const resold = clients.find(({ company }) => company === undefined);
  const pax8 = new Set(clientele(msp, 'pax8', { share: 80 }).flatMap(({ key, gone }) => (gone ? [] : [key])));
  const tenants = clients.map((client, index) =>
    tenantOf(msp, client, client === resold ? 'resold only' : index, pax8.has(client.key)),
  );
  const listed = tenants.filter(({ client }) => !client.gone);
  if (options.unlisted === true) {
    const [subscription] = listed.find(({ oddity }) => oddity === undefined)?.licences[0]?.subscriptions ?? [];
    if (subscription !== undefined) subscription.unlisted = true;
  }
  const ask = graph(listed, partner, now, host);
  const tokens = tokenDesk(now);
  const isApp = certificate === undefined ? hasSecret : hasCertificate(new X509Certificate(certificate), now);

  return {
    id: 'microsoft-365',
    answers: (asked) => asked === login || asked === host,
    secret: {
      partnerTenantId: partner,
      clientId: CLIENT_ID,
      ...(certificate === undefined ? { clientSecret: CLIENT_SECRET } : { certificatePem: certificate }),
    },
    configuration: { authMode: 'clientCredentials', tenantSource: 'contracts' },
    customers: tenants.map((tenant) => {
      const { client, id, oddity } = tenant;
      const unread = oddity === 'no consent' || oddity === 'no roles' || oddity === 'resold only';
      return trueCustomer(client, id, cellsOf(tenant), unread ? 'failed' : 'counted');
    }),
    handle(request) {
      if (request.host === login) {
        const scope = `https://${host}/.default`;
        return grant(request, [partner, ...listed], scope, isApp, (tenant) => tokens.issue(tenant, LIFETIME_SECONDS));
      }
      return ask(request, tokens.subject(request.headers.authorization));
    },
  };
}

/** How the app proves itself: the number of the refusal, or undefined if it does. */
type Proof = (form: URLSearchParams, request: SandboxRequest) => number | undefined;

const hasSecret: Proof = (form) => (form.get('client_secret') === CLIENT_SECRET ? undefined : 7_000_215);

/** A JWT for this very address, signed with the certificate's key, good now and used once (RFC 7523). */
function hasCertificate(certificate: X509Certificate, now: () => number): Proof {
  const used = new Set<string>();
  const thumbprint = createHash('sha1').update(certificate.raw).digest('base64url');
  return (form, { host, path }) => {
    if (form.has('client_secret')) return 7_000_215;
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return 90_014;
    const [header = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '').split('.');
    const part = (text: string): Map<string, unknown> => {
      try {
        return new Map(Object.entries(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))));
      } catch {
        return new Map();
      }
    };
    const [head, claimed] = [part(header), part(claims)];
    if (head.get('alg') !== 'RS256' || head.get('x5t') !== thumbprint) return 700_027;
    const bytes = Buffer.from(`${header}.${claims}`);
    if (!verify('sha256', bytes, certificate.publicKey, Buffer.from(signature, 'base64url'))) return 700_027;
    const [from, until] = [Number(claimed.get('nbf')), Number(claimed.get('exp'))];
    const timely = from * 1000 <= now() && now() < until * 1000 && until - from <= 86_400;
    const issued = claimed.get('iss') === CLIENT_ID && claimed.get('sub') === CLIENT_ID;
    const jti = String(claimed.get('jti'));
    if (!timely || !issued || claimed.get('aud') !== `https://${host}${path}` || used.has(jti)) return 700_024;
    used.add(jti);
    return undefined;
  };
}

const ODDITIES = new Map<number, Oddity>([
  [3, 'no consent'],
  [4, 'subscriptions refused'],
  [7, 'throttled once'],
  [14, 'listed twice'],
  [16, 'no roles'],
]);

function tenantOf(msp: DemoMsp, client: Client, place: number | Oddity, atPax8: boolean): Tenant {
  const oddity = client.gone ? undefined : typeof place === 'number' ? ODDITIES.get(place) : place;
  return {
    client,
    id: msp.guid('tenant', client.key),
    licences: licencesOf(msp, client, atPax8),
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
    const paid = oddity === 'subscriptions refused' ? enabled + warning : seatsPaid(licence);
    // Nobody pays for it, so it is no product of the report; and a number that cannot be known is none.
    if (paid === 0) continue;
    if (!licence.subscriptions.some(({ unlisted }) => unlisted)) add(title, paid);
    add(`${title} (assigned)`, consumed);
  }
  return cells;
}

/** The token endpoint of a tenant, in both modes. */
function grant(
  request: SandboxRequest,
  known: readonly (string | Tenant)[],
  scope: string,
  isApp: Proof,
  issue: (tenant: string) => string,
): SandboxResponse {
  const [, asked] = /^\/([^/]+)\/oauth2\/v2\.0\/token$/u.exec(request.path) ?? [];
  const form = formOf(request);
  if (asked === undefined || request.method !== 'POST') return { status: 404 };
  const tenant = known.find((candidate) => (typeof candidate === 'string' ? candidate : candidate.id) === asked);
  if (tenant === undefined) return refuse(400, 'invalid_request', 90_002, `Tenant '${asked}' not found.`);
  if (form === undefined) return refuse(400, 'invalid_request', 900_144, 'The request body must be a form.');
  if (form.get('client_id') !== CLIENT_ID) {
    const sentence = 'Application with identifier was not found in the directory.';
    return refuse(400, 'unauthorized_client', 700_016, sentence);
  }
  const unproved = isApp(form, request);
  if (unproved !== undefined) return refuse(401, 'invalid_client', unproved, 'Invalid client secret or assertion.');
  const delegated = form.get('grant_type') === 'refresh_token';
  if (!delegated && form.get('grant_type') !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 70_003, 'The app requested an unsupported grant type.');
  }
  if (!(form.get('scope') ?? '').split(' ').includes(scope)) {
    return refuse(400, 'invalid_scope', 70_011, 'The provided value for the input parameter scope is not valid.');
  }
  if (delegated && form.get('refresh_token')?.replace(/\.[\w-]{12}$/u, '') !== REFRESH_TOKEN) {
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
