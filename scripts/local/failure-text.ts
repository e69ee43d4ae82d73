import * as z from 'zod/mini';

const LambdaError = z.object({ errorType: z.string(), errorMessage: z.string() });

/** The message inside of a state's Cause: Lambda wraps its own in JSON, Step Functions' own are plain. */
export function messageOf(cause: string): string {
  try {
    return z.parse(LambdaError, JSON.parse(cause)).errorMessage;
  } catch {
    return cause;
  }
}
