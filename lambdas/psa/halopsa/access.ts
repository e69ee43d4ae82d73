import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { clientCredentials, refusedCredentials } from '../../wire/auth.ts';
import { httpsAddress } from '../../wire/forms.ts';
import { optional, preset, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';

const name = 'HaloPSA';

/** Between attempts while Halo limits the rate. */
const LIMITED_SECONDS = 30;

const secret = z.strictObject({
  baseUrl: required('address of the instance, such as https://contoso.halopsa.com', httpsAddress),
  clientId: required('Client ID of the application'),
  clientSecret: required('Client Secret of the application'),
  tenant: optional(z.string(), 'tenant as the API Details show it, if the address does not name it'),
  authUrl: optional(httpsAddress, 'authorization server, if it is not under the address'),
  scope: preset(z.string(), 'all', 'scopes to ask for, those of the application or fewer'),
});

const configuration = z.strictObject({
  // Sources name 300 and more; an on-premises instance can allow any number.
  requestsPer5Minutes: preset(z.int().check(z.positive()), 300, 'calls that the instance allows in five minutes'),
});

/** Where its rights are granted. */
export const APPLICATION = 'Configuration > Integrations > Halo API > View Applications > the application';

/** How HaloPSA is reached, for tickets and for recurring invoices. */
export const halo = {
  id: 'halopsa',
  name,
  secret,
  configuration,
  api: ({
    baseUrl,
    clientId,
    clientSecret,
    tenant,
    authUrl,
    scope,
    requestsPer5Minutes,
  }: z.output<typeof secret> & z.output<typeof configuration>): ApiDeclaration => {
    const token = new URL(`${(authUrl ?? `${trimmed(baseUrl)}/auth`).replace(/(\/token)?\/?$/u, '')}/token`);
    if (tenant !== undefined) token.searchParams.set('tenant', tenant);
    return {
      name,
      base: `${trimmed(baseUrl)}/api`,
      hosts: [token.hostname],
      auth: clientCredentials({
        url: token.href,
        fields: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope },
        refusal: ({ status }, text) => {
          if (tenant !== undefined) return undefined;
          const refused = refusedCredentials(`${name} token request`, status, text);
          if (refused.name !== 'VendorAuthError') return refused;
          const { message } = refused;
          return new ReportError(
            'VendorAuthError',
            `${message}; if the address does not name the tenant, secrets/halopsa.json needs "tenant" as Halo's API Details show it`,
            { wide: true },
          );
        },
      }),
      limit: { requests: requestsPer5Minutes, perSeconds: 300, concurrency: 2 },
      // Halo sends no Retry-After, and its window of five minutes outlasts an ordinary back-off.
      classify: ({ status, headers }) =>
        status === 429 && headers['retry-after'] === undefined
          ? { verdict: 'limited', after: LIMITED_SECONDS }
          : undefined,
    };
  },
};

/** Halo shows the address with its `/api`; a person may have copied that. */
export const trimmed = (baseUrl: string): string => baseUrl.replace(/\/(api\/?)?$/u, '');
