import * as z from 'zod/mini';
import { type Sent, sendOnce } from '../mail/send-once.ts';
import type { Step } from '../platform/platform.ts';
import { ReportError } from '../report/errors.ts';
import { deliveryFiles } from '../run/delivery-files.ts';
import { deliveryMarker } from '../run/delivery-marker.ts';
import { readDeliverySettings } from '../run/delivery-settings.ts';
import { Files, ReportTotals, Run, readInput } from '../run/input.ts';
import { runKeys } from '../run/keys.ts';
import { leadSections } from '../run/lead-sections.ts';
import { mailMessage } from '../run/mail-message.ts';
import { mailWays } from '../run/mail-ways.ts';
import { headOf } from '../run/report-file.ts';

const Input = z.strictObject({ run: Run, report: ReportTotals, files: Files });

type Delivery = { mechanism: 'email'; status: 'delivered' } & Sent;

/**
 * Sends the report by e-mail, at most once a run, the way that report.json says.
 * Errors: `DeliveryError`; it says whether the mail may have gone out and what to do then. `ConfigurationError` without `email`, or
 * where the settings of the only way are at fault.
 */
const sendEmailWithAttachment: Step = async (value, platform, invocation): Promise<Delivery> => {
  const { run } = readInput(Input, value, 'send-email-with-attachment');
  const { objects, clock } = platform;
  const keys = runKeys(run.runId);
  const { email, ...settings } = await readDeliverySettings(objects, run.runId);
  if (email === null) {
    throw new ReportError(
      'ConfigurationError',
      'report.json: delivery.email: expected from and recipients, found nothing',
    );
  }
  const report = await headOf(objects, run.runId);
  const files = await deliveryFiles(report, objects);
  const lead = await leadSections(objects, report);
  const key = keys.delivery('email');
  const marker = deliveryMarker(objects, key, new Date(clock.now()).toISOString());
  const sent = await sendOnce(
    mailWays({ ...settings, email }, platform, invocation, keys.email),
    (capacity) => mailMessage(report, files, lead, email, capacity),
    { ...marker, place: objects.locate(key) },
  );
  return { mechanism: 'email', status: 'delivered', ...sent };
};

export default sendEmailWithAttachment;
