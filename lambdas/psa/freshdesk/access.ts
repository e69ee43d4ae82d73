import * as z from 'zod/mini';
import { basic } from '../../wire/auth.ts';
import type { ApiDeclaration } from '../../wire/request.ts';

const name = 'Freshdesk';

const word = z.optional(z.nullable(z.union([z.string(), z.int()])));
/** An id, as a number or in quotes. */
const number = z.optional(
  z.nullable(z.pipe(z.union([z.int(), z.string().check(z.regex(/^\d+$/u, 'expected a number'))]), z.transform(Number))),
);

const secret = z.strictObject({
  /** "contoso" of contoso.freshdesk.com; an address of one's own does not work. */
  domain: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9-]*$/iu, 'expected the first part alone: contoso of contoso.freshdesk.com')),
  apiKey: z.string().check(z.minLength(1)),
});

const configuration = z.strictObject({
  /** Who asks for the ticket where delivery.psa.ticket.contactEmail names nobody; one of the two. */
  requesterEmail: z.optional(z.nullable(z.string().check(z.minLength(3)))),
  requesterId: number,
  groupId: number,
  responderId: number,
  productId: number,
  type: z.optional(z.nullable(z.string())),
  status: word,
  priority: word,
  /** Fields of the account's own, by their names (cf_…). */
  customFields: z._default(z.record(z.string(), z.unknown()), {}),
  /** A single-line field (cf_…) that takes the run key too. */
  runKeyField: z.optional(z.string()),
  /** Every ticket names its company; otherwise only one whose requester is not known to be of it. Takes the feature Multiple Companies. */
  multipleCompanies: z._default(z.boolean(), false),
});

/** How Freshdesk is reached, for tickets and for what an account notes of its billing. */
export const freshdesk = {
  id: 'freshdesk',
  name,
  secret,
  configuration,
  api: ({ domain, apiKey }: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: `https://${domain}.freshdesk.com/api/v2`,
    auth: basic(apiKey, 'X'),
    // How many a minute depends on the plan and is shared with all that the account uses; the refusal says how long to wait.
    limit: { concurrency: 1 },
    renewal: "take the API key anew from the agent's profile settings; it changes with a reset and ends with the agent",
  }),
};
