import { ReportError } from '../report/errors.ts';

/** The mail certainly did not go out, so it may be sent again once the reason is mended. Any other error leaves that open. */
export class MailRefused extends ReportError {
  constructor(message: string, cause?: unknown) {
    super('DeliveryError', message, cause === undefined ? {} : { cause });
  }
}
