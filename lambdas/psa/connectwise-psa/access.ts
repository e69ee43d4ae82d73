import * as z from 'zod/mini';
import { basic } from '../../wire/auth.ts';
import { httpsAddress } from '../../wire/forms.ts';
import { optional, preset, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { apiOrigin, name, userOrigin } from './manage.ts';

const secret = z.strictObject({
  companyId: required('the company id typed at login'),
  publicKey: required('public key of the API member'),
  privateKey: required('private key of the API member'),
  clientId: required('client id from developer.connectwise.com, sent with every call'),
  siteUrl: required('address where people sign in, such as https://na.myconnectwise.net', httpsAddress),
  apiVersion: optional(z.string(), "API version such as 2025.1; the server's own where it is left out"),
});

const configuration = z.strictObject({
  companyStatus: preset(z.string(), 'Active', 'which companies are listed: the name of their status'),
  companyType: preset(z.nullable(z.string()), null, 'and the name of one of their types; null for any'),
});

/** How ConnectWise PSA is reached, for tickets and for agreements. */
export const connectwise = {
  id: 'connectwise-psa',
  name,
  secret,
  configuration,
  api: ({
    companyId,
    publicKey,
    privateKey,
    clientId,
    siteUrl,
    apiVersion,
  }: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: apiOrigin(siteUrl),
    hosts: [userOrigin(siteUrl).hostname],
    auth: basic(`${companyId}+${publicKey}`, privateKey),
    headers: {
      clientId,
      accept: `application/vnd.connectwise.com+json${apiVersion === undefined ? '' : `; version=${apiVersion}`}`,
    },
    limit: { concurrency: 5 },
  }),
};
