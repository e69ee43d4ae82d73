import * as z from 'zod/mini';
import { headers } from '../../wire/auth.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { classifyAutotask, DISCOVERY, HOSTS, name } from './autotask.ts';

const secret = z.strictObject({
  userName: z.string().check(z.minLength(1)),
  secret: z.string().check(z.minLength(1)),
  apiIntegrationCode: z.string().check(z.minLength(1)),
  /** The zone's address as zoneInformation gives it; without it Autotask is asked. */
  zoneUrl: z.optional(z.url({ protocol: /^https$/u })),
  /** The resource in whose name tickets and attachments are made. */
  impersonationResourceId: z.optional(z.union([z.string(), z.int()])),
});

const configuration = z.strictObject({
  /** Autotask wants a due date: so many days after the ticket was made. */
  dueInDays: z._default(z.int().check(z.positive()), 5),
  /** Who sees the attachments, by the name or value of Autotask's own list; 2 is for people of the MSP only. */
  publish: z._default(z.union([z.string(), z.int()]), 2),
  /** Which companies are listed (null: of any type); the MSP itself always is. */
  companyType: z._default(z.nullable(z.string()), 'Customer'),
});

/** How Datto PSA is reached, for tickets and for contracts. */
export const datto = {
  id: 'datto-psa',
  name,
  secret,
  configuration,
  api: ({ userName, secret: password, apiIntegrationCode, zoneUrl }: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: DISCOVERY,
    hosts: [...HOSTS, ...(zoneUrl === undefined ? [] : [new URL(zoneUrl).hostname])],
    auth: headers({ ApiIntegrationCode: apiIntegrationCode, UserName: userName, Secret: password }),
    headers: { 'content-type': 'application/json' },
    // Three at once to one kind of record are refused, whoever makes them.
    limit: { concurrency: 2 },
    renewal: 'check userName, secret and apiIntegrationCode, and that the API user is active and not locked',
    classify: classifyAutotask,
  }),
};
