import { ReportError } from '../report/errors.ts';

/**
 * The mail certainly did not go out, so it can be sent again once the reason is fixed. Any other error leaves that
 * open.
 */
export class MailRefused extends ReportError {
  constructor(message: string, cause?: unknown) {
    super('DeliveryError', message, cause === undefined ? {} : { cause });
  }
}
