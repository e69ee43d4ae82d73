import * as z from 'zod/mini';
import { basic } from '../../wire/auth.ts';
import { nameOrId, numberLike, textLike } from '../../wire/forms.ts';
import { flag, optional, preset, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';

const name = 'Freshdesk';

const word = z.nullable(nameOrId);
const number = z.nullable(numberLike);

const secret = z.strictObject({
  domain: required(
    'contoso of contoso.freshdesk.com; a custom domain does not work',
    textLike(/^[a-z0-9][a-z0-9-]*$/iu, 'the first part alone: contoso of contoso.freshdesk.com'),
  ),
  apiKey: required('API key of the agent'),
});

const configuration = z.strictObject({
  requesterEmail: optional(
    z.nullable(z.string().check(z.minLength(3))),
    'requester of the ticket if delivery.psa.ticket.contactEmail is not set; this or requesterId',
  ),
  requesterId: optional(number, 'the same contact by number'),
  groupId: optional(number, 'group if delivery.psa.ticket.board is not set'),
  responderId: optional(number, 'agent the ticket is assigned to'),
  productId: optional(number, 'product the ticket belongs to'),
  type: optional(z.nullable(z.string()), 'type if delivery.psa.ticket.type is not set'),
  status: optional(word, 'status if delivery.psa.ticket.status is not set'),
  priority: optional(word, 'priority if delivery.psa.ticket.priority is not set'),
  customFields: preset(z.record(z.string(), z.unknown()), {}, "the account's own fields by name (cf_…)"),
  runKeyField: optional(z.string(), 'single-line field (cf_…) that takes the run key too'),
  multipleCompanies: flag(
    'every ticket names its company, for accounts with the feature Multiple Companies; otherwise only if the requester belongs to another',
  ),
});

export type FreshdeskSettings = z.output<typeof secret> & z.output<typeof configuration>;

/** Where to grant its rights. */
export const AGENT = 'scope and roles of the agent whose key it is';

/** How Freshdesk is reached, for tickets and for the records of what is billed. */
export const freshdesk = {
  id: 'freshdesk',
  name,
  secret,
  configuration,
  api: ({ domain, apiKey }: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: `https://${domain}.freshdesk.com/api/v2`,
    auth: basic(apiKey, 'X'),
    // The limit per minute depends on the plan and is shared by everything that uses the account; the refusal says how
    // long to wait.
    limit: { concurrency: 1 },
    renewal: "copy the API key again from the agent's profile settings; a reset changes it, and it ends with the agent",
  }),
};
