import { createHash, createPrivateKey, createSign, randomUUID, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { ReportError } from './report/errors.ts';
import { type Auth, type Refusal, token } from './wire/auth.ts';

/** The addresses of sign-in and Graph in each of Microsoft's clouds; an app is registered in one of them. */
export const CLOUDS = {
  global: { login: 'login.microsoftonline.com', graph: 'graph.microsoft.com' },
  'gcc-high': { login: 'login.microsoftonline.us', graph: 'graph.microsoft.us' },
  dod: { login: 'login.microsoftonline.us', graph: 'dod-graph.microsoft.us' },
  china: { login: 'login.chinacloudapi.cn', graph: 'microsoftgraph.chinacloudapi.cn' },
};

export const cloud = z.enum(['global', 'gcc-high', 'dod', 'china']);

/** How the app proves itself to Entra. */
export type AppIdentity = {
  clientId: string;
  clientSecret?: string | undefined;
  certificatePem?: string | undefined;
  privateKeyPem?: string | undefined;
};

/** Refusals of the app itself, not of one tenant's consent: bad secret, expired secret, expired refresh token. */
const APP_IS_REFUSED = new Map([
  [7000215, 'the client secret is wrong'],
  [7000222, 'the client secret has expired: create a new one'],
  [700082, 'the refresh token has expired: sign in again to get a new one'],
]);

/** The certificate was just uploaded and is not known everywhere yet. */
const CERTIFICATE_NOT_KNOWN_YET = 700027;

/** What the usual refusals of one tenant mean for the person who has to fix it. */
const TENANT_REFUSES = new Map([
  [7000229, 'the app has no service principal in this tenant: give consent there'],
  [65001, 'consent is missing in this tenant'],
  [50020, 'the partner user is not usable in this tenant (GDAP group or role)'],
  [50177, 'the partner user is not usable in this tenant (GDAP group or role)'],
  [53003, 'a Conditional Access policy of this tenant blocks the sign-in'],
  [50173, 'the refresh token was revoked (password change?): sign in again to get a new one'],
  [70008, 'the refresh token has expired or was revoked: sign in again to get a new one'],
  [
    70043,
    'the sign-in frequency of a Conditional Access policy ended the refresh token: sign in again to get a new one',
  ],
  [50076, 'multi-factor authentication is required: sign in again with it to get a new refresh token'],
  [50079, 'multi-factor authentication is required: sign in again with it to get a new refresh token'],
  [5000224, 'the tenant is deleted or not available'],
  [700016, 'the app is not known in this tenant: give consent there'],
  [90002, 'the tenant does not exist'],
]);

const Refused = z.object({
  error: z.optional(z.string()),
  error_description: z.optional(z.string()),
  error_codes: z.optional(z.array(z.coerce.number())),
});

/** The numbers of a refusal, which are in its text too. */
const codesOf = ({ error_codes, error_description }: z.output<typeof Refused>): number[] => [
  ...new Set([
    ...(error_codes ?? []),
    ...[...(error_description ?? '').matchAll(/AADSTS(\d+)/gu)].map(([, code]) => Number(code)),
  ]),
];

const refusal: Refusal = (answer, text) => {
  let refused: z.output<typeof Refused>;
  try {
    refused = z.parse(Refused, JSON.parse(text));
  } catch {
    return new ReportError(
      'VendorContractError',
      `Entra refused a token with HTTP ${answer.status} and no readable reason`,
    );
  }
  const codes = codesOf(refused);
  if (codes.includes(CERTIFICATE_NOT_KNOWN_YET)) {
    const sentence = `Entra does not know the certificate yet (AADSTS${CERTIFICATE_NOT_KNOWN_YET}); if that lasts, upload it again`;
    return new ReportError('VendorUnavailableError', sentence, { wide: true });
  }
  for (const code of codes) {
    const app = APP_IS_REFUSED.get(code);
    if (app !== undefined) return new ReportError('VendorAuthError', `${app} (AADSTS${code})`, { wide: true });
  }
  const meaning = codes.map((code) => TENANT_REFUSES.get(code)).find((reason) => reason !== undefined);
  const numbers = codes.map((code) => `AADSTS${code}`).join(', ');
  return new ReportError(
    'VendorAuthError',
    `no token for the tenant: ${meaning ?? refused.error ?? `HTTP ${answer.status}`}${numbers === '' ? '' : ` (${numbers})`}`,
    // Unless a number says otherwise, the app's own proof was not accepted, so no tenant accepts it.
    { wide: refused.error === 'invalid_client' && codes.length === 0 },
  );
};

const Answer = z.object({
  access_token: z.string().check(z.minLength(1)),
  expires_in: z.coerce.number(),
  refresh_token: z.optional(z.string()),
});

/**
 * Credentials for one tenant: by app consent, or (with `refreshToken`) on behalf of the partner's user.
 * `onRefreshToken` gets the newest refresh token; the one used stays valid (Entra does not revoke it).
 */
export function tenantToken(options: {
  url: string;
  graph: string;
  identity: AppIdentity;
  refreshToken?: string | undefined;
  onRefreshToken: (refreshToken: string) => Promise<void>;
}): Auth {
  const { url, graph, identity, refreshToken } = options;
  return token(async (exchange) => {
    const answer = await exchange({
      url,
      refusal,
      schema: Answer,
      fresh: (now) => ({
        form: {
          client_id: identity.clientId,
          ...proof(identity, url, now),
          scope: `${graph}/.default`,
          ...(refreshToken === undefined
            ? { grant_type: 'client_credentials' }
            : { grant_type: 'refresh_token', refresh_token: refreshToken }),
        },
      }),
    });
    if (refreshToken !== undefined && answer.refresh_token !== undefined)
      await options.onRefreshToken(answer.refresh_token);
    return { value: answer.access_token, seconds: answer.expires_in };
  });
}

/** What is wrong with the certificate, if there is one, in a sentence that names the fields. */
export function certificateFaults({ certificatePem, privateKeyPem }: AppIdentity): string[] {
  if (certificatePem === undefined || privateKeyPem === undefined) return [];
  try {
    const fits = new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
    return fits ? [] : ['privateKeyPem: expected the key that belongs to certificatePem'];
  } catch {
    return ['certificatePem, privateKeyPem: expected a certificate and its private key as PEM texts'];
  }
}

/** What is wrong with the app's proof of itself, in a sentence that names the fields; undefined if nothing is. */
export function identityFault(identity: AppIdentity): string | undefined {
  const { clientSecret, certificatePem, privateKeyPem } = identity;
  if (clientSecret !== undefined) return undefined;
  if (certificatePem === undefined || privateKeyPem === undefined) {
    return 'clientSecret: expected, or certificatePem and privateKeyPem instead';
  }
  return certificateFaults(identity)[0];
}

function proof(identity: AppIdentity, audience: string, now: number): Record<string, string> {
  const { clientSecret, certificatePem, privateKeyPem } = identity;
  if (clientSecret !== undefined) return { client_secret: clientSecret };
  if (certificatePem === undefined || privateKeyPem === undefined) throw new Error('the identity was not checked');
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: clientAssertion(identity.clientId, certificatePem, privateKeyPem, audience, now),
  };
}

/** A JWT (RFC 7523) signed with the app's certificate, good for ten minutes. */
function clientAssertion(clientId: string, certificate: string, key: string, audience: string, now: number): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const seconds = Math.floor(now / 1000);
  const x5t = createHash('sha1').update(new X509Certificate(certificate).raw).digest('base64url');
  const unsigned = [
    encode({ alg: 'RS256', typ: 'JWT', x5t }),
    encode({ aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), nbf: seconds, exp: seconds + 600 }),
  ].join('.');
  return `${unsigned}.${createSign('sha256').update(unsigned).sign(createPrivateKey(key), 'base64url')}`;
}
