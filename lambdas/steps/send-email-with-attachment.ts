import * as z from 'zod/mini';
import { MailRefused } from '../platform/mail-refused.ts';
import type { Platform, Step } from '../platform/platform.ts';
import type { Marker } from '../psa/delivery/marker.ts';
import { ReportError } from '../report/errors.ts';
import { deliveryFiles } from '../run/delivery-files.ts';
import { deliveryMarker } from '../run/delivery-marker.ts';
import { readDeliverySettings } from '../run/delivery-settings.ts';
import { Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { leadSections } from '../run/lead-sections.ts';
import { mailMessage } from '../run/mail-message.ts';
import { reportOf } from '../run/report-file.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals, files: Files });

const Sent = z.strictObject({ messageId: z.string(), recipients: z.array(z.string()) });

type Sent = z.output<typeof Sent>;

type Delivery = { mechanism: 'email'; status: 'delivered' } & Sent;

const delivered = ({ messageId, recipients }: Sent): Delivery => ({
  mechanism: 'email',
  status: 'delivered',
  recipients,
  messageId,
});

/**
 * Sends the report by e-mail, at most once a run: begun, sent, recorded. A repeated run that finds the record sends nothing.
 * Errors: `DeliveryError`; it says whether the mail may have gone out and what to do then. `ConfigurationError` without `email`.
 */
const sendEmailWithAttachment: Step = async (value, platform): Promise<Delivery> => {
  const { run } = readInput(Input, value, 'send-email-with-attachment');
  const { objects, clock } = platform;
  const keys = runKeys(run.runId);
  const markerKey = keys.delivery('email');
  const marker = deliveryMarker(objects, markerKey, new Date(clock.now()).toISOString());
  const before = await sentBefore(marker);
  if (before !== undefined) return delivered(before);

  const { email } = await readDeliverySettings(objects, run.runId);
  if (email === null) {
    throw new ReportError(
      'ConfigurationError',
      'report.json: delivery.email: expected from and recipients, found nothing',
    );
  }
  const report = await reportOf(objects, run.runId);
  const raw = await mailMessage(
    report,
    await deliveryFiles(report, objects),
    await leadSections(objects, report),
    email,
  );

  if (!(await marker.begin()) && platform.mail.repeatable !== true) {
    const meanwhile = await sentBefore(marker);
    if (meanwhile !== undefined) return delivered(meanwhile);
    throw unknownWhether(
      objects.locate(markerKey),
      'an earlier attempt of this run began to send it and left no result',
    );
  }
  const letter = {
    raw,
    from: email.from,
    recipients: email.recipients,
    ...(email.configurationSet === undefined ? {} : { configurationSet: email.configurationSet }),
  };
  const { messageId } = await send(platform, letter, keys.email, markerKey);
  const sent = { messageId, recipients: email.recipients };
  // The mail is out, whether or not that can be noted; without the note a repeated run says that it does not know.
  await marker.record(sent).catch(() => {});
  return delivered(sent);
};

export default sendEmailWithAttachment;

async function sentBefore(marker: Marker): Promise<Sent | undefined> {
  const recorded = z.safeParse(Sent, await marker.recorded());
  return recorded.success ? recorded.data : undefined;
}

async function send(
  { mail, objects }: Platform,
  letter: Parameters<Platform['mail']['send']>[0],
  key: string,
  markerKey: string,
): Promise<{ messageId: string }> {
  try {
    return await mail.send(letter, key);
  } catch (error) {
    if (!(error instanceof MailRefused)) {
      throw unknownWhether(objects.locate(markerKey), error instanceof Error ? error.message : String(error));
    }
    // It certainly did not go out: the next attempt may send it.
    const freed = await objects.remove(markerKey).then(
      () => true,
      () => false,
    );
    if (freed) throw error;
    throw new ReportError(
      'DeliveryError',
      `${error.message}. Then delete ${objects.locate(markerKey)}, which could not be removed, and run again with the same run id`,
      { cause: error },
    );
  }
}

const unknownWhether = (marker: string, reason: string): ReportError =>
  new ReportError(
    'DeliveryError',
    `it is not known whether the mail went out (${reason}). Ask a recipient; if it did not arrive, ` +
      `delete ${marker} and run again with the same run id: that sends it without collecting again`,
  );
