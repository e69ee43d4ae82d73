import { ReportError } from '../report/errors.ts';
import type { ApiDeclaration } from './api-declaration.ts';
import { excerpt, isWebPage, webPageCame } from './excerpt.ts';
import type { Redactor } from './redact.ts';
import { RefusedAnswer } from './refused-answer.ts';
import type { WireResponse } from './transport.ts';

/**
 * Statuses of firewalls. "Not Acceptable" comes from ModSecurity, which many web servers use, for requests against its
 * rules.
 */
const FIREWALL: readonly number[] = [403, 406];

/** Final answers other than a success. */
export type Refused = { verdict: 'unauthorized' | 'forbidden' | 'unexpected'; answer: WireResponse };

/** The error that a final answer means. */
export function refusal(
  { verdict, answer }: Refused,
  where: string,
  { renewal }: Pick<ApiDeclaration, 'renewal'>,
  redactor: Redactor,
): ReportError {
  const { status } = answer;
  const words = excerpt(answer, redactor);
  switch (verdict) {
    case 'unauthorized':
      return new ReportError(
        'VendorAuthError',
        `${where}: the credentials were refused (HTTP 401)${words}; ${renewal ?? 'renew or replace them'}`,
      );
    case 'forbidden':
      return new RefusedAnswer(
        'VendorAuthError',
        `${where}: these credentials are not allowed to read this (HTTP ${status})${words}`,
        status,
      );
    case 'unexpected': {
      const what = isWebPage(answer) ? webPageCame(` (HTTP ${status})`) : `unexpected answer HTTP ${status}${words}`;
      return new RefusedAnswer('VendorContractError', `${where}: ${what}`, status);
    }
  }
}

/**
 * A firewall in front of the API turned us away: nothing reached the API, so this says nothing about the credentials.
 */
export class Blocked extends ReportError {
  constructor(where: string, { status }: WireResponse) {
    super(
      'VendorUnavailableError',
      `${where}: a web page came instead of an API answer (HTTP ${status}); ` +
        'a firewall or proxy in front of it blocks this address: ask the vendor to allow it',
    );
  }
}

/** Whatever the caller makes of the status, a firewall's page is not an answer of the API. Errors: `Blocked`. */
export function refuseFirewall(answer: WireResponse, where: string): void {
  if (FIREWALL.includes(answer.status) && isWebPage(answer)) throw new Blocked(where, answer);
}
