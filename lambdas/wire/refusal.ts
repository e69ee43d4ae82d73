import { ReportError } from '../report/errors.ts';
import type { ApiDeclaration } from './api-declaration.ts';
import { excerpt, isWebPage } from './excerpt.ts';
import type { Redactor } from './redact.ts';
import { RefusedAnswer } from './refused-answer.ts';
import type { WireResponse } from './transport.ts';

/** "Not Acceptable" is what ModSecurity answers, the firewall of many web servers, to what its rules do not like. */
const MOD_SECURITY = 406;

/** Answers that are final and no success. */
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
      if (isWebPage(answer)) return blocked(where, status);
      return new RefusedAnswer(
        'VendorAuthError',
        `${where}: these credentials are not allowed to read this (HTTP ${status})${words}`,
        status,
      );
    case 'unexpected':
      if (status === MOD_SECURITY && isWebPage(answer)) return blocked(where, status);
      return new RefusedAnswer('VendorContractError', `${where}: unexpected answer HTTP ${status}${words}`, status);
  }
}

/** A firewall in front of the API turned us away: it says nothing about the credentials. */
export const blocked = (where: string, status: number): ReportError =>
  new ReportError(
    'VendorUnavailableError',
    `${where}: a web page came instead of an API answer (HTTP ${status}); ` +
      'a firewall or proxy in front of it blocks this address: ask the vendor to allow it',
  );
