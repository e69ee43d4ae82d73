import {
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SESClient,
  SendRawEmailCommand,
} from '@aws-sdk/client-ses';
import { messageOf, ReportError } from '../report/errors.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { neverConnected } from '../wire/connect.ts';
import { nameOf, statusOf } from './aws-fault.ts';
import { MailRefused } from './mail-refused.ts';
import type { Letter, Mail } from './platform.ts';

/** SES limits the rate per second; a few attempts with growing waits outlast the sending of others. */
const RATE_ATTEMPTS = 5;
const FIRST_WAIT_MILLISECONDS = 1000;

/** Amazon SES in this region; no connection is opened before the first use. */
export const awsMail = (): Mail => sesMail(new SESClient({ maxAttempts: 1 }), systemClock, Math.random);

/**
 * Amazon SES, API v1. It is not idempotent, so `client` must not retry by itself (maxAttempts 1): only a refusal for
 * the rate, after which the mail certainly did not go out, is repeated here.
 * Errors: `MailRefused` if the mail did not go out, `DeliveryError` if it may have.
 */
export function sesMail(client: Pick<SESClient, 'send'>, clock: Pick<Clock, 'sleep'>, random: () => number): Mail {
  return {
    async send(letter) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { MessageId } = await client.send(commandFor(letter));
          if (MessageId === undefined)
            throw new ReportError('DeliveryError', 'SES answered without a message id: the mail may have gone out');
          return { messageId: MessageId };
        } catch (error) {
          if (!isRateThrottle(error) || attempt >= RATE_ATTEMPTS) throw explained(error, letter);
          await clock.sleep(Math.ceil(FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1) * (0.5 + random() / 2)));
        }
      }
    },
    check: (from) => readiness(client, from),
  };
}

/**
 * Returns a sentence if SES would send as this address today. Errors: `MailRefused` if it would not, and those of AWS.
 */
export async function readiness(client: Pick<SESClient, 'send'>, from: string): Promise<string> {
  const identities = [from, domainOf(from)];
  const { VerificationAttributes } = await client.send(
    new GetIdentityVerificationAttributesCommand({ Identities: identities }),
  );
  const verified = identities.find((identity) => VerificationAttributes?.[identity]?.VerificationStatus === 'Success');
  if (verified === undefined) {
    throw new MailRefused(`neither ${identities.join(' nor ')} is verified in SES in this region`);
  }
  const { Max24HourSend: most, SentLast24Hours: sent } = await client.send(new GetSendQuotaCommand({}));
  return most === undefined || sent === undefined
    ? `SES may send as ${from}; it does not say how much is left of its daily quota`
    : `SES may send as ${from}; ${sent} of ${most} mails went out in the last 24 hours`;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

const commandFor = (letter: Letter) =>
  new SendRawEmailCommand({
    RawMessage: { Data: letter.raw },
    Source: letter.from,
    Destinations: [...letter.recipients],
    ...(letter.configurationSet === undefined ? {} : { ConfigurationSetName: letter.configurationSet }),
  });

/**
 * The SDK does not know these two errors; the daily quota has the same name, and waiting within a run does not help.
 */
const isThrottle = (error: unknown): boolean => /^Throttling(Exception)?$/u.test(nameOf(error));
const isDailyQuota = (error: unknown): boolean => isThrottle(error) && /daily/iu.test(messageOf(error));
const isRateThrottle = (error: unknown): boolean => isThrottle(error) && !isDailyQuota(error);

function explained(error: unknown, letter: Letter): ReportError {
  if (error instanceof ReportError) return error;
  const refused = (sentence: string) => new MailRefused(`the mail was not sent: ${sentence}`, error);
  if (isDailyQuota(error)) {
    return refused(
      'the daily sending quota of this SES account is used up; run again tomorrow or have the quota raised',
    );
  }
  if (isThrottle(error)) {
    return refused(`SES still limits the sending rate after ${RATE_ATTEMPTS} attempts; run again in a few minutes`);
  }
  if (neverConnected(error)) return refused(`no connection to SES (${messageOf(error)})`);
  switch (nameOf(error)) {
    case 'MessageRejected':
      return refused(rejection(messageOf(error), letter));
    case 'MailFromDomainNotVerifiedException':
      return refused(`the MAIL FROM domain of ${letter.from} is not verified in SES; fix its DNS records`);
    case 'ConfigurationSetDoesNotExistException':
      return refused(
        `there is no SES configuration set ${JSON.stringify(letter.configurationSet ?? '')} in this region`,
      );
    case 'ConfigurationSetSendingPausedException':
      return refused(
        `sending is paused for the SES configuration set ${JSON.stringify(letter.configurationSet ?? '')}`,
      );
    case 'AccountSendingPausedException':
      return refused('sending is paused for this SES account; look at its reputation page');
    case 'AccessDenied':
    case 'AccessDeniedException':
      return refused(
        `this function's role may not send as ${letter.from}; deploy with sender=${letter.from}, or with its domain, and with ` +
          `the configuration set that report.json names (SES says: ${messageOf(error)})`,
      );
    default: {
      const status = statusOf(error);
      if (status !== undefined && status >= 400 && status < 500) return refused(messageOf(error));
      return new ReportError(
        'DeliveryError',
        `SES gave no clear answer (${nameOf(error)}: ${messageOf(error)}): the mail may have gone out`,
        { cause: error },
      );
    }
  }
}

/** SES lists in one sentence the unverified addresses, of the sender or, in the sandbox, of a recipient. */
function rejection(message: string, { from, recipients }: Letter): string {
  if (!/not verified/iu.test(message)) return `SES rejected the message (${message})`;
  const text = message.toLowerCase();
  const unverified = recipients.filter((recipient) => text.includes(recipient.toLowerCase()));
  if (text.includes(from.toLowerCase()) || unverified.length === 0) {
    return `the sender ${from} is not verified in SES in this region; verify the address or the domain ${domainOf(from)}`;
  }
  return (
    `this SES account is in the sandbox, where recipients must be verified too: ${unverified.join(', ')}; ` +
    'verify them or ask AWS for production access'
  );
}
