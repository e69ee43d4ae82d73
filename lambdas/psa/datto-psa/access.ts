import * as z from 'zod/mini';
import { headers } from '../../wire/auth.ts';
import { httpsAddress } from '../../wire/forms.ts';
import { optional, preset, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { classifyAutotask, DISCOVERY, HOSTS, name } from './refusal.ts';

const secret = z.strictObject({
  userName: required('Username (Key) of the API user'),
  secret: required('Password (Secret) of the API user'),
  apiIntegrationCode: required('API Tracking Identifier of the API user'),
  zoneUrl: optional(httpsAddress, "the zone's address as zoneInformation gives it; without it Autotask is asked"),
  impersonationResourceId: optional(
    z.union([z.string(), z.int()]),
    'resource that tickets and attachments are created for',
  ),
});

const configuration = z.strictObject({
  dueInDays: preset(z.int().check(z.positive()), 5, 'days until the ticket is due; Autotask needs a date'),
  publish: preset(
    z.union([z.string(), z.int()]),
    2,
    "who sees the attachments, by the name or value of Autotask's own list; 2 is people of the MSP only",
  ),
  companyType: preset(
    z.nullable(z.string()),
    'Customer',
    'type of the companies that are listed, null for any; the MSP itself always is',
  ),
});

export type DattoSettings = z.output<typeof secret> & z.output<typeof configuration>;

/** Where its rights are given. */
export const API_USER =
  'Admin > Organization Settings & Users > Resources/Users (HR) > the API user: security level API User (system), or a copy of it';

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
    // Three simultaneous calls to one kind of record are refused, whoever makes them.
    limit: { concurrency: 2 },
    renewal: 'check userName, secret and apiIntegrationCode, and that the API user is active and not locked',
    classify: classifyAutotask,
  }),
};
