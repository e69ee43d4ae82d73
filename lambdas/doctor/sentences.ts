import type { ReportError } from '../report/errors.ts';
import { onOneLine, shortened } from '../report/text.ts';
import { RefusedAnswer } from '../wire/refused-answer.ts';
import type { NamedRight } from '../wire/rights.ts';
import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

const LONGEST_DETAIL = 300;

const detailOf = ({ message }: ReportError): string => shortened(onOneLine(message), LONGEST_DETAIL);

/** True if the credentials are valid and lack only this right. `isIn`: they worked for another request before. */
const isRightMissing = (refusal: ReportError, isIn: boolean): boolean =>
  refusal.name === 'VendorAuthError' && (isIn || refusal instanceof RefusedAnswer);

/** True if every further call would fail the same way. */
export const endsIt = (refusal: ReportError, isIn: boolean): boolean =>
  ['VendorUnavailableError', 'VendorRateLimitError', 'ConfigurationError'].includes(refusal.name) ||
  (refusal.name === 'VendorAuthError' && !isRightMissing(refusal, isIn));

/** What a refusal means and what to do about it: for people first, then the call and the answer. */
export function complaint(
  refusal: ReportError,
  { right, where }: NamedRight,
  { id, create }: Pick<Subject, 'id' | 'create'>,
  isIn: boolean,
): [verdict: Finding['verdict'], sentence: string] {
  const detail = detailOf(refusal);
  if (isRightMissing(refusal, isIn)) return ['FAIL', `right "${right}" is missing; grant it at: ${where} (${detail})`];
  switch (refusal.name) {
    case 'VendorAuthError':
      return [
        'FAIL',
        `the credentials are refused; get new ones and store them in secrets/${id}.json: ${create} (${detail})`,
      ];
    case 'VendorUnavailableError':
      return ['FAIL', `cannot be reached (${detail})`];
    case 'VendorRateLimitError':
      return ['note', `right "${right}" not checked: too many calls right now; try again later (${detail})`];
    case 'ConfigurationError':
      return ['FAIL', detail];
    default:
      return ['FAIL', `right "${right}" is not set up as it should be; check: ${where} (${detail})`];
  }
}

/** What is wrong other than the rights, one sentence per line of the message. */
export const faultOf = ({ message }: ReportError): string[] => message.split('\n').map(onOneLine);
