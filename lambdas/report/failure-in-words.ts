import type { ErrorName, Failure } from './errors.ts';
import { onOneLine, shortened } from './text.ts';

/** What happened, by kind, for whoever reads the summary; the log has the whole error. */
const KINDS: Readonly<Record<ErrorName, string>> = {
  VendorAuthError: 'the credentials were refused or lack a right',
  VendorRateLimitError: 'the vendor asked to wait longer than a run may',
  VendorUnavailableError: 'the vendor could not be reached',
  VendorContractError: 'the answer was not what the API documents',
  ConfigurationError: 'the settings are incomplete or wrong',
  NotManagingOrganizationError: 'another organization started the run',
  DeliveryError: 'the report could not be delivered',
};

const LONGEST_CAUSE = 200;

/** Where the vendor's own answer begins: JSON, or a page. */
const ANSWER = /:?\s*(?:\{"|\[\{|\[\]|\{\}|<[!a-z]).*$/isu;

/** The call that failed: for engineers. */
const CALL = /^\S[^:]*? (?:GET|POST|PUT|PATCH|DELETE) \S+: /u;

/** One plain sentence: what kind of failure it is, and its cause without call and answer. */
export function failureInWords({ error, message }: Failure): string {
  const cause = onOneLine(message)
    .replace(ANSWER, '')
    .replace(CALL, '')
    .replace(/ \(members seen: [^)]*\)/u, '');
  const kind = `${KINDS[error]} (${error})`;
  return cause === '' ? kind : `${kind}: ${shortened(cause, LONGEST_CAUSE)}`;
}
