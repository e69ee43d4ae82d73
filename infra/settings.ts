import * as z from 'zod/mini';
import { MAIL_SERVICES } from '../lambdas/configuration/delivery.ts';
import { describeIssue } from '../lambdas/report/describe-issue.ts';
import { ReportError } from '../lambdas/report/errors.ts';
import type { BillingCountReportProperties } from './billing-count-report.ts';
import { readCadence, readTimeZone } from './cadence.ts';

const address = z
  .string()
  .check(z.regex(/^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/u, 'expected one address such as billing@example.com'));
const domain = z.string().check(z.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/iu, 'expected an address or a domain'));

/** Services that send the mail, as `delivery.email.via` and `fallback` name them, separated by commas. */
const mailVia = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text) => [...new Set(text.split(',').map((word) => word.trim()))]),
  ),
  z.array(z.enum(MAIL_SERVICES)),
);

/** Our own fields of `context` in cdk.json; `-c name=value` on the command line overrides them. */
const Context = z.strictObject({
  stackName: z._default(z.string(), 'BillingCountReport'),
  prefix: z.optional(z.string()),
  schedule: z._default(z.string(), 'monthly'),
  time: z._default(z.string(), '06:30'),
  timeZone: z._default(z.string(), 'UTC'),
  runsKeptDays: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(36_500)), 400),
  alarmEmail: z.optional(address),
  mailVia: z._default(mailVia, ['ses']),
  sender: z.optional(z.union([address, domain])),
  configurationSet: z.optional(z.string()),
});

/** CDK's own names have a sign in them, such as "aws:cdk:version-reporting". */
const PLAIN_NAME = /^[A-Za-z]+$/u;

export type Settings = { stackName: string; properties: Omit<BillingCountReportProperties, 'registry' | 'bundles'> };

/**
 * Reads the settings of a deployment from CDK's context; an empty value counts as absent. Errors: `ConfigurationError`
 * for a value that is not valid and for a name that no setting has, all faults at once.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const filled = Object.fromEntries(
    Object.entries(context).filter(
      ([name, value]) => PLAIN_NAME.test(name) && value !== undefined && value !== null && value !== '',
    ),
  );
  const result = z.safeParse(Context, filled);
  if (!result.success) {
    const faults = result.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys' ? unknownNames(issue.keys) : `setting ${describeIssue(issue, filled)}`,
    );
    throw new ReportError('ConfigurationError', faults.join('\n'));
  }
  const { stackName, schedule, time, timeZone, ...rest } = result.data;
  return {
    stackName,
    properties: {
      ...rest,
      cadence: readCadence(schedule, time),
      timeZone: readTimeZone(timeZone),
    },
  };
}

const unknownNames = (names: readonly string[]): string =>
  `there is no setting ${names.join(', ')}; there are ${Object.keys(Context.shape).join(', ')}`;
