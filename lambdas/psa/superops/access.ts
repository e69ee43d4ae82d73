import * as z from 'zod/mini';
import { headers } from '../../wire/auth.ts';
import { httpsAddress, textLike } from '../../wire/forms.ts';
import { optional, preset, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { classifyFaults, name } from './graphql.ts';

const secret = z.strictObject({
  apiToken: required('API token of the service technician'),
  subDomain: required('the label before .superops.ai', textLike(/^[A-Za-z0-9-]+$/u, 'the label before .superops.ai')),
  region: preset(z.enum(['us', 'eu']), 'us', 'where the account lives'),
  product: preset(z.enum(['msp', 'it']), 'msp', 'SuperOps for MSPs, or for IT teams'),
});

const configuration = z.strictObject({
  clientStage: preset(
    z.nullable(z.string()),
    'Active',
    'which clients are listed: the name of their stage; null for any',
  ),
  webBaseUrl: optional(httpsAddress, "address of the portal where it has a host of its own, for the ticket's link"),
});

/** Where its rights are given. */
export const ROLE = 'the role of the technician whose token it is';

/** How SuperOps is reached, for tickets and for contracts. */
export const superops = {
  id: 'superops',
  name,
  secret,
  configuration,
  api: ({ apiToken, subDomain, region }: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: `https://${region === 'eu' ? 'euapi' : 'api'}.superops.ai`,
    auth: headers({ authorization: `Bearer ${apiToken}` }),
    headers: { CustomerSubDomain: subDomain },
    limit: { requests: 800, perSeconds: 60, concurrency: 2 },
    classify: classifyFaults,
  }),
};
