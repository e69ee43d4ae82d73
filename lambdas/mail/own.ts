import type { Mail } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import type { MailRoute } from './route.ts';

/** SES (API v1) accepts 10 MB after Base64, which adds a third: this leaves room for headers and body. */
const LARGEST_FILES_BYTES = 7_000_000;

/** The platform's own mail as a route: Amazon SES on AWS, on a laptop the file at `key`. */
export const ownMail = (mail: Mail, from: string, key: string): MailRoute => ({
  name: mail.repeatable === true ? 'a file' : 'Amazon SES',
  capacity: { asTheyAre: LARGEST_FILES_BYTES, compressed: LARGEST_FILES_BYTES },
  send: ({ raw, recipients, configurationSet }) =>
    mail.send({ raw, from, recipients, ...(configurationSet === undefined ? {} : { configurationSet }) }, key),
  async check() {
    if (mail.check !== undefined) return mail.check(from);
    throw new ReportError(
      'ConfigurationError',
      'mail from this machine is kept as email.eml: there is nothing to check',
    );
  },
});
