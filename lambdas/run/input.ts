import * as z from 'zod/mini';
import { MECHANISMS } from '../configuration/delivery.ts';
import { describeIssue } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';

/** What CheckRunningOrg decided and every later state passes on. */
export const Run = z.strictObject({
  runId: z.string(),
  asOf: z.string(),
  mechanism: z.enum(MECHANISMS),
  psa: z.nullable(z.string()),
  only: z.nullable(z.array(z.string())),
  /** The run to compare with, instead of the last one delivered. */
  since: z.nullable(z.string()),
  /** IANA name of the zone of this run's days and months. */
  timeZone: z.string(),
  units: z.enum(['named', 'off']),
});

export type Run = z.output<typeof Run>;

const reads = z.enum(['counts', 'billed']);

/** How the Map's iterations end. */
export const Ended = z.discriminatedUnion('status', [
  z.strictObject({ integration: z.string(), reads, status: z.enum(['collected', 'partial']), key: z.string() }),
  z.strictObject({
    integration: z.string(),
    reads,
    status: z.literal('failed'),
    error: z.string(),
    cause: z.nullish(z.string()),
  }),
  z.strictObject({ integration: z.string(), reads, status: z.literal('not-installed') }),
  z.strictObject({ integration: z.literal('report'), reads, status: z.literal('made') }),
]);

export type Ended = z.output<typeof Ended>;

/** Consolidate's answer, as the definition selects it. */
export const ReportTotals = z.strictObject({
  key: z.string(),
  companies: z.number(),
  collected: z.number(),
  partial: z.number(),
  failed: z.number(),
  unmapped: z.number(),
  error: z.nullable(z.string()),
  cause: z.nullable(z.string()),
});

export type ReportTotals = z.output<typeof ReportTotals>;

/** CreateCsv's answer: keys. */
export const Files = z.strictObject({ csv: z.string(), unmapped: z.string() });

export type Files = z.output<typeof Files>;

/** Checks a state's input. Errors: `ConfigurationError` naming the state's Lambda and each faulty field. */
export function readInput<T>(schema: z.ZodMiniType<T>, value: unknown, step: string): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => describeIssue(issue, value));
  throw new ReportError('ConfigurationError', `input of ${step}: ${faults.join('; ')}`);
}
