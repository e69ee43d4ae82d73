import * as z from 'zod/mini';
import { members } from '../report/members.ts';

export const MECHANISMS = ['psa', 'email', 'return', 'none'] as const;

/** How the report is delivered: as a ticket, by e-mail, as the execution's output, or not at all. */
export type Mechanism = (typeof MECHANISMS)[number];

/** The most that SES accepts for one message. */
const MOST_RECIPIENTS = 50;

const word = z.optional(z.union([z.string(), z.number(), z.null()]));

/** A ticket in neutral words, which each PSA translates (board = board, queue, group, team, form). */
export const Ticket = members({
  companyId: z.optional(z.union([z.string(), z.number()])),
  board: word,
  status: word,
  type: word,
  priority: word,
  contactEmail: word,
  /** Merged into the PSA's own create call. */
  extra: z.optional(z.record(z.string(), z.unknown())),
});

/** SES accepts only ASCII, and refuses the whole message for one bad address. */
const address = z
  .string()
  .check(
    z.regex(
      /^[!#-'*+\--9=?A-Z^-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/u,
      'expected one e-mail address such as billing@company.example (an international domain in its xn-- form)',
    ),
  );

const line = (longest: number) =>
  z
    .string()
    .check(z.regex(/\S/u, 'expected some text'), z.regex(/^[^\p{Cc}]*$/u, 'expected one line'), z.maxLength(longest));

const recipients = z.pipe(
  z.pipe(
    z.union([z.array(z.string()), z.string()]),
    z.transform((addresses) => [
      ...new Set(
        (typeof addresses === 'string' ? addresses.split(/[,;]/u) : addresses)
          .map((recipient) => recipient.trim())
          .filter((recipient) => recipient !== ''),
      ),
    ]),
  ),
  z
    .array(address)
    .check(z.minLength(1, 'expected at least one e-mail address, found none'), z.maxLength(MOST_RECIPIENTS)),
);

/** What sends the mail; default: SES on AWS, a file in a local run. */
export const MAIL_SERVICES = ['ses', 'microsoft-365', 'smtp'] as const;

const service = z.optional(z.enum(MAIL_SERVICES));

const Mail = members({
  from: address,
  /** The sender's display name. */
  fromName: z.optional(line(100)),
  recipients,
  /** The start of the subject; the month follows. */
  subject: z.optional(line(200)),
  replyTo: z.optional(address),
  configurationSet: z.optional(z.string().check(z.minLength(1))),
  via: service,
  /** Used only if `via` certainly accepted nothing. */
  fallback: service,
});

export const Email = Mail.check(
  z.refine(({ via = 'ses', fallback }) => fallback !== via, {
    path: ['fallback'],
    error: 'expected a service other than the first one (via, or "ses" if that is left out)',
  }),
);

/** The field `delivery` of report.json; the settings of mechanisms that are not chosen are checked too. */
export const deliveryShape = (psas: readonly string[]) =>
  members({
    mechanism: z.enum(MECHANISMS),
    psa: z.optional(
      members({
        integration: z
          .string()
          .check(z.refine((id) => psas.includes(id), `expected a PSA integration; known: ${psas.join(', ')}`)),
        ticket: z._default(Ticket, {}),
      }),
    ),
    email: z.optional(Email),
  });

export type DeliveryConfiguration = z.output<ReturnType<typeof deliveryShape>>;
