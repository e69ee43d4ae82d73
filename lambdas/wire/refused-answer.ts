import { type ErrorName, ReportError } from '../report/errors.ts';

/** A final answer that is not a success. `status` is for collectors that have another way to the same figures. */
export class RefusedAnswer extends ReportError {
  readonly status: number;

  constructor(name: ErrorName, message: string, status: number) {
    super(name, message);
    this.status = status;
  }
}

/**
 * For an API whose paths are configured: a 404 means that the path is wrong, never that the list is empty. Returns any
 * other error unchanged.
 */
export function pathIsWrong(error: unknown, option: string): unknown {
  if (!(error instanceof RefusedAnswer && error.status === 404)) return error;
  return new ReportError(
    'ConfigurationError',
    `${error.message}; if this path is wrong, set ${option} in the configuration`,
    { cause: error },
  );
}
