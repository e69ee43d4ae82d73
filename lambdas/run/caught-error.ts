import * as z from 'zod/mini';
import { type ErrorName, isErrorName } from '../report/errors.ts';

/** The errors of Step Functions and Lambda for a task that ran out of time. */
const TIMED_OUT = /^(States\.Timeout|States\.HeartbeatTimeout|Sandbox\.Timedout|TimeoutError)$/u;

/** Lambda's own errors: the function could not report anything. */
const LAMBDA_FAULT = /^(Lambda\.|Runtime\.|States\.TaskFailed$)/u;

const LambdaCause = z.object({ errorMessage: z.string() });

/** What a Catch passes on. */
export const Caught = z.object({ Error: z.string(), Cause: z.optional(z.nullable(z.string())) });

/** A caught error: as the state machine has it (`name`, `reason`), and in the report's terms (`error`, `message`). */
export type CaughtError = { name: string; reason: string; error: ErrorName; message: string };

/** Reads an error from a Catch: Cause is Lambda's JSON (errorType, errorMessage) or plain text. */
export function caughtError(name: string, cause: string | null | undefined): CaughtError {
  const reason = messageIn(cause ?? '') || 'no cause was given';
  if (isErrorName(name)) return { name, reason, error: name, message: reason };
  if (TIMED_OUT.test(name) || (LAMBDA_FAULT.test(name) && /timed? ?out/iu.test(reason))) {
    return {
      name,
      reason,
      error: 'VendorUnavailableError',
      message: `the collector ran out of time (${name}): ${reason}`,
    };
  }
  if (LAMBDA_FAULT.test(name)) {
    return {
      name,
      reason,
      error: 'VendorUnavailableError',
      message: `its Lambda could not be run (${name}): ${reason}`,
    };
  }
  return { name, reason, error: 'VendorContractError', message: `unexpected fault (${name}): ${reason}` };
}

function messageIn(cause: string): string {
  try {
    return z.parse(LambdaCause, JSON.parse(cause)).errorMessage;
  } catch {
    return cause;
  }
}
