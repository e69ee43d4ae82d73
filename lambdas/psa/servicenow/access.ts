import * as z from 'zod/mini';
import { filled, httpsAddress, textLike } from '../../wire/forms.ts';
import { optional, preset, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { AUTH_TYPES, authOf, classifyServiceNow, isComplete, NEEDED_IN_WORDS, name, origin } from './table.ts';

export const CUSTOMERS = 'customer=true';

const text = filled;
export const tableName = textLike(/^[a-z][a-z0-9_]*$/u, 'the name of a table, such as incident');

const secret = z
  .strictObject({
    instanceUrl: required('address of the instance, such as https://contoso.service-now.com', httpsAddress),
    authType: preset(z.enum(AUTH_TYPES), 'basic', 'how the user signs in; the other fields follow from it'),
    username: optional(text, 'for basic and oauth_password'),
    password: optional(text, 'for basic and oauth_password'),
    clientId: optional(text, 'for oauth_client_credentials and oauth_password'),
    clientSecret: optional(text, 'for oauth_client_credentials and oauth_password'),
    apiKey: optional(text, 'for api_key'),
  })
  .check(z.refine(isComplete, NEEDED_IN_WORDS));

const configuration = z.strictObject({
  table: preset(tableName, 'incident', 'where the ticket goes: a table that extends task'),
  defaultFields: preset(
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    {},
    'columns that every ticket gets, also those of your own (u_…)',
  ),
  companyTable: preset(tableName, 'core_company', 'the table of companies'),
  companyQuery: preset(
    z.string(),
    CUSTOMERS,
    'encoded query for the companies that are customers; ServiceNow ignores a part that it does not understand',
  ),
  descriptionLength: preset(
    z.int().check(z.minimum(500)),
    4000,
    'longest description in characters; ServiceNow cuts off the rest',
  ),
});

export type ServiceNowSettings = z.output<typeof secret> & z.output<typeof configuration>;

/** How ServiceNow is reached, for tickets and for what it says is sold. */
export const servicenow = {
  id: 'servicenow',
  name,
  secret,
  configuration,
  api: (settings: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: origin(settings.instanceUrl),
    auth: authOf(settings),
    headers: { 'content-type': 'application/json' },
    // Each instance has its own limit per hour; the refusal states it.
    limit: { concurrency: 2 },
    renewal: 'renew or replace them; a user with multi-factor authentication cannot sign in with basic authentication',
    classify: classifyServiceNow,
  }),
};
