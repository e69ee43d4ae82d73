import * as z from 'zod/mini';

/** What a collector is told of its installation: its member of report.json, and the ids that companies have there. */
export const Plan = z.strictObject({
  configuration: z.record(z.string(), z.unknown()),
  /** Credentials that are in report.json instead of the secret: they are read there, and kept in no file of the run. */
  misplaced: z._default(z.array(z.string()), []),
  mapped: z.array(z.string()),
});

export type Plan = z.output<typeof Plan>;

/** An integration as it travels between states: the plan itself lies in the run's folder, for a state holds 256 KiB. */
export const PlannedIntegration = z.strictObject({
  id: z.string(),
  /** Counts of a vendor, or what a PSA bills. */
  reads: z.enum(['counts', 'billed']),
  installed: z.boolean(),
  plan: z.nullable(z.string()),
});

export type PlannedIntegration = z.output<typeof PlannedIntegration>;

/** What the reader of a PSA's billed lines needs to know, as it lies in the run's folder. */
export const BilledPlan = z.strictObject({
  /** The PSA's member of report.json. */
  configuration: z.record(z.string(), z.unknown()),
  /** What billing.json says beside `integration`. */
  options: z.record(z.string(), z.unknown()),
  period: z.strictObject({ month: z.string(), first: z.string(), last: z.string(), isOver: z.boolean() }),
  mapped: z.array(z.string()),
});

export type BilledPlan = z.output<typeof BilledPlan>;
