import * as z from 'zod/mini';
import type { ApiDeclaration } from '../../wire/request.ts';
import { AUTH_TYPES, authOf, classifyServiceNow, isComplete, NEEDED_IN_WORDS, name, origin } from './table.ts';

export const CUSTOMERS = 'customer=true';

const text = z.string().check(z.minLength(1));
export const tableName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_]*$/u, 'expected the name of a table, such as incident'));

const secret = z
  .strictObject({
    instanceUrl: z.url({ protocol: /^https$/u }),
    authType: z._default(z.enum(AUTH_TYPES), 'basic'),
    username: z.optional(text),
    password: z.optional(text),
    clientId: z.optional(text),
    clientSecret: z.optional(text),
    apiKey: z.optional(text),
  })
  .check(z.refine(isComplete, NEEDED_IN_WORDS));

const configuration = z.strictObject({
  /** Where the ticket goes: a table that extends task. */
  table: z._default(tableName, 'incident'),
  /** Columns that every ticket gets, own ones (u_…) too. */
  defaultFields: z._default(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), {}),
  companyTable: z._default(tableName, 'core_company'),
  /** An encoded query for the companies that are customers. A part that ServiceNow does not understand it leaves out. */
  companyQuery: z._default(z.string(), CUSTOMERS),
  /** Longest description in characters; what is beyond it ServiceNow would cut off. */
  descriptionLength: z._default(z.int().check(z.minimum(500)), 4000),
});

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
    // How many an hour is each instance's own rule, and told with the refusal.
    limit: { concurrency: 2 },
    renewal: 'renew or replace them; a user with multi-factor authentication cannot sign in with basic authentication',
    classify: classifyServiceNow,
  }),
};
