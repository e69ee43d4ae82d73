/**
 * The error names that users, Retry and Catch see. A name is a promise about what to do next, so the list is closed:
 * credentials (rotate them), rate limit (wait), unavailable (try again), contract (the vendor changed or answered nonsense),
 * configuration (ours to fix), not managing (start it elsewhere), delivery (the report exists, hand it over again).
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
export const isErrorName = (name: string): name is ErrorName => ERROR_NAMES.some((known) => known === name);

/** An error written for the person who has to act on it. `name` is what the state machine matches. */
export class ReportError extends Error {
  override readonly name: ErrorName;
  /** True when it condemns a whole integration and not only the customer during whose reading it appeared. */
  readonly wide: boolean;

  constructor(name: ErrorName, message: string, options: { cause?: unknown; wide?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.wide = options.wide ?? false;
  }
}

/** What an error says, also where what was thrown is no error. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** True for an error that carries one of our names; with `name`, for that one alone. */
export function isReportError(error: unknown, name?: ErrorName): error is ReportError {
  return error instanceof ReportError && (name === undefined || error.name === name);
}

const PLAIN: Readonly<Record<ErrorName, (name: string) => string>> = {
  VendorAuthError: (name) => `${name} refuses these credentials or does not let them read this`,
  VendorRateLimitError: (name) => `${name} limits the number of calls; the run could not wait that long`,
  VendorUnavailableError: (name) => `${name} did not answer`,
  VendorContractError: (name) => `${name} answered something unexpected, so its numbers are not used`,
  ConfigurationError: (name) => `the settings for ${name} are wrong or incomplete`,
  NotManagingOrganizationError: () => 'this run belongs to another organization',
  DeliveryError: (name) => `${name} did not take the report`,
};

/**
 * The failure in one sentence for whoever reads the report; `name` is the vendor's or the PSA's. It follows from the kind alone,
 * so it holds for an error that comes back from a Lambda, of which only name and message arrive.
 */
export const plainSentence = (error: ErrorName, name: string): string => PLAIN[error](name);

/** What a failure looks like once it is data: in a collection, in the report, in the log. */
export type Failure = { error: ErrorName; message: string };

/** Turns whatever was thrown into a failure; what is not ours is reported as ours to fix, never hidden. */
export function failureOf(error: unknown): Failure {
  if (isReportError(error)) return { error: error.name, message: error.message };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { error: 'VendorContractError', message: `unexpected fault while collecting: ${message}` };
}
