import * as z from 'zod/mini';
import { headers } from '../../wire/auth.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { classifyFaults, name } from './graphql.ts';

const secret = z.strictObject({
  apiToken: z.string().check(z.minLength(1)),
  subDomain: z.string().check(z.regex(/^[A-Za-z0-9-]+$/u, 'expected the label before .superops.ai')),
  region: z._default(z.enum(['us', 'eu']), 'us'),
  product: z._default(z.enum(['msp', 'it']), 'msp'),
});

const configuration = z.strictObject({
  /** Which clients are listed: the name of their stage (null: any). */
  clientStage: z._default(z.nullable(z.string()), 'Active'),
  /** Where a portal has a host of its own, for the ticket's link. */
  webBaseUrl: z.optional(z.url({ protocol: /^https$/u })),
});

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
