/**
 * The error names that users, Retry and Catch see. A name is a promise about what to do next, so the list is closed:
 * credentials (rotate them), rate limit (wait), unavailable (try again), contract (the vendor changed or answered
 * nonsense), configuration (ours to fix), not managing (start it elsewhere), delivery (the report exists; deliver it
 * again).
 */
export const ERROR_NAMES = [
  'VendorAuthError',
  'VendorRateLimitError',
  'VendorUnavailableError',
  'VendorContractError',
  'ConfigurationError',
  'NotManagingOrganizationError',
  'DeliveryError',
] as const;

export type ErrorName = (typeof ERROR_NAMES)[number];

/** True for one of the contract's names. */
export const isErrorName = (name: string): name is ErrorName => ERROR_NAMES.some((errorName) => errorName === name);

/** An error written for the person who has to act on it. `name` is what the state machine matches. */
export class ReportError extends Error {
  override readonly name: ErrorName;
  /** True if it fails the whole integration and not only the customer that was being read. */
  readonly wide: boolean;

  constructor(name: ErrorName, message: string, options: { cause?: unknown; wide?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.wide = options.wide ?? false;
  }
}

/** The message of an error, or of anything else that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** True for an error with one of our names; with `name`, only for that one. */
export function isReportError(error: unknown, name?: ErrorName): error is ReportError {
  return error instanceof ReportError && (name === undefined || error.name === name);
}

/** A failure as data: in a collection, in the report, in the log. */
export type Failure = { error: ErrorName; message: string };

/** Turns whatever was thrown into a failure; an unexpected error is reported as our fault, never hidden. */
export function failureOf(error: unknown): Failure {
  if (isReportError(error)) return { error: error.name, message: error.message };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { error: 'VendorContractError', message: `unexpected fault while collecting: ${message}` };
}
