import * as z from 'zod/mini';

/*
 * What the processes of a large run pass to each other: the order for one call of a step, its outcome, what the sandbox
 * serves, and the header that gives it the time.
 */

/** Milliseconds since the epoch, by the clock of whoever asks. */
export const TIME_HEADER = 'x-sandbox-time';

export type Order = z.output<typeof Order>;
export const Order = z.strictObject({
  /** Name of the function. */
  name: z.string(),
  input: z.unknown(),
  /** The folders of the configuration and of the runs. */
  config: z.string(),
  out: z.string(),
  /** Where the vendors are; absent if nobody is asked. */
  sandbox: z.optional(z.string()),
  /** When the call begins, in milliseconds since the epoch, and how many it may take. */
  now: z.number(),
  milliseconds: z.number(),
});

export type Outcome = z.output<typeof Outcome>;
export const Outcome = z.object({
  answer: z.optional(z.looseObject({ waitSeconds: z.optional(z.number()) })),
  failure: z.optional(z.object({ name: z.string(), message: z.string() })),
  /** Peak memory, and what the process took before the step began. */
  megabytes: z.number(),
  megabytesBefore: z.number(),
  processorSeconds: z.number(),
  calls: z.number(),
  /** When the call ended. */
  now: z.number(),
});

/** The sandbox's address, and how many units each vendor has, by integration id. */
export const Served = z.object({ origin: z.string(), units: z.record(z.string(), z.number()) });
