import * as z from 'zod/mini';
import { basic } from '../../wire/auth.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { apiOrigin, name, userOrigin } from './manage.ts';

const secret = z.strictObject({
  companyId: z.string().check(z.minLength(1)),
  publicKey: z.string().check(z.minLength(1)),
  privateKey: z.string().check(z.minLength(1)),
  clientId: z.string().check(z.minLength(1)),
  siteUrl: z.url({ protocol: /^https$/u }),
  apiVersion: z.optional(z.string()),
});

const configuration = z.strictObject({
  /** Which companies are listed: the name of their status, and of one of their types (null: of any type). */
  companyStatus: z._default(z.string(), 'Active'),
  companyType: z._default(z.nullable(z.string()), null),
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
