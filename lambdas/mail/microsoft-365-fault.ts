import { MailRefused } from '../platform/mail-refused.ts';
import { isReportError, messageOf, ReportError } from '../report/errors.ts';
import type { Redactor } from '../wire/redact.ts';
import { Blocked } from '../wire/refusal.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import { Paused } from '../wire/session.ts';

const GRANT =
  'in the partner tenant (Entra admin center, App registrations, API permissions, Microsoft Graph, Application permissions), and give admin consent';

export const MISSING_MAIL_SEND = `the app lacks the right to send mail: add Mail.Send ${GRANT}`;

/** What a refusal by Graph means for the person who has to act. `right` is the right that the call needs. */
function inWords(error: RefusedAnswer, from: string, right: 'Mail.Send' | 'Mail.ReadWrite'): string {
  switch (error.status) {
    case 403:
      return right === 'Mail.Send'
        ? `Microsoft 365 does not let the app send as ${from}: add Mail.Send ${GRANT}; where an access policy limits the app to some mailboxes, add this one (${error.message})`
        : `the files are too large to be sent in one request, and a draft for them was refused: add Mail.ReadWrite ${GRANT} (${error.message})`;
    case 404:
      return `there is no mailbox ${from} in the partner tenant; delivery.email.from must be one (${error.message})`;
    case 413:
      return `the message is too large for Microsoft 365 (${error.message})`;
    default:
      return error.message;
  }
}

/** The sentence for any error before or instead of an acceptance. */
export function sentenceOf(error: unknown, from: string, right: 'Mail.Send' | 'Mail.ReadWrite'): string {
  if (error instanceof RefusedAnswer) return inWords(error, from, right);
  if (error instanceof Paused) return `${error.reason}; no time is left for it in this attempt`;
  return messageOf(error);
}

/** The route's error. `mayHaveArrived`: the call that sends may have reached Graph. */
export function explained(
  error: unknown,
  from: string,
  right: 'Mail.Send' | 'Mail.ReadWrite',
  mayHaveArrived: boolean,
  redactor: Redactor,
): ReportError {
  const sentence = redactor.clean(sentenceOf(error, from, right));
  return mayHaveArrived && !isCertain(error)
    ? unknownEnd(sentence)
    : new MailRefused(`the mail was not sent: ${sentence}`);
}

/**
 * A refusal, by Graph or by a firewall in front of it; or an error before a request, or after an answer that asked to
 * wait.
 */
const isCertain = (error: unknown): boolean =>
  error instanceof Blocked ||
  error instanceof RefusedAnswer ||
  error instanceof Paused ||
  isReportError(error, 'VendorRateLimitError') ||
  isReportError(error, 'VendorAuthError');

export const unknownEnd = (reason: string): ReportError =>
  new ReportError('DeliveryError', `Microsoft 365 gave no clear answer: ${reason}`);
