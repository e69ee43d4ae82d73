import type { Invocation, Platform } from '../platform/platform.ts';
import { isReportError, type ReportError } from '../report/errors.ts';
import { MAIL_SECRETS, openMailRoute } from '../run/mail-ways.ts';
import type { MailCheck } from './check.ts';
import type { Examined, Finding } from './finding.ts';
import { faultOf } from './sentences.ts';

/**
 * Checks whether a service would accept the report's mail: signs in, asks what it is allowed to ask, and sends nothing.
 */
export async function lookAtMail(check: MailCheck, platform: Platform, invocation: Invocation): Promise<Examined> {
  const { service, email, microsoft365 } = check;
  const subject = mailBy(MAIL_SECRETS[service].name);
  const findings = await mailFindings(subject, async () => {
    const route = await openMailRoute(service, { email, microsoft365 }, platform, invocation);
    return route.check();
  });
  return { findings, skews: [] };
}

export const mailBy = (service: string): string => `e-mail (${service})`;

/** What a route's own check proved, or why it could not. */
export async function mailFindings(subject: string, check: () => Promise<string>): Promise<Finding[]> {
  try {
    return [{ verdict: 'ok', subject, sentence: await check() }];
  } catch (error) {
    if (!isReportError(error)) throw error;
    return withoutSending(error).map((sentence): Finding => ({ verdict: 'FAIL', subject, sentence }));
  }
}

/** Messages of mail routes begin with "not sent", which does not apply here. */
const withoutSending = (error: ReportError): string[] =>
  faultOf(error).map((sentence) => sentence.replace(/^the mail was not sent: /u, ''));
