import { type ErrorName, ReportError } from '../report/errors.ts';

/** An answer that is final and no success. `status` is for collectors that know another way to the same figures. */
export class RefusedAnswer extends ReportError {
  readonly status: number;

  constructor(name: ErrorName, message: string, status: number) {
    super(name, message);
    this.status = status;
  }
}
