import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import MailComposer from 'nodemailer/lib/mail-composer';
import { withoutControlCharacters } from '../report/control-characters.ts';
import type { Report } from '../report/report.ts';
import { summarize } from '../report/summary.ts';
import { htmlSummary, plainSummary, type Section } from '../report/summary-text.ts';
import type { DeliveryFile } from './delivery-files.ts';
import type { DeliverySettings } from './delivery-settings.ts';

/** SES v1 takes 10 MB after Base64, which adds a third: this much content leaves room for headers and body. */
const LARGEST_ATTACHMENTS_BYTES = 7_000_000;

type Attachment = { name: string; bytes: Uint8Array; contentType: string };

/**
 * The report as a message (RFC 5322). Equal reports give equal bytes: date, id and boundaries follow from the run.
 * Files are attached as they are, above 7 MB compressed, and above that still only named with their place.
 */
export async function mailMessage(
  report: Report,
  files: readonly DeliveryFile[],
  lead: readonly Section[],
  email: NonNullable<DeliverySettings['email']>,
): Promise<Uint8Array> {
  const summary = summarize(report);
  const attachments = fitting(files);
  const around = { files: attachments.length === 0 ? files.map(({ location }) => location) : [], lead };
  const identity = createHash('sha256').update(`${report.managingOrganization.id} ${report.runId}`).digest('hex');
  const composer = new MailComposer({
    from: email.fromName === undefined ? email.from : { name: email.fromName, address: email.from },
    to: email.recipients,
    ...(email.replyTo === undefined ? {} : { replyTo: email.replyTo }),
    subject: `${email.subject ?? 'Billing Reconciliation'} - ${summary.month}`,
    date: new Date(report.asOf),
    messageId: `<${report.runId}.${identity.slice(0, 16)}@billing-count-report>`,
    baseBoundary: identity.slice(0, 24),
    text: withoutControlCharacters(plainSummary(summary, around)),
    html: withoutControlCharacters(htmlSummary(summary, around)),
    attachments: attachments.map(({ name, bytes, contentType }) => ({
      filename: name,
      content: Buffer.from(bytes),
      contentType,
      contentTransferEncoding: 'base64',
    })),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function fitting(files: readonly DeliveryFile[]): Attachment[] {
  if (sizeOf(files) <= LARGEST_ATTACHMENTS_BYTES) return [...files];
  const compressed = files.map(({ name, bytes }) => ({
    name: `${name}.gz`,
    bytes: gzipSync(bytes),
    contentType: 'application/gzip',
  }));
  return sizeOf(compressed) <= LARGEST_ATTACHMENTS_BYTES ? compressed : [];
}

const sizeOf = (attachments: readonly Attachment[]): number =>
  attachments.reduce((total, { bytes }) => total + bytes.byteLength, 0);
