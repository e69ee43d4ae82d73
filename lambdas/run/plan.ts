import * as z from 'zod/mini';

/** What a collector gets: its field in report.json, and the ids that companies have at its vendor. */
export const Plan = z.strictObject({
  configuration: z.record(z.string(), z.unknown()),
  /**
   * Names of credentials in report.json instead of the secret: they are read there, and copied to no file of the run.
   */
  misplaced: z._default(z.array(z.string()), []),
  mapped: z.array(z.string()),
});

export type Plan = z.output<typeof Plan>;

/**
 * An integration as it travels between states: the plan itself is in the run's folder, because a state holds 256 KiB.
 */
export const PlannedIntegration = z.strictObject({
  id: z.string(),
  /** A vendor's counts, or what a PSA bills. */
  reads: z.enum(['counts', 'billed']),
  installed: z.boolean(),
  plan: z.nullable(z.string()),
});

export type PlannedIntegration = z.output<typeof PlannedIntegration>;

/** What the reader of a PSA's billed lines needs, stored in the run's folder. */
export const BilledPlan = z.strictObject({
  /** The PSA's field of report.json. */
  configuration: z.record(z.string(), z.unknown()),
  /** The fields in billing.json other than `integration`. */
  options: z.record(z.string(), z.unknown()),
  period: z.strictObject({ month: z.string(), first: z.string(), last: z.string(), isOver: z.boolean() }),
  mapped: z.array(z.string()),
});

export type BilledPlan = z.output<typeof BilledPlan>;
