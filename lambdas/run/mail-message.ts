import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { mailHtml } from '../mail/html.ts';
import type { Capacity, MailFile, Message } from '../mail/route.ts';
import { type Brief, plainText, withRemark } from '../report/brief.ts';
import { withoutControlCharacters } from '../report/control-characters.ts';
import { headingOf } from '../report/heading.ts';
import type { ReportHead } from '../report/report.ts';
import { listed } from '../report/text.ts';
import type { DeliveryFile } from './delivery-files.ts';
import type { DeliverySettings } from './delivery-settings.ts';

type Email = NonNullable<DeliverySettings['email']>;

/**
 * The report as a message (RFC 5322). Equal reports give equal bytes: date, id and boundaries follow from the run.
 * Files are attached as far as `capacity` allows; otherwise the mail names them.
 */
export async function mailMessage(
  report: ReportHead,
  files: readonly DeliveryFile[],
  brief: Brief,
  email: Email,
  capacity: Capacity,
): Promise<Message> {
  const { month } = headingOf(report);
  const attached = fitting(files, capacity);
  const shown =
    attached.length < files.length
      ? withRemark(brief, `They are too large to attach: ${listed(files.map(({ location }) => location))}.`)
      : brief;
  const identity = createHash('sha256').update(`${report.managingOrganization.id} ${report.runId}`).digest('hex');
  const messageId = `<${report.runId}.${identity.slice(0, 16)}@billing-count-report>`;
  // A function that only checks its credentials writes no mail, nor does a run that delivers in another way.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const withFiles = (attachments: readonly MailFile[]): Promise<Uint8Array> =>
    new MailComposer({
      ...headersOf(email, month),
      date: new Date(report.asOf),
      messageId,
      baseBoundary: identity.slice(0, 24),
      text: withoutControlCharacters(plainText(shown)),
      html: withoutControlCharacters(mailHtml(shown.title, shown.sections)),
      attachments: attachments.map(attachmentOf),
      newline: 'win',
      disableFileAccess: true,
      disableUrlAccess: true,
    })
      .compile()
      .build();
  return {
    raw: await withFiles(attached),
    from: email.from,
    recipients: email.recipients,
    ...(email.configurationSet === undefined ? {} : { configurationSet: email.configurationSet }),
    messageId,
    files: attached,
    withoutFiles: () => withFiles([]),
  };
}

const headersOf = (
  { from, fromName, recipients, replyTo, subject = 'Billing Reconciliation' }: Email,
  month: string,
) => ({
  from: fromName === undefined ? from : { name: fromName, address: from },
  to: recipients,
  ...(replyTo === undefined ? {} : { replyTo }),
  subject: `${subject} - ${month}`,
});

const attachmentOf = ({ name, bytes, contentType }: MailFile) => ({
  filename: name,
  content: Buffer.from(bytes),
  contentType,
  contentTransferEncoding: 'base64' as const,
});

function fitting(files: readonly DeliveryFile[], { asTheyAre, compressed }: Capacity): MailFile[] {
  const named = files.map(({ name, bytes, contentType }) => ({ name: withoutBlanks(name), bytes, contentType }));
  if (sizeOf(named) <= asTheyAre) return named;
  const zipped = named.map(({ name, bytes }) => ({
    name: `${name}.gz`,
    bytes: gzipSync(bytes),
    contentType: 'application/gzip',
  }));
  return sizeOf(zipped) <= compressed ? zipped : [];
}

/** A header is folded at spaces, and some readers (Python's) then see a line break in the middle of the name. */
const withoutBlanks = (name: string): string => name.trim().replace(/\s+/gu, '-');

const sizeOf = (files: readonly MailFile[]): number => files.reduce((total, { bytes }) => total + bytes.byteLength, 0);
