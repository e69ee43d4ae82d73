import type { MAIL_SERVICES } from '../configuration/delivery.ts';
import { MICROSOFT_365, microsoft365Mail } from '../mail/microsoft-365.ts';
import { ownMail } from '../mail/own.ts';
import type { MailRoute } from '../mail/route.ts';
import type { Way } from '../mail/send-once.ts';
import { SMTP, smtpMail } from '../mail/smtp.ts';
import type { Invocation, Platform } from '../platform/platform.ts';
import { isReportError, ReportError } from '../report/errors.ts';
import type { DeliverySettings } from './delivery-settings.ts';
import { readMisplaced } from './misplaced.ts';
import { readSecret } from './secret.ts';
import { openSession } from './session.ts';

type Service = (typeof MAIL_SERVICES)[number];

export type MailSettings = Pick<DeliverySettings, 'microsoft365'> & { email: NonNullable<DeliverySettings['email']> };

/** The services that need a secret, for commands that check or upload secrets. */
export const MAIL_SECRETS = { [MICROSOFT_365.id]: MICROSOFT_365, [SMTP.id]: SMTP };

/** The services with a secret that these settings name. */
export const mailSecretsOf = (
  email: { via?: Service | undefined; fallback?: Service | undefined } | null | undefined,
) =>
  [email?.via, email?.fallback].flatMap((service) =>
    service === undefined || service === 'ses' ? [] : [MAIL_SECRETS[service]],
  );

/** The ways to send a run's mail, in order. `key` is where the platform keeps a mail that it does not send. */
export function mailWays(
  settings: MailSettings,
  platform: Platform,
  invocation: Invocation,
  key: string,
): readonly [Way, ...Way[]] {
  const { via, fallback, from } = settings.email;
  // A laptop has no SES. A mail kept as a file needs no second way, and a file instead of the second way would look
  // like a mail.
  const isFile = platform.mail.repeatable === true;
  const wayOf = (service: Service | undefined): Way =>
    service === undefined || service === 'ses'
      ? { via: isFile ? undefined : 'ses', open: async () => ownMail(platform.mail, from, key) }
      : { via: service, open: () => openMailRoute(service, settings, platform, invocation) };
  const first = wayOf(via);
  const second = fallback === undefined ? [] : [wayOf(fallback)];
  return [first, ...(first.via === undefined ? [] : second.filter((way) => way.via !== undefined))];
}

/** Errors: `ConfigurationError` naming the secret and the field. */
export async function openMailRoute(
  service: keyof typeof MAIL_SECRETS,
  { email, microsoft365 }: MailSettings,
  platform: Platform,
  invocation: Invocation,
): Promise<MailRoute> {
  const session = openSession(platform, invocation, service);
  const secret = await readSecret(platform.secrets, MAIL_SECRETS[service]).catch((error: unknown) => {
    // The secret exists, but the function is not allowed to read it.
    if (!isReportError(error, 'ConfigurationError') || error.cause === undefined) throw error;
    throw new ReportError(
      'ConfigurationError',
      `${error.message}. The function reads it once it is deployed with mailVia=${service}`,
      { cause: error.cause },
    );
  });
  if (service === 'smtp') return smtpMail(secret, session, platform.connect);
  const { configuration, misplaced } = microsoft365;
  const members = await readMisplaced(platform.objects, service, misplaced);
  return microsoft365Mail({ secret, configuration: { ...configuration, ...members } }, email.from, session);
}
